/**
 * What peers are given to do.
 * @module
 */
import type { Tensor } from "../../ts/index.ts";

/** A·B, in the precision of its arrays. */
export interface Product {
	/** [n, n] */
	a: Tensor;
	/** [n, n] */
	b: Tensor;
	/** Largest accepted difference of the result, in units of its largest number. */
	tolerance: number;
}

/** The solution x of A·x = b by A's Cholesky factor, in double precision. */
export interface System {
	/** [n, n], symmetric and positive definite */
	a: Tensor<Float64Array>;
	/** [n] */
	b: Tensor<Float64Array>;
	/** As of a product. */
	tolerance: number;
}

/** The Fourier transforms of real rows. */
export interface Rows {
	/** [rows, length] */
	values: Tensor<Float64Array>;
	/** How often they are transformed in one turn; what counts is the mean. */
	times: number;
}

/** The NTK of x with itself, of a perceptron of ReLU layers whose weights and biases have deviation 1. */
export interface PerceptronGram {
	/** [n, d] */
	x: Tensor;
	/** Hidden layers. */
	depth: number;
	/** As of a product. */
	tolerance: number;
}
