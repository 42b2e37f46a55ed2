/**
 * Which functions of the wasm module take the time, and how often their loops turn.
 * @module
 */
import { Session } from "node:inspector/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import binaryen from "binaryen";
import { type Loop, loopsOf, withCounters } from "../loops.ts";
import { CACHE, copyWith, wasmOf } from "./builds.ts";

type Library = typeof import("../../ts/index.ts");

/** Microseconds between two looks at the stack. */
const INTERVAL = 200;

/** Shares of the time of `work` by the index of the wasm function in which it passed, imports counted. */
export async function profile(work: () => Promise<unknown>): Promise<Map<number, number>> {
	const session = new Session();
	session.connect();
	try {
		await session.post("Profiler.enable");
		await session.post("Profiler.setSamplingInterval", { interval: INTERVAL });
		await session.post("Profiler.start");
		await work();
		const { profile } = await session.post("Profiler.stop");
		const hits = profile.nodes.map(({ callFrame, hitCount = 0 }) => ({ name: callFrame.functionName, hitCount }));
		const all = hits.filter(({ name }) => name !== "(idle)").reduce((sum, { hitCount }) => sum + hitCount, 0);
		const shares = new Map<number, number>();
		for (const { name, hitCount } of hits) {
			const index = /^wasm-function\[(\d+)\]$/.exec(name)?.[1];
			if (index) shares.set(Number(index), (shares.get(Number(index)) ?? 0) + hitCount / all);
		}
		return shares;
	} finally {
		session.disconnect();
	}
}

/** The library with counters in the loops of some functions. */
export interface Counted {
	library: Library;
	loops: Loop[];
	/** Turns of each loop since the start. */
	turns(): number[];
	/** Before another build of the library is started. */
	close(): void;
}

/** Loads it, for this thread alone. */
export async function counted(functions: ReadonlySet<number>): Promise<Counted> {
	const shipped = binaryen.readBinary(await wasmOf("shipped"));
	const features = shipped.getFeatures();
	const lines = shipped.emitText().split("\n");
	shipped.dispose();
	const loops = loopsOf(lines, functions);
	const module = binaryen.parseText(withCounters(lines, loops));
	module.setFeatures(features);
	const folder = resolve(CACHE, "counted");
	await copyWith({ core: module.emitBinary() }, folder);
	module.dispose();

	let exports: WebAssembly.Exports = {};
	const { instantiate } = WebAssembly;
	// The library shows its module to nobody.
	WebAssembly.instantiate = (async (source: BufferSource, imports?: WebAssembly.Imports) => {
		const started = await instantiate(source, imports);
		exports = started.instance.exports;
		return started;
	}) as typeof instantiate;
	return {
		library: (await import(/* @vite-ignore */ pathToFileURL(join(folder, "index.js")).href)) as Library,
		loops,
		turns: () => loops.map((_, k) => Number((exports[`turns_${k}`] as WebAssembly.Global | undefined)?.value ?? 0)),
		close() {
			WebAssembly.instantiate = instantiate;
		},
	};
}
