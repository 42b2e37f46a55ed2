/**
 * The way to the first result, in a process or page that has done nothing yet.
 * @module
 */
import { loadLibrary } from "./host/node.ts";

/** Milliseconds since before the import of the library. */
export interface Start {
	/** The library is there. */
	imported: number;
	/** The first Gram is. */
	first: number;
	/** When the wasm module was compiled, if it was in this thread. */
	module?: { from: number; to: number };
}

/**
 * The first Gram of 64 images of 784 pixels.
 *
 * @param workers of the engine; 0: all of it in this thread
 */
export async function firstGram(workers: number): Promise<Start> {
	const compilation = watchCompilation();
	const begun = performance.now();
	const { createEngine, serial, dense, relu } = await loadLibrary();
	const imported = performance.now() - begun;
	const engine = await createEngine({ workers });
	const data = Float64Array.from({ length: 64 * 784 }, (_, k) => Math.sin(k));
	await engine.gram(serial(dense(), relu(), dense()), { data, shape: [64, 784] });
	const first = performance.now() - begun;
	await engine.dispose();
	const { from, to } = compilation;
	return { imported, first, ...(from && to && { module: { from: from - begun, to: to - begun } }) };
}

/** The first training instead, a step of a small network: it takes the other module. */
export async function firstTraining(): Promise<void> {
	const { createEngine, serial, dense, relu } = await loadLibrary();
	const engine = await createEngine({ workers: 1 });
	const network = serial(dense({ width: 4, biasStd: 0 }), relu(), dense({ width: 1 }));
	await engine.train(network, { x: [[0], [1]], targets: [[1], [0]] }, { steps: 1 });
	await engine.dispose();
}

/** When this thread first compiled a wasm module. */
function watchCompilation(): { from?: number; to?: number } {
	const seen: { from?: number; to?: number } = {};
	for (const name of ["compile", "instantiate"] as const) {
		const original = WebAssembly[name] as (...args: unknown[]) => Promise<unknown>;
		const watched = async (...args: unknown[]) => {
			seen.from ??= performance.now();
			const result = await original(...args);
			seen.to = performance.now();
			return result;
		};
		Object.assign(WebAssembly, { [name]: watched });
	}
	return seen;
}
