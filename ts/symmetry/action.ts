/**
 * Actions of finite groups on samples, as plain data: element g of the group takes a sample x to its pose g·x, and
 * (gh)·x = g·(h·x).
 * @module
 */
import { type ArrayInput, shapeError, toTensor } from "../arrays.ts";
import { OrbitKernelsError } from "../errors.ts";
import {
	cyclic,
	dihedral,
	frozenRows,
	type Group,
	type GroupOf,
	groupOrder,
	isPermutation,
	product,
	shown,
} from "./group.ts";

/** What all actions say of themselves. */
interface Acting<Type extends string, Acts extends Group> {
	readonly type: Type;
	/** Poses are in the order of its elements. */
	readonly group: Acts;
	/** Whether (gh)·x = g·(h·x) holds up to rounding: then it is checked; interpolation breaks it. */
	readonly exact: boolean;
}

type Cyclic = GroupOf<"cyclic">;

/** See `rotations`. */
export type Rotations = Acting<"rotations", Cyclic>;
/** See `shifts2d`. */
export type Shifts2d = Acting<"shifts2d", GroupOf<"product"> & { readonly factors: readonly [Cyclic, Cyclic] }>;
/** See `permutationAction`. */
export interface PermutationAction extends Acting<"permutations", Group> {
	/** A row for each element: (g·x)[p] = x[row[p]]. */
	readonly permutations: readonly (readonly number[])[];
}

/** Actions that only rearrange positions, but for the spline between the quarter turns of `rotations`. */
export type Rearrangement =
	| Rotations
	| Acting<"quarterTurns", Cyclic>
	| Acting<"flips", Cyclic>
	| Acting<"squareSymmetries", GroupOf<"dihedral">>
	| Acting<"shifts", Cyclic>
	| Shifts2d
	| PermutationAction;

/** See `planarRotations`. */
export type PlanarRotations = Acting<"planarRotations", Cyclic>;

/** See `customAction`; written as JSON it keeps its group but not its function. */
export interface CustomAction extends Acting<"custom", Group> {
	readonly apply: Apply;
}

/** The pose of a sample (its own copy, row-major, of this shape) under an element of the group, as new numbers. */
export type Apply = (x: Float64Array, element: number, shape: readonly number[]) => Float64Array;

/** An action of a finite group on samples. */
export type Action = Rearrangement | PlanarRotations | CustomAction;

/**
 * Turns of images (H × W or H × W × C): pose k is the image turned by 360°·k / order counterclockwise.
 *
 * Turns between quarter turns are cubic-spline interpolations of `engine.rotate`. All others rearrange pixels: when 4
 * divides the order, orbits of square images are exactly invariant under quarter turns; when 2 does, all under half turns.
 *
 * Errors: `action` when the order is no positive integer.
 *
 * @param order the number of poses, at least 1
 * @example
 * const { data, shape } = await engine.orbit(images, rotations(8)); // shape [m, 8, H, W]
 */
export function rotations(order: number): Rotations {
	return cyclicAction("rotations", order, 4 % order === 0);
}

/**
 * The four quarter turns of square images (H × H or H × H × C), counterclockwise as `np.rot90`.
 *
 * @example quarterTurns().group // { type: "cyclic", order: 4 }
 */
export function quarterTurns(): Acting<"quarterTurns", Cyclic> {
	return cyclicAction("quarterTurns", 4);
}

/** Images (H × W or H × W × C) as they are, and with left and right exchanged. */
export function flips(): Acting<"flips", Cyclic> {
	return cyclicAction("flips", 2);
}

/**
 * The eight symmetries of square images (H × H or H × H × C): pose a + 4b is flipped left-right b times, then turned by
 * a quarters counterclockwise.
 */
export function squareSymmetries(): Acting<"squareSymmetries", GroupOf<"dihedral">> {
	return Object.freeze({ type: "squareSymmetries", group: dihedral(4), exact: true });
}

/**
 * Cyclic shifts of images (H × W or H × W × C): pose k is rolled to the right by k·W / order columns, as `np.roll`.
 *
 * Errors: `action` when the order is no positive integer, or later does not divide the number of columns.
 *
 * @example const orbits = await engine.orbit(images, shifts(7)); // W = 28: by 0, 4, … 24 columns
 */
