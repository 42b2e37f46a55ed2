/**
 * Kernels of convolutional networks by their definitions: the whole covariance of all pairs of locations, layer by layer,
 * in numbers of 32 digits. Slow and plain; tests use it as an oracle.
 *
 * Sources: S. Arora et al., "On Exact Computation with an Infinitely Wide Neural Net" (2019), for convolutions; R. Novak et
 * al., "Bayesian Deep Convolutional Networks with Many Channels are Gaussian Processes" (2019), for pools; Y. Cho, L. K.
 * Saul (2009) and C. K. I. Williams (1997) for the nonlinearities.
 * @module
 */
import type { ConvOptions, ErfOptions, LayerNormOptions, Network, PoolOptions, Size } from "../../ts/network.ts";
import { angle, Exact, ONE, PI, total, ZERO } from "./exact.ts";
import type { Samples } from "./naive.ts";
import { type Windows, windowsOf } from "./windows.ts";

/** Covariances by two locations. */
type Matrix = Exact[][];

/** Two samples between two layers. */
interface Pair {
	/** Rows and columns; undefined where there are no locations (any more). */
	size: Size | undefined;
	/** Nothing has been computed yet. */
	isInput: boolean;
	/** Both are one and the same sample. */
	isSame: boolean;
	/** NNGP of the first sample with itself, of the second with itself, of both. */
	first: Matrix;
	second: Matrix;
	nngp: Matrix;
	ntk: Matrix;
}

type Layer = Exclude<Network, { type: "serial" | "parallel" }>;

/**
 * Both kernels of all pairs, row-major, shape [samples of x, samples of other].
 *
 * @param x images, n × rows × columns (× channels), or vectors, n × numbers
 * @param other samples of the same size; missing: x itself, in a symmetric call
 * @example
 * naiveConvKernels(serial(conv({ size: [3, 3] }), relu(), flatten(), dense()), images).ntk // Float64Array(n * n)
 */
export function naiveConvKernels(network: Network, x: Samples, other?: Samples) {
	const [rows, columns] = [imagesOf(x), imagesOf(other ?? x)];
	const nngp = new Float64Array(rows.length * columns.length);
	const ntk = new Float64Array(nngp.length);
	let at = 0;
	for (const [i, row] of rows.entries()) {
		for (const [j, column] of columns.entries()) {
			const pair = only(through([inputPair(x, row, column, other === undefined && i === j)], network));
			if (pair.nngp.length > 1) throw new Error("the network ends with images");
			nngp[at] = entryOf(pair.nngp, 0, 0).high;
			ntk[at++] = entryOf(pair.ntk, 0, 0).high;
		}
	}
	return { nngp, ntk };
}

/** Images as lists of locations with their channels; a vector is one location. */
function imagesOf({ data, shape }: Samples): number[][][] {
	const [count, rows = 1, columns, channels = 1] = shape as [number, ...number[]];
	const [locations, depth] = columns === undefined ? [1, rows] : [rows * columns, channels];
	const at = (i: number, p: number, c: number) => data[(i * locations + p) * depth + c] as number;
	return list(count, (i) => list(locations, (p) => list(depth, (c) => at(i, p, c))));
}

const list = <Item>(length: number, item: (k: number) => Item): Item[] => Array.from({ length }, (_, k) => item(k));

const matrix = (size: number, entry: (p: number, p2: number) => Exact): Matrix =>
	list(size, (p) => list(size, (p2) => entry(p, p2)));

/** K[p, p'] = mean over channels of x[p] x'[p'], Θ = 0. */
function inputPair({ shape }: Samples, row: number[][], column: number[][], isSame: boolean): Pair {
	const locations = row.length;
	const covariance = (a: number[][], b: number[][]) =>
		matrix(locations, (p, p2) => {
			const [left, right] = [a[p] as number[], b[p2] as number[]];
			const products = left.map((value, c) => new Exact(value).times(new Exact(right[c] as number)));
			return total(products).over(new Exact(left.length));
		});
	return {
		size: shape.length > 2 ? [shape[1] as number, shape[2] as number] : undefined,
		isInput: true,
		isSame,
		first: covariance(row, row),
		second: covariance(column, column),
		nngp: covariance(row, column),
		ntk: matrix(locations, () => ZERO),
	};
}

/** What comes out of a network, of the branches that go in. */
function through(pairs: Pair[], network: Network): Pair[] {
	switch (network.type) {
		case "serial":
			return network.layers.reduce(through, pairs);
		case "parallel":
			return network.layers.map((layer, k) => only(through([pairs[k] as Pair], layer)));
		case "fanOut":
			return list(network.count, () => only(pairs));
		case "fanInSum":
			return [pairs.reduce(added)];
		default:
			return [{ ...after(only(pairs), network), isInput: false }];
	}
}

function only(pairs: Pair[]): Pair {
	if (pairs.length !== 1) throw new Error(`${pairs.length} branches instead of one`);
	return pairs[0] as Pair;
}

const added = (a: Pair, b: Pair): Pair => combined(a, (name) => plus(a[name], b[name]));

