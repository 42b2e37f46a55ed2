/**
 * Convolutional kernels as users run them: from the command line and in the paper's largest setting, and the network for
 * which neural-tangents publishes its speed.
 * @module
 */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Engine, Network, Tensor } from "../../ts/index.ts";
import { gaussian } from "../data.ts";
import { contest, figure, largestDifference } from "../harness.ts";
import { loadLibrary } from "../host/node.ts";
import { cnn, digitImages, type Images, images, POOLING_NAMES, type Pooling, type Precision } from "../networks.ts";
import type { Options } from "../options.ts";
import type { Report } from "../report.ts";

/** Digits and the angles of each in the Gram of the command line: 64 images. */
const TURNED = { digits: 8, angles: 8 };
/** Pairs of digits, and the paper's largest number of angles. */
const PAIRS = { count: 10, angles: 64 };
const QUICK_TURNED = { digits: 2, angles: 4 };
const QUICK_PAIRS = { count: 2, angles: 4 };

/**
 * Milliseconds of one entry of the NTK on a CPU of more than 56 cores, and images in rows and in columns here.
 * Source: "Performance" in the README of neural-tangents, measured with its version 0.2.1.
 */
const PUBLISHED = {
	gap: { count: 2, f32: 112.9, f64: 258.55 },
	flatten: { count: 64, f32: 0.12013, f64: 0.3414 },
} as const;

/** Runs the suite. */
export async function run(report: Report, options: Options): Promise<void> {
	const { rounds, quick, data } = options;
	const { createEngine } = await loadLibrary();
	const engines = { one: await createEngine({ workers: 1 }), two: await createEngine({ workers: 2 }) };
	try {
		const found = await digitImages(engines.two, 2 * PAIRS.count, data);
		report.fact("digits", found.name);
		await commandLine(report, engines.two, found, quick ? QUICK_TURNED : TURNED, Math.ceil(rounds / 3));
		await pairs(report, engines.two, found, quick ? QUICK_PAIRS : PAIRS);
		for (const pooling of ["gap", "flatten"] as const)
			for (const precision of ["f32", "f64"] as const)
				await deep(report, engines, { pooling, precision, rounds: Math.ceil(rounds / 2) });
	} finally {
		await Promise.all([engines.one.dispose(), engines.two.dispose()]);
	}
}

/** All poses of each image, as one list of images. */
async function turned(engine: Engine, seeds: Tensor, angles: number): Promise<Tensor<Float64Array>> {
	const { rotations } = await loadLibrary();
	const { data } = await engine.orbit(seeds, rotations(angles));
	return { data, shape: [(seeds.shape[0] as number) * angles, ...seeds.shape.slice(1)] };
}

/** The Gram of turned digits by the command line, from the start of its process to its end. */
async function commandLine(
	report: Report,
	engine: Engine,
	{ x }: Images,
	{ digits, angles }: typeof TURNED,
	rounds: number,
): Promise<void> {
	const { readNpy, writeNpy } = await loadLibrary();
	const folder = await mkdtemp(join(tmpdir(), "orbit-kernels-bench-"));
	const file = (name: string) => join(folder, name);
	try {
		const network = await cnn(2, "gap");
		const samples = await turned(engine, images(x, 0, digits, "f64"), angles);
		await writeFile(file("net.json"), JSON.stringify(network));
		await writeFile(file("x.npy"), writeNpy(samples));
		const inputs = ["gram", "--network", file("net.json"), "--x", file("x.npy")];
		const times: number[] = [];
		for (let round = 0; round < rounds; round++) {
			const start = performance.now();
			const outputs = ["--workers", "2", "--out", file("k.npy")];
			await promisify(execFile)(process.execPath, ["dist/cli.js", ...inputs, ...outputs]);
			times.push(performance.now() - start);
		}
		const { data } = readNpy(await readFile(file("k.npy")));
		const expected = (await engine.gram(network, samples)).ntk as Tensor;
		if (largestDifference(data as Float64Array, expected.data) !== 0)
			throw new Error("the Gram of the command line is another one than the engine's");
		const result = figure("orbit-kernels gram", times);
		report.contest({
			title: `command line: ${digits * angles} turned digits, GAP, depth 2, f64, 2 workers`,
			figures: [result],
		});
		report.fact("command line", result.median / 1000, "s");
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

/** Pairs of digits, all their poses in one Gram, without special settings. */
async function pairs(report: Report, engine: Engine, { x }: Images, { count, angles }: typeof PAIRS): Promise<void> {
	const network = await cnn(1, "gap");
	const times: number[] = [];
	for (let k = 0; k < count; k++) {
		const start = performance.now();
		const poses = await turned(engine, images(x, 2 * k, 2 * k + 2, "f64"), angles);
		await engine.gram(network, poses);
		times.push(performance.now() - start);
	}
	const result = figure("poses and Gram of a pair", times);
	const title = `${count} pairs × ${angles} rotations (${2 * angles} × ${2 * angles}), GAP, depth 1, f64, 2 workers`;
	report.contest({ title, figures: [result] });
	report.fact(`${title}: together`, times.reduce((sum, time) => sum + time, 0) / 1000, "s");
}

/** 21 times conv and relu, then the pooling: nothing else, as it is in that README. */
async function deepNetwork(pooling: Pooling): Promise<Network> {
	const { serial, conv, relu, globalAveragePool, flatten } = await loadLibrary();
	const layers = Array.from({ length: 21 }, () => [conv({ size: [3, 3], padding: "same" }), relu()]);
	return serial(...layers.flat(), pooling === "gap" ? globalAveragePool() : flatten());
}

/** That network on images of 32 × 32 × 3 Gaussian numbers: the time does not depend on what they show. */
async function deep(
	report: Report,
	{ one, two }: Record<"one" | "two", Engine>,
	{ pooling, precision, rounds }: { pooling: Pooling; precision: Precision; rounds: number },
): Promise<void> {
	const { count, [precision]: published } = PUBLISHED[pooling];
	const network = await deepNetwork(pooling);
	const { data } = await gaussian(2 * count, 32 * 32 * 3, 6);
	const all = { data, shape: [2 * count, 32, 32, 3] };
	const [x, other] = [images(all, 0, count, precision), images(all, count, 2 * count, precision)];
	const by = (engine: Engine) => async () => ((await engine.gram(network, x, other, { precision })).ntk as Tensor).data;
	const name = `21 layers, ${POOLING_NAMES[pooling]}, ${precision}`;
	const result = await contest(
		`${name} (${count} × ${count} images of 32 × 32 × 3)`,
		[
			{ name: "1 worker", run: by(one) },
			{ name: "2 workers", run: by(two) },
		],
		rounds,
	);
	report.contest(result);
	for (const { name: entrant, median } of result.figures)
		report.fact(`${name}, ${entrant}: an entry`, median / count ** 2, "ms");
	report.fact(`${name}: published for more than 56 cores, an entry`, published, "ms");
}
