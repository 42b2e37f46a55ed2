import { readWith } from "./files.ts";
import { bitsOf } from "./reference.ts";
import { findFile } from "./roots.ts";

/** What Node computes in one thread, for other threads and browsers to compare with. */
export async function nodeBits(): Promise<string> {
	readWith(findFile);
	// By its address: the server's configuration, which holds this, is bundled before anything is built.
	const address = new URL("../../dist/index.js", import.meta.url).href;
	const { createEngine } = (await import(/* @vite-ignore */ address)) as typeof import("../../dist/index.js");
	const engine = await createEngine({ workers: 0 });
	try {
		return await bitsOf(engine);
	} finally {
		await engine.dispose();
	}
}
