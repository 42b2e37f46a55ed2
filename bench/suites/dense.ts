/**
 * Dense NTK Grams against plain TypeScript, against the product that they can't do without, and against neural-tangents.
 * @module
 */
import type { Engine, Network, Tensor } from "../../ts/index.ts";
import { digits, gaussian, type Inputs } from "../data.ts";
import { contest, type Entrant, largestDifference, ratio, type Values } from "../harness.ts";
import { loadEngine, loadLibrary } from "../host/node.ts";
import type { Options } from "../options.ts";
import { neuralTangents, type Peer } from "../peers/python.ts";
import { TypeScript } from "../peers/typescript.ts";
import { naiveKernels } from "../reference/naive.ts";
import type { Report } from "../report.ts";

type Precision = "f64" | "f32";

/** Samples of the main comparison, of that between numbers of workers, and of both with --quick. */
const COUNT = 2048;
const SCALING_COUNT = 4096;
const QUICK_COUNT = 512;
const DIMENSION = 784;

/** How many times faster than TypeScript one worker shall be, by precision and depth. */
const OVER_TYPESCRIPT = { f64: { 1: 2.3, 5: 2.5 }, f32: { 1: 4, 5: 4.5 } };
/** How many times faster than neural-tangents, of those that are aimed at. */
const OVER_NEURAL_TANGENTS = { f64: { 1: 0.8, 5: 2.5 } };
const DEPTHS = [1, 5] as const;
const PRECISIONS = ["f64", "f32"] as const;

/**
 * What the ordinary recursion makes of nearly equal inputs: half the digits of the precision are lost in the angle of
 * each layer. The library itself is checked against exact kernels, more strictly.
 */
const TOLERANCE = { ordinary: { f64: 1e-6, f32: 5e-3 }, exact: { f64: 1e-12, f32: 1e-5 } };

const ONE_WORKER = "1 worker";
const PRODUCT = "the product alone";
const REST = "all but the product";

/** Runs the suite. */
export async function run(report: Report, options: Options): Promise<void> {
	const { rounds, quick, data, python } = options;
	const [count, scalingCount] = quick ? [QUICK_COUNT, QUICK_COUNT] : [COUNT, SCALING_COUNT];
	const { createEngine } = await loadLibrary();
	const one = await createEngine({ workers: 1 });
	const two = await createEngine({ workers: 2 });
	const inline = await createEngine({ workers: 0 });
	const typescript = new TypeScript();
	try {
		const pixels = await digits(one, scalingCount, data);
		const inputs = [
			{ name: "unit-norm digits", x: firstRows(pixels.x, count) },
			{ name: "Gaussian data", x: await gaussian(count, DIMENSION, 1) },
		];
		report.fact("digits", pixels.name);
		await products(report, typescript, rounds);
		for (const input of inputs)
			for (const depth of DEPTHS)
				for (const precision of PRECISIONS) {
					const setting = { input, depth, precision, rounds, python };
					await grams(report, { one, inline, typescript }, setting);
				}
		await scaling(report, { one, two }, rounds);
		for (const depth of DEPTHS)
			for (const precision of PRECISIONS)
				await workers(report, { one, two }, { input: pixels, depth, precision, rounds });
	} finally {
		await Promise.all([one, two, inline].map((engine) => engine.dispose()));
		await typescript.close();
	}
}

/** A multilayer perceptron with biases. */
async function perceptron(depth: number): Promise<Network> {
	const { serial, dense, relu } = await loadLibrary();
	const hidden = Array.from({ length: depth }, () => [dense({ biasStd: 1 }), relu()]);
	return serial(...hidden.flat(), dense({ biasStd: 1 }));
}

function firstRows({ data, shape }: Tensor<Float64Array>, count: number): Tensor<Float64Array> {
	const size = data.length / (shape[0] as number);
	return { data: data.slice(0, count * size), shape: [count, size] };
}

function inPrecision({ data, shape }: Tensor, precision: Precision): Tensor {
	return { data: precision === "f64" ? new Float64Array(data) : new Float32Array(data), shape };
}

function transpose({ data, shape }: Tensor): Values {
	const [rows, columns] = shape as [number, number];
	const out = data.slice();
	for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[j * rows + i] = data[i * columns + j] as number;
	return out;
}

/** X·Xᵀ by the gemm crate, one call, in this thread. */
async function gemm(x: Tensor): Promise<() => Promise<Values>> {
	const { Core } = await loadEngine();
	const core = new Core();
	const request = { a: x.data, b: transpose(x), rows: x.shape[0] as number, columns: x.shape[0] as number };
	return async () => {
		const outcome = await core.run("multiply", request);
		if (!("value" in outcome)) throw new Error(`the product failed: ${JSON.stringify(outcome)}`);
		return outcome.value;
	};
}

/** The matrix product 1024 × 784 × 1024 in TypeScript and by the gemm crate: the size at which others are known. */
async function products(report: Report, typescript: TypeScript, rounds: number): Promise<void> {
	const count = 1024;
	const x = await gaussian(count, DIMENSION, 3);
	const title = `product ${count} × ${DIMENSION} × ${count}, f64`;
	const result = await contest(
		title,
		[
			{ name: "gemm crate", run: await gemm(x) },
			typescript.entrant({ name: "product", x: x.data, dimension: DIMENSION }, 1e-13),
		],
		rounds,
	);
	report.contest(result);
	for (const { name, min } of result.figures)
		report.fact(`${name}, best round`, (2 * count * count * DIMENSION) / min / 1e6, "GFLOP/s");
}

interface Setting {
	input: Inputs;
	depth: (typeof DEPTHS)[number];
	precision: Precision;
	rounds: number;
}

