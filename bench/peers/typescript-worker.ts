/**
 * What the thread answers in which the plain TypeScript versions run.
 * @module
 */
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

/** A task that is kept, or what is wanted of the kept one. */
export type Question = Task | "time" | "result";

let task: Task | undefined;

/** Keeps a task; does the kept one once for each other question, and tells its time or its result. */
export function answer(question: Question): Answer | undefined {
	if (typeof question === "object") {
		task = question;
		return undefined;
	}
	const start = performance.now();
	const values = compute(task as Task);
	const milliseconds = performance.now() - start;
	return question === "time" ? { milliseconds } : { milliseconds, values };
}
