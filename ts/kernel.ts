/**
 * Kernel matrices of networks and of classical kernels, computed tile by tile.
 * @module
 */
import { alikePairs } from "./alike.ts";
import {
	type ArrayInput,
	checkMemory,
	checkOptions,
	inPrecision,
	isArrayLike,
	shapeError,
	type Tensor,
	toTensor,
	usageError,
} from "./arrays.ts";
import type { Kernel } from "./classical.ts";
import { imageCost, isLong, keptBytes, runLength, tileEdge } from "./cost.ts";
import type { Cost, GramSetup } from "./engine.ts";
import { OrbitKernelsError } from "./errors.ts";
import type { Lane } from "./lane.ts";
import type { Network } from "./network.ts";
import type { Job, Pool } from "./pool.ts";
import type { Resident } from "./residents.ts";

/** What a computation runs on. */
export interface Context {
	pool: Pool;
	maxBytes: number;
	/** Costs of Grams that were asked for before. */
	costs: Map<string, Cost>;
}

/** How far a long call is: of a Gram, the entries that are computed, half of a symmetric one. */
export interface Progress {
	done: number;
	total: number;
}

/** What every long call takes. */
export interface CallOptions {
	/** Aborts the call: it rejects at once with code "aborted". */
	signal?: AbortSignal;
	/** Called on the calling thread as work is done. */
	onProgress?: (progress: Progress) => void;
}

/** Which kernel of a network: of its outputs at random weights, or of gradient descent; a classical kernel is both. */
export type KernelName = "nngp" | "ntk";

/**
 * A way to compute a network of images: at equal locations alone, for each offset between two locations on its own, or for
 * all pairs of locations together.
 */
export type Executor = "location" | "offsets" | "covariance";

/** Options of `gram` and `diagonal`. */
export interface KernelOptions extends CallOptions {
	/** The kernels wanted; default `["ntk"]`. */
	kernels?: readonly KernelName[];
	/** Precision of arithmetic and results; default "f64". */
	precision?: "f64" | "f32";
	/** Forces how a network of images is computed; default as is best. An error of code "network" where that can't be. */
	executor?: Executor;
}

/** The kernels that were asked for. */
export type Kernels = Partial<Record<KernelName, Tensor>>;

let grams = 0;
let blocks = 0;

/** Samples of one side of a Gram, in runs of `edge`. */
interface Side {
	tensor: Tensor;
	edge: number;
	blocks: Resident[];
}

/** The checked choice of how a kernel is computed. */
export function checkHow({ precision = "f64", executor }: Pick<KernelOptions, "precision" | "executor">) {
	if (precision !== "f64" && precision !== "f32") throw usageError("options.precision", precision, '"f64" or "f32"');
	if (executor !== undefined && executor !== "location" && executor !== "offsets" && executor !== "covariance")
		throw usageError("options.executor", executor, '"location", "offsets" or "covariance"');
	return { precision, executor };
}

function checkKernelOptions(options: KernelOptions) {
	checkOptions(options, ["kernels", "precision", "executor", "signal", "onProgress"]);
	const { kernels = ["ntk"] } = options;
	const valid = Array.isArray(kernels) && kernels.length > 0;
	if (!valid || !kernels.every((name) => name === "nngp" || name === "ntk"))
		throw usageError("options.kernels", JSON.stringify(kernels), 'a list of "nngp" and "ntk"');
	return { nngp: kernels.includes("nngp"), ntk: kernels.includes("ntk"), ...checkHow(options) };
}

function samples(value: unknown, path: string): Tensor {
	const tensor = toTensor(value, path);
	if (tensor.shape.length < 2) throw shapeError(path, tensor.shape, "samples × numbers: at least two dimensions");
	return tensor;
}

/** A Gram of its own, of samples of a shape (n × …). */
export function setup(
	source: Network | Kernel,
	shape: readonly number[],
	{ precision, executor }: ReturnType<typeof checkHow>,
): GramSetup {
	let text: string | undefined;
	try {
		text = JSON.stringify(source);
	} catch (cause) {
		throw new OrbitKernelsError("network", "the network or kernel can't be written as JSON", { cause });
	}
	return { id: ++grams, description: text ?? "null", sample: shape.slice(1), precision, executor };
}

const sizeOf = (sample: readonly number[]) => sample.reduce((product, side) => product * side, 1);

