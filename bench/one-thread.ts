/**
 * Who does linear algebra and transforms in one thread, for suites in which they meet.
 * @module
 */
import type { Core } from "../ts/engine.ts";
import { libraryFile, loadEngine } from "./host/node.ts";
import { Scipy } from "./peers/scipy.ts";
import { TypeScript } from "./peers/typescript.ts";
import type { Report } from "./report.ts";

/** The library in this thread, plain TypeScript in its own, and scipy in a process where there is a Python with it. */
export interface OneThread {
	core: Core;
	typescript: TypeScript;
	scipy: Scipy | undefined;
}

/** Starts them, lets them work, states versions and ends them. */
export async function inOneThread(
	report: Report,
	python: string | undefined,
	work: (all: OneThread) => Promise<void>,
): Promise<void> {
	const { Core } = await loadEngine();
	const core = new Core();
	core.locate({ groups: libraryFile("groups.js"), training: libraryFile("training.js") });
	const typescript = new TypeScript();
	const scipy = python ? new Scipy(python) : undefined;
	try {
		await work({ core, typescript, scipy });
		for (const [library, version] of Object.entries(scipy?.versions ?? {})) report.fact(library, version);
	} finally {
		await Promise.all([typescript.close(), scipy?.close()]);
	}
}
