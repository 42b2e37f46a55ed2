/**
 * Regression on orbits in a process of its own; answers with one line of JSON.
 * @module
 */

import { byBlocks, byCholesky, turned, wholeGram } from "../orbits.ts";
import { loadLibrary } from "./node.ts";

/** Largest resident memory of the process in bytes, and how long the regression took. */
export interface OrbitMemory {
	/** With the inputs made. */
	before: number;
	peak: number;
	milliseconds: number;
}

/** Arguments: `blocks` or `dense`, seeds, order of the cyclic group. */
export async function run([way, seeds = "", order = ""]: string[]): Promise<void> {
	const { createEngine } = await loadLibrary();
	const orbits = await turned(Number(seeds), Number(order));
	const engine = await createEngine({ maxBytes: 4 * 2 ** 30 });
	const gram = way === "dense" ? wholeGram(orbits) : undefined;
	const before = peakMemory();
	const start = performance.now();
	await (gram ? byCholesky(engine, gram, orbits) : byBlocks(engine, orbits));
	const milliseconds = performance.now() - start;
	const peak = peakMemory();
	await engine.dispose();
	console.log(JSON.stringify({ before, peak, milliseconds } satisfies OrbitMemory));
}

const peakMemory = () => 1024 * process.resourceUsage().maxRSS;
