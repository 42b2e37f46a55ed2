/**
 * The machine's peak in WebAssembly, and what share of it the products of matrices reach: one thread.
 * @module
 */
import type { Tensor } from "../../ts/index.ts";
import { gaussian } from "../data.ts";
import { contest, type Entrant, type Values } from "../harness.ts";
import { withRelaxedSimd } from "../host/modules.ts";
import { loadEngine, loadLibrary } from "../host/node.ts";
import type { Options } from "../options.ts";
import { taskValue } from "../outcome.ts";
import { type Arithmetic, bandwidth, type FusedPeaks, fusedPeaks, measuredPeak, peak, type Rate } from "../probe.ts";
import type { Report } from "../report.ts";

const SIZE = 1024;
const QUICK_SIZE = 256;
const ARITHMETIC: Arithmetic[] = ["f64x2", "f32x4", "f64"];
const PRECISIONS = ["f64", "f32"] as const;
const MEMORIES = [
	["L1 cache (16 KiB)", 2 ** 14],
	["L2 cache (256 KiB)", 2 ** 18],
	["memory (256 MiB)", 2 ** 28],
] as const;
/** The share of the peak that the product in double precision shall reach. */
const SHARE = 0.8;

/** Runs the suite. */
export async function run(report: Report, { rounds, quick }: Options): Promise<void> {
	const rate = (name: string, { rate, chains }: Rate) =>
		report.fact(`${name} (${chains} sums at once)`, rate, "GFLOP/s");
	for (const arithmetic of ARITHMETIC) rate(`multiplication and addition, ${arithmetic}`, await peak(arithmetic));
	const fused = (await fusedPeaks()) ?? (await withRelaxedSimd<FusedPeaks>("fused-peaks"));
	for (const [arithmetic, found] of Object.entries(fused ?? {})) rate(`both in one instruction, ${arithmetic}`, found);
	if (!fused) report.fact("both in one instruction", "not available in this runtime");
	for (const [name, bytes] of MEMORIES) {
		const { read, copy } = await bandwidth(bytes);
		report.fact(`read from ${name}`, read, "GB/s");
		report.fact(`copied in ${name}`, copy, "GB/s");
	}
	await products(report, quick ? QUICK_SIZE : SIZE, rounds);
}

/** The general product, and that of a Gram, which takes each pair once. */
async function products(report: Report, size: number, rounds: number): Promise<void> {
	const { createEngine, dense, serial } = await loadLibrary();
	const { Core } = await loadEngine();
	const core = new Core();
	const engine = await createEngine({ workers: 0 });
	const network = serial(dense());
	const doubles = await gaussian(size, size, 1);
	try {
		for (const precision of PRECISIONS) {
			const data = precision === "f64" ? doubles.data : new Float32Array(doubles.data);
			const x: Tensor = { data, shape: doubles.shape };
			const [product, gram]: [Entrant, Entrant] = [
				{
					name: `product of ${size} × ${size}`,
					run: async () => taskValue(await core.run("multiply", { a: data, b: data, rows: size, columns: size })),
				},
				{
					name: `NNGP Gram of a linear network, n = d = ${size}`,
					run: async () => {
						const { nngp } = await engine.gram(network, x, { kernels: ["nngp"], precision });
						return (nngp as Tensor).data as Values;
					},
				},
			];
			const flops = { [product.name]: 2 * size ** 3, [gram.name]: size ** 2 * (size + 1) };
			const result = await contest(`products, ${precision}`, [product], rounds, [gram]);
			report.contest(result);
			const peak = await measuredPeak(precision);
			for (const { name, min } of result.figures) {
				const gflops = (flops[name] as number) / min / 1e6;
				report.fact(`${name}, ${precision}`, gflops, "GFLOP/s");
				const share = `${name}, ${precision}: share of the peak`;
				if (name === product.name && precision === "f64") report.atLeast(share, gflops / peak, SHARE);
				else report.fact(share, gflops / peak);
			}
		}
	} finally {
		await engine.dispose();
	}
}
