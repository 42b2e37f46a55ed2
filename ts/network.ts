/**
 * Networks as plain frozen objects: what the builder functions return is the JSON form.
 * @module
 */

/** Rows and columns. */
export type Size = readonly [rows: number, columns: number];

/** What stands beyond the edges: the opposite side, zeros as many as keep the size, or nothing. */
export type Padding = "circular" | "same" | "valid";

/** Parameters of `dense`. */
export interface DenseOptions {
	/** Units; training needs it, on an infinite-width kernel it has no effect. */
	width?: number | null;
	/** Standard deviation of the weights, in units of 1/√fan-in; default 1. */
	weightStd?: number;
	/** Standard deviation of the biases; default null, no bias. */
	biasStd?: number | null;
}

/** Parameters of `conv`. */
export interface ConvOptions {
	/** Channels; training needs it, on an infinite-width kernel it has no effect. */
	outChannels?: number | null;
	/** Of the filter. */
	size: Size;
	/** Default [1, 1]. */
	stride?: Size;
	/** Default "circular". */
	padding?: Padding;
	/** Standard deviation of the weights, in units of 1/√fan-in; default 1. */
	weightStd?: number;
	/** Standard deviation of the biases; default null, no bias. */
	biasStd?: number | null;
}

/** Parameters of `erf`. */
export interface ErfOptions {
	/** Default 1. */
	a?: number;
	/** Default 1. */
	b?: number;
	/** Default 0. */
	c?: number;
}

/** Parameters of `avgPool` and `sumPool`. */
export interface PoolOptions {
	/** Of the window. */
	size: Size;
	/** Default the size of the window. */
	stride?: Size;
	/** Default "valid". */
	padding?: Padding;
	/** Divides by the positions of the window that are inside the image, not by all; default false. */
	normalizeEdges?: boolean;
}

/** Parameters of `layerNorm`. */
export interface LayerNormOptions {
	/** Axes of N×H×W×C, or of N×C after flattening; the channels are always among them. Default −1, the channels alone. */
	axis?: number | readonly number[];
	/** Added to the variance; default 1e-12. */
	eps?: number;
	/** A learned scale and shift of each channel; default false. Has no effect on an infinite-width kernel. */
	affine?: boolean;
}

/** Parameters of `dropout`. */
export interface DropoutOptions {
	/** Share of units that are kept. */
	keepRate: number;
	/** Of kernels: default "test", in which nothing is dropped. Trainings always drop in their steps, and never otherwise. */
	mode?: "train" | "test";
}

/** Parameters of `maxPool`. */
export interface MaxPoolOptions {
	/** Of the window. */
	size: Size;
	/** Default the size of the window. */
	stride?: Size;
	/** Default "valid". */
	padding?: Padding;
}

/** Parameters of `attention`. */
export interface AttentionOptions {
	/** How many attend side by side. */
	heads: number;
	/** Of the keys, queries and values of each head; default the width of the tokens divided by the heads. */
	keyWidth?: number | null;
	/** Standard deviation of the biases; default null, no bias. */
	biasStd?: number | null;
}

/** A layer or a network, as JSON. */
export type Network =
	| { readonly type: "serial"; readonly layers: readonly Network[] }
	| ({ readonly type: "dense" } & Readonly<DenseOptions>)
	| ({ readonly type: "conv" } & Readonly<ConvOptions>)
	| { readonly type: "relu" }
	| { readonly type: "leakyRelu"; readonly alpha: number }
	| { readonly type: "abRelu"; readonly a: number; readonly b: number }
	| { readonly type: "abs" }
	| ({ readonly type: "erf" } & Readonly<ErfOptions>)
	| { readonly type: "identity" }
	| ({ readonly type: "avgPool" | "sumPool" } & Readonly<PoolOptions>)
	| { readonly type: "globalAveragePool" | "globalSumPool" }
	| { readonly type: "flatten" }
	| ({ readonly type: "layerNorm" } & Readonly<LayerNormOptions>)
	| ({ readonly type: "dropout" } & Readonly<DropoutOptions>)
	| { readonly type: "fanOut"; readonly count: number }
	| { readonly type: "parallel"; readonly layers: readonly Network[] }
	| { readonly type: "fanInSum" }
	| { readonly type: "gelu" | "classToken" | "positionalEmbedding" }
	| ({ readonly type: "maxPool" } & Readonly<MaxPoolOptions>)
	| { readonly type: "patches"; readonly size: Size }
	| ({ readonly type: "attention" } & Readonly<AttentionOptions>)
	| { readonly type: "takeToken"; readonly index: number };
