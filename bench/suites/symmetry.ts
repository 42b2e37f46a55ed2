/**
 * Regression on all poses of seeds, by blocks against Cholesky of the whole Gram, and the Fourier transforms under it.
 * @module
 */
import FFT from "fft.js";
import WebFft from "webfft";
import type { Core } from "../../ts/engine.ts";
import type { Engine } from "../../ts/index.ts";
import { gaussian } from "../data.ts";
import { contest, type Entrant, median, ratio, type Values } from "../harness.ts";
import type { OrbitMemory } from "../host/fresh-orbits.ts";
import { freshProcess, loadEngine, loadLibrary } from "../host/node.ts";
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
/** Lengths of transforms: powers of two, and what is none. */
const LENGTHS = [2, 3, 4, 5, 8, 16, 31, 32, 60, 64, 97, 128, 256, 360, 509, 512, 1000, 1024, 1021, 2039, 2048];
/** Numbers of a batch: one that stays in the cache of a core. */
const BATCH = 2 ** 14;
/** Numbers that are transformed in one turn. */
const TURN = 2 ** 22;
/** Turns of a batch where every length is timed. */
const SWEEP_TIMES = 8;

/** How many times faster than Cholesky of the whole Gram the blocks shall be. */
const OVER_CHOLESKY = { cyclic: 50, symmetric: 20 };

const WASM = "this library, f64";

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
	const { Core } = await loadEngine();
	const core = new Core();
	for (const length of quick ? [60, 64] : LENGTHS) await transforms(report, core, length, rounds);
	await allLengths(report, core, quick ? 64 : 2048);
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

/** Peak memory of both ways, and of what only the blocks can do. */
async function memory(report: Report, seeds: typeof SEEDS): Promise<void> {
	const MEGABYTE = 1e6;
	const start = freshProcess;
	if (!start) return report.fact("memory of a regression", "a page can't see it");
	const measure = (way: "blocks" | "dense", seeds: number) =>
		start<OrbitMemory>("fresh-orbits", way, String(seeds), String(ORDER));
	report.heading("memory of a process with one regression, all workers");
	for (const way of ["blocks", "dense"] as const) {
		const { before, peak } = await measure(way, seeds.cyclic);
		const name = `${seeds.cyclic * ORDER} points, ${way}`;
		report.fact(`${name}: with the inputs made`, before / MEGABYTE, "MB");
		report.fact(`${name}: peak`, peak / MEGABYTE, "MB");
	}
	const { before, peak, milliseconds } = await measure("blocks", seeds.many);
	const name = `${seeds.many * ORDER} points, blocks`;
	report.fact(`${name}: with the inputs made`, before / MEGABYTE, "MB");
	report.fact(`${name}: time`, milliseconds / 1000, "s");
	report.atMost(`${name}: peak [MB]`, peak / MEGABYTE, 2000);
}

/** Batches of real rows, in memory where each library wants them. */
async function transforms(report: Report, core: Core, length: number, rounds: number): Promise<void> {
	const rows = Math.max(1, Math.floor(BATCH / length));
	const times = Math.max(1, Math.floor(TURN / (rows * length)));
	const { data } = await gaussian(rows, length, 1);
	const entrants = [wasm(core, data, length, times)];
	const power = Number.isInteger(Math.log2(length));
	if (power && length >= 4) {
		entrants.push(javascript(data, length, times));
		for (const library of ["kissWasm", "indutnyModifiedJavascript"])
			entrants.push(singlePrecision(library, data, length, times));
	}
	const title = `transform of ${times} × ${rows} rows of ${length}`;
	const result = await contest(title, entrants, rounds);
	report.contest(result);
	const [first, ...others] = result.figures;
	const flops = 2.5 * length * Math.log2(length) * rows * times;
	report.fact(`length ${length}, best round`, flops / (first?.min as number) / 1e6, "GFLOP/s (2.5 n log₂ n a row)");
	for (const { name } of others) report.fact(`length ${length}: ${name} ×`, ratio(result, name, { [WASM]: 1 }));
}

