/**
 * Finite groups: descriptions as plain data, and the tables that follow from them.
 * @module
 */
import { OrbitKernelsError } from "../errors.ts";

/** A finite group as plain frozen data, the JSON that is stored in reports. */
export type Group =
	| { readonly type: "cyclic"; readonly order: number }
	| { readonly type: "dihedral"; readonly order: number }
	| { readonly type: "symmetric"; readonly degree: number }
	| { readonly type: "alternating"; readonly degree: number }
	| { readonly type: "quaternion" }
	| { readonly type: "product"; readonly factors: readonly Group[] }
	| { readonly type: "permutations"; readonly generators: readonly (readonly number[])[] }
	| { readonly type: "table"; readonly table: readonly (readonly number[])[] };

/** A group of one type, such as `GroupOf<"cyclic">`. */
export type GroupOf<Type extends Group["type"]> = Extract<Group, { type: Type }>;

/** How the elements of a group, numbered from 0, multiply. */
export interface GroupTable {
	readonly order: number;
	/** order × order, row-major: entry g·order + h is the number of gh. */
	readonly product: Uint32Array;
	/** The number of g⁻¹ for each g. */
	readonly inverse: Uint32Array;
	readonly identity: number;
	/** Elements whose products are the whole group. */
	readonly generators: readonly number[];
}

/** Of symmetric and alternating groups; the next one has 720 elements. */
const MAX_DEGREE = 5;

/** Of groups given by permutations: tables grow with the square. */
const MAX_ORDER = 5040;

/**
 * The cyclic group of `order` elements; element k is the k-th power of the first.
 *
 * Errors: `group` when the order is no positive integer.
 *
 * @example cyclic(8) // { type: "cyclic", order: 8 }
 */
export function cyclic(order: number): GroupOf<"cyclic"> {
	return Object.freeze({ type: "cyclic", order: checkPositive("order", order) });
}

/**
 * The symmetries of a regular polygon with `order` corners, 2·order of them: r^a s^b, s applied first, has index
 * a + order·b.
 *
 * Errors: `group` when the order is no positive integer.
 *
 * @example dihedral(4) // of a square
 */
export function dihedral(order: number): GroupOf<"dihedral"> {
	return Object.freeze({ type: "dihedral", order: checkPositive("order", order) });
}

/**
 * All permutations of `degree` things in lexicographic order; (pq)[i] = p[q[i]].
 *
 * Errors: `group` when the degree is no integer from 1 to 5.
 */
export function symmetric(degree: number): GroupOf<"symmetric"> {
	return Object.freeze({ type: "symmetric", degree: checkDegree(degree) });
}

/**
 * The even permutations of `degree` things in lexicographic order; (pq)[i] = p[q[i]].
 *
 * Errors: `group` when the degree is no integer from 1 to 5.
 */
export function alternating(degree: number): GroupOf<"alternating"> {
	return Object.freeze({ type: "alternating", degree: checkDegree(degree) });
}

/** The quaternion units 1, −1, i, −i, j, −j, k, −k, in this order. */
export function quaternion(): GroupOf<"quaternion"> {
	return Object.freeze({ type: "quaternion" });
}

/**
 * The direct product of groups; elements are numbered with the last factor fastest.
 *
 * Errors: `group` when there is no factor, or one is no group.
 *
 * @example product(cyclic(4), cyclic(4)) // element (a, b) has index 4a + b
 */
export function product(...factors: readonly Group[]): GroupOf<"product"> {
	if (factors.length === 0) throw groupError("factors", [], "at least one group");
	for (const [k, factor] of factors.entries()) checkGroup(factor, `factors[${k}]`);
	return Object.freeze({ type: "product", factors: Object.freeze([...factors]) });
}

/**
 * The group that permutations generate; each is the list of the images of 0 … n − 1, and (pq)[i] = p[q[i]].
 *
 * Its elements come breadth first from the identity, by multiplication with the generators from the right.
 *
 * Errors: `group` when a generator is no permutation, or they differ in length.
 *
 * @example permutationGroup([[1, 2, 3, 0], [2, 1, 0, 3]]) // of the corners of a square
 */
