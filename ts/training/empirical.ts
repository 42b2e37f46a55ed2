/**
 * Kernels of finite networks, by exact gradients.
 * @module
 */
import { type ArrayInput, checkMemory, checkOptions, isArrayLike, usageError } from "../arrays.ts";
import type { CallOptions, Context, KernelName, Kernels } from "../kernel.ts";
import type { Job } from "../pool.ts";
import type { Floats } from "../wasm.ts";
import { type Model, part, room, samplesOf } from "./model.ts";

/** Options of `Trained.kernels`. */
export interface EmpiricalOptions extends CallOptions {
	/** The kernels wanted; default `["ntk"]`. */
	kernels?: readonly KernelName[];
	/** The mean over outputs, n × m (default), or all pairs of outputs, n × m × outputs × outputs: of the NTK alone. */
	outputs?: "mean" | "all";
}

/** Samples in a block of an empirical kernel. */
const EDGE = 64;

/** See `Trained.kernels`. */
export async function empirical(
	context: Context,
	model: Model,
	x: ArrayInput,
	second?: ArrayInput | EmpiricalOptions,
	third?: EmpiricalOptions,
): Promise<Kernels> {
	const symmetric = !isArrayLike(second);
	const options = ((symmetric ? second : third) ?? {}) as EmpiricalOptions;
	checkOptions(options, ["kernels", "outputs", "signal", "onProgress"]);
	const { kernels: names = ["ntk"], outputs: which = "mean", signal, onProgress } = options;
	if (!Array.isArray(names) || !names.length || !names.every((name) => name === "nngp" || name === "ntk"))
		throw usageError("options.kernels", JSON.stringify(names), 'a list of "nngp" and "ntk"');
	if (which !== "mean" && which !== "all") throw usageError("options.outputs", which, '"mean" or "all"');
	const rows = samplesOf(model, x, "x");
	const columns = symmetric ? rows : samplesOf(model, second as ArrayInput, "other");
	const [height, width] = [rows.shape[0] as number, columns.shape[0] as number];
	const { outputs } = model;
	const full = (name: KernelName) => name === "ntk" && which === "all";
	const depthOf = (name: KernelName) => (full(name) ? outputs ** 2 : 1);
	const bytes = (model.settings.precision === "f64" ? 8 : 4) * height * width;
	checkMemory(
		"the kernels",
		names.reduce((sum, name) => sum + depthOf(name) * bytes, 0),
		context.maxBytes,
	);
	const results = names.map((name) => ({
		name,
		depth: depthOf(name),
		data: room(model, height * width * depthOf(name)),
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
							...model.state(),
							samples: part(model, rows, top, bottom),
							others: own ? undefined : part(model, columns, left, right),
							kernel: name,
							all: full(name),
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
	const shapeOf = (name: KernelName) => (full(name) ? [height, width, outputs, outputs] : [height, width]);
	return Object.fromEntries(results.map(({ name, data }) => [name, { data, shape: shapeOf(name) }]));
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
