/**
 * The thread of plain TypeScript on a page.
 * @module
 */
import { answer, type Question } from "../peers/typescript-worker.ts";

addEventListener("message", ({ data }: MessageEvent<Question>) => {
	const said = answer(data);
	// Copied, not moved: see ../peers/typescript.ts.
	if (said) postMessage(said);
});
