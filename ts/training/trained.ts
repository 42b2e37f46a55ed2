/**
 * A network with its weights.
 * @module
 */
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
} from "../arrays.ts";
import type { CallOptions, Context, KernelName, Kernels } from "../kernel.ts";
import type { Network } from "../network.ts";
import type { Job } from "../pool.ts";
import type { Floats } from "../wasm.ts";
import { readSafetensors } from "./safetensors.ts";

/** Options of `Trained.kernels`. */
export interface EmpiricalOptions extends CallOptions {
	/** The kernels wanted; default `["ntk"]`. */
	kernels?: readonly KernelName[];
	/** The mean over outputs, n × m (default), or all pairs of outputs, n × m × outputs × outputs: of the NTK alone. */
	outputs?: "mean" | "all";
}

/** A network with its weights: plain data and what can be computed from them. */
export interface Trained {
	readonly network: Network;
	/** Of one sample. */
	readonly shape: readonly number[];
	/** Steps so far. */
	readonly steps: number;
	/** All that the training depended on besides its data. */
	readonly settings: Readonly<Record<string, unknown>>;
	/**
	 * The training as it is: weights, and what the optimizer remembers. `train` goes on from it, `loadTrained` reads it, and it
	 * is a safetensors file.
	 */
	readonly checkpoint: Uint8Array;
	/** The weights by their names. */
	parameters(): Record<string, Tensor>;
	/**
	 * The outputs for samples (n × …): n × outputs, all units at work.
	 * @throws OrbitKernelsError "shape" | "value" for samples that the network does not read
	 * @example const { data } = await trained.predict(images);
	 */
	predict(x: ArrayInput, options?: CallOptions): Promise<Tensor>;
	/**
	 * The outputs of the network linearized at the weights of `origin`: f(w₀) + J(w₀)(w − w₀), n × outputs.
	 * @example await trained.linearized(images, before); // the same training at step 0
	 */
	linearized(x: ArrayInput, origin: Trained, options?: CallOptions): Promise<Tensor>;
	/**
	 * Kernels of this network as it is, by exact gradients: the NTK J Jᵀ, the NNGP f fᵀ / outputs; n × n, or n × m with `other`.
	 * @example const { ntk } = await trained.kernels(images); // how far has the kernel moved?
	 */
	kernels(x: ArrayInput, options?: EmpiricalOptions): Promise<Kernels>;
	kernels(x: ArrayInput, other: ArrayInput, options?: EmpiricalOptions): Promise<Kernels>;
}

/** What a training module says of a training. */
export interface Opened {
	settings: string;
	outputs: number;
	steps: number;
	file: Uint8Array;
}

/** Numbers that samples of one task may have. */
const TASK_NUMBERS = 2 ** 21;
/** Samples in a block of an empirical kernel. */
const EDGE = 64;