/** Samples that are read as vectors may have other shapes of the same size, images none but that of a missing channel. */
function checkOther({ shape }: Tensor, { sample }: GramSetup, cost: Cost | undefined): void {
	const size = sizeOf(sample);
	if (sizeOf(shape.slice(1)) !== size) throw shapeError("other", shape, `samples of ${size} numbers, as x has`);
	const withChannel = ([rows, columns, channels = 1]: readonly number[]) => `${rows} × ${columns} × ${channels}`;
	if (cost && withChannel(shape.slice(1)) !== withChannel(sample))
		throw shapeError("other", shape, `images of ${withChannel(sample)}, as x has`);
}

function side(tensor: Tensor, setup: GramSetup, cost: Cost | undefined, single: boolean): Side {
	const count = tensor.shape[0] as number;
	const edge = single ? 1 : tileEdge(count, cost);
	const resident = () => ({ gram: setup.id, id: ++blocks, bytes: edge * keptBytes(setup, cost) });
	return { tensor, edge, blocks: Array.from({ length: Math.ceil(count / edge) }, resident) };
}

/** The positions of a grid in squares of eight, so that the blocks at hand serve many tiles. */
function* tilesOf(rows: number, columns: number, symmetric: boolean): Generator<[number, number]> {
	const square = 8;
	for (let top = 0; top < rows; top += square)
		for (let left = symmetric ? top : 0; left < columns; left += square)
			for (let i = top; i < Math.min(top + square, rows); i++)
				for (let j = symmetric ? Math.max(left, i) : left; j < Math.min(left + square, columns); j++) yield [i, j];
}

/** The places of each tile: one, or all those of pairs that are alike. */
function placesOf(
	tiles: Iterable<[number, number]>,
	alike: ((i: number, j: number) => string) | undefined,
): Iterable<[number, number][]> {
	const all = new Map<string, [number, number][]>();
	for (const tile of tiles) {
		const name = alike ? alike(...tile) : tile.join();
		const places = all.get(name);
		if (places) places.push(tile);
		else all.set(name, [tile]);
	}
	return all.values();
}

/** Copies a `height × width` tile of `values` to a place in a matrix. */
function place(
	matrix: Tensor["data"],
	columns: number,
	top: number,
	left: number,
	values: Tensor["data"],
	width: number,
): void {
	for (let from = 0, to = top * columns + left; from < values.length; from += width, to += columns)
		matrix.set(values.subarray(from, from + width), to);
}

