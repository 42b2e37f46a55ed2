/** The benchmarks as programs: main.js for Node, and page/ for browsers beside it. */
import { join } from "node:path";
import { packageProgram } from "./paths.mjs";
import { run } from "./process.mjs";
import { makeFolder } from "./step.mjs";

/** @param {string} folder where they will be, inside the project: they import its packages */
export function buildBenchmarks(folder) {
	const vite = [...packageProgram("vite/bin/vite.js"), "build", "--logLevel", "warn"];
	const program = [...vite, "--config", "bench/vite.config.mjs", "--ssr", "bench/main.ts"];
	const page = [...vite, "--config", "bench/page/vite.config.mjs"];
	return makeFolder(folder, (partial) =>
		Promise.all([run([...program, "--outDir", partial]), run([...page, "--outDir", join(partial, "page")])]),
	);
}
