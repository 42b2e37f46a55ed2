/**
 * Cholesky's factorization of a symmetric, positive definite matrix and the solution for one right-hand side, against
 * ml-matrix, plain TypeScript and LAPACK.
 * @module
 */
import type { Core } from "../../ts/engine.ts";
import { gaussian } from "../data.ts";
import { contest, type Entrant, ratio } from "../harness.ts";
import { inOneThread } from "../one-thread.ts";
import type { Options } from "../options.ts";
import { taskValue } from "../outcome.ts";
import type { System } from "../peers/jobs.ts";
import { multiplyTransposed } from "../reference/product.ts";
import type { Report } from "../report.ts";

const SIZES = [256, 512, 1024, 2048];
const QUICK_SIZES = [256];
/** From here on a round takes seconds, and three tell enough. */
const LARGE = 2048;
const LARGE_ROUNDS = 3;
/** The condition is below 100. */
const TOLERANCE = 1e-12;

const OURS = "this library";
/** How many times longer the others shall take at the largest size. */
const OVER = { "ml-matrix": 12, TypeScript: 8, "scipy, 1 processor": 0.4 };

/** Runs the suite. */
export async function run(report: Report, { rounds, quick, python }: Options): Promise<void> {
	await inOneThread(report, python, async ({ core, typescript, scipy }) => {
		for (const n of quick ? QUICK_SIZES : SIZES) {
			const job = await system(n);
			const { a, b, tolerance } = job;
			const entrants = [
				ours(core, job),
				typescript.entrant({ name: "solve", a: a.data, b: b.data }, tolerance),
				typescript.mlMatrixSolve(job),
			];
			if (scipy) entrants.push(await scipy.solve(job));
			const title = `Cholesky and one solve, n = ${n}, f64`;
			const result = await contest(title, entrants, n < LARGE ? rounds : Math.min(rounds, LARGE_ROUNDS));
			report.contest(result);
			for (const { name, median } of result.figures)
				report.fact(`${title}: ${name}`, (n ** 3 / 3 + 2 * n ** 2) / median / 1e6, "GFLOP/s");
			if (n !== LARGE) continue;
			for (const [name, bound] of Object.entries(OVER))
				if (entrants.some((entrant) => entrant.name === name))
					report.atLeast(`n = ${n}: × ${name}`, ratio(result, name, { [OURS]: 1 }), bound);
		}
	});
}

/** X·Xᵀ/64 + I of n Gaussian rows with 64 numbers, and a Gaussian right-hand side. */
async function system(n: number): Promise<System> {
	const features = 64;
	const { data: x } = await gaussian(n, features, 1);
	const data = multiplyTransposed(x, x, features).map((value) => value / features);
	for (let i = 0; i < n; i++) data[i * n + i] = (data[i * n + i] as number) + 1;
	const { data: b } = await gaussian(n, 1, 2);
	return { a: { data, shape: [n, n] }, b: { data: b, shape: [n] }, tolerance: TOLERANCE };
}

/** One call in this thread, the matrix copied into wasm and its factor out of it. */
function ours(core: Core, { a, b }: System): Entrant {
	const size = b.data.length;
	const request = { gram: a.data, size, targets: b.data, count: 1, unit: "absolute", ridge: 0 };
	return { name: OURS, run: async () => taskValue(await core.run("fit", request)).coefficients };
}