export function permutationGroup(generators: readonly (readonly number[])[]): GroupOf<"permutations"> {
	if (!Array.isArray(generators) || generators.length === 0)
		throw groupError("generators", generators, "a list of permutations");
	const degree: unknown = generators[0]?.length;
	for (const [k, generator] of generators.entries()) {
		const valid = Array.isArray(generator) && generator.length > 0 && generator.length === degree;
		if (!valid || !isPermutation(generator))
			throw groupError(`generators[${k}]`, generator, `each of 0 … ${degree ? `${Number(degree) - 1}` : "n − 1"} once`);
	}
	return Object.freeze({ type: "permutations", generators: frozenRows(generators) });
}

/**
 * The group with this multiplication table: entry [g][h] is the number of gh.
 *
 * That it is a group is checked where the table is used. Errors: `group` when it is not square or an entry is no element.
 *
 * @example tableGroup([[0, 1], [1, 0]]) // of two elements
 */
export function tableGroup(table: readonly (readonly number[])[]): GroupOf<"table"> {
	if (!Array.isArray(table) || table.length === 0) throw groupError("table", table, "a square table");
	const order = table.length;
	for (const [g, row] of table.entries()) {
		if (!Array.isArray(row) || row.length !== order)
			throw groupError(`table[${g}]`, row, `${order} entries, as many as the table has rows`);
		for (const [h, entry] of row.entries())
			if (!(Number.isInteger(entry) && entry >= 0 && entry < order))
				throw groupError(`table[${g}][${h}]`, entry, `an integer from 0 to ${order - 1}`);
	}
	return Object.freeze({ type: "table", table: frozenRows(table) });
}

/**
 * The number of elements.
 *
 * Errors: `group` for what is no group, and for permutations that generate more than 5040 elements.
 */
export function groupOrder(group: Group): number {
	checkGroup(group, "group");
	switch (group.type) {
		case "cyclic":
			return group.order;
		case "dihedral":
			return 2 * group.order;
		case "symmetric":
			return factorial(group.degree);
		case "alternating":
			return Math.max(1, factorial(group.degree) / 2);
		case "quaternion":
			return 8;
		case "product":
			return group.factors.reduce((order, factor) => order * groupOrder(factor), 1);
		case "permutations":
			return countGenerated(group.generators);
		case "table":
			return group.table.length;
	}
}

/** Whether a list holds each of 0 … n − 1 once. */
export function isPermutation(list: ArrayLike<number>): boolean {
	const seen = new Uint8Array(list.length);
	for (let k = 0; k < list.length; k++) {
		const image = list[k] as number;
		// Not an index below the length: undefined, which is not 0 either.
		if (seen[image] !== 0) return false;
		seen[image] = 1;
	}
	return true;
}

/** A copy that nobody can change. */
export function frozenRows(rows: readonly (readonly number[])[]): readonly (readonly number[])[] {
	return Object.freeze(rows.map((row) => Object.freeze([...row])));
}

/** A value as error messages show it. */
export function shown(value: unknown): string {
	return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
}

const TYPES: readonly Group["type"][] = [
	"cyclic",
	"dihedral",
	"symmetric",
	"alternating",
	"quaternion",
	"product",
	"permutations",
	"table",
];

function checkGroup(group: unknown, path: string): void {
	const type = (group as Partial<Group> | null | undefined)?.type;
	if (type === undefined || !TYPES.includes(type)) throw groupError(path, group, `a group: ${TYPES.join(", ")}`);
}

function checkPositive(path: string, value: number): number {
	if (!Number.isSafeInteger(value) || value < 1) throw groupError(path, value, "a positive integer");
	return value;
}

function checkDegree(degree: number): number {
	if (!Number.isInteger(degree) || degree < 1 || degree > MAX_DEGREE)
		throw groupError("degree", degree, `an integer from 1 to ${MAX_DEGREE}`);
	return degree;
}

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));

function countGenerated(generators: readonly (readonly number[])[]): number {
	const unit = Array.from(generators[0] as readonly number[], (_, k) => k);
	const found = new Map([[unit.join(), unit]]);
	// A map goes on to what is added while it is walked.
	for (const element of found.values())
		for (const generator of generators) {
			const next = generator.map((k) => element[k] as number);
			found.set(next.join(), next);
			if (found.size > MAX_ORDER)
				throw groupError("generators", generators, `generators of at most ${MAX_ORDER} elements`);
		}
	return found.size;
}

/** An error about a group. */
export function groupError(path: string, value: unknown, expected: string): OrbitKernelsError {
	return new OrbitKernelsError("group", `${path}: got ${shown(value)}, expected ${expected}`, {
		path,
		value,
		expected,
	});
}
