/**
 * Dense NTK Grams against plain TypeScript, against what else computes with arrays in JavaScript, against the product that they
 * can't do without, and against neural-tangents.
 * @module
 */
import type { Engine, Network, Tensor } from "../../ts/index.ts";
import { digits, gaussian } from "../data.ts";
import { contest, type Entrant, largestDifference, ratio, type Values } from "../harness.ts";
import { loadEngine, loadLibrary } from "../host/node.ts";
import { type Precision, perceptron } from "../networks.ts";
import type { Options } from "../options.ts";
import { taskValue } from "../outcome.ts";
import { jaxJsGram } from "../peers/jax-js.ts";
import { neuralTangents, type Peer } from "../peers/python.ts";
import { tfjsGram } from "../peers/tfjs.ts";
import { TypeScript } from "../peers/typescript.ts";
import { naiveKernels } from "../reference/naive.ts";
import type { Report } from "../report.ts";

const DIMENSION = 784;
/** Images and hidden layers. */
const SETTINGS = [
	{ count: 512, depth: 5 },
	{ count: 2048, depth: 1 },
	{ count: 2048, depth: 5 },
];
const QUICK_SETTINGS = [{ count: 256, depth: 5 }];
const PRECISIONS = ["f64", "f32"] as const;

/** How many times faster than the others one worker shall be, with five layers and the most images. */
const OVER_TYPESCRIPT = { f64: 2.7, f32: 5 };
const OVER_NEURAL_TANGENTS = { f64: 2.5 } as Partial<Record<Precision, number>>;
/** How much more than its parts a Gram shall take at most. */
const OVER_PARTS = 1.15;

/**
 * What the ordinary recursion makes of nearly equal inputs: half the digits of the precision are lost in the angle of
 * each layer. The library itself is checked against exact kernels, more strictly.
 */
const TOLERANCE = { ordinary: { f64: 1e-6, f32: 5e-3 }, exact: { f64: 1e-12, f32: 1e-5 } };

const ONE_WORKER = "1 worker";
const PRODUCT = "the product alone";
const REST = "all but the product";

/** Who computes. */
interface Players {
	one: Engine;
	all: Engine;
	typescript: TypeScript;
	python: string | undefined;
}

/** Runs the suite. */
export async function run(report: Report, { rounds, quick, data, python }: Options): Promise<void> {
	const { createEngine } = await loadLibrary();
	const [one, all] = [await createEngine({ workers: 1 }), await createEngine()];
	const typescript = new TypeScript();
	try {
		const settings = quick ? QUICK_SETTINGS : SETTINGS;
		const pixels = await digits(one, Math.max(...settings.map(({ count }) => count)), data);
		report.fact("digits", pixels.name);
		for (const { count, depth } of settings)
			for (const precision of PRECISIONS) {
				const x = firstRows(pixels.x, count);
				await grams(report, { one, all, typescript, python }, { x, depth, precision, rounds });
			}
	} finally {
		await Promise.all([one.dispose(), all.dispose(), typescript.close()]);
	}
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

/** X·Xᵀ, one call, in this thread. */
async function product(x: Tensor): Promise<() => Promise<Values>> {
	const { Core } = await loadEngine();
	const core = new Core();
	const request = { a: x.data, b: transpose(x), rows: x.shape[0] as number, columns: x.shape[0] as number };
	return async () => taskValue(await core.run("multiply", request));
}

interface Setting {
	x: Tensor<Float64Array>;
	depth: number;
	precision: Precision;
	rounds: number;
}

/** One Gram by everybody, and what the least would be. */
async function grams(
	report: Report,
	{ one, all, typescript, python }: Players,
	{ x: doubles, depth, precision, rounds }: Setting,
): Promise<void> {
	const network = await perceptron(depth);
	const x = inPrecision(doubles, precision);
	const count = x.shape[0] as number;
	const name = `n = ${count}, depth ${depth}, ${precision}`;
	await checkExact(one, network, x, precision, name);

	const tolerance = TOLERANCE.ordinary[precision];
	const job = { x, depth, tolerance };
	const entrants: Entrant[] = [{ name: ONE_WORKER, run: () => ntk(one, network, x, precision) }];
	if (all.workers > 1) entrants.push({ name: `${all.workers} workers`, run: () => ntk(all, network, x, precision) });
	entrants.push(typescript.entrant({ name: "gram", network, x, precision }, tolerance));
	if (precision === "f32") entrants.push(await tfjsGram(job), await jaxJsGram(job));
	let peer: Peer | undefined;
	if (python) {
		peer = await neuralTangents(network, x, { python, processors: 1, precision, tolerance });
		for (const [library, version] of Object.entries(peer.versions)) report.fact(library, version);
		entrants.push(peer.entrant);
	}
	try {
		const narrow = inPrecision(await narrowed(doubles), precision);
		const probes = [
			{ name: PRODUCT, run: await product(x) },
			{ name: REST, run: () => ntk(one, network, narrow, precision) },
		];
		const result = await contest(`${name}, d = ${DIMENSION}`, entrants, rounds, probes);
		report.contest(result);
		const isMain = count === Math.max(...SETTINGS.map((setting) => setting.count)) && depth === 5;
		const times = (entrant: string, wanted: number | undefined) => {
			const measured = ratio(result, entrant, { [ONE_WORKER]: 1 });
			if (isMain && wanted) report.atLeast(`${name}: × ${entrant}`, measured, wanted);
		};
		times("TypeScript", OVER_TYPESCRIPT[precision]);
		if (peer) times(peer.entrant.name, OVER_NEURAL_TANGENTS[precision]);
		// The product is that of all pairs; a symmetric Gram needs each pair once.
		const least = { [PRODUCT]: (count + 1) / (2 * count), [REST]: 1 };
		if (isMain) report.atMost(`${name}: × (product + rest)`, ratio(result, ONE_WORKER, least), OVER_PARTS);
	} finally {
		await peer?.close();
	}
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
