/**
 * The thread in which the plain TypeScript versions run.
 * @module
 */
import { parentPort } from "node:worker_threads";
import type { Values } from "../harness.ts";
import { convGram } from "../reference/conv.ts";
import { kernelMatrix } from "../reference/dense.ts";
import { multiplyTransposed } from "../reference/product.ts";
import type { Answer, Task } from "./typescript.ts";

function compute(task: Task): Values {
	if (task.name === "product") return multiplyTransposed(task.x, task.x, task.dimension);
	if (task.name === "conv") return convGram(task);
	return kernelMatrix(task.network, task.x, undefined, { precision: task.precision }).data;
}

/** Takes a task and keeps it; does the kept one once for each request, and tells its time or its result. */
export async function run(): Promise<void> {
	let task: Task | undefined;
	parentPort?.on("message", (message: Task | "time" | "result") => {
		if (typeof message === "object") {
			task = message;
			return;
		}
		const start = performance.now();
		const values = compute(task as Task);
		const milliseconds = performance.now() - start;
		// Copied, not moved: see typescript.ts.
		const answer: Answer = message === "time" ? { milliseconds } : { milliseconds, values };
		parentPort?.postMessage(answer);
	});
}
