/**
 * Networks of the benchmarks, and images for the convolutional ones.
 * @module
 */
import type { Engine, Network, Tensor } from "../ts/index.ts";
import { digits } from "./data.ts";
import { loadLibrary } from "./host/node.ts";

export type Precision = "f64" | "f32";
export type Pooling = "gap" | "flatten";

/** How the tables call them. */
export const POOLING_NAMES = { gap: "GAP", flatten: "Flatten" } as const;

/** `depth` times a dense layer with biases and relu, and a last one. */
export async function perceptron(depth: number): Promise<Network> {
	const { serial, dense, relu } = await loadLibrary();
	const hidden = Array.from({ length: depth }, () => [dense({ biasStd: 1 }), relu()]);
	return serial(...hidden.flat(), dense({ biasStd: 1 }));
}

/** `depth` times a circular 3 × 3 convolution and relu, the pooling, a dense layer: the paper's CNNs. */
export async function cnn(depth: number, pooling: Pooling): Promise<Network> {
	const { serial, conv, relu, globalAveragePool, flatten, dense } = await loadLibrary();
	const hidden = Array.from({ length: depth }, () => [conv({ size: [3, 3] }), relu()]);
	return serial(...hidden.flat(), ...(pooling === "gap" ? [globalAveragePool()] : []), flatten(), dense());
}

/** Digits as images. */
export interface Images {
	name: string;
	/** [n, 28, 28] */
	x: Tensor<Float64Array>;
}

/** See `digits`. */
export async function digitImages(engine: Engine, count: number, folder?: string): Promise<Images> {
	const { name, x } = await digits(engine, count, folder);
	return { name, x: { data: x.data, shape: [count, 28, 28] } };
}

/** Images `from…to` in a precision. */
export function images({ data, shape }: Tensor, from: number, to: number, precision: Precision): Tensor {
	const [count, ...sample] = shape as [number, ...number[]];
	const size = data.length / count;
	const part = data.subarray(from * size, to * size);
	return { data: precision === "f64" ? new Float64Array(part) : new Float32Array(part), shape: [to - from, ...sample] };
}
