/**
 * The networks of the figures.
 * @module
 */
import { dense, type Network, relu, serial } from "../ts/index.ts";

/** The paper's multilayer perceptron: ReLU layers and an output, weights and biases of unit variance. */
export const mlp = (hiddenLayers: number): Network =>
	serial(
		...Array.from({ length: hiddenLayers }, () => [dense({ biasStd: 1 }), relu()]).flat(),
		dense({ width: 1, biasStd: 1 }),
	);
