/**
 * Orbits whose poses the kernel does not tell apart, all of them or some: the Gram is singular, but the labels agree.
 *
 * The c poses of such a point count as one: c equal samples with the same target are one sample with features and target √c
 * times as large. With a ridge λ, s of them left out, the others' inverse (K̃ + λI)⁻¹ has (c − s)/(sλ) added to its diagonal
 * there: without a ridge their error is 0, which no factorization of the whole Gram can say.
 * @module
 */
import { regression } from "../inference.ts";
import { copyOf, INDISTINCT } from "../pair-task.ts";
import { distinctPoints, type Entry, gramOf } from "./entries.ts";
import type { GroupTable } from "./group.ts";
import type { Direct, Held, Problem, Setting } from "./held-out.ts";

/**
 * For each of m seeds the elements whose poses the kernel does not tell from the seed's, ascending: those that fix it, or a
 * larger subgroup H where for all g the rows of g·x and gh·x, h in H, are equal to 1e-10 of the Gram's largest entry.
 */
export function indistinctElements(
	entry: Entry,
	stabilizers: readonly (readonly number[])[],
	{ order, product, identity }: GroupTable,
): number[][] {
	const elements = Array.from({ length: order }, (_, g) => g);
	const seeds = stabilizers.map((_, a) => a);
	// No entry of a positive semidefinite matrix is larger than its diagonal's largest.
	const diagonal = seeds.flatMap((a) => elements.map((g) => Math.abs(entry(a, g, a, g))));
	const largest = diagonal.reduce((most, value) => Math.max(most, value), 0);
	const same = (a: number, g: number, h: number) =>
		seeds.every((b) => elements.every((j) => Math.abs(entry(a, g, b, j) - entry(a, h, b, j)) <= INDISTINCT * largest));
	return stabilizers.map((fixing, a) => {
		const found = elements.filter((h) => same(a, identity, h));
		const members = new Set(found);
		const closed =
			fixing.every((h) => members.has(h)) && found.every((g) => found.every((h) => members.has(times(g, h))));
		const seen = new Set(found);
		const alike = (g: number) => {
			if (seen.has(g)) return true;
			for (const member of coset(g)) seen.add(member);
			return coset(g).every((member) => member === g || same(a, g, member));
		};
		// Of a kernel that is not invariant, equal rows of some poses are no symmetry but chance.
		return closed && elements.every(alike) ? found : [...fixing];

		function coset(g: number): number[] {
			return found.map((h) => times(g, h));
		}
	});

	function times(g: number, h: number): number {
		return product[g * order + h] as number;
	}
}

/** Whether the kernel tells apart less than the distinct poses of some orbit. */
export function isFolded({ gram, indistinct }: Setting, seeds: readonly number[]): boolean {
	return seeds.some((seed) => copiesOf(gram.stabilizers, indistinct, seed) > 1);
}

/** Whether all poses of an orbit of several are one point to the kernel. */
export function isCollapsed({ gram, indistinct, table }: Setting, seed: number): boolean {
	return (indistinct[seed] as number[]).length === table.order && copiesOf(gram.stabilizers, indistinct, seed) > 1;
}

function copiesOf(stabilizers: readonly number[][], indistinct: readonly number[][], seed: number): number {
	return (indistinct[seed] as number[]).length / (stabilizers[seed] as number[]).length;
}

/** Direct regression on the points that the kernel tells apart. */
export async function regressFolded(setting: Setting, entry: Entry, { seeds, targets }: Problem): Promise<Direct> {
	const { context, gram, indistinct, table, holdOut, ridge, signal } = setting;
	const call = signal ? { signal } : {};
	const points = distinctPoints(seeds, indistinct, table);
	const distinct = distinctPoints(seeds, gram.stabilizers, table);
	/** The points of a seed's held-out poses, one for each distinct pose. */
	const places = (seed: number) => [
		...new Map(holdOut.map((g) => [distinct.place(seed, g), points.place(seed, g)])).values(),
	];
	const size = points.points.length;
	const copies = points.points.map(([seed]) => copiesOf(gram.stabilizers, indistinct, seed));
	const columns = (targets[0] as readonly number[]).length;

	// Columns of the inverse beside the targets' solutions.
	const columnOf = new Map([...new Set(seeds.flatMap(places))].map((place, k) => [place, columns + k]));
	const width = columns + columnOf.size;
	const y = new Float64Array(size * width);
	const own = new Map(seeds.map((seed, k) => [seed, targets[k] as readonly number[]]));
	for (const [row, [seed]] of points.points.entries())
		for (const [c, target] of (own.get(seed) as readonly number[]).entries())
			y[row * width + c] = target * Math.sqrt(copies[row] as number);
	for (const [place, column] of columnOf) y[place * width + column] = 1;
	const whole = gramOf(entry, points, context.maxBytes);
	for (const [at, value] of whole.data.entries())
		whole.data[at] = value * Math.sqrt((copies[Math.floor(at / size)] as number) * (copies[at % size] as number));
	const { data } = (await regression(context, whole, { data: y, shape: [size, width] }, { ridge, ...call }))
		.coefficients;
	const solved = (place: number, column: number) => data[place * width + column] as number;
	const inverse = (p: number, q: number) =>
		(solved(p, columnOf.get(q) as number) + solved(q, columnOf.get(p) as number)) / 2;

	const single = (place: number): Held => {
		const coefficients = Array.from({ length: columns }, (_, c) => solved(place, c));
		const parts = coefficients.map((value) => copyOf(copies[place] as number, ridge, value, inverse(place, place)));
		const [{ density }] = parts as [(typeof parts)[0]];
		const separation = parts.map((part) => part.separation);
		return { residuals: [separation.map((value) => value / density)], parts: { separation, density } };
	};
	/** Residuals of poses that are left out together, by the points that they are of. */
	const several = async (held: readonly number[]): Promise<number[][]> => {
		const counts = new Map<number, number>();
		for (const place of held) counts.set(place, (counts.get(place) ?? 0) + 1);
		const remain = (place: number) => (copies[place] as number) - (counts.get(place) as number);
		// Without a ridge, poses with an equal among the others are known.
		const unknown = [...counts.keys()].filter((place) => ridge > 0 || remain(place) === 0);
		const residuals = new Map<number, number[]>();
		if (unknown.length > 0) {
			const added = (place: number) =>
				remain(place) === 0 ? 0 : remain(place) / ((counts.get(place) as number) * ridge);
			const matrix = unknown.map((p) => unknown.map((q) => inverse(p, q) + (p === q ? added(p) : 0)));
			const right = unknown.map((place) => Array.from({ length: columns }, (_, c) => solved(place, c)));
			const { coefficients } = await regression(context, matrix, right, call);
			for (const [k, place] of unknown.entries()) {
				const scale = Math.sqrt(copies[place] as number) / (counts.get(place) as number);
				const row = coefficients.data.subarray(k * columns, (k + 1) * columns);
				residuals.set(
					place,
					Array.from(row, (value) => value * scale),
				);
			}
		}
		return held.map((place) => residuals.get(place) ?? new Array<number>(columns).fill(0));
	};

	const held: Held[] = [];
	for (const seed of seeds) {
		const [first, ...more] = places(seed) as [number, ...number[]];
		held.push(more.length === 0 ? single(first) : { residuals: await several([first, ...more]), parts: null });
	}
	const together = async (members: readonly number[]) => {
		const each = members.map(places);
		const rows = await several(each.flat());
		return each.map(({ length }) => rows.splice(0, length));
	};
	return { held, together };
}
