/**
 * The thread of plain TypeScript in Node.
 * @module
 */
import { parentPort } from "node:worker_threads";
import type { Request, Task } from "../peers/typescript.ts";
import { answer } from "../peers/typescript-worker.ts";

/** Answers as long as the thread is asked. */
export async function run(): Promise<void> {
	parentPort?.on("message", (message: Task | Request) => {
		const said = answer(message);
		// Copied, not moved: see ../peers/typescript.ts.
		if (said) parentPort?.postMessage(said);
	});
}
