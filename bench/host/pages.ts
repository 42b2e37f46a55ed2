/**
 * The benchmarks' pages, as they were built beside the program.
 * @module
 */
import { dirname, join } from "node:path";
import type { Results } from "../results.ts";
import { wasmPath } from "./node.ts";
import { machine } from "./results.ts";
import { type Served, serve } from "./serve.ts";

/**
 * Serves them with what they ask for: the library's published files, those of tfjs, an empty module, and what this machine is.
 *
 * @param keep gets what a page has measured so far, after each suite
 */
export const servePages = (keep: (results: Results) => void = () => {}): Promise<Served> =>
	serve(
		{ "/dist/": "dist", "/tfjs/": wasmPath(), "/": join(dirname(process.argv[1] as string), "page") },
		{
			"/empty.js": () => "",
			"/machine.json": () => JSON.stringify(machine()),
			"/kept": (body) => {
				keep(JSON.parse(body));
				return "";
			},
		},
	);
