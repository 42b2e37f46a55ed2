/**
 * Kernel regression on all poses of some seeds, by one small block for each irrep of the group.
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
} from "../arrays.ts";
import { OrbitKernelsError } from "../errors.ts";
import { type LeftOut, type Prediction, type Ridge, ridgeOf } from "../inference.ts";
import type { CallOptions, Context } from "../kernel.ts";
import { Blocks } from "./blocks.ts";
import { type Group, groupOrder } from "./group.ts";
import { groupText } from "./structure.ts";
import { checkTargets, type Targets } from "./targets.ts";

/** Options of `Engine.groupRegression`. */
export interface GroupRegressionOptions extends CallOptions {
	/** Added to the diagonal, once for each distinct point; relative ones refer to the Gram of all distinct points; default 0. */
	ridge?: Ridge;
	/** For each seed the elements that leave it as it is; default: only the identity. */
	stabilizers?: readonly (readonly number[])[];
	/**
	 * Whether targets of two dimensions are m × |G|, different along the orbits, or m × columns; needed only where both
	 * could be meant.
	 */
	targetsVary?: boolean;
}

/** A point of the data: the pose `element` of seed `seed`. */
export type OrbitPoint = readonly [seed: number, element: number];

/** A kernel regression fitted to all poses of m seeds; all its numbers live with the caller. */
export interface GroupRegression {
	/** The absolute ridge that was added. */
	readonly ridge: number;
	/** (K + ridge·I)^-1 y, m × |G| or m × |G| × columns: at (a, g) the coefficient of the point g·x_a. */
	readonly coefficients: Tensor<Float64Array>;
	/**
	 * Target minus prediction for one held-out pose of each seed, by the group formula: m or m × columns.
	 *
	 * Only for targets that are constant on orbits; reading it for others fails with code "value".
	 */
	readonly errors: Tensor<Float64Array>;
	/** The diagonal of (K + ridge·I)^-1 at the points of each seed (m): all poses have the same. */
	readonly inverseDiagonal: Tensor<Float64Array>;
	/**
	 * Posterior variance of the function at a held-out pose of each seed (m), `1/[(K + ridge·I)^-1]_ii − ridge`: that of a
	 * target has the ridge in addition.
	 */
	readonly variance: Tensor<Float64Array>;
	/**
	 * Predicts each point from all others: m × |G| or m × |G| × columns. With `sets` of points, each set is left out as a
	 * whole, and the rows of the result are the members in the order given.
	 *
	 * Errors: `value` with the path of a bad point or of one that is given twice, `singular`, `memory`.
	 *
	 * @example const { residual } = await fit.leaveOneOut([[[0, 0], [1, 0]]]); // the first poses of two seeds together
	 */
	leaveOneOut(sets?: readonly (readonly OrbitPoint[])[]): Promise<LeftOut>;
	/**
	 * Predicts from `cross`, the kernel of p new points with all poses of the seeds (p × m × |G|); with `testDiagonal`, the
	 * kernel of each new point with itself (p), the posterior variance comes too. Errors: `shape`, `value`, `memory`.
	 *
	 * @example const { mean } = await fit.predict(cross);
	 */
	predict(cross: ArrayInput, testDiagonal?: ArrayInput): Promise<Prediction>;
}

