/**
 * What can only be measured in a process of its own; answers with one line of JSON.
 * @module
 */
import { gaussian } from "../data.ts";
import { loadLibrary } from "./node.ts";

/** Milliseconds from before the import of the library. */
export interface Start {
	imported: number;
	first: number;
	/** The same as `first`, but from the start of the process. */
	process: number;
}

/** Largest resident memory of the process, in bytes. */
export interface Memory {
	before: number;
	peak: number;
}

/** Arguments: `start WORKERS` or `memory COUNT DIMENSION`. */
export async function run([part, ...numbers]: string[]): Promise<void> {
	const [first = 0, second = 0] = numbers.map(Number);
	console.log(JSON.stringify(part === "start" ? await start(first) : await memory(first, second)));
}

async function start(workers: number): Promise<Start> {
	const before = performance.now();
	const { createEngine, serial, dense, relu } = await loadLibrary();
	const imported = performance.now() - before;
	const engine = await createEngine({ workers });
	const data = Float64Array.from({ length: 64 * 784 }, (_, k) => Math.sin(k));
	await engine.gram(serial(dense(), relu(), dense()), { data, shape: [64, 784] });
	const now = performance.now();
	await engine.dispose();
	return { imported, first: now - before, process: now };
}

async function memory(count: number, dimension: number): Promise<Memory> {
	const { createEngine, serial, dense, relu } = await loadLibrary();
	const x = await gaussian(count, dimension, 1);
	const engine = await createEngine();
	const before = peakMemory();
	await engine.gram(serial(dense({ biasStd: 1 }), relu(), dense({ biasStd: 1 })), x);
	const peak = peakMemory();
	await engine.dispose();
	return { before, peak };
}

/** As the system counts it, so that no peak is missed. */
const peakMemory = () => 1024 * process.resourceUsage().maxRSS;