/** See `Engine.gram`. */
export async function gram(
	context: Context,
	source: Network | Kernel,
	x: ArrayInput,
	otherOrOptions: ArrayInput | KernelOptions = {},
	lastOptions: KernelOptions = {},
): Promise<Kernels> {
	const symmetric = !isArrayLike(otherOrOptions);
	const options = symmetric ? otherOrOptions : lastOptions;
	const { nngp, ntk, ...how } = checkKernelOptions(options);
	const { precision } = how;
	const first = samples(x, "x");
	const second = symmetric ? first : samples(otherOrOptions, "other");
	const gramSetup = setup(source, first.shape, how);
	const dimension = sizeOf(gramSetup.sample);
	const shape = [first.shape[0] as number, second.shape[0] as number] as const;
	const names = (["nngp", "ntk"] as const).filter((name) => ({ nngp, ntk })[name]);
	const size = shape[0] * shape[1];
	checkMemory("the Gram", names.length * size * (precision === "f64" ? 8 : 4), context.maxBytes);
	const cost = await imageCost(context, gramSetup, options.signal);
	checkOther(second, gramSetup, cost);

	// Pairs of images that have one kernel are computed once, in tiles of their own.
	const alike = cost?.symmetry && alikePairs(cost.symmetry, symmetric ? [first] : [first, second]);
	const rows = side(first, gramSetup, cost, alike !== undefined);
	const columns = symmetric ? rows : side(second, gramSetup, cost, alike !== undefined);
	const results = names.map(() => allocate(size, precision));
	// A tile and, where it is off the diagonal, its transpose: the memory goes to a worker and back.
	const tileSize = (symmetric ? 2 : 1) * names.length * rows.edge * columns.edge;
	const spare: Tensor["data"][] = [];

	const request = (lane: Lane, i: number, j: number) => {
		const row = rows.blocks[i] as Resident;
		const column = columns.blocks[j] as Resident;
		const wanted = symmetric && i === j ? [row] : [row, column];
		const { missing, remove } = lane.residents.claim(wanted);
		const put = missing.map((block) => {
			const [{ tensor, edge }, k] = block === row ? [rows, i] : [columns, j];
			const end = Math.min((k + 1) * edge, tensor.shape[0] as number);
			const [from, to] = [k * edge * dimension, end * dimension];
			return { id: block.id, first: k * edge, samples: inPrecision(tensor.data, precision, from, to) };
		});
		return {
			gram: gramSetup,
			put,
			remove,
			row: row.id,
			column: wanted.length === 1 ? undefined : column.id,
			nngp,
			ntk,
			transposed: symmetric && i !== j,
			out: spare.pop() ?? allocate(tileSize, precision),
		};
	};
	const deliver = (values: Tensor["data"], i: number, j: number) => {
		const [top, left] = [i * rows.edge, j * columns.edge];
		const width = Math.min(columns.edge, shape[1] - left);
		const tile = Math.min(rows.edge, shape[0] - top) * width;
		let part = 0;
		const next = () => values.subarray(part * tile, ++part * tile);
		for (const result of results) {
			place(result, shape[1], top, left, next(), width);
			if (symmetric && i !== j) place(result, shape[1], left, top, next(), tile / width);
		}
		// On the diagonal, the upper triangle.
		done += symmetric && i === j ? (tile + width) / 2 : tile;
		options.onProgress?.({ done, total });
	};
	const total = symmetric ? (size + shape[0]) / 2 : size;
	let done = 0;
	function* jobs(): Generator<Job<"tile">> {
		for (const places of placesOf(tilesOf(rows.blocks.length, columns.blocks.length, symmetric), alike)) {
			const [i, j] = places[0] as [number, number];
			yield {
				name: "tile",
				request: (lane) => request(lane, i, j),
				deliver(values) {
					for (const [i, j] of places) deliver(values, i, j);
					spare.push(values);
				},
				long: isLong(cost),
			};
		}
	}
	try {
		await context.pool.run(jobs(), options.signal);
	} finally {
		context.pool.closeGram(gramSetup.id);
	}
	return Object.fromEntries(names.map((name, k) => [name, { data: results[k], shape: [...shape] }]));
}

function allocate(size: number, precision: "f64" | "f32"): Tensor["data"] {
	try {
		return precision === "f64" ? new Float64Array(size) : new Float32Array(size);
	} catch (cause) {
		const expected = "an array that the host can allocate";
		const message = `a result of ${size} numbers can't be allocated: expected ${expected}`;
		throw new OrbitKernelsError("memory", message, { value: size, expected, cause });
	}
}

/** See `Engine.diagonal`. */
export async function diagonal(
	context: Context,
	source: Network | Kernel,
	x: ArrayInput,
	options: KernelOptions = {},
): Promise<Kernels> {
	const wanted = checkKernelOptions(options);
	const tensor = samples(x, "x");
	const gramSetup = setup(source, tensor.shape, wanted);
	const { sample, precision } = gramSetup;
	const dimension = sizeOf(sample);
	const cost = await imageCost(context, gramSetup, options.signal);
	const count = tensor.shape[0] as number;
	const results = { nngp: allocate(count, precision), ntk: allocate(count, precision) };
	const edge = runLength(cost);
	let done = 0;
	function* jobs(): Generator<Job<"diagonal">> {
		for (let first = 0; first < count; first += edge) {
			const end = Math.min(first + edge, count);
			const block = () => inPrecision(tensor.data, precision, first * dimension, end * dimension);
			yield {
				name: "diagonal",
				// Its own short-lived Gram: nothing stays behind.
				request: () => ({ gram: gramSetup, block: { id: 0, first, samples: block() } }),
				deliver(values) {
					results.nngp.set(values.subarray(0, end - first), first);
					results.ntk.set(values.subarray(end - first), first);
					done += end - first;
					options.onProgress?.({ done, total: count });
				},
				long: isLong(cost),
			};
		}
	}
	await context.pool.run(jobs(), options.signal);
	const names = (["nngp", "ntk"] as const).filter((name) => wanted[name]);
	return Object.fromEntries(names.map((name) => [name, { data: results[name], shape: [count] }]));
}