const plus = (a: Matrix, b: Matrix) => matrix(a.length, (p, p2) => entryOf(a, p, p2).plus(entryOf(b, p, p2)));

const entryOf = (values: Matrix, p: number, p2: number) => values[p]?.[p2] as Exact;

type Name = "first" | "second" | "nngp" | "ntk";

const combined = (pair: Pair, of: (name: Name) => Matrix): Pair => ({
	...pair,
	first: of("first"),
	second: of("second"),
	nngp: of("nngp"),
	ntk: of("ntk"),
});

function after(pair: Pair, layer: Layer): Pair {
	switch (layer.type) {
		case "dense":
			return weighted(pair.isInput ? flat(pair) : withoutLocations(pair), layer.weightStd ?? 1, layer.biasStd ?? 0);
		case "conv":
			return conv(pair, layer);
		case "relu":
			return nonlinear(pair, slopes(0, 1));
		case "leakyRelu":
			return nonlinear(pair, slopes(layer.alpha, 1));
		case "abRelu":
			return nonlinear(pair, slopes(layer.a, layer.b));
		case "abs":
			return nonlinear(pair, slopes(-1, 1));
		case "erf":
			return nonlinear(pair, erf(layer));
		case "identity":
			return pair;
		case "avgPool":
		case "sumPool":
			return pool(pair, windowsOf(sizeOf(pair), layer), layer.type, layer);
		case "globalAveragePool":
		case "globalSumPool": {
			const windows = windowsOf(sizeOf(pair), { size: sizeOf(pair), padding: "valid" });
			return { ...pool(pair, windows, layer.type === "globalSumPool" ? "sumPool" : "avgPool", {}), size: undefined };
		}
		case "flatten":
			return flat(pair);
		case "layerNorm":
			return layerNorm(pair, layer);
		case "dropout":
			return layer.mode === "train" ? dropout(pair, layer.keepRate) : pair;
		default:
			throw new Error(`a layer out of place: ${layer.type}`);
	}
}

function sizeOf({ size }: Pair): Size {
	if (!size) throw new Error("no image");
	return size;
}

function withoutLocations(pair: Pair): Pair {
	if (pair.size) throw new Error("dense at images");
	return pair;
}

/** K ← w²K + b², Θ ← K + w²Θ. */
function weighted(pair: Pair, weightStd: number, biasStd: number): Pair {
	const square = (value: number) => new Exact(value).times(new Exact(value));
	const [weight, bias] = [square(weightStd), square(biasStd)];
	const each = (values: Matrix, constant: Exact) => values.map((row) => row.map((k) => k.times(weight).plus(constant)));
	const nngp = each(pair.nngp, bias);
	return {
		...pair,
		first: each(pair.first, bias),
		second: each(pair.second, bias),
		nngp,
		ntk: plus(nngp, each(pair.ntk, ZERO)),
	};
}

/** The mean over all taps of K[p + tap, p' + tap], with zeros beyond the edges; then as dense. */
function conv(pair: Pair, layer: ConvOptions): Pair {
	const { size, taps } = windowsOf(sizeOf(pair), { padding: "circular", ...layer });
	const mean = (values: Matrix) =>
		matrix(taps.length, (o, o2) => {
			const [window, window2] = [taps[o] as (number | undefined)[], taps[o2] as (number | undefined)[]];
			const inside = window.map((p, tap) => {
				const p2 = window2[tap];
				return p === undefined || p2 === undefined ? ZERO : entryOf(values, p, p2);
			});
			return total(inside).over(new Exact(window.length));
		});
	return weighted({ ...combined(pair, (name) => mean(pair[name])), size }, layer.weightStd ?? 1, layer.biasStd ?? 0);
}

/** The sum or the mean over both windows of K[p, p']. */
function pool(
	pair: Pair,
	{ size, taps }: Windows,
	type: "avgPool" | "sumPool",
	{ normalizeEdges = false }: Pick<PoolOptions, "normalizeEdges">,
): Pair {
	const inside = taps.map((window) => window.filter((p) => p !== undefined));
	const divisor = (o: number) => {
		if (type === "sumPool") return ONE;
		return new Exact((normalizeEdges ? inside[o] : taps[o])?.length as number);
	};
	const pooled = (values: Matrix) =>
		matrix(taps.length, (o, o2) => {
			const [window, window2] = [inside[o] as number[], inside[o2] as number[]];
			const sum = total(window.map((p) => total(window2.map((p2) => entryOf(values, p, p2)))));
			return sum.over(divisor(o).times(divisor(o2)));
		});
	return { ...combined(pair, (name) => pooled(pair[name])), size };
}

/** The mean over p of K[p, p]. */
function flat(pair: Pair): Pair {
	const mean = (values: Matrix) => [
		[total(values.map((_, p) => entryOf(values, p, p))).over(new Exact(values.length))],
	];
	return { ...combined(pair, (name) => mean(pair[name])), size: undefined };
}

/** E f(u)f(v) and E f'(u)f'(v) for a covariance k and variances q and q'. */
type Expectations = (k: Exact, q: Exact, q2: Exact) => readonly [value: Exact, slope: Exact];