export function shifts(order: number): Acting<"shifts", Cyclic> {
	return cyclicAction("shifts", order);
}

/**
 * Cyclic shifts of images (H × W or H × W × C) along both axes: pose a·columns + b is rolled down by a·H / rows and to the
 * right by b·W / columns, as `np.roll`.
 *
 * Errors: `action` when a number is no positive integer, or later does not divide the number of rows or columns.
 */
export function shifts2d(rows: number, columns: number): Shifts2d {
	const group = product(cyclic(checkOrder("rows", rows)), cyclic(checkOrder("columns", columns)));
	return Object.freeze({ type: "shifts2d", group: group as Shifts2d["group"], exact: true });
}

/**
 * An action that permutes positions: (g·x)[p] = x[row g[p]], with a row for each element of the group in its order.
 *
 * The first dimensions of a sample are its positions, those after them channels that stay together. Errors: `action` when
 * rows are not as many as elements, or one is no permutation; `group`.
 *
 * @param permutations |G| × P whole numbers
 * @example permutationAction([[0, 1, 2], [2, 0, 1], [1, 2, 0]], cyclic(3)) // a vector of three, rolled
 */
export function permutationAction(permutations: ArrayInput, group: Group): PermutationAction {
	const { data, shape } = toTensor(permutations, "permutations");
	if (shape.length !== 2) throw shapeError("permutations", shape, "elements × positions");
	const [elements, count] = shape as [number, number];
	const order = groupOrder(group);
	if (elements !== order) throw actionError("permutations", shape, `${order} rows, as many as the group has elements`);
	const rows = Array.from({ length: elements }, (_, g) => Array.from(data.subarray(g * count, (g + 1) * count)));
	const wrong = rows.findIndex((row) => !isPermutation(row));
	if (wrong >= 0) throw actionError(`permutations[${wrong}]`, rows[wrong], `each of 0 … ${count - 1} once`);
	return Object.freeze({ type: "permutations", group, exact: true, permutations: frozenRows(rows) });
}

/**
 * Turns of vectors of at least two numbers in the plane of the first two: pose k is turned by 360°·k / order
 * counterclockwise.
 *
 * Errors: `action` when the order is no positive integer.
 *
 * @example const circle = await engine.orbit([[1, 0, 0.5]], planarRotations(6)); // shape [1, 6, 3]
 */
export function planarRotations(order: number): PlanarRotations {
	return cyclicAction("planarRotations", order);
}

/**
 * An action by a function, which runs on the calling thread.
 *
 * Errors: `group`; `action` when `apply` is no function or `exact` no truth value.
 *
 * @param group whose elements are numbered as its builder says
 * @param apply gives the pose of a sample under an element
 * @param options `exact` (default true): whether (gh)·x = g·(h·x) holds up to rounding
 * @example customAction(cyclic(2), (x, element) => (element === 0 ? x : x.map((value) => -value)))
 */
export function customAction(group: Group, apply: Apply, { exact = true }: { exact?: boolean } = {}): CustomAction {
	groupOrder(group);
	if (typeof apply !== "function") throw actionError("apply", apply, "a function");
	if (typeof exact !== "boolean") throw actionError("exact", exact, "true or false");
	return Object.freeze({ type: "custom", group, exact, apply });
}

/** An error about an action, or about samples that it can't act on. */
export function actionError(path: string, value: unknown, expected: string, cause?: unknown): OrbitKernelsError {
	const fields = { path, value, expected, ...(cause !== undefined && { cause }) };
	return new OrbitKernelsError("action", `${path}: got ${shown(value)}, expected ${expected}`, fields);
}

function cyclicAction<Type extends string>(type: Type, order: number, exact = true): Acting<Type, Cyclic> {
	return Object.freeze({ type, group: cyclic(checkOrder("order", order)), exact });
}

function checkOrder(path: string, order: number): number {
	if (!Number.isSafeInteger(order) || order < 1) throw actionError(path, order, "a positive integer");
	return order;
}
