/**
 * What networks are trained on: arrays, or rows that are made when they are needed.
 * @module
 */
import { type ArrayInput, shapeError, type Tensor, toTensor, usageError } from "../arrays.ts";
import { random, shuffle } from "../data/random.ts";
import { OrbitKernelsError } from "../errors.ts";
import type { Floats } from "../wasm.ts";
import type { TrainingTargets } from "./training-wasm.ts";

/** Samples that are made when they are needed, such as images in many poses. */
export interface SampleSource {
	/** Of all samples: their number, then the shape of one. */
	readonly shape: readonly number[];
	/** The samples of some indices, one after the other. */
	rows(indices: Uint32Array): Floats | Promise<Floats>;
}

/** Classes counted from 0, one a sample. */
export type ClassLabels = ArrayLike<number>;

/** Samples and what the network shall answer. */
export interface TrainingData {
	/** n × …, or a source of them. */
	x: ArrayInput | SampleSource;
	/** Classes counted from 0 (n), or numbers (n × outputs; n for a single output). */
	targets: ArrayInput | ClassLabels;
}

/** Checked data, from which the batches of some steps are taken. */
export class Source {
	readonly count: number;
	/** Of one sample. */
	readonly sample: number[];
	readonly #rows: (indices: Uint32Array) => Floats | Promise<Floats>;
	readonly #targets: (indices: Uint32Array) => TrainingTargets;

	constructor({ x, targets }: TrainingData, precision: "f64" | "f32", loss: string) {
		const samples = isSource(x) ? checkSource(x) : inMemory(toTensor(x, "data.x"), precision);
		const [count = 0, ...sample] = samples.shape;
		if (sample.length === 0) throw shapeError("data.x", samples.shape, "samples × numbers: at least two dimensions");
		this.count = count;
		this.sample = sample;
		this.#rows = (indices) => samples.rows(indices);
		this.#targets = targetsOf(targets, count, precision, loss);
	}

	/** What steps on some indices need: each sample once, and where the indices are among them. */
	async gather(indices: Uint32Array): Promise<{ samples: Floats; targets: TrainingTargets; local: Uint32Array }> {
		const places = new Map<number, number>();
		const local = indices.map((index) => {
			const place = places.get(index) ?? places.size;
			places.set(index, place);
			return place;
		});
		const unique = Uint32Array.from(places.keys());
		const samples = await this.#rows(unique);
		const expected = unique.length * this.sample.reduce((product, side) => product * side, 1);
		if (samples.length !== expected)
			throw shapeError("data.x.rows(…)", samples.length, `${expected} numbers for ${unique.length} samples`);
		return { samples, targets: this.#targets(unique), local };
	}
}

function isSource(x: TrainingData["x"]): x is SampleSource {
	return typeof (x as Partial<SampleSource>)?.rows === "function";
}

function checkSource(source: SampleSource): SampleSource {
	const { shape } = source;
	if (!Array.isArray(shape) || !shape.every((side) => Number.isInteger(side) && side > 0))
		throw shapeError("data.x.shape", shape, "positive integers");
	return source;
}

/** Rows of a tensor, gathered into memory of their own. */
const gatherRows = (data: Floats, size: number, precision: "f64" | "f32", indices: Uint32Array): Floats => {
	const out = precision === "f64" ? new Float64Array(indices.length * size) : new Float32Array(indices.length * size);
	indices.forEach((index, k) => {
		out.set(data.subarray(index * size, (index + 1) * size), k * size);
	});
	return out;
};

function inMemory({ data, shape }: Tensor, precision: "f64" | "f32"): SampleSource {
	const size = data.length / (shape[0] as number);
	return { shape, rows: (indices) => gatherRows(data, size, precision, indices) };
}

function targetsOf(targets: TrainingData["targets"], count: number, precision: "f64" | "f32", loss: string) {
	const classes = classesOf(targets, count, loss);
	if (classes) return (indices: Uint32Array) => indices.map((index) => classes[index] as number);
	const { data, shape } = toTensor(targets, "data.targets");
	if (shape[0] !== count || shape.length > 2)
		throw shapeError("data.targets", shape, `${count} × outputs, a row for each sample`);
	return (indices: Uint32Array) => gatherRows(data, data.length / count, precision, indices);
}

/** Targets of one number a sample are classes to cross-entropy, and integers in arrays of integers to any loss. */
function classesOf(targets: TrainingData["targets"], count: number, loss: string): Uint32Array | undefined {
	const integers = ArrayBuffer.isView(targets);
	const list = integers ? (targets as ClassLabels) : loss === "crossEntropy" ? single(targets) : undefined;
	if (!list) return undefined;
	if (list.length !== count) throw shapeError("data.targets", [list.length], `${count} classes, one a sample`);
	return Uint32Array.from(list, (label, index) => {
		if (Number.isInteger(label) && label >= 0) return label;
		const expected = "classes counted from 0";
		const message = `data.targets holds ${label} at index ${index}: expected ${expected}`;
		throw new OrbitKernelsError("value", message, { path: "data.targets", index, value: label, expected });
	});
}

function single(targets: TrainingData["targets"]): ClassLabels | undefined {
	const { data, shape } = toTensor(targets as ArrayInput, "data.targets");
	return shape.length === 1 ? data : undefined;
}

/**
 * The indices of all steps, in epochs: each takes all samples once, shuffled unless a batch is all of them.
 *
 * @example new Order(5, 2, 0).steps(0, 3).ends // Uint32Array [2, 4, 5]: three steps make an epoch
 */
export class Order {
	readonly stepsPerEpoch: number;
	readonly #count: number;
	readonly #batch: number;
	readonly #seed: number;
	#epoch = -1;
	#permutation: Uint32Array = new Uint32Array();

	constructor(count: number, batch: number, seed: number) {
		if (!Number.isInteger(batch) || batch < 1) throw usageError("options.batch", batch, "a positive integer");
		this.#count = count;
		this.#batch = Math.min(batch, count);
		this.#seed = seed;
		this.stepsPerEpoch = Math.ceil(count / this.#batch);
	}

	/** The indices of steps `first` to `end` without it, and where each step's end. */
	steps(first: number, end: number): { indices: Uint32Array; ends: Uint32Array } {
		const parts = Array.from({ length: end - first }, (_, k) => this.#step(first + k));
		const ends = new Uint32Array(parts.length);
		const indices = new Uint32Array(parts.reduce((sum, part) => sum + part.length, 0));
		let at = 0;
		parts.forEach((part, k) => {
			indices.set(part, at);
			at += part.length;
			ends[k] = at;
		});
		return { indices, ends };
	}

	#step(step: number): Uint32Array {
		const epoch = Math.floor(step / this.stepsPerEpoch);
		if (epoch !== this.#epoch) {
			this.#permutation = this.stepsPerEpoch === 1 ? identity(this.#count) : shuffled(this.#count, this.#seed, epoch);
			this.#epoch = epoch;
		}
		const first = (step % this.stepsPerEpoch) * this.#batch;
		return this.#permutation.subarray(first, first + this.#batch);
	}
}

const identity = (count: number) => Uint32Array.from({ length: count }, (_, index) => index);

/** An order of its own for each seed and epoch. */
function shuffled(count: number, seed: number, epoch: number): Uint32Array {
	const next = random((Math.imul(seed, 0x9e3779b1) ^ Math.imul(epoch + 1, 0x85ebca6b)) >>> 0);
	return shuffle(identity(count), next);
}