/** See `Engine.groupRegression`. */
export async function groupRegression(
	context: Context,
	k: ArrayInput,
	group: Group,
	targets: ArrayInput,
	options: GroupRegressionOptions = {},
): Promise<GroupRegression> {
	checkOptions(options, ["ridge", "stabilizers", "targetsVary", "signal", "onProgress"]);
	const { ridge: wanted = 0, stabilizers, targetsVary } = options;
	const stated = ridgeOf(wanted);
	const order = groupOrder(group);
	const values = toTensor(targets, "targets");
	const kernel = toTensor(k, "k");
	const m = checkKernel(kernel, values.shape[0] as number, order);
	const y = checkTargets(values, m, order, targetsVary);
	const setup = { group: groupText(group), seeds: m, stabilizers: checkStabilizers(stabilizers, m) };
	checkMemory("the blocks", 8 * order * ((m * (m + 1)) / 2), context.maxBytes);
	const blocks = await Blocks.open(context, setup, options);
	const sizes = Float64Array.from({ length: m }, (_, a) => stabilizers?.[a]?.length ?? 1);
	y.checkPoints(blocks.representatives);

	const own = blocks.own(kernel);
	const ridge = resolve(stated, own, sizes, order);
	await blocks.transform(kernel, own);
	const { coefficients, diagonal } = await blocks.fit(own, ridge, y);
	const { columns } = y;
	const inverseDiagonal = Float64Array.from({ length: m }, (_, a) => diagonal[a * order + blocks.identity] as number);
	const variance = inverseDiagonal.map((entry) => 1 / entry - ridge);
	const each = (data: Float64Array, rows: number[]) => ({ data, shape: y.multiple ? [...rows, columns] : rows });

	const leaveOneOut: GroupRegression["leaveOneOut"] = async (sets) => {
		if (sets !== undefined) return leaveSetsOut(sets);
		const step = order * columns;
		const residual = coefficients.map((value, at) => value / (inverseDiagonal[Math.floor(at / step)] as number));
		const prediction = residual.map((rest, at) => y.at(Math.floor(at / columns), at % columns) - rest);
		return { prediction: each(prediction, [m, order]), residual: each(residual, [m, order]) };
	};
	const leaveSetsOut = async (sets: readonly (readonly OrbitPoint[])[]): Promise<LeftOut> => {
		const points = checkSets(sets, m, order, blocks.representatives);
		const rows = new Float64Array(points.length * columns);
		points.forEach(([seed, element], row) => {
			const from = (seed * order + element) * columns;
			rows.set(coefficients.subarray(from, from + columns), row * columns);
		});
		const residual = await blocks.leaveOut(sets, rows, columns);
		const prediction = residual.map((rest, at) => {
			const [seed, element] = points[Math.floor(at / columns)] as OrbitPoint;
			return y.at(seed * order + element, at % columns) - rest;
		});
		return { prediction: each(prediction, [points.length]), residual: each(residual, [points.length]) };
	};
	const predict: GroupRegression["predict"] = async (cross, testDiagonal) => {
		const rows = toTensor(cross, "cross");
		const points = rows.shape[0] as number;
		if (rows.shape.length !== 3 || rows.shape[1] !== m || rows.shape[2] !== order)
			throw shapeError("cross", rows.shape, `new points × seeds × elements: (p, ${m}, ${order})`);
		const own = testDiagonal === undefined ? undefined : toTensor(testDiagonal, "testDiagonal");
		if (own && (own.shape.length !== 1 || own.shape[0] !== points))
			throw shapeError("testDiagonal", own.shape, `one number for each new point: (${points})`);
		const product = () => ({
			a: doubles(rows.data),
			// The sum runs over all elements: points that several of them make are in it as often.
			b: coefficients.map((value, at) => value / (sizes[Math.floor(at / (order * columns))] as number)),
			rows: points,
			columns,
		});
		const mean = each((await context.pool.call("multiply", product)) as Float64Array, [points]);
		if (!own) return { mean };
		const explained = await blocks.explained(rows);
		const variance = explained.map((part, index) => (own.data[index] as number) - part);
		return { mean, variance: { data: variance, shape: [points] } };
	};

	const fit = {
		ridge,
		coefficients: each(coefficients, [m, order]),
		inverseDiagonal: { data: inverseDiagonal, shape: [m] },
		variance: { data: variance, shape: [m] },
		leaveOneOut,
		predict,
	};
	return Object.defineProperty(fit, "errors", errorsOf(y, coefficients, inverseDiagonal, each)) as typeof fit & {
		errors: Tensor<Float64Array>;
	};
}

