/**
 * The functions that build networks, one for each kind of layer.
 * @module
 */
import type {
	AttentionOptions,
	ConvOptions,
	DenseOptions,
	DropoutOptions,
	ErfOptions,
	LayerNormOptions,
	MaxPoolOptions,
	Network,
	PoolOptions,
	Size,
} from "./network.ts";

/** A copy that nobody can change; what is no list is left for the engine to refuse. */
const frozen = <List extends readonly unknown[]>(list: List): List =>
	Array.isArray(list) ? (Object.freeze([...list]) as readonly unknown[] as List) : list;

/**
 * Layers one after the other.
 * @example serial(dense({ biasStd: 1 }), relu(), dense({ biasStd: 1 }))
 */
export function serial(...layers: Network[]): Network {
	return Object.freeze({ type: "serial", layers: Object.freeze(layers) });
}

/**
 * A fully connected layer, `weightStd/√fan-in · W x + biasStd · b` with standard normal W and b
 * (the NTK parameterization of Jacot et al. 2018). As the first layer it reads images flattened.
 * @example dense({ width: 512, weightStd: Math.SQRT2, biasStd: 0.1 })
 */
export function dense({ width = null, weightStd = 1, biasStd = null }: DenseOptions = {}): Network {
	return Object.freeze({ type: "dense", width, weightStd, biasStd });
}

/**
 * A convolution of images (N×H×W×C, or N×H×W for one channel), parameterized as `dense`: each unit reads a filter's
 * window of all channels (kernel: Arora et al. 2019, "On Exact Computation with an Infinitely Wide Neural Net").
 * @example serial(conv({ size: [3, 3], padding: "same" }), relu(), globalAveragePool(), dense())
 */
export function conv(options: ConvOptions): Network {
	const { outChannels = null, size, stride = [1, 1], padding = "circular", weightStd = 1, biasStd = null } = options;
	const sizes = { size: frozen(size), stride: frozen<Size>(stride) };
	return Object.freeze({ type: "conv", outChannels, ...sizes, padding, weightStd, biasStd });
}

/**
 * The rectifier max(x, 0): an arc-cosine kernel (Cho & Saul 2009).
 * @example serial(dense(), relu(), dense())
 */
export function relu(): Network {
	return Object.freeze({ type: "relu" });
}

/**
 * The leaky rectifier `alpha·min(x, 0) + max(x, 0)` (Maas et al. 2013).
 * @example serial(dense(), leakyRelu({ alpha: 0.1 }), dense())
 */
export function leakyRelu({ alpha }: { alpha: number }): Network {
	return Object.freeze({ type: "leakyRelu", alpha });
}

/**
 * Two slopes, `a·min(x, 0) + b·max(x, 0)`: an arc-cosine kernel and its mirror image.
 * @example serial(dense(), abRelu({ a: -0.3, b: 1.4 }), dense())
 */
export function abRelu({ a, b }: { a: number; b: number }): Network {
	return Object.freeze({ type: "abRelu", a, b });
}

/**
 * The absolute value |x|: `abRelu({ a: -1, b: 1 })`.
 * @example serial(dense(), abs(), dense())
 */
export function abs(): Network {
	return Object.freeze({ type: "abs" });
}

/**
 * The error function `a·erf(b·x) + c`: an arc-sine kernel (Williams 1997).
 * @example serial(dense(), erf({ b: 2 }), dense())
 */
export function erf({ a = 1, b = 1, c = 0 }: ErfOptions = {}): Network {
	return Object.freeze({ type: "erf", a, b, c });
}

/**
 * A layer that does nothing.
 * @example serial(dense(), identity(), dense())
 */
export function identity(): Network {
	return Object.freeze({ type: "identity" });
}

/**
 * The mean over each window of an image.
 * @example serial(conv({ size: [3, 3] }), relu(), avgPool({ size: [2, 2] }), flatten(), dense())
 */
export function avgPool(options: PoolOptions): Network {
	return pool("avgPool", options);
}

/**
 * The sum over each window of an image.
 * @example serial(conv({ size: [3, 3] }), relu(), sumPool({ size: [2, 2] }), flatten(), dense())
 */
export function sumPool(options: PoolOptions): Network {
	return pool("sumPool", options);
}

function pool(type: "avgPool" | "sumPool", options: PoolOptions): Network {
	const { size, stride = size, padding = "valid", normalizeEdges = false } = options;
	return Object.freeze({ type, size: frozen(size), stride: frozen<Size>(stride), padding, normalizeEdges });
}

/**
 * The mean over all positions of an image, after which shifts of it are forgotten.
 * @example serial(conv({ size: [3, 3] }), relu(), globalAveragePool(), dense())
 */
export function globalAveragePool(): Network {
	return Object.freeze({ type: "globalAveragePool" });
}

/**
 * The sum over all positions of an image.
 * @example serial(conv({ size: [3, 3] }), relu(), globalSumPool(), dense())
 */
export function globalSumPool(): Network {
	return Object.freeze({ type: "globalSumPool" });
}

/**
 * All positions and channels of an image as one vector: each position keeps weights of its own in the next layer.
 * @example serial(conv({ size: [3, 3] }), relu(), flatten(), dense())
 */
