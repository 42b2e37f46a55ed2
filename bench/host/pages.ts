/**
 * The benchmarks' pages, as they were built beside the program.
 * @module
 */
import { dirname, join } from "node:path";
import { wasmPath } from "./node.ts";
import { machine } from "./results.ts";
import { type Served, serve } from "./serve.ts";

/** Serves them with what they ask for: the library's published files, those of tfjs, an empty module, and what this machine is. */
export const servePages = (): Promise<Served> =>
	serve(
		{ "/dist/": "dist", "/tfjs/": wasmPath(), "/": join(dirname(process.argv[1] as string), "page") },
		{ "/empty.js": () => "", "/machine.json": () => JSON.stringify(machine()) },
	);
