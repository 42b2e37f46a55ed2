/**
 * A Gram of many images in a process of its own; answers with one line of JSON.
 * @module
 */

import { gaussian } from "../data.ts";
import { cnn, type Pooling } from "../networks.ts";
import { loadLibrary } from "./node.ts";

/** Largest resident memory of the process in bytes. */
export interface ConvMemory {
	/** With the images made and each worker used once. */
	before: number;
	peak: number;
	workers: number;
}

/** Arguments: `gap` or `flatten`, images in rows, images in columns. */
export async function run([pooling, rows, columns]: string[]): Promise<void> {
	const { createEngine } = await loadLibrary();
	const [height, width] = [Number(rows), Number(columns)];
	const { data } = await gaussian(height + width, 784, 1);
	const x = { data: data.slice(0, height * 784), shape: [height, 28, 28] };
	const other = { data: data.slice(height * 784), shape: [width, 28, 28] };
	const engine = await createEngine();
	const network = await cnn(5, pooling as Pooling);
	const few = { data: data.slice(0, 8 * 784), shape: [8, 28, 28] };
	await engine.gram(network, few);
	const before = peakMemory();
	await engine.gram(network, x, other);
	const peak = peakMemory();
	await engine.dispose();
	console.log(JSON.stringify({ before, peak, workers: engine.workers } satisfies ConvMemory));
}

const peakMemory = () => 1024 * process.resourceUsage().maxRSS;
