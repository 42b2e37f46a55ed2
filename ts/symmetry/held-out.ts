/**
 * Held-out poses of orbits: predicted by direct regression on all distinct points, and by the group formula.
 * @module
 */
import { type Regression, regression } from "../inference.ts";
import type { Context } from "../kernel.ts";
import { isFolded, regressFolded } from "./collapse.ts";
import { blocksOf, distinctPoints, type Entry, gramOf, type Points } from "./entries.ts";
import type { Group, GroupTable } from "./group.ts";
import type { OrbitGram } from "./orbit-gram.ts";
import { groupRegression } from "./regression.ts";

/** All that errors depend on but for the seeds and their targets. */
export interface Setting {
	context: Context;
	group: Group;
	table: GroupTable;
	gram: OrbitGram;
	/** For each seed the elements whose poses are one point to the kernel with the seed's. */
	indistinct: readonly number[][];
	/** Of the Gram of all poses. */
	entry: Entry;
	/** The same after projection. */
	nearest: Entry;
	/** Elements. */
	holdOut: readonly number[];
	ridge: number;
	signal: AbortSignal | undefined;
}

/** Some orbits and their targets. */
export interface Problem {
	seeds: readonly number[];
	/** For each of these seeds. */
	targets: readonly (readonly number[])[];
}

/** The held-out poses of one orbit. */
export interface Held {
	/** Target minus prediction: distinct poses × columns of the targets. */
	residuals: number[][];
	/** Numerators (a column each) and the denominator, which can be infinite; null for several poses. */
	parts: { separation: number[]; density: number } | null;
}

/** More distinct points than this are too many for direct regression where the group formula does the same. */
const DIRECT_POINTS = 2048;

/** Whether direct regression is done on some seeds: always where the Gram had to be computed anyway. */
export function isDirect({ gram, indistinct, table }: Setting, seeds: readonly number[]): boolean {
	return !gram.invariant || distinctPoints(seeds, indistinct, table).points.length <= DIRECT_POINTS;
}

/** The distinct points of some seeds. */
export function pointsOf({ gram, table }: Setting, seeds: readonly number[]): Points {
	return distinctPoints(seeds, gram.stabilizers, table);
}

/** A direct regression on orbits. */
export interface Direct {
	/** For each seed its held-out poses, left out together. */
	held: Held[];
	/** The same where the poses of several seeds are left out together. */
	together(seeds: readonly number[]): Promise<number[][][]>;
}

/** Direct regression on all distinct points; null when they are too many. */
export async function direct(setting: Setting, problem: Problem): Promise<Direct | null> {
	const { context, entry, holdOut, ridge, signal } = setting;
	const { seeds, targets } = problem;
	if (!isDirect(setting, seeds)) return null;
	if (isFolded(setting, seeds)) return regressFolded(setting, entry, problem);
	const points = pointsOf(setting, seeds);
	const size = points.points.length;
	const columns = (targets[0] as readonly number[]).length;
	/** The places of a seed's held-out poses. */
	const places = (seed: number) => [...new Set(holdOut.map((g) => points.place(seed, g)))];
	// Unit vectors beside the targets: their solutions are columns of the inverse.
	const width = columns + seeds.length;
	const y = new Float64Array(size * width);
	const own = new Map(seeds.map((seed, k) => [seed, targets[k] as readonly number[]]));
	for (const [row, [seed]] of points.points.entries()) y.set(own.get(seed) as readonly number[], row * width);
	const firsts = seeds.map((seed) => places(seed)[0] as number);
	firsts.forEach((place, k) => {
		y[place * width + columns + k] = 1;
	});
	const gram = gramOf(entry, points, context.maxBytes);
	const fit = await regression(context, gram, { data: y, shape: [size, width] }, { ridge, ...(signal && { signal }) });
	const coefficient = (place: number, column: number) => fit.coefficients.data[place * width + column] as number;
	const residuals = await residualsOf(fit, seeds.map(places), columns, width);
	const held = residuals.map((rows, k) => {
		const place = firsts[k] as number;
		if (rows.length > 1) return { residuals: rows, parts: null };
		const separation = Array.from({ length: columns }, (_, c) => coefficient(place, c));
		return { residuals: rows, parts: { separation, density: coefficient(place, columns + k) } };
	});
	const together = async (members: readonly number[]) => {
		const each = members.map(places);
		const rows = (await residualsOf(fit, [each.flat()], columns, width))[0] as number[][];
		return each.map(({ length }) => rows.splice(0, length));
	};
	return { held, together };
}

/** The residuals of the targets alone: sets × members × columns. */
async function residualsOf(fit: Regression, sets: number[][], columns: number, width: number): Promise<number[][][]> {
	const { data } = (await fit.leaveOneOut(sets)).residual;
	let row = 0;
	return sets.map((set) =>
		set.map(() => {
			const from = row++ * width;
			return Array.from(data.subarray(from, from + columns));
		}),
	);
}

/**
 * The same by the group formula on k, from small blocks; where poses are one point to the kernel, by the regression on the
 * invariant kernel that the formula stands for.
 */
export async function byGroup(setting: Setting, problem: Problem): Promise<Held[]> {
	const { context, group, gram, holdOut, nearest, ridge, signal } = setting;
	const { seeds, targets } = problem;
	if (isFolded(setting, seeds)) return (await regressFolded(setting, nearest, problem)).held;
	const columns = (targets[0] as readonly number[]).length;
	const stabilizers = seeds.map((seed) => gram.stabilizers[seed] as number[]);
	const free = stabilizers.every(({ length }) => length === 1);
	const y = { data: Float64Array.from(targets.flat()), shape: [seeds.length, columns] };
	const fit = await groupRegression(context, blocksOf(gram.k, seeds), group, y, {
		ridge,
		targetsVary: false,
		...(!free && { stabilizers }),
		...(signal && { signal }),
	});
	const points = pointsOf(setting, seeds);
	const distinct = (seed: number) => [...new Set(holdOut.map((g) => points.place(seed, g)))];
	const sets = seeds.map((seed, k) =>
		distinct(seed).map((place) => [k, (points.points[place] as readonly [number, number])[1]] as const),
	);
	const single = sets.every(({ length }) => length === 1);
	const row = (data: Float64Array, at: number) => Array.from(data.subarray(at * columns, (at + 1) * columns));
	if (!single) {
		const { data } = (await fit.leaveOneOut(sets)).residual;
		let at = 0;
		return sets.map((set) => ({ residuals: set.map(() => row(data, at++)), parts: null }));
	}
	return seeds.map((_, k) => {
		const errors = row(fit.errors.data, k);
		const density = fit.inverseDiagonal.data[k] as number;
		return { residuals: [errors], parts: { separation: errors.map((error) => error * density), density } };
	});
}
