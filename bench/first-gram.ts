/**
 * The way to the first result, in a process or page that has done nothing yet.
 * @module
 */
import { emptyThread, loadLibrary, loadNothing } from "./host/node.ts";

/** Milliseconds since before the import of the library. */
export interface Start {
	/** The library is there. */
	imported: number;
	/** The first Gram is. */
	first: number;
	/** If this thread loads the wasm module: its unpacking has begun (missing where it is not packed) … */
	unpacking?: number;
	/** … its compilation has … */
	compiling?: number;
	/** … and it has started. */
	compiled?: number;
}

/**
 * The first Gram of 64 images of 784 pixels.
 *
 * @param workers of the engine; 0: all of it in this thread
 */
export async function firstGram(workers: number): Promise<Start> {
	const seen = watchModule();
	const begun = performance.now();
	const { createEngine, serial, dense, relu } = await loadLibrary();
	const imported = performance.now() - begun;
	const engine = await createEngine({ workers });
	const data = Float64Array.from({ length: 64 * 784 }, (_, k) => Math.sin(k));
	await engine.gram(serial(dense(), relu(), dense()), { data, shape: [64, 784] });
	const first = performance.now() - begun;
	await engine.dispose();
	const since = Object.entries(seen).map(([name, time]) => [name, time - begun]);
	return { imported, first, ...Object.fromEntries(since) };
}

/** Milliseconds of what any page or process needs. */
export interface Floor {
	/** The first import, of a module that does nothing. */
	imported: number;
	/** From the start of a thread that does nothing to its first message. */
	thread: number;
}

/** What would be there without the library. */
export async function floor(): Promise<Floor> {
	const start = performance.now();
	await loadNothing();
	return { imported: performance.now() - start, thread: await emptyThread() };
}

/** The first training instead, a step of a small network: it takes the other module. */
export async function firstTraining(): Promise<void> {
	const { createEngine, serial, dense, relu } = await loadLibrary();
	const engine = await createEngine({ workers: 1 });
	const network = serial(dense({ width: 4, biasStd: 0 }), relu(), dense({ width: 1 }));
	await engine.train(network, { x: [[0], [1]], targets: [[1], [0]] }, { steps: 1 });
	await engine.dispose();
}

/** When this thread first unpacks something, and when it last compiles something. */
function watchModule(): Pick<Start, "unpacking" | "compiling" | "compiled"> {
	const seen: ReturnType<typeof watchModule> = {};
	const unpacks = () => {
		seen.unpacking ??= performance.now();
	};
	globalThis.DecompressionStream = new Proxy(DecompressionStream, {
		construct(target, args) {
			unpacks();
			return Reflect.construct(target, args);
		},
	});
	// What the library unpacks with in Node.
	const zlib = globalThis.process?.getBuiltinModule?.("node:zlib");
	if (zlib)
		zlib.gunzip = new Proxy(zlib.gunzip, {
			apply(target, self, args) {
				unpacks();
				return Reflect.apply(target, self, args);
			},
		});
	for (const name of ["compile", "instantiate"] as const) {
		const original = WebAssembly[name] as (...args: unknown[]) => Promise<unknown>;
		const watched = async (...args: unknown[]) => {
			seen.compiling = performance.now();
			const result = await original(...args);
			seen.compiled = performance.now();
			return result;
		};
		Object.assign(WebAssembly, { [name]: watched });
	}
	// What it compiles with there.
	WebAssembly.Module = new Proxy(WebAssembly.Module, {
		construct(target, args) {
			seen.compiling = performance.now();
			const result = Reflect.construct(target, args);
			seen.compiled = performance.now();
			return result;
		},
	});
	return seen;
}
