/**
 * How a network is trained: what users say, and what the training module is told.
 * @module
 */
import { type ArrayInput, checkOptions, toTensor, usageError } from "../arrays.ts";
import { OrbitKernelsError } from "../errors.ts";
import type { CallOptions } from "../kernel.ts";
import type { Network } from "../network.ts";
import { writeSafetensors } from "./safetensors.ts";

/** Half the mean over samples of the squared distance, or the mean over samples of −log softmax at the class. */
export type Loss = "mse" | "crossEntropy";

/** How gradients become steps; the rates are those of PyTorch and optax. */
export type Optimizer =
	| { readonly type: "sgd"; readonly rate: number; readonly momentum?: number }
	| {
			readonly type: "adam";
			/** Default 1e-3. */
			readonly rate?: number;
			/** Default 0.9 and 0.999. */
			readonly beta1?: number;
			readonly beta2?: number;
			/** Default 1e-8. */
			readonly epsilon?: number;
	  };

/** Weights by their names, such as `layers[0].weight`'s `layers.0.weight`. */
export type Weights = Readonly<Record<string, ArrayInput>>;

/** What the numbers of a network mean, and what they are before the first step. */
export interface ModelOptions {
	/** "standard": weights as they are trained; "ntk": standard normal ones, divided by √fan-in in the network. Default "standard". */
	parameterization?: "standard" | "ntk";
	/** "normal" (default): standard deviation weightStd/√fan-in; "uniform" in ±1/√fan-in, as PyTorch; or the weights themselves. */
	init?: "normal" | "uniform" | Weights;
	/** Of the weights, of the order of samples, and of dropout; a nonnegative integer, default 0. */
	seed?: number;
	/** Precision of arithmetic and results; default "f32". */
	precision?: "f32" | "f64";
}

/** Options of `train`. */
export interface TrainOptions extends ModelOptions, CallOptions {
	/** Default "mse". */
	loss?: Loss;
	/** Default Adam. */
	optimizer?: Optimizer;
	/** Steps in all; or `epochs`, each of which takes all samples once. */
	steps?: number;
	epochs?: number;
	/** Samples a step; default all of them. */
	batch?: number;
	/** A checkpoint of the same training, to go on from. */
	checkpoint?: Uint8Array;
	/** Called with the checkpoint after each so many steps, and after the last. */
	checkpointEvery?: number;
	onCheckpoint?: (checkpoint: Uint8Array, steps: number) => void | Promise<void>;
}

/** What `train` takes; others say where. */
const TRAIN_OPTIONS = [
	...["loss", "optimizer", "steps", "epochs", "batch", "parameterization", "init", "seed", "precision"],
	...["checkpoint", "checkpointEvery", "onCheckpoint", "ensemble", "signal", "onProgress"],
];

/** The names of `ModelOptions`. */
export const MODEL_OPTIONS = ["parameterization", "init", "seed", "precision"];

const positiveInteger = (value: unknown) => Number.isSafeInteger(value) && (value as number) > 0;

/** Checks what the training module does not. */
export function checkTrainOptions(options: TrainOptions & { ensemble?: number | undefined }): void {
	checkOptions(options, TRAIN_OPTIONS);
	const { steps, epochs, checkpoint, checkpointEvery, onCheckpoint, ensemble } = options;
	if ((steps === undefined) === (epochs === undefined))
		throw usageError("options.steps", steps, "either steps or epochs");
	for (const [name, value] of Object.entries({ steps, epochs }))
		if (value !== undefined && !(Number.isSafeInteger(value) && value >= 0))
			throw usageError(`options.${name}`, value, "a nonnegative integer");
	for (const [name, value] of Object.entries({ checkpointEvery, ensemble }))
		if (value !== undefined && !positiveInteger(value))
			throw usageError(`options.${name}`, value, "a positive integer");
	if (checkpoint !== undefined && !(checkpoint instanceof Uint8Array))
		throw usageError("options.checkpoint", typeof checkpoint, "a Uint8Array");
	if (checkpoint && ensemble) throw usageError("options.checkpoint", "a checkpoint", "none with an ensemble");
	if (onCheckpoint !== undefined && typeof onCheckpoint !== "function")
		throw usageError("options.onCheckpoint", typeof onCheckpoint, "a function");
}

/** The settings of a training as the module reads them, and its given weights as a file. */
export function settingsOf(
	network: Network,
	sample: readonly number[],
	options: ModelOptions & Pick<TrainOptions, "loss" | "optimizer">,
): { settings: string; weights: Uint8Array | undefined } {
	const { init = "normal", parameterization, seed = 0, precision = "f32", loss, optimizer } = options;
	if (precision !== "f32" && precision !== "f64") throw usageError("options.precision", precision, '"f32" or "f64"');
	if (!(Number.isSafeInteger(seed) && seed >= 0)) throw usageError("options.seed", seed, "a nonnegative integer");
	const given = typeof init === "object" && init !== null;
	const all = { network, shape: sample, loss, optimizer, parameterization, precision, seed };
	const settings = { ...all, init: given ? undefined : init };
	try {
		return { settings: JSON.stringify(settings), weights: given ? weightFile(init) : undefined };
	} catch (cause) {
		if (cause instanceof OrbitKernelsError) throw cause;
		throw new OrbitKernelsError("network", "the network can't be written as JSON", { cause });
	}
}

function weightFile(weights: Weights): Uint8Array {
	const tensors = Object.entries(weights).map(([name, value]) => [name, toTensor(value, `options.init["${name}"]`)]);
	return writeSafetensors(Object.fromEntries(tensors));
}
