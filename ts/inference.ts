/**
 * Kernel regression: what an infinitely wide network predicts after training.
 * @module
 */
import {
	type ArrayInput,
	checkMemory,
	checkOptions,
	doubles,
	shapeError,
	type Tensor,
	toTensor,
	usageError,
} from "./arrays.ts";
import { OrbitKernelsError } from "./errors.ts";
import type { CallOptions, Context } from "./kernel.ts";

/** A ridge: an absolute number, or relative to the mean of the Gram's diagonal or to its trace. */
export type Ridge = number | { meanDiagonal: number } | { trace: number };

/** Options of `regression`. */
export interface RegressionOptions extends Pick<CallOptions, "signal"> {
	/** Added to the diagonal; default 0. */
	ridge?: Ridge;
}

/** Predictions and, where asked for, their posterior variances. */
export interface Prediction {
	/** Shape (m) or (m, t). */
	mean: Tensor<Float64Array>;
	/** Shape (m); rounding can make a vanishing variance slightly negative. */
	variance?: Tensor<Float64Array>;
}

/** Predictions of points by a fit without them, and how far the targets are from those. */
export interface LeftOut {
	prediction: Tensor<Float64Array>;
	/** Target minus prediction. */
	residual: Tensor<Float64Array>;
}

/** A fitted kernel regression; all its numbers live with the caller. */
export interface Regression {
	/** The absolute ridge that was added. */
	readonly ridge: number;
	/** (K + ridge·I)^-1 y, in the shape of the targets. */
	readonly coefficients: Tensor<Float64Array>;
	/**
	 * Predicts from `cross`, the kernel of m new points with the n known ones (m × n).
	 *
	 * With `testDiagonal`, the kernel of each new point with itself (m), the posterior variance
	 * `k** − k (K + ridge·I)^-1 k` comes too. Errors: `shape`, `value`.
	 *
	 * @example const { mean, variance } = await fit.predict(cross.ntk, diagonal.ntk);
	 */
	predict(cross: ArrayInput, testDiagonal?: ArrayInput): Promise<Prediction>;
	/**
	 * Predicts each point from all others, in closed form: `y_i − ŷ_i = [K^-1 y]_i / [K^-1]_ii`.
	 *
	 * With `sets`, each set of indices is left out as a whole, and the rows of the result are the
	 * members in the order given: `([K^-1]_SS)^-1 [K^-1 y]_S`. Errors: `value` with the path of a
	 * bad index.
	 *
	 * @example const { residual } = await fit.leaveOneOut([[0, 1], [2]]);
	 */
	leaveOneOut(sets?: readonly (readonly number[])[]): Promise<LeftOut>;
}

/** A ridge, checked, as it crosses to an instance: its unit and number. */
export function ridgeOf(ridge: unknown): { unit: string; ridge: number } {
	const expected = "a finite number ≥ 0, { meanDiagonal: number } or { trace: number }";
	const [unit, value] =
		typeof ridge === "object" && ridge !== null && Object.keys(ridge).length === 1
			? (Object.entries(ridge)[0] as [string, unknown])
			: ["absolute", ridge];
	const known = ["absolute", "meanDiagonal", "trace"].includes(unit) && typeof value === "number";
	if (!known || !(value >= 0) || value === Number.POSITIVE_INFINITY) {
		const message = `ridge: got ${JSON.stringify(ridge) ?? ridge}, expected ${expected}`;
		throw new OrbitKernelsError("ridge", message, { path: "ridge", value: ridge, expected });
	}
	return { unit, ridge: value };
}

function square(value: unknown): Tensor {
	const gram = toTensor(value, "k");
	if (gram.shape.length !== 2 || gram.shape[0] !== gram.shape[1]) throw shapeError("k", gram.shape, "a square matrix");
	return gram;
}