/** The group formula: what is solved with the trivial irrep alone, over the mean of all. */
function errorsOf(
	y: Targets,
	coefficients: Float64Array,
	inverseDiagonal: Float64Array,
	each: (data: Float64Array, rows: number[]) => Tensor<Float64Array>,
): PropertyDescriptor {
	const { columns, order } = y;
	const varying = y.varying;
	if (varying) {
		const get = () => {
			const expected = "targets that are constant on orbits";
			const message = `${varying.path} is ${varying.value}, not the first of its orbit: the group formula expects ${expected}`;
			throw new OrbitKernelsError("value", message, { ...varying, expected });
		};
		// Not enumerable, so that all else can be copied and saved.
		return { get, enumerable: false };
	}
	const m = inverseDiagonal.length;
	const errors = Float64Array.from({ length: m * columns }, (_, at) => {
		const seed = Math.floor(at / columns);
		return (coefficients[seed * order * columns + (at % columns)] as number) / (inverseDiagonal[seed] as number);
	});
	return { value: each(errors, [m]), enumerable: true };
}

/** The number of seeds of a kernel m × m × |G|, or of its pairs a ≤ b × |G|. */
function checkKernel({ shape }: Tensor, m: number, order: number): number {
	const pairs = (m * (m + 1)) / 2;
	const whole = shape.length === 3 && shape[0] === m && shape[1] === m && shape[2] === order;
	if (whole || (shape.length === 2 && shape[0] === pairs && shape[1] === order)) return m;
	const expected = `shape (${m}, ${m}, ${order}), seeds × seeds × elements for the targets' ${m} seeds, or (${pairs}, ${order}), its pairs a ≤ b alone`;
	throw shapeError("k", shape, expected);
}

/** As JSON text; whether they are subgroups is seen where the group is known. */
function checkStabilizers(stabilizers: unknown, m: number): string {
	if (stabilizers === undefined) return "[]";
	if (!Array.isArray(stabilizers) || stabilizers.length !== m)
		throw usageError("options.stabilizers", stabilizers, `an array of ${m} lists of elements, one for each seed`);
	stabilizers.forEach((members, seed) => {
		const valid = Array.isArray(members) && members.every((g) => Number.isInteger(g) && g >= 0);
		if (!valid) throw usageError(`options.stabilizers[${seed}]`, members, "a list of elements");
	});
	return JSON.stringify(stabilizers);
}

/** A relative ridge refers to the Gram of all distinct points. */
function resolve(
	{ unit, ridge }: { unit: string; ridge: number },
	own: Float64Array,
	stabilizers: Float64Array,
	order: number,
): number {
	if (unit === "absolute") return ridge;
	const counts = stabilizers.map((size) => order / size);
	const trace = counts.reduce((sum, count, a) => sum + count * (own[a] as number), 0);
	return ridge * (unit === "trace" ? trace : trace / counts.reduce((sum, count) => sum + count, 0));
}

/** All points of all sets, after checks: at least one a set, within range, none twice in a set. */
function checkSets(
	sets: readonly (readonly OrbitPoint[])[],
	m: number,
	order: number,
	representatives: Uint32Array | undefined,
): OrbitPoint[] {
	if (!Array.isArray(sets)) throw usageError("sets", sets, "an array of arrays of points [seed, element]");
	return sets.flatMap((set: readonly OrbitPoint[], s) => {
		if (!Array.isArray(set) || set.length === 0)
			throw usageError(`sets[${s}]`, set, "an array of at least one point [seed, element]");
		const seen = new Set<number>();
		set.forEach((point, p) => {
			const path = `sets[${s}][${p}]`;
			const fail = (value: unknown, expected: string) => {
				const message = `${path}: got ${JSON.stringify(value)}, expected ${expected}`;
				throw new OrbitKernelsError("value", message, { path, index: p, value, expected });
			};
			if (!Array.isArray(point) || point.length !== 2) fail(point, "a point [seed, element]");
			const [seed, element] = point;
			const within = (value: unknown, count: number) =>
				Number.isInteger(value) && Number(value) >= 0 && Number(value) < count;
			if (!within(seed, m) || !within(element, order)) fail(point, `a seed below ${m} and an element below ${order}`);
			const place = seed * order + element;
			const key = representatives ? seed * order + (representatives[place] as number) : place;
			if (seen.has(key)) fail(point, "no point twice");
			seen.add(key);
		});
		return set;
	});
}
