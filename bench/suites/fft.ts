/**
 * Fourier transforms of real rows, of many lengths, against what else transforms them in JavaScript, and against scipy.
 * @module
 */
import type { Core } from "../../ts/engine.ts";
import { gaussian } from "../data.ts";
import { contest, type Entrant, median, ratio } from "../harness.ts";
import { inOneThread, type OneThread } from "../one-thread.ts";
import type { Options } from "../options.ts";
import { taskValue } from "../outcome.ts";
import { webFftWasm } from "../peers/fourier.ts";
import { jaxJsFourier } from "../peers/jax-js.ts";
import type { Rows } from "../peers/jobs.ts";
import { tfjsFourier } from "../peers/tfjs.ts";
import type { TransformerName } from "../peers/typescript.ts";
import type { Report } from "../report.ts";

/** Powers of two, products of few primes, and primes. */
const LENGTHS = [4, 8, 12, 16, 17, 25, 32, 64, 96, 97, 125, 128, 256, 360, 512, 625, 768, 1000, 1009, 1024, 2048, 4096];
const QUICK_LENGTHS = [60, 64];
/** Where tfjs takes part, whose batches take up to a second. */
const TFJS_LENGTHS = [60, 64, 97, 1009, 1024];
/** Numbers of a batch: one that stays in the cache of a core. */
const BATCH = 2 ** 14;
/** Numbers that are transformed in one turn. */
const TURN = 2 ** 21;
/** Turns of a batch where every length is timed. */
const SWEEP_TIMES = 8;
const UNIT = "GFLOP/s (2.5 n log₂ n a row)";

const OURS = "this library, f64";
/** The only one of the peers in JavaScript that has doubles in every host. */
const EQUAL = "fft.js, f64" satisfies TransformerName;
/** Who knows powers of two only, in plain JavaScript. */
const OF_POWERS: TransformerName[] = ["TypeScript, f64", EQUAL, "webfft indutnyModifiedJavascript, f32"];
/** How many times longer it shall take. */
const OVER_EQUAL = 2;
/** The lengths that each knows. */
const KNOWN = {
	"this library": "all",
	TypeScript: "powers of two",
	"fft.js": "powers of two",
	webfft: "powers of two, of complex rows",
	"jax-js": "all, of complex rows",
	tfjs: "all, of complex rows",
};

/** Runs the suite. */
export async function run(report: Report, { rounds, quick, python }: Options): Promise<void> {
	await inOneThread(report, python, async ({ core, typescript, scipy }) => {
		for (const [name, lengths] of Object.entries(KNOWN)) report.fact(`${name}: lengths`, lengths);
		for (const length of quick ? QUICK_LENGTHS : LENGTHS)
			await transforms(report, { core, typescript, scipy }, length, rounds);
		await allLengths(report, core, quick ? 64 : 2048);
	});
}

/** Batches in memory where each library wants them. */
async function transforms(
	report: Report,
	{ core, typescript, scipy }: OneThread,
	length: number,
	rounds: number,
): Promise<void> {
	const job = await batch(length, TURN);
	const power = Number.isInteger(Math.log2(length));
	const entrants: Entrant[] = [ours(core, job)];
	if (power) entrants.push(...OF_POWERS.map((name) => typescript.fourier(name, job)), webFftWasm(job));
	// A single batch takes these long enough.
	entrants.push(await jaxJsFourier({ ...job, times: 1 }));
	if (TFJS_LENGTHS.includes(length)) entrants.push(await tfjsFourier({ ...job, times: 1 }));
	if (scipy) entrants.push(await scipy.fourier(job));
	const result = await contest(`transforms of ${job.values.shape[0]} rows of ${length}`, entrants, rounds);
	report.contest(result);
	report.fact(`length ${length}`, flops(job) / (result.figures[0]?.median as number) / 1e6, UNIT);
	if (power) report.atLeast(`length ${length}: × ${EQUAL}`, ratio(result, EQUAL, { [OURS]: 1 }), OVER_EQUAL);
}

/** The throughput of every length from 2 on. */
async function allLengths(report: Report, core: Core, longest: number): Promise<void> {
	const speeds: { length: number; speed: number }[] = [];
	for (let length = 2; length <= longest; length++) {
		const job = await batch(length, SWEEP_TIMES * BATCH);
		const { time } = ours(core, job);
		await time();
		speeds.push({ length, speed: flops(job) / (await time()) / 1e6 });
	}
	speeds.sort((a, b) => a.speed - b.speed);
	const slowest = speeds[0] as (typeof speeds)[number];
	report.fact(`all lengths 2 … ${longest}: median`, median(speeds.map(({ speed }) => speed)), UNIT);
	report.fact(`all lengths 2 … ${longest}: slowest, ${slowest.length}`, slowest.speed, UNIT);
}

/** Gaussian rows, as many as fit into a batch, so often that a turn has so many numbers. */
async function batch(length: number, turn: number): Promise<Rows> {
	const rows = Math.floor(BATCH / length);
	return { values: await gaussian(rows, length, 1), times: Math.floor(turn / (rows * length)) };
}

/** Of a batch. */
function flops({ values: { shape } }: Rows): number {
	const [rows, length] = shape as [number, number];
	return 2.5 * length * Math.log2(length) * rows;
}

/** All turns in one call: the batch stays in wasm. */
function ours(core: Core, { values, times }: Rows): Required<Omit<Entrant, "tolerance">> {
	const orbits = { group: JSON.stringify({ type: "cyclic", order: values.shape[1] }), seeds: 0, stabilizers: "[]" };
	const transform = async (times: number) =>
		taskValue(await core.run("fourier", { orbits, values: values.data, times }));
	return {
		name: OURS,
		run: () => transform(1),
		async time() {
			const start = performance.now();
			await transform(times);
			return (performance.now() - start) / times;
		},
	};
}