/** See `Engine.regression`. */
export async function regression(
	{ pool, maxBytes }: Context,
	k: ArrayInput,
	targets: ArrayInput,
	options: RegressionOptions = {},
): Promise<Regression> {
	checkOptions(options, ["ridge", "signal"]);
	const { ridge: wanted = 0, signal } = options;
	const stated = ridgeOf(wanted);
	const gram = square(k);
	const size = gram.shape[0] as number;
	const y = toTensor(targets, "targets");
	if (y.shape[0] !== size || y.shape.length > 2)
		throw shapeError("targets", y.shape, `shape (${size}) or (${size}, t), as many as the Gram has rows`);
	const count = y.shape[1] ?? 1;
	checkMemory("the factorization", 3 * 8 * size * size, maxBytes);

	const request = () => ({ gram: doubles(gram.data), size, targets: doubles(y.data), count, ...stated });
	const fit = await pool.call("fit", request, { signal, long: true });
	const { ridge, factor, coefficients } = fit;
	/** Rows like those of the targets. */
	const like = (data: Float64Array, rows: number) => ({ data, shape: [rows, ...y.shape.slice(1)] });

	const predict: Regression["predict"] = async (cross, testDiagonal) => {
		const rows = toTensor(cross, "cross");
		const points = rows.shape[0] as number;
		if (rows.shape.length !== 2 || rows.shape[1] !== size)
			throw shapeError("cross", rows.shape, `new points × known points: (m, ${size})`);
		const product = () => ({ a: doubles(rows.data), b: coefficients.slice(), rows: points, columns: count });
		const mean = pool.call("multiply", product) as Promise<Float64Array>;
		if (testDiagonal === undefined) return { mean: like(await mean, points) };
		const own = toTensor(testDiagonal, "testDiagonal");
		if (own.shape.length !== 1 || own.shape[0] !== points)
			throw shapeError("testDiagonal", own.shape, `one number for each new point: (${points})`);
		const whiten = () => ({ factor: factor.slice(), size, cross: doubles(rows.data) });
		const explained = await pool.call("explained", whiten, { long: true });
		const variance = explained.map((part, index) => (own.data[index] as number) - part);
		return { mean: like(await mean, points), variance: { data: variance, shape: [points] } };
	};

	const leaveOneOut: Regression["leaveOneOut"] = async (sets) => {
		const members = sets ? checkSets(sets, size) : Array.from({ length: size }, (_, index) => index);
		const residual = sets ? await leaveSetsOut(sets, members) : await leaveSinglesOut();
		const targetOf = (index: number) =>
			y.data[(members[Math.floor(index / count)] as number) * count + (index % count)] as number;
		const prediction = residual.map((rest, index) => targetOf(index) - rest);
		return { prediction: like(prediction, members.length), residual: like(residual, members.length) };
	};
	const leaveSinglesOut = async () => {
		const inverse = () => ({ factor: factor.slice(), size });
		const diagonal = await pool.call("inverseDiagonal", inverse, { long: true });
		return coefficients.map((value, index) => value / (diagonal[Math.floor(index / count)] as number));
	};
	const leaveSetsOut = (sets: readonly (readonly number[])[], members: number[]) => {
		let end = 0;
		const ends = Uint32Array.from(sets, (set) => (end += set.length));
		const out = () => ({
			factor: factor.slice(),
			size,
			coefficients: coefficients.slice(),
			members: Uint32Array.from(members),
			ends: ends.slice(),
		});
		return pool.call("leaveOut", out, { long: true });
	};

	return { ridge, coefficients: { data: coefficients, shape: y.shape }, predict, leaveOneOut };
}

/** All members of all sets, after checks: at least one a set, within range, none twice in a set. */
function checkSets(sets: readonly (readonly number[])[], size: number): number[] {
	if (!Array.isArray(sets)) throw usageError("sets", sets, "an array of arrays of indices");
	return sets.flatMap((set, k) => {
		const path = `sets[${k}]`;
		if (!Array.isArray(set) || set.length === 0) throw usageError(path, set, "an array of at least one index");
		if (new Set(set).size < set.length) throw usageError(path, set, "no index twice");
		const bad = set.findIndex((index) => !Number.isInteger(index) || index < 0 || index >= size);
		if (bad >= 0) {
			const [value, expected] = [set[bad], `an integer from 0 to ${size - 1}`];
			const message = `${path}[${bad}]: got ${value}, expected ${expected}`;
			throw new OrbitKernelsError("value", message, { path: `${path}[${bad}]`, index: bad, value, expected });
		}
		return set;
	});
}
