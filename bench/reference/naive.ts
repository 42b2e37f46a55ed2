/**
 * Dense kernels by their definitions, one pair at a time: slow, plain, and as exact as doubles allow. Tests use it as an
 * oracle for the fast versions.
 *
 * A pair carries, beside NNGP K and NTK Θ, the differences that its angle θ is computed from, so that no digits cancel
 * for equal, nearly equal and antipodal inputs: A = √(qq') − K, B = √(qq') + K, D = q − q', where q and q' are the
 * variances K(x, x) and K(x', x'). Quotients of zero by zero (of a zero variance) are zero.
 *
 * Sources: Y. Cho, L. K. Saul, "Kernel Methods for Deep Learning" (2009), for relu; C. K. I. Williams, "Computing with
 * Infinite Networks" (1997), for erf; A. Jacot, F. Gabriel, C. Hongler, "Neural Tangent Kernel" (2018).
 * @module
 */
import type { Network } from "../../ts/network.ts";

/** Samples: their shape (the first dimension counts them) and their numbers, row-major. */
export interface Samples {
	readonly data: ArrayLike<number>;
	readonly shape: readonly number[];
}

/** One pair of samples between two layers. */
interface Pair {
	/** Variances of the two samples, and their difference D. */
	q: number;
	q2: number;
	difference: number;
	/** A and B. */
	less: number;
	more: number;
	nngp: number;
	ntk: number;
}

type Layer = Exclude<Network, { type: "serial" }>;
type Parameters<Type extends Layer["type"]> = Extract<Layer, { type: Type }>;

/**
 * Both kernels of all pairs, row-major, shape [samples of x, samples of other].
 *
 * @param network layers dense, relu, erf, identity, serial
 * @param x samples
 * @param other samples of the same size; default x
 * @example
 * naiveKernels(serial(dense(), relu(), dense()), { data: [1, 0, 0, 1], shape: [2, 2] }).ntk // Float64Array(4)
 */
export function naiveKernels(network: Network, x: Samples, other = x): { nngp: Float64Array; ntk: Float64Array } {
	const layers = flatten(network);
	const [rows, columns] = [rowsOf(x), rowsOf(other)];
	const nngp = new Float64Array(rows.length * columns.length);
	const ntk = new Float64Array(nngp.length);
	let at = 0;
	for (const row of rows) {
		for (const column of columns) {
			const pair = layers.reduce(apply, inputPair(row, column));
			nngp[at] = pair.nngp;
			ntk[at++] = pair.ntk;
		}
	}
	return { nngp, ntk };
}

function flatten(network: Network): Layer[] {
	return network.type === "serial" ? network.layers.flatMap(flatten) : [network];
}

function rowsOf({ data, shape }: Samples): number[][] {
	const count = shape[0] as number;
	const size = data.length / count;
	return Array.from({ length: count }, (_, i) => Array.from({ length: size }, (_, k) => data[i * size + k] as number));
}

function apply(pair: Pair, layer: Layer): Pair {
	switch (layer.type) {
		case "dense":
			return dense(pair, layer);
		case "relu":
			return relu(pair);
		case "erf":
			return erf(pair, layer);
		case "identity":
			return pair;
		default:
			throw new Error(`not a layer of these kernels: ${layer.type}`);
	}
}

/** K = x·x'/d; A and B from the difference and the sum of the unit vectors. */
function inputPair(x: number[], x2: number[]): Pair {
	const d = x.length;
	const entry = (k: number) => [x[k] as number, x2[k] as number] as const;
	const mean = (term: (u: number, v: number) => number) => sum(d, (k) => term(...entry(k))) / d;
	const q = mean((u) => u * u);
	const q2 = mean((_, v) => v * v);
	const [length, length2] = [Math.sqrt(q), Math.sqrt(q2)];
	return {
		q,
		q2,
		difference: mean((u, v) => (u - v) * (u + v)),
		less: (length * length2 * mean((u, v) => (quotient(u, length) - quotient(v, length2)) ** 2)) / 2,
		more: (length * length2 * mean((u, v) => (quotient(u, length) + quotient(v, length2)) ** 2)) / 2,
		nngp: mean((u, v) => u * v),
		ntk: 0,
	};
}

/** K ← w²K + b², Θ ← K + w²Θ. */
function dense(pair: Pair, { weightStd = 1, biasStd = null }: Parameters<"dense">): Pair {
	const weight = weightStd ** 2;
	const bias = (biasStd ?? 0) ** 2;
	const q = weight * pair.q + bias;
	const q2 = weight * pair.q2 + bias;
	const oldRoot = weight * Math.sqrt(pair.q * pair.q2);
	const root = Math.sqrt(q * q2);
	const gap = quotient(pair.difference, Math.sqrt(pair.q) + Math.sqrt(pair.q2));
	const nngp = weight * pair.nngp + bias;
	return {
		q,
		q2,
		difference: weight * pair.difference,
		less: weight * pair.less + quotient(weight * bias * gap ** 2, root + oldRoot + bias),
		more: weight * pair.more + bias + quotient(weight * bias * (pair.q + pair.q2) + bias ** 2, root + oldRoot),
		nngp,
		ntk: nngp + weight * pair.ntk,
	};
}

