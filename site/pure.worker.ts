/**
 * The thread in which plain TypeScript computes. The library never runs in it and nothing is moved out of it: V8 reads typed arrays
 * more slowly in a thread in which one was detached.
 * @module
 */
import { largestDifference, type Values } from "../bench/harness.ts";
import { kernelMatrix } from "../bench/reference/dense.ts";
import type { Answer, Question } from "./pure.ts";

let last: Values = new Float64Array();

function answer(question: Question): Answer {
	if ("values" in question) return largestDifference(question.values, last);
	const { network, x, precision } = question;
	const start = performance.now();
	last = kernelMatrix(network, x, undefined, { precision }).data;
	return performance.now() - start;
}

addEventListener("message", ({ data }: MessageEvent<Question>) => postMessage(answer(data)));
