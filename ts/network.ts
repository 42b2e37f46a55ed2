/**
 * Networks as plain frozen objects: what the builder functions return is the JSON form.
 * @module
 */

/** Parameters of {@link dense}. */
export interface DenseOptions {
	/** Units; has no effect on an infinite-width kernel. */
	width?: number | null;
	/** Standard deviation of the weights, in units of 1/√fan-in; default 1. */
	weightStd?: number;
	/** Standard deviation of the biases; default null, no bias. */
	biasStd?: number | null;
}

/** A layer or a network, as JSON. */
export type Network =
	| { readonly type: "serial"; readonly layers: readonly Network[] }
	| ({ readonly type: "dense" } & Readonly<DenseOptions>)
	| { readonly type: "relu" }
	| { readonly type: "erf"; readonly a?: number; readonly b?: number; readonly c?: number }
	| { readonly type: "identity" };

/**
 * Layers one after the other.
 * @example serial(dense({ biasStd: 1 }), relu(), dense({ biasStd: 1 }))
 */
export function serial(...layers: Network[]): Network {
	return Object.freeze({ type: "serial", layers: Object.freeze(layers) });
}

/**
 * A fully connected layer, `weightStd/√fan-in · W x + biasStd · b` with standard normal W and b
 * (the NTK parameterization of Jacot et al. 2018).
 * @example dense({ width: 512, weightStd: Math.SQRT2, biasStd: 0.1 })
 */
export function dense({ width = null, weightStd = 1, biasStd = null }: DenseOptions = {}): Network {
	return Object.freeze({ type: "dense", width, weightStd, biasStd });
}

/**
 * The rectifier max(x, 0): an arc-cosine kernel (Cho & Saul 2009).
 * @example serial(dense(), relu(), dense())
 */
export function relu(): Network {
	return Object.freeze({ type: "relu" });
}

/**
 * The error function `a·erf(b·x) + c`: an arc-sine kernel (Williams 1997).
 * @example serial(dense(), erf({ b: 2 }), dense())
 */
export function erf({ a = 1, b = 1, c = 0 }: { a?: number; b?: number; c?: number } = {}): Network {
	return Object.freeze({ type: "erf", a, b, c });
}

/**
 * A layer that does nothing.
 * @example serial(dense(), identity(), dense())
 */
export function identity(): Network {
	return Object.freeze({ type: "identity" });
}