/** K ← √(qq')/(2π) (sin θ + (π − θ) cos θ), Θ ← Θ (π − θ)/(2π). */
function relu({ q, q2, difference, less, more, ntk }: Pair): Pair {
	const root = Math.sqrt(q * q2);
	const angle = root === 0 ? Math.PI / 2 : 2 * Math.atan2(Math.sqrt(less), Math.sqrt(more));
	const rest = root === 0 ? Math.PI / 2 : 2 * Math.atan2(Math.sqrt(more), Math.sqrt(less));
	const nngp = (root / (2 * Math.PI)) * bow(rest);
	return {
		q: q / 2,
		q2: q2 / 2,
		difference: difference / 2,
		less: (less - (root / Math.PI) * bow(angle)) / 2,
		more: root / 2 + nngp,
		nngp,
		ntk: (ntk * rest) / (2 * Math.PI),
	};
}

/** sin t − t cos t; by its series where the two terms cancel. */
function bow(t: number): number {
	if (t > 1) return Math.sin(t) - t * Math.cos(t);
	let term = t ** 3;
	let total = 0;
	// Σ (−1)^(k+1) t^(2k+1) 2k/(2k+1)!
	for (let k = 1, factorial = 6; k <= 12; k++) {
		total += (term * 2 * k) / factorial;
		term *= -t * t;
		factorial *= (2 * k + 2) * (2 * k + 3);
	}
	return total;
}

/**
 * For a·erf(b·x) + c, with s = 2b²: K ← 2a²/π asin(sK/√((1 + sq)(1 + sq'))) + c², Θ ← Θ 2a²/π s/√((1 + sq)(1 + sq') − s²K²).
 *
 * New A and B come from differences of arc sines, these from the difference of the squares of their arguments.
 */
function erf(pair: Pair, { a = 1, b = 1, c = 0 }: Parameters<"erf">): Pair {
	const { q, q2, difference, nngp } = pair;
	const s = 2 * b * b;
	const factor = (2 * a * a) / Math.PI;
	const product = pair.less * pair.more; // qq' − K²
	const [scale, scale2] = [1 + s * q, 1 + s * q2];
	const determinant = 1 + s * (q + q2) + s * s * product;

	// Sine and cosine of the angles of (x, x), (x', x') and (x, x').
	const own = { sine: (s * q) / scale, cosine: Math.sqrt(1 + 2 * s * q) / scale };
	const own2 = { sine: (s * q2) / scale2, cosine: Math.sqrt(1 + 2 * s * q2) / scale2 };
	const norm = Math.sqrt(scale * scale2);
	const mixed = { sine: (s * nngp) / norm, cosine: Math.sqrt(determinant) / norm };

	/** Differences of the squared sines: (x, x) and (x, x'), (x', x') and (x, x'), (x, x) and (x', x'). */
	const toMixed = ((s * s) / (scale * scale * scale2)) * (q * difference + product * scale);
	const toMixed2 = ((s * s) / (scale2 * scale2 * scale)) * (product * scale2 - q2 * difference);
	const toOther = ((s * difference) / (scale * scale2)) * (own.sine + own2.sine);

	const variance = factor * angleOf(own) + c * c;
	const variance2 = factor * angleOf(own2) + c * c;
	const covariance = factor * angleOf(mixed) + c * c;
	const newDifference = factor * angleBetween(own, own2, toOther);
	const root = Math.sqrt(variance * variance2);
	const gap = quotient(newDifference, Math.sqrt(variance) + Math.sqrt(variance2));
	const obtuse = nngp < 0;
	const opposite = { sine: -mixed.sine, cosine: mixed.cosine };
	const target = obtuse ? opposite : mixed;
	// (q + q')/2 ∓ K − (√q − √q')²/2 of the new numbers, the minus for an acute pair.
	const small = (factor * (angleBetween(own, target, toMixed) + angleBetween(own2, target, toMixed2)) - gap ** 2) / 2;
	return {
		q: variance,
		q2: variance2,
		difference: newDifference,
		less: obtuse ? root - covariance : small,
		more: obtuse ? small + 2 * c * c : root + covariance,
		nngp: covariance,
		ntk: (pair.ntk * factor * s) / Math.sqrt(determinant),
	};
}

interface Angle {
	sine: number;
	cosine: number;
}

function angleOf({ sine, cosine }: Angle): number {
	return Math.atan2(sine, cosine);
}

/** first − second for two angles in [0, π/2], given the difference of their squared sines. */
function angleBetween(first: Angle, second: Angle, squares: number): number {
	const sine = quotient(squares, first.sine * second.cosine + second.sine * first.cosine);
	return Math.atan2(sine, first.cosine * second.cosine + first.sine * second.sine);
}

function quotient(numerator: number, denominator: number): number {
	return denominator === 0 ? 0 : numerator / denominator;
}

/** A compensated sum (A. Neumaier, 1974). */
function sum(count: number, term: (k: number) => number): number {
	let total = 0;
	let lost = 0;
	for (let k = 0; k < count; k++) {
		const next = term(k);
		const rounded = total + next;
		lost += Math.abs(total) >= Math.abs(next) ? total - rounded + next : next - rounded + total;
		total = rounded;
	}
	return total + lost;
}
