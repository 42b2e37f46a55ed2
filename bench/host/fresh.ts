/**
 * What can only be measured in a process of its own; answers with one line of JSON.
 * @module
 */
import { gaussian } from "../data.ts";
import { firstGram, floor } from "../first-gram.ts";
import { loadLibrary } from "./node.ts";

/** Largest resident memory of the process, in bytes. */
export interface Memory {
	before: number;
	peak: number;
}

/** Arguments: `start WORKERS`, `floor` or `memory COUNT DIMENSION`. */
export async function run([part, ...numbers]: string[]): Promise<void> {
	const [first = 0, second = 0] = numbers.map(Number);
	const parts: Record<string, () => Promise<unknown>> = {
		start: () => firstGram(first),
		floor,
		memory: () => memory(first, second),
	};
	console.log(JSON.stringify(await parts[part ?? ""]?.()));
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
