/**
 * A network with weights as tasks need it, and its samples.
 * @module
 */
import { type ArrayInput, inPrecision, shapeError, type Tensor, toTensor } from "../arrays.ts";
import type {} from "../kernel.ts";
import type { Network } from "../network.ts";
import type { Floats } from "../wasm.ts";
import type { TrainingState } from "./task.ts";

/** What the training module is told, and what it tells. */
export interface Model {
	settings: { network: Network; shape: number[]; precision: "f32" | "f64" };
	outputs: number;
	/** For one task: its arrays are moved. */
	state(): TrainingState;
}

/** A network of settings, with the weights of a file; without one, with those of its seed. */
export function modelOf({ settings, outputs }: { settings: string; outputs: number }, file?: Uint8Array): Model {
	return { settings: JSON.parse(settings), outputs, state: () => ({ settings, file: file?.slice() }) };
}

const sizeOf = ({ settings }: Model) => settings.shape.reduce((product, side) => product * side, 1);

/** Samples (n × …) that a network reads. */
export function samplesOf(model: Model, value: ArrayInput, path: string): Tensor {
	const tensor = toTensor(value, path);
	const [count = 1, ...sample] = tensor.shape;
	if (tensor.data.length !== count * sizeOf(model) || sample.length === 0)
		throw shapeError(path, tensor.shape, `samples of ${model.settings.shape.join(" × ")} numbers`);
	return tensor;
}

/** A copy of samples `first` to `end` without it. */
export function part(model: Model, { data }: Tensor, first: number, end: number): Floats {
	const size = sizeOf(model);
	return inPrecision(data, model.settings.precision, first * size, end * size);
}

/** Room for numbers in a network's precision. */
export const room = ({ settings }: Model, length: number): Floats =>
	settings.precision === "f64" ? new Float64Array(length) : new Float32Array(length);
