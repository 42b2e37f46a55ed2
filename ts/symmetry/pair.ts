/**
 * Two orbits of a cyclic group and the error of a held-out pose: exact, by the paper's formula, and block by block.
 * @module
 */
import { type ArrayInput, checkMemory, checkOptions, doubles, shapeError, type Tensor, toTensor } from "../arrays.ts";
import { OrbitKernelsError } from "../errors.ts";
import { type Ridge, ridgeOf } from "../inference.ts";
import type { Context } from "../kernel.ts";
import { circulantRow, copiesOf, type HeldOut } from "../pair-task.ts";
import { blockErrors } from "./block.ts";

/** Points of which a factorization takes so long that an abort should not wait for it. */
const LONG = 1024;

/** Options of `pairQuantities`. */
export interface PairOptions {
	/** Default `{ trace: 1e-10 }`; one absolute number enters the exact, the spectral and the block error. */
	ridge?: Ridge;
	signal?: AbortSignal;
}

/** What follows from the Gram of two orbits alone. */
export interface GramQuantities {
	/** Mean of the circulant row at even offsets ≥ 2. */
	meanWithinOrbitKernel: number;
	/** Mean of |ŷ − y| over holding out A₀ and holding out B₀, labels ±1. */
	exactError: number;
	/** How many of the two held-out poses have the right sign: 0, 1 or 2. */
	correctCount: number;
	/** λ_N^-1 / mean_j λ_j^-1: equals the exact error when the Gram is circulant. */
	spectralError: number;
	/** Mean of |ŷ − y| as `exactError`, on the Gram that is circulant in each block of two orbits and nearest to this one. */
	blockError: number;
	/** How many of the two held-out poses have the right sign on that Gram. */
	blockCorrectCount: number;
	/** ‖K − PK‖ / ‖K‖ in the Frobenius norm, PK that Gram: 0 where the kernel is invariant. */
	departure: number;
	/**
	 * Whether all poses of A are one point to the kernel, and all of B: rows of the Gram equal to 1e-10 of its largest entry.
	 *
	 * Errors are then those of a regression that knows the held-out pose's equals, 0 without a ridge.
	 */
	collapsed: boolean;
	/** λ_N^-1, N the Nyquist frequency. */
	lastReciprocal: number;
	/** Mean of λ_j^-1 over all 2N frequencies; infinite where poses are one point to the kernel, without a ridge. */
	meanReciprocal: number;
	/** The same over all but the last. */
	meanReciprocalWithoutLast: number;
	/** The absolute ridge, carried by λ and by the exact error. */
	ridge: number;
	/** λ_j^-1, j = 0 … 2N − 1: reciprocals of the unnormalized DFT of the circulant row plus the ridge. */
	reciprocalSpectrum: number[];
}

/**
 * What the paper records of a pair of orbits (Perin & Deny, arXiv 2412.11521, sections 3 and 4), and the block error.
 */
export interface PairQuantities extends GramQuantities {
	/** |mean of A − mean of B|²: class separation. */
	deltaSquared: number;
	/** Half of |A₀ − mean of A| + |B₀ − mean of B|: the inverse of orbit density. */
	projectedRadius: number;
}

/** Distances in the space of inputs; points alternate between the two orbits. */
export function geometry(points: Float64Array | Float32Array, count: number) {
	const dimension = points.length / count;
	const point = (k: number) => points.subarray(k * dimension, (k + 1) * dimension);
	const means = [new Float64Array(dimension), new Float64Array(dimension)] as const;
	for (let k = 0; k < count; k++) {
		const [mean, pose] = [means[k % 2] as Float64Array, point(k)];
		for (let d = 0; d < dimension; d++) mean[d] = (mean[d] as number) + (pose[d] as number);
	}
	for (const mean of means) for (let d = 0; d < dimension; d++) mean[d] = ((mean[d] as number) * 2) / count;
	const radius = (orbit: 0 | 1) => Math.sqrt(squaredDistance(point(orbit), means[orbit]));
	return { deltaSquared: squaredDistance(...means), projectedRadius: (radius(0) + radius(1)) / 2 };
}

function squaredDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
	let sum = 0;
	for (let k = 0; k < a.length; k++) sum += ((a[k] as number) - (b[k] as number)) ** 2;
	return sum;
}

/** See `Engine.pairQuantities`. */
export async function pairQuantities(
	context: Context,
	points: ArrayInput,
	gram: ArrayInput,
	options: PairOptions = {},
): Promise<PairQuantities> {
	checkOptions(options, ["ridge", "signal"]);
	const { ridge = { trace: 1e-10 }, signal } = options;
	const x = toTensor(points, "points");
	const count = x.shape[0] as number;
	if (count % 2 !== 0) throw shapeError("points", x.shape, "an even number of points: A₀ B₀ A₁ B₁ …");
	const k = toTensor(gram, "gram");
	if (k.shape.length !== 2 || k.shape[0] !== count || k.shape[1] !== count)
		throw shapeError("gram", k.shape, `the Gram of the points: (${count}, ${count})`);

	const all = Array.from({ length: count }, (_, index) => index);
	const [quantities] = await gramQuantities(context, k, [all], ridge, signal);
	return { ...geometry(x.data, count), ...(quantities as GramQuantities) };
}

