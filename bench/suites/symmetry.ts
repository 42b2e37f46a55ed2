/**
 * Regression on all poses of seeds, by blocks against Cholesky of the whole Gram.
 * @module
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Engine } from "../../ts/index.ts";
import { contest, ratio } from "../harness.ts";
import type { OrbitMemory } from "../host/fresh-orbits.ts";
import { loadLibrary } from "../host/node.ts";
import type { Options } from "../options.ts";
import { byBlocks, byCholesky, type Orbits, permuted, turned, wholeGram } from "../orbits.ts";
import type { Report } from "../report.ts";

/** Poses of the cyclic group. */
const ORDER = 64;
/** 3,200 points, 2,400 points and 100,032 points; and with --quick. */
const SEEDS = { cyclic: 50, symmetric: 100, many: 1563 };
const QUICK_SEEDS = { cyclic: 8, symmetric: 12, many: 200 };
/** Two ways of solving with matrices of this condition. */
const TOLERANCE = 1e-8;
/** How many times faster than Cholesky of the whole Gram the blocks shall be. */
const OVER_CHOLESKY = { cyclic: 50, symmetric: 20 };

/** Runs the suite. */
export async function run(report: Report, options: Options): Promise<void> {
	const { rounds, quick } = options;
	const seeds = quick ? QUICK_SEEDS : SEEDS;
	const { createEngine } = await loadLibrary();
	const engine = await createEngine({ workers: 1 });
	try {
		await regressions(report, engine, await turned(seeds.cyclic, ORDER), rounds, OVER_CHOLESKY.cyclic);
		await regressions(report, engine, await permuted(seeds.symmetric, engine), rounds, OVER_CHOLESKY.symmetric);
	} finally {
		await engine.dispose();
	}
	await memory(report, seeds);
}

/** All points by blocks and by Cholesky. */
async function regressions(
	report: Report,
	engine: Engine,
	orbits: Orbits,
	rounds: number,
	bound: number,
): Promise<void> {
	const gram = wholeGram(orbits);
	const n = gram.shape[0] as number;
	const result = await contest(
		`${orbits.name}, ${orbits.seeds} seeds: coefficients, residuals and variances of ${n} points, 1 worker`,
		[
			{ name: "by blocks", run: () => byBlocks(engine, orbits) },
			{ name: "Cholesky of all", run: () => byCholesky(engine, gram, orbits), tolerance: TOLERANCE },
		],
		rounds,
	);
	report.contest(result);
	report.atLeast(`${orbits.name}: × Cholesky of all`, ratio(result, "Cholesky of all", { "by blocks": 1 }), bound);
}

/** Runs a regression in a process of its own. */
async function inFreshProcess(way: "blocks" | "dense", seeds: number): Promise<OrbitMemory> {
	const args = [process.argv[1] as string, "fresh-orbits", way, String(seeds), String(ORDER)];
	const { stdout } = await promisify(execFile)(process.execPath, args);
	return JSON.parse(stdout) as OrbitMemory;
}

/** Peak memory of both ways, and of what only the blocks can do. */
async function memory(report: Report, seeds: typeof SEEDS): Promise<void> {
	const MEGABYTE = 1e6;
	console.log("\nmemory of a process with one regression, all workers");
	for (const way of ["blocks", "dense"] as const) {
		const { before, peak } = await inFreshProcess(way, seeds.cyclic);
		const name = `${seeds.cyclic * ORDER} points, ${way}`;
		report.fact(`${name}: with the inputs made`, before / MEGABYTE, "MB");
		report.fact(`${name}: peak`, peak / MEGABYTE, "MB");
	}
	const { before, peak, milliseconds } = await inFreshProcess("blocks", seeds.many);
	const name = `${seeds.many * ORDER} points, blocks`;
	report.fact(`${name}: with the inputs made`, before / MEGABYTE, "MB");
	report.fact(`${name}: time`, milliseconds / 1000, "s");
	report.atMost(`${name}: peak [MB]`, peak / MEGABYTE, 2000);
}
