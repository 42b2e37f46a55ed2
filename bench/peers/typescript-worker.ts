/**
 * What the thread answers in which what is plain JavaScript runs.
 * @module
 */
import type { Values } from "../harness.ts";
import { cholesky, solveFactored } from "../reference/cholesky.ts";
import { convGram } from "../reference/conv.ts";
import { kernelMatrix } from "../reference/dense.ts";
import { multiplyTransposed } from "../reference/product.ts";
import { mlMatrixProduct, mlMatrixSolve } from "./ml-matrix.ts";
import { transformers } from "./spectra.ts";
import type { Answer, Request, Task } from "./typescript.ts";

/** What is done at each request. */
function prepared(task: Task): () => Values {
	switch (task.name) {
		case "product":
			return () => multiplyTransposed(task.x, task.y, task.dimension);
		case "solve":
			return () => solveFactored(cholesky(task.a, task.b.length), task.b);
		case "conv":
			return () => convGram(task);
		case "gram":
			return () => kernelMatrix(task.network, task.x, undefined, { precision: task.precision }).data;
		case "ml-matrix product":
			return mlMatrixProduct(task);
		case "ml-matrix solve":
			return mlMatrixSolve(task);
		default:
			return transformers[task.name](task);
	}
}

const kept = new Map<Task["name"], () => Values>();

/** Keeps a task beside those of other names; does one once for each request, and tells its time or its result. */
export function answer(message: Task | Request): Answer | undefined {
	if (!("answer" in message)) {
		kept.set(message.name, prepared(message));
		return undefined;
	}
	const compute = kept.get(message.name) as () => Values;
	const start = performance.now();
	const values = compute();
	const milliseconds = performance.now() - start;
	return message.answer === "time" ? { milliseconds } : { milliseconds, values };
}
