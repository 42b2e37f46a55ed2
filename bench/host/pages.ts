/**
 * The benchmarks' pages, as they were built beside the program.
 * @module
 */
import { dirname, join } from "node:path";
import { machine } from "./results.ts";
import { type Served, serve } from "./serve.ts";

/** Serves them with what they ask for: the library's published files, the files of peers, and what this machine is. */
export const servePages = (): Promise<Served> =>
	serve(
		{ "/dist/": "dist", "/node_modules/": "node_modules", "/": join(dirname(process.argv[1] as string), "page") },
		{ "/machine.json": () => JSON.stringify(machine()) },
	);