/** A network with the weights of a checkpoint. */
export function trained(context: Context, { settings: text, outputs, steps, file }: Opened): Trained {
	const settings = JSON.parse(text) as { network: Network; shape: number[]; precision: "f32" | "f64" };
	const { network, shape, precision } = settings;
	const size = shape.reduce((product, side) => product * side, 1);
	const state = () => ({ settings: text, file: file.slice() });

	function samples(value: ArrayInput, path: string): Tensor {
		const tensor = toTensor(value, path);
		const [count = 1, ...sample] = tensor.shape;
		if (tensor.data.length !== count * size || sample.length === 0)
			throw shapeError(path, tensor.shape, `samples of ${shape.join(" × ")} numbers`);
		return tensor;
	}

	const part = ({ data }: Tensor, first: number, end: number) => inPrecision(data, precision, first * size, end * size);
	const allocate = (length: number) => (precision === "f64" ? new Float64Array(length) : new Float32Array(length));

	async function outputsOf(x: ArrayInput, origin: Uint8Array | undefined, options: CallOptions): Promise<Tensor> {
		checkOptions(options, ["signal", "onProgress"]);
		const tensor = samples(x, "x");
		const count = tensor.shape[0] as number;
		const edge = Math.max(1, Math.floor(TASK_NUMBERS / size));
		const data = allocate(count * outputs);
		let done = 0;
		function* jobs(): Generator<Job<"trainedPredict">> {
			for (let first = 0; first < count; first += edge) {
				const end = Math.min(first + edge, count);
				yield {
					name: "trainedPredict",
					request: () => ({ ...state(), samples: part(tensor, first, end), origin: origin?.slice() }),
					deliver(values) {
						data.set(values, first * outputs);
						done += end - first;
						options.onProgress?.({ done, total: count });
					},
					long: true,
				};
			}
		}
		await context.pool.run(jobs(), options.signal);
		return { data, shape: [count, outputs] };
	}

	async function kernels(x: ArrayInput, second?: ArrayInput | EmpiricalOptions, third?: EmpiricalOptions) {
		const symmetric = !isArrayLike(second);
		const options = ((symmetric ? second : third) ?? {}) as EmpiricalOptions;
		checkOptions(options, ["kernels", "outputs", "signal", "onProgress"]);
		const { kernels: names = ["ntk"], outputs: which = "mean", signal, onProgress } = options;
		if (!Array.isArray(names) || !names.length || !names.every((name) => name === "nngp" || name === "ntk"))
			throw usageError("options.kernels", JSON.stringify(names), 'a list of "nngp" and "ntk"');
		if (which !== "mean" && which !== "all") throw usageError("options.outputs", which, '"mean" or "all"');
		const rows = samples(x, "x");
		const columns = symmetric ? rows : samples(second as ArrayInput, "other");
		const [height, width] = [rows.shape[0] as number, columns.shape[0] as number];
		const depthOf = (name: KernelName) => (name === "ntk" && which === "all" ? outputs ** 2 : 1);
		const bytes = (precision === "f64" ? 8 : 4) * height * width;
		checkMemory(
			"the kernels",
			names.reduce((sum, name) => sum + depthOf(name) * bytes, 0),
			context.maxBytes,
		);
		const results = names.map((name) => ({
			name,
			depth: depthOf(name),
			data: allocate(height * width * depthOf(name)),
		}));
		let done = 0;
		const total = names.length * height * width;
		function* jobs(): Generator<Job<"trainedKernel">> {
			for (const { name, depth, data } of results)
				for (let top = 0; top < height; top += EDGE)
					for (let left = symmetric ? top : 0; left < width; left += EDGE) {
						const [bottom, right] = [Math.min(top + EDGE, height), Math.min(left + EDGE, width)];
						const own = symmetric && top === left;
						yield {
							name: "trainedKernel",
							request: () => ({
								...state(),
								samples: part(rows, top, bottom),
								others: own ? undefined : part(columns, left, right),
								kernel: name,
								all: depth > 1,
							}),
							deliver(values) {
								const run = (right - left) * depth;
								for (let i = top, from = 0; i < bottom; i++, from += run)
									data.set(values.subarray(from, from + run), (i * width + left) * depth);
								if (symmetric && !own) mirror(data, width, depth, [top, bottom], [left, right]);
								done += (bottom - top) * (right - left) * (symmetric && !own ? 2 : 1);
								onProgress?.({ done, total });
							},
							long: true,
						};
					}
		}
		await context.pool.run(jobs(), signal);
		const shapeOf = (depth: number) => (depth > 1 ? [height, width, outputs, outputs] : [height, width]);
		return Object.fromEntries(
			results.map(({ name, depth, data }) => [name, { data, shape: shapeOf(depth) }]),
		) as Kernels;
	}

	return {
		network,
		shape,
		steps,
		settings,
		checkpoint: file,
		parameters() {
			const { tensors } = readSafetensors(file);
			return Object.fromEntries(Object.entries(tensors).filter(([name]) => !name.startsWith("optimizer.")));
		},
		predict: (x, options = {}) => outputsOf(x, undefined, options),
		linearized: (x, origin, options = {}) => outputsOf(x, origin.checkpoint, options),
		kernels,
	};
}

/** Copies a block of a symmetric matrix to the other side of its diagonal; entries are matrices of `depth` numbers themselves. */
function mirror(
	data: Floats,
	size: number,
	depth: number,
	[top, bottom]: [number, number],
	[left, right]: [number, number],
): void {
	const side = Math.sqrt(depth);
	for (let i = top; i < bottom; i++)
		for (let j = left; j < right; j++)
			for (let a = 0; a < side; a++)
				for (let b = 0; b < side; b++)
					data[(j * size + i) * depth + b * side + a] = data[(i * size + j) * depth + a * side + b] as number;
}