/** One Gram: one worker, no worker, TypeScript, neural-tangents, and what the least would be. */
async function grams(
	report: Report,
	{ one, inline, typescript }: Record<"one" | "inline", Engine> & { typescript: TypeScript },
	{ input, depth, precision, rounds, python }: Setting & { python: string | undefined },
): Promise<void> {
	const network = await perceptron(depth);
	const x = inPrecision(input.x, precision);
	const count = x.shape[0] as number;
	const name = `${input.name}, depth ${depth}, ${precision}`;
	const title = `${name} (n = ${count}, d = ${DIMENSION})`;
	await checkExact(one, network, x, precision, name);

	const tolerance = TOLERANCE.ordinary[precision];
	const entrants: Entrant[] = [
		{ name: ONE_WORKER, run: () => ntk(one, network, x, precision) },
		{ name: "in this thread", run: () => ntk(inline, network, x, precision) },
		typescript.entrant({ name: "gram", network, x, precision }, tolerance),
	];
	let peer: Peer | undefined;
	if (python) {
		peer = await neuralTangents(network, x, { python, processors: 1, precision, tolerance });
		for (const [library, version] of Object.entries(peer.versions)) report.fact(library, version);
		entrants.push(peer.entrant);
	}
	try {
		const narrow = inPrecision(await narrowed(input.x), precision);
		const probes = [
			{ name: PRODUCT, run: await gemm(x) },
			{ name: REST, run: () => ntk(one, network, narrow, precision) },
		];
		const result = await contest(title, entrants, rounds, probes);
		report.contest(result);
		// The product is that of all pairs; a symmetric Gram needs each pair once.
		const least = { [PRODUCT]: (count + 1) / (2 * count), [REST]: 1 };
		const bound = OVER_TYPESCRIPT[precision][depth];
		report.atLeast(`${name}: × TypeScript`, ratio(result, "TypeScript", { [ONE_WORKER]: 1 }), bound);
		report.atMost(`${name}: × (product + rest)`, ratio(result, ONE_WORKER, least), 1.15);
		if (peer) {
			const times = ratio(result, peer.entrant.name, { [ONE_WORKER]: 1 });
			const wanted = precision === "f64" && OVER_NEURAL_TANGENTS.f64[depth];
			if (wanted) report.atLeast(`${name}: × neural-tangents`, times, wanted);
			else report.fact(`${name}: × neural-tangents`, times);
		}
	} finally {
		await peer?.close();
	}
}

/** What two workers could gain at most: two products at once against one. */
async function scaling(report: Report, { one, two }: Record<"one" | "two", Engine>, rounds: number): Promise<void> {
	const x = await gaussian(1024, DIMENSION, 5);
	const turned = { data: transpose(x), shape: [DIMENSION, 1024] };
	const both = "two at once, 2 workers";
	const result = await contest(
		"product 1024 × 784 × 1024, f64: the machine's own scaling",
		[
			{ name: ONE_WORKER, run: async () => (await one.multiply(x, turned)).data },
			{
				name: both,
				run: async () => {
					const [first] = await Promise.all([two.multiply(x, turned), two.multiply(x, turned)]);
					return first.data;
				},
			},
		],
		rounds,
	);
	report.contest(result);
	report.fact("two workers could gain at most", 2 * ratio(result, ONE_WORKER, { [both]: 1 }), "×");
}

/** Two workers against one. */
async function workers(
	report: Report,
	{ one, two }: Record<"one" | "two", Engine>,
	{ input, depth, precision, rounds }: Setting,
): Promise<void> {
	const network = await perceptron(depth);
	const x = inPrecision(input.x, precision);
	const name = `workers, depth ${depth}, ${precision}`;
	const result = await contest(
		`${name} (n = ${x.shape[0]}, d = ${DIMENSION})`,
		[
			{ name: "2 workers", run: () => ntk(two, network, x, precision) },
			{ name: ONE_WORKER, run: () => ntk(one, network, x, precision) },
		],
		Math.ceil(rounds / 2),
	);
	report.contest(result);
	report.atLeast(`${name}: 2 over 1`, ratio(result, ONE_WORKER, { "2 workers": 1 }), 1.7);
}

async function ntk(engine: Engine, network: Network, x: Tensor, precision: Precision): Promise<Values> {
	const { ntk } = await engine.gram(network, x, { precision });
	return (ntk as Tensor).data;
}

/**
 * Inputs of the same lengths in four dimensions: their Gram costs what a Gram costs beside the product. They have the
 * variances of the originals, so the layers take the same branches.
 */
async function narrowed({ data, shape }: Tensor<Float64Array>): Promise<Tensor<Float64Array>> {
	const [count, dimension] = shape as [number, number];
	const narrow = await gaussian(count, 4, 4);
	const length = (row: Float64Array) => Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
	for (let i = 0; i < count; i++) {
		const row = narrow.data.subarray(4 * i, 4 * i + 4);
		const wanted = length(data.subarray(dimension * i, dimension * (i + 1))) * Math.sqrt(4 / dimension);
		const scale = wanted / length(row);
		for (let k = 0; k < 4; k++) row[k] = (row[k] as number) * scale;
	}
	return narrow;
}

/** Checks the library against the definitions on the first samples, copies among them. */
async function checkExact(
	engine: Engine,
	network: Network,
	x: Tensor,
	precision: Precision,
	name: string,
): Promise<void> {
	const first = firstRows({ ...x, data: new Float64Array(x.data) }, 64);
	const values = await ntk(engine, network, inPrecision(first, precision), precision);
	const difference = largestDifference(values, naiveKernels(network, first).ntk);
	if (!(difference <= TOLERANCE.exact[precision]))
		throw new Error(`${name}: the Gram differs from the definition by ${difference}`);
}
