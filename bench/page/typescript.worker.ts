/**
 * The thread of plain TypeScript on a page.
 * @module
 */
import type { Request, Task } from "../peers/typescript.ts";
import { answer } from "../peers/typescript-worker.ts";

addEventListener("message", ({ data }: MessageEvent<Task | Request>) => {
	const said = answer(data);
	// Copied, not moved: see ../peers/typescript.ts.
	if (said) postMessage(said);
});
