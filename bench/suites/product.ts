/**
 * Products of square matrices against what else multiplies them in JavaScript, and against numpy.
 * @module
 */
import type { Core } from "../../ts/engine.ts";
import type { Tensor } from "../../ts/index.ts";
import { gaussian } from "../data.ts";
import { contest, type Entrant } from "../harness.ts";
import { inOneThread } from "../one-thread.ts";
import type { Options } from "../options.ts";
import { taskValue } from "../outcome.ts";
import { jaxJsProduct } from "../peers/jax-js.ts";
import type { Product } from "../peers/jobs.ts";
import { tfjsProduct, tfjsVersion } from "../peers/tfjs.ts";
import type { TypeScript } from "../peers/typescript.ts";
import type { Report } from "../report.ts";

const SIZES = [256, 512, 1024];
const QUICK_SIZES = [128];
/** The largest for the plain backend of tfjs, which takes many times longer than all others. */
const PLAIN_SIZE = 256;
const TOLERANCE = { f64: 1e-13, f32: 1e-5 };

/** Runs the suite. */
export async function run(report: Report, { rounds, quick, python }: Options): Promise<void> {
	await inOneThread(report, python, async ({ core, typescript, scipy }) => {
		report.fact("tfjs", tfjsVersion);
		for (const n of quick ? QUICK_SIZES : SIZES) {
			const [a, b] = [await gaussian(n, n, 1), await gaussian(n, n, 2)];
			const doubles = { a, b, tolerance: TOLERANCE.f64 };
			const singles = { a: single(a), b: single(b), tolerance: TOLERANCE.f32 };
			const others = {
				f64: [plain(typescript, doubles), typescript.mlMatrixProduct(doubles)],
				f32: [
					await tfjsProduct("wasm", singles),
					...(n <= PLAIN_SIZE ? [await tfjsProduct("cpu", singles)] : []),
					await jaxJsProduct(singles),
				],
			};
			for (const [precision, job] of [["f64", doubles] as const, ["f32", singles] as const]) {
				const entrants = [ours(core, job), ...others[precision]];
				if (scipy) entrants.push(await scipy.product(job));
				const title = `A·B, ${n} × ${n}, ${precision}`;
				const result = await contest(title, entrants, rounds);
				report.contest(result);
				for (const { name, median } of result.figures)
					report.fact(`${title}: ${name}`, (2 * n ** 3) / median / 1e6, "GFLOP/s");
			}
		}
	});
}

const single = ({ data, shape }: Tensor) => ({ data: Float32Array.from(data), shape });

/** One call in this thread, the matrices copied into wasm and the product out of it. */
function ours(core: Core, { a, b }: Product): Entrant {
	const request = { a: a.data, b: b.data, rows: a.shape[0] as number, columns: b.shape[1] as number };
	return { name: "this library", run: async () => taskValue(await core.run("multiply", request)) };
}

/** It multiplies by transposed matrices, as kernels need it: the transposition is not counted. */
function plain(typescript: TypeScript, { a, b, tolerance }: { a: Tensor; b: Tensor; tolerance: number }): Entrant {
	const [x, n] = [Float64Array.from(a.data), b.shape[0] as number];
	const y = Float64Array.from(b.data, (_, k) => b.data[(k % n) * n + Math.floor(k / n)] as number);
	return typescript.entrant({ name: "product", x, y, dimension: n }, tolerance);
}
