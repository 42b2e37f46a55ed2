/**
 * A network with its weights.
 * @module
 */
import { type ArrayInput, checkOptions, type Tensor } from "../arrays.ts";
import type { CallOptions, Context, Kernels } from "../kernel.ts";
import type { Network } from "../network.ts";
import type { Job } from "../pool.ts";
import { type EmpiricalOptions, empirical } from "./empirical.ts";
import { modelOf, part, room, samplesOf } from "./model.ts";
import { readSafetensors, writeSafetensors } from "./safetensors.ts";

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
/** A network with the weights of a checkpoint. */
export function trained(context: Context, { settings, outputs, steps, file }: Opened): Trained {
	const parameters = () => {
		const { tensors } = readSafetensors(file);
		return Object.fromEntries(Object.entries(tensors).filter(([name]) => !name.startsWith("optimizer.")));
	};
	// What the optimizer remembers is not needed any more.
	const model = modelOf({ settings, outputs }, writeSafetensors(parameters()));
	const { network, shape } = model.settings;

	async function outputsOf(x: ArrayInput, origin: Uint8Array | undefined, options: CallOptions): Promise<Tensor> {
		checkOptions(options, ["signal", "onProgress"]);
		const tensor = samplesOf(model, x, "x");
		const count = tensor.shape[0] as number;
		const edge = Math.max(1, Math.floor(TASK_NUMBERS / (tensor.data.length / count)));
		const data = room(model, count * outputs);
		let done = 0;
		function* jobs(): Generator<Job<"trainedPredict">> {
			for (let first = 0; first < count; first += edge) {
				const end = Math.min(first + edge, count);
				yield {
					name: "trainedPredict",
					request: () => ({ ...model.state(), samples: part(model, tensor, first, end), origin: origin?.slice() }),
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

	return {
		network,
		shape,
		steps,
		settings: JSON.parse(settings),
		checkpoint: file,
		parameters,
		predict: (x, options = {}) => outputsOf(x, undefined, options),
		linearized: (x, origin, options = {}) => outputsOf(x, writeSafetensors(origin.parameters()), options),
		kernels: (x: ArrayInput, otherOrOptions?: ArrayInput | EmpiricalOptions, options?: EmpiricalOptions) =>
			empirical(context, model, x, otherOrOptions, options),
	};
}

/**
 * The output that is largest for each sample: its class, as cross-entropy has it.
 * @example largestOutputs(await trained.predict(images))[0]; // 7
 */
export function largestOutputs({ data, shape }: Tensor): Uint32Array {
	const [count, outputs] = shape as [number, number];
	return Uint32Array.from({ length: count }, (_, sample) => {
		const row = Array.from(data.subarray(sample * outputs, (sample + 1) * outputs));
		return row.indexOf(Math.max(...row));
	});
}