function nonlinear(pair: Pair, expectations: Expectations): Pair {
	const at = (values: Matrix, left: Matrix, right: Matrix) =>
		values.map((row, p) => row.map((k, p2) => expectations(k, entryOf(left, p, p), entryOf(right, p2, p2))));
	const values = (results: (readonly [Exact, Exact])[][]) => results.map((row) => row.map(([value]) => value));
	const mixed = at(pair.nngp, pair.first, pair.second);
	const slopes = mixed.map((row) => row.map(([, slope]) => slope));
	return {
		...pair,
		first: values(at(pair.first, pair.first, pair.first)),
		second: values(at(pair.second, pair.second, pair.second)),
		nngp: values(mixed),
		ntk: pair.ntk.map((row, p) => row.map((ntk, p2) => ntk.times(entryOf(slopes, p, p2)))),
	};
}

/**
 * a·min(x, 0) + b·max(x, 0): E f(u)f(v) = ((a² + b²)(s + (π − θ)k) − 2ab(s − θk))/2π and E f'(u)f'(v) =
 * ((a² + b²)(π − θ) + 2abθ)/2π, with s = √(qq' − k²) and tan θ = s/k; θ = π/2 where a variance is zero.
 */
function slopes(a: number, b: number): Expectations {
	const squares = new Exact(a).times(new Exact(a)).plus(new Exact(b).times(new Exact(b)));
	const product = new Exact(2 * a).times(new Exact(b));
	const turn = PI.plus(PI);
	return (k, q, q2) => {
		if (q.high <= 0 || q2.high <= 0) return [ZERO, squares.plus(product).over(new Exact(4))];
		const height = q.times(q2).minus(k.times(k)).root();
		const theta = angle(height, k);
		const rest = PI.minus(theta);
		const same = squares.times(height.plus(rest.times(k)));
		const opposite = product.times(height.minus(theta.times(k)));
		const slope = squares.times(rest).plus(product.times(theta));
		return [same.minus(opposite).over(turn), slope.over(turn)];
	};
}

/**
 * a·erf(b·x) + c: E f(u)f(v) = 2a²/π asin(sk/√((1 + sq)(1 + sq'))) + c² and E f'(u)f'(v) =
 * 2a²/π s/√((1 + sq)(1 + sq') − s²k²), with s = 2b².
 */
function erf({ a = 1, b = 1, c = 0 }: ErfOptions): Expectations {
	const s = new Exact(2 * b).times(new Exact(b));
	const factor = new Exact(2 * a).times(new Exact(a)).over(PI);
	const constant = new Exact(c).times(new Exact(c));
	return (k, q, q2) => {
		const norm = ONE.plus(s.times(q)).times(ONE.plus(s.times(q2)));
		const sine = s.times(k);
		const cosine = norm.minus(sine.times(sine)).root();
		const arc = sine.high < 0 ? ZERO.minus(angle(ZERO.minus(sine), cosine)) : angle(sine, cosine);
		return [factor.times(arc).plus(constant), factor.times(s).over(cosine)];
	};
}

/** K and Θ over √(vv'), v being the variance plus ε, averaged over the locations along the listed axes. */
function layerNorm(pair: Pair, { axis = -1, eps = 1e-12 }: LayerNormOptions): Pair {
	const dimensions = pair.size ? 4 : 2;
	const axes = (typeof axis === "number" ? [axis] : axis).map((one) => (one < 0 ? one + dimensions : one));
	if (!axes.includes(dimensions - 1)) throw new Error("layerNorm without the channels");
	const columns = pair.size?.[1] ?? 1;
	/** Locations that are normalized together have equal keys. */
	const keyOf = (p: number) =>
		pair.size ? `${axes.includes(1) || Math.floor(p / columns)} ${axes.includes(2) || p % columns}` : "";
	const deviations = (own: Matrix) => {
		const keys = own.map((_, p) => keyOf(p));
		return keys.map((key) => {
			const group = keys.flatMap((other, p) => (other === key ? [entryOf(own, p, p)] : []));
			return total(group).over(new Exact(group.length)).plus(new Exact(eps)).root();
		});
	};
	const [left, right] = [deviations(pair.first), deviations(pair.second)];
	const divided = (values: Matrix, rows: Exact[], columns: Exact[]) =>
		matrix(values.length, (p, p2) => entryOf(values, p, p2).over((rows[p] as Exact).times(columns[p2] as Exact)));
	return {
		...pair,
		first: divided(pair.first, left, left),
		second: divided(pair.second, right, right),
		nngp: divided(pair.nngp, left, right),
		ntk: divided(pair.ntk, left, right),
	};
}

/** Variances, of the same sample at the same location, are over the share that is kept. */
function dropout(pair: Pair, keepRate: number): Pair {
	const raised = (values: Matrix) =>
		matrix(values.length, (p, p2) => {
			const k = entryOf(values, p, p2);
			return p === p2 ? k.over(new Exact(keepRate)) : k;
		});
	const both = (name: Name) => name === "first" || name === "second" || pair.isSame;
	return combined(pair, (name) => (both(name) ? raised(pair[name]) : pair[name]));
}
