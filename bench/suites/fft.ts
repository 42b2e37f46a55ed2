/**
 * Fourier transforms of real rows, of many lengths, against what else transforms them in JavaScript, and against scipy.
 * @module
 */
import type { Core } from "../../ts/engine.ts";
import { gaussian } from "../data.ts";
import { contest, type Entrant, median, ratio } from "../harness.ts";
import { loadEngine } from "../host/node.ts";
import type { Options } from "../options.ts";
import { taskValue } from "../outcome.ts";
import { fftJs, webFft } from "../peers/fourier.ts";
import { jaxJsFourier } from "../peers/jax-js.ts";
import type { Rows } from "../peers/jobs.ts";
import { Scipy } from "../peers/scipy.ts";
import { tfjsFourier } from "../peers/tfjs.ts";
import { TypeScript } from "../peers/typescript.ts";
import type { Report } from "../report.ts";

/** Powers of two, products of few primes, and primes. */
const LENGTHS = [4, 8, 12, 16, 17, 25, 32, 64, 96, 97, 125, 128, 256, 360, 512, 625, 768, 1000, 1009, 1024, 2048, 4096];
const QUICK_LENGTHS = [60, 64];
/** Numbers of a batch: one that stays in the cache of a core. */
const BATCH = 2 ** 14;
/** Numbers that are transformed in one turn. */
const TURN = 2 ** 21;
/** Turns of a batch where every length is timed. */
const SWEEP_TIMES = 8;
const UNIT = "GFLOP/s (2.5 n log₂ n a row)";

const OURS = "this library, f64";
/** How many times longer the fastest peer of equal precision shall take where the length is a power of two. */
const OVER_PEERS = 2;

/** Runs the suite. */
export async function run(report: Report, { rounds, quick, python }: Options): Promise<void> {
	const { Core } = await loadEngine();
	const core = new Core();
	const typescript = new TypeScript();
	const scipy = python ? new Scipy(python) : undefined;
	try {
		for (const length of quick ? QUICK_LENGTHS : LENGTHS)
			await transforms(report, { core, typescript, scipy }, length, rounds);
		await allLengths(report, core, quick ? 64 : 2048);
		for (const [library, version] of Object.entries(scipy?.versions ?? {})) report.fact(library, version);
	} finally {
		await Promise.all([typescript.close(), scipy?.close()]);
	}
}
const batch = async (length: number): Promise<Rows> => {
	const rows = Math.floor(BATCH / length);
	return { values: await gaussian(rows, length, 1), times: Math.floor(TURN / (rows * length)) };
};
const flops = ({ values: { shape } }: Rows) => {
	const [rows, length] = shape as [number, number];
	return 2.5 * length * Math.log2(length) * rows;
};

async function transforms(
	report: Report,
	{ core, typescript, scipy }: any,
	length: number,
	rounds: number,
): Promise<void> {
	const job = await batch(length);
	const once = { ...job, times: 1 };
	const power = Number.isInteger(Math.log2(length));
	const entrants: Entrant[] = [ours(core, job)];
	if (power)
		entrants.push(
			typescript.fourier(job),
			fftJs(job),
			webFft("kissWasm", job),
			webFft("indutnyModifiedJavascript", job),
		);
	entrants.push(await jaxJsFourier(once), await tfjsFourier(once));
	if (scipy) entrants.push(await scipy.fourier(job));
	const result = await contest(`batch of ${length}`, entrants, rounds);
	report.contest(result);
}
async function allLengths(report: Report, core: Core, longest: number): Promise<void> {}
function ours(core: Core, { values, times }: Rows): Entrant {
	const group = JSON.stringify({ type: "cyclic", order: values.shape[1] });
	const orbits = { group, seeds: 0, stabilizers: "[]" };
	const transformed = async (times: number) =>
		taskValue(await core.run("fourier", { orbits, values: values.data, times }));
	return {
		name: OURS,
		run: () => transformed(1),
		async time() {
			const start = performance.now();
			await transformed(times);
			return (performance.now() - start) / times;
		},
	};
}