/** The quantities of parts of a Gram: of points A₀ B₀ A₁ B₁ …, at the given rows and columns, with labels +1 −1 +1 −1 …. */
export async function gramQuantities(
	{ pool, maxBytes }: Context,
	{ data, shape }: Tensor,
	parts: readonly (readonly number[])[],
	ridge: Ridge,
	signal?: AbortSignal,
): Promise<GramQuantities[]> {
	const stated = ridgeOf(ridge);
	const size = shape[0] as number;
	checkMemory("the factorization", 3 * 8 * size * size, maxBytes);
	const indices = () => parts.map((part) => Uint32Array.from(part));
	const request = () => ({ gram: doubles(data), size, parts: indices(), ...stated });
	const results = await pool.call("heldOut", request, { signal, long: size >= LONG });
	return results.map(quantitiesOf);
}

/** What of the quantities follows from the circulant matrix nearest to a pair's Gram alone. */
export type SpectralQuantities = Pick<
	GramQuantities,
	| "meanWithinOrbitKernel"
	| "spectralError"
	| "lastReciprocal"
	| "meanReciprocal"
	| "meanReciprocalWithoutLast"
	| "ridge"
	| "reciprocalSpectrum"
>;

/** The spectral quantities of the Gram of a pair (2N × 2N, points A₀ B₀ A₁ B₁ …) at an absolute ridge. */
export async function spectralQuantities(
	{ pool }: Context,
	gram: Tensor,
	ridge: number,
	signal: AbortSignal | undefined,
): Promise<SpectralQuantities> {
	const size = gram.shape[0] as number;
	const row = circulantRow(gram.data, size);
	const values = () => ({ values: row.slice(), length: row.length });
	return spectralOf(row, await pool.call("spectrum", values, { signal }), ridge, copiesOf(gram.data, size));
}

function spectralOf(
	row: Float64Array,
	spectrum: Float64Array,
	ridge: number,
	copies: readonly [number, number],
): SpectralQuantities {
	const count = row.length;
	const last = count / 2;
	const reciprocals = reciprocalSpectrum(spectrum, ridge, copies);
	const meanReciprocal = mean(reciprocals);
	return {
		meanWithinOrbitKernel: count > 2 ? mean(row.filter((_, s) => s > 0 && s % 2 === 0)) : Number.NaN,
		spectralError: (reciprocals[last] as number) / meanReciprocal,
		lastReciprocal: reciprocals[last] as number,
		meanReciprocal,
		meanReciprocalWithoutLast: mean(reciprocals.filter((_, j) => j !== last)),
		ridge,
		reciprocalSpectrum: reciprocals,
	};
}

const mean = (all: ArrayLike<number>) => Array.from(all).reduce((sum, value) => sum + value, 0) / all.length;

function quantitiesOf(held: HeldOut): GramQuantities {
	const { ridge, residual, row, spectrum, blockSpectrum, departure, copies } = held;
	const [blockA, blockB] = blockErrors(blockSpectrum, ridge, copies);
	const pairMean = (a: number, b: number) => (Math.abs(a) + Math.abs(b)) / 2;
	// A label of 1 minus the error is positive, or a label of −1 minus it negative.
	const right = (a: number, b: number) => Number(1 - a > 0) + Number(-1 - b < 0);
	const [exactA, exactB] = residual as unknown as [number, number];
	return {
		...spectralOf(row, spectrum, ridge, copies),
		exactError: pairMean(exactA, exactB),
		correctCount: right(exactA, exactB),
		blockError: pairMean(blockA, blockB),
		blockCorrectCount: right(blockA, blockB),
		departure,
		collapsed: row.length > 2 && copies.every((count) => count === row.length / 2),
	};
}

/**
 * 1/(λ_j + ridge) from interleaved complex λ; refuses values that are nothing but rounding. Where each point stands for several
 * poses, λ_j is 0 unless their number in one of the orbits divides j.
 */
function reciprocalSpectrum(spectrum: Float64Array, ridge: number, copies: readonly number[]): number[] {
	const size = spectrum.length / 2;
	const moduli = Array.from({ length: size }, (_, j) =>
		Math.hypot((spectrum[2 * j] as number) + ridge, spectrum[2 * j + 1] as number),
	);
	const floor = size * Number.EPSILON * Math.max(...moduli);
	return moduli.map((modulus, index) => {
		if (copies.every((count) => index % count !== 0)) return 1 / ridge;
		if (modulus > floor) return 1 / modulus;
		const expected = "eigenvalues above rounding; a larger ridge makes them so";
		const message = `the circulant spectrum is ${modulus} at frequency ${index}: expected ${expected}`;
		throw new OrbitKernelsError("singular", message, { index, value: modulus, expected });
	});
}
