/**
 * npm run bench -- NAME …
 * @module
 */
import { UsageError } from "./options.ts";

interface Benchmark {
	run(args: string[]): Promise<void>;
}

const benchmarks: Record<string, () => Promise<Benchmark>> = {
	conv: () => import("./conv.ts"),
	"conv-end": () => import("./conv-end.ts"),
	dense: () => import("./dense.ts"),
	lifecycle: () => import("./lifecycle.ts"),
	precision: () => import("./precision.ts"),
	symmetry: () => import("./symmetry.ts"),
	training: () => import("./training.ts"),
};
/** What the benchmarks start themselves, in other processes and threads. */
const parts: typeof benchmarks = {
	fresh: () => import("./fresh.ts"),
	"fresh-conv": () => import("./fresh-conv.ts"),
	"fresh-orbits": () => import("./fresh-orbits.ts"),
	typescript: () => import("./peers/typescript-worker.ts"),
};

async function main([name = "", ...args]: string[]): Promise<void> {
	const load = benchmarks[name] ?? parts[name];
	if (load) return (await load()).run(args);
	console.error(`usage: npm run bench -- ${Object.keys(benchmarks).join("|")} [options]   (see bench/README.md)`);
	process.exitCode = 2;
}

main(process.argv.slice(2)).catch((error) => {
	const usage = error instanceof UsageError;
	console.error(usage ? error.message : error);
	process.exitCode = usage ? 2 : 1;
});
