/**
 * The thread of plain TypeScript in Node.
 * @module
 */
import { parentPort } from "node:worker_threads";
import { answer, type Question } from "../peers/typescript-worker.ts";

/** Answers as long as the thread is asked. */
export async function run(): Promise<void> {
	parentPort?.on("message", (question: Question) => {
		const said = answer(question);
		// Copied, not moved: see ../peers/typescript.ts.
		if (said) parentPort?.postMessage(said);
	});
}