/** The throughput of every length from 2 on. */
async function allLengths(report: Report, core: Core, longest: number): Promise<void> {
	const speeds: { length: number; speed: number }[] = [];
	for (let length = 2; length <= longest; length++) {
		const rows = Math.max(1, Math.floor(BATCH / length));
		const { data } = await gaussian(rows, length, 1);
		const { run } = wasm(core, data, length, SWEEP_TIMES);
		await run();
		const start = performance.now();
		await run();
		const flops = 2.5 * length * Math.log2(length) * rows * SWEEP_TIMES;
		speeds.push({ length, speed: flops / (performance.now() - start) / 1e6 });
	}
	speeds.sort((a, b) => a.speed - b.speed);
	const slowest = speeds[0] as (typeof speeds)[number];
	const unit = "GFLOP/s (2.5 n log₂ n a row)";
	report.fact(`all lengths 2 … ${longest}: median`, median(speeds.map(({ speed }) => speed)), unit);
	report.fact(`all lengths 2 … ${longest}: slowest, ${slowest.length}`, slowest.speed, unit);
}

/** The packed spectrum: real frequencies one number, others two. */
function wasm(core: Core, data: Float64Array, length: number, times: number): Entrant {
	const orbits = { group: JSON.stringify({ type: "cyclic", order: length }), seeds: 0, stabilizers: "[]" };
	const run = async (): Promise<Values> => {
		const outcome = await core.run("fourier", { orbits, values: data, times });
		if (!("value" in outcome)) throw new Error(`the transform failed: ${JSON.stringify(outcome)}`);
		return outcome.value;
	};
	return { name: WASM, run };
}

/** A row of complex numbers exp(−2πi jk/n) as the library packs it. */
function pack(row: ArrayLike<number>, length: number, out: Float64Array, at: number): void {
	let place = at;
	for (let k = 0; k <= length / 2; k++) {
		out[place++] = row[2 * k] as number;
		if (k > 0 && k < length / 2) out[place++] = -(row[2 * k + 1] as number);
	}
}

function javascript(data: Float64Array, length: number, times: number): Entrant {
	const rows = data.length / length;
	const fft = new FFT(length);
	const inputs = Array.from({ length: rows }, (_, row) => [...data.subarray(row * length, (row + 1) * length)]);
	const outputs = inputs.map(() => fft.createComplexArray());
	const work = () => {
		for (let time = 0; time < times; time++)
			for (let row = 0; row < rows; row++) fft.realTransform(outputs[row], inputs[row]);
	};
	return entrant("fft.js, f64", length, data.length, 1e-12, work, () => outputs);
}

function singlePrecision(library: string, data: Float64Array, length: number, times: number): Entrant {
	const rows = data.length / length;
	const fft = new WebFft(length, library, false);
	const inputs = Array.from({ length: rows }, (_, row) =>
		Float32Array.from({ length: 2 * length }, (_, k) => (k % 2 === 0 ? (data[row * length + k / 2] as number) : 0)),
	);
	const outputs: Float32Array[] = [];
	const work = () => {
		for (let time = 0; time < times; time++)
			for (let row = 0; row < rows; row++) outputs[row] = fft.fft(inputs[row] as Float32Array);
	};
	// The library gives the same array each time: what is compared is made row by row.
	const copies = () => inputs.map((input) => fft.fft(input).slice());
	return entrant(`webfft ${library}, f32`, length, data.length, 1e-5, work, copies);
}

/** What is compared is packed outside of the time that counts. */
function entrant(
	name: string,
	length: number,
	size: number,
	tolerance: number,
	work: () => void,
	results: () => ArrayLike<number>[],
): Entrant {
	return {
		name,
		tolerance,
		run() {
			work();
			const out = new Float64Array(size);
			results().forEach((row, k) => {
				pack(row, length, out, k * length);
			});
			return out;
		},
		async time() {
			const start = performance.now();
			work();
			return performance.now() - start;
		},
	};
}