export function flatten(): Network {
	return Object.freeze({ type: "flatten" });
}

/**
 * Division by the standard deviation over the channels, and over positions whose axes are listed (Ba et al. 2016).
 * @example serial(conv({ size: [3, 3] }), layerNorm({ axis: [1, 2, 3] }), relu(), globalAveragePool(), dense())
 */
export function layerNorm({ axis = -1, eps = 1e-12, affine = false }: LayerNormOptions = {}): Network {
	return Object.freeze({ type: "layerNorm", axis: typeof axis === "number" ? axis : frozen(axis), eps, affine });
}

/**
 * Units dropped at random, the others scaled up, as in training; in the mode "test" nothing (Srivastava et al. 2014).
 * @example serial(dense(), relu(), dropout({ keepRate: 0.8, mode: "train" }), dense())
 */
export function dropout({ keepRate, mode = "test" }: DropoutOptions): Network {
	return Object.freeze({ type: "dropout", keepRate, mode });
}

/**
 * Copies of what comes in, for the branches of a `parallel`.
 * @example serial(dense(), fanOut(2), parallel(serial(relu(), dense()), identity()), fanInSum(), relu(), dense())
 */
export function fanOut(count: number): Network {
	return Object.freeze({ type: "fanOut", count });
}

/**
 * Branches side by side, one for each copy of a `fanOut`.
 * @example serial(dense(), fanOut(2), parallel(serial(relu(), dense()), identity()), fanInSum(), relu(), dense())
 */
export function parallel(...layers: Network[]): Network {
	return Object.freeze({ type: "parallel", layers: Object.freeze(layers) });
}

/**
 * The sum of the branches, which have weights of their own: their kernels are added.
 * @example serial(dense(), fanOut(2), parallel(serial(relu(), dense()), identity()), fanInSum(), relu(), dense())
 */
export function fanInSum(): Network {
	return Object.freeze({ type: "fanInSum" });
}

/**
 * A branch beside a connection that skips it, `body(x) + x` (He et al. 2016).
 * @example serial(conv({ size: [3, 3] }), residual(serial(relu(), conv({ size: [3, 3] }))), globalAveragePool(), dense())
 */
export function residual(body: Network): Network {
	return serial(fanOut(2), parallel(body, identity()), fanInSum());
}

/**
 * The Gaussian error linear unit, x·Φ(x) (Hendrycks & Gimpel 2016); it is trained, and has no kernel here.
 * @example serial(dense({ width: 64 }), gelu(), dense({ width: 10 }))
 */
export function gelu(): Network {
	return Object.freeze({ type: "gelu" });
}

/**
 * The largest number of each window of an image; it is trained, and has no kernel.
 * @example serial(conv({ outChannels: 16, size: [3, 3] }), maxPool({ size: [2, 2] }), relu(), flatten(), dense({ width: 10 }))
 */
export function maxPool({ size, stride = size, padding = "valid" }: MaxPoolOptions): Network {
	return Object.freeze({ type: "maxPool", size: frozen(size), stride: frozen<Size>(stride), padding });
}

/**
 * An image cut into tokens, row by row, as vision transformers read it (Dosovitskiy et al. 2021); it has no kernel.
 * After it dense layers act on each token.
 * @example serial(patches({ size: [4, 4] }), dense({ width: 64 }), flatten(), dense({ width: 10 }))
 */
export function patches({ size }: { size: Size }): Network {
	return Object.freeze({ type: "patches", size: frozen(size) });
}

/**
 * A learned token before the others; it has no kernel.
 * @example serial(patches({ size: [4, 4] }), dense({ width: 64 }), classToken(), attention({ heads: 4 }), takeToken(), dense({ width: 10 }))
 */
export function classToken(): Network {
	return Object.freeze({ type: "classToken" });
}

/**
 * A learned vector added to each token, by which its place is known; it has no kernel.
 * @example serial(patches({ size: [4, 4] }), dense({ width: 64 }), positionalEmbedding(), attention({ heads: 4 }), flatten(), dense({ width: 10 }))
 */
export function positionalEmbedding(): Network {
	return Object.freeze({ type: "positionalEmbedding" });
}

/**
 * Self-attention of the tokens, softmax(QKᵀ/√keyWidth)·V of each head, and a dense layer that joins the heads to the
 * width before (Vaswani et al. 2017); it is trained, and has no kernel.
 * @example serial(patches({ size: [4, 4] }), dense({ width: 64 }), residual(attention({ heads: 4 })), flatten(), dense({ width: 10 }))
 */
export function attention({ heads, keyWidth = null, biasStd = null }: AttentionOptions): Network {
	return Object.freeze({ type: "attention", heads, keyWidth, biasStd });
}

/**
 * The vector of one token, the first by default; it has no kernel.
 * @example serial(patches({ size: [4, 4] }), dense({ width: 64 }), classToken(), attention({ heads: 4 }), takeToken(), dense({ width: 10 }))
 */
export function takeToken({ index = 0 }: { index?: number } = {}): Network {
	return Object.freeze({ type: "takeToken", index });
}
