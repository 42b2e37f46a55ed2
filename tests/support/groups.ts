/**
 * Tables of groups from their definitions, element by element: what actions are checked by, and what the engine's own
 * tables have to be.
 * @module
 */
import type { Group, GroupTable } from "../../dist/index.js";

/** The elements of a group in order, multiplied, as text that tells them apart. */
interface Elements<Element> {
	elements: Element[];
	multiply(a: Element, b: Element): Element;
}

/** The table of a group by multiplying all elements. */
export function tableOf(group: Group): GroupTable {
	const { elements, multiply } = elementsOf(group);
	const keys = new Map(elements.map((element, g) => [JSON.stringify(element), g]));
	const order = elements.length;
	const product = Uint32Array.from(
		elements.flatMap((a) => elements.map((b) => keys.get(JSON.stringify(multiply(a, b))) as number)),
	);
	const all = elements.map((_, g) => g);
	const identity = all.findIndex((e) => all.every((g) => product[e * order + g] === g));
	const inverse = Uint32Array.from(all, (g) => all.findIndex((h) => product[g * order + h] === identity));
	return { order, product, inverse, identity, generators: generatorsOf(order, product, identity) };
}

/** Each element that those before it do not generate. */
function generatorsOf(order: number, product: Uint32Array, identity: number): number[] {
	const generators: number[] = [];
	let reached = new Set([identity]);
	for (let g = 0; g < order; g++) {
		if (reached.has(g)) continue;
		generators.push(g);
		reached = new Set([identity]);
		for (const element of reached)
			for (const generator of generators) reached.add(product[element * order + generator] as number);
	}
	return generators;
}

const range = (count: number) => Array.from({ length: count }, (_, k) => k);

// biome-ignore lint/suspicious/noExplicitAny: elements of any kind, multiplied by their own kind only
function elementsOf(group: Group): Elements<any> {
	switch (group.type) {
		case "cyclic":
			return { elements: range(group.order), multiply: (a: number, b: number) => (a + b) % group.order };
		case "dihedral": {
			const n = group.order;
			// s r = r⁻¹ s
			const multiply = ([a, b]: [number, number], [c, d]: [number, number]) => [(a + (b ? n - c : c)) % n, b ^ d];
			return { elements: [0, 1].flatMap((b) => range(n).map((a) => [a, b])), multiply };
		}
		case "symmetric":
			return { elements: permutations(range(group.degree)), multiply: composed };
		case "alternating":
			return { elements: permutations(range(group.degree)).filter(isEven), multiply: composed };
		case "quaternion":
			return { elements: QUATERNIONS, multiply: multiplyQuaternions };
		case "product": {
			const factors = group.factors.map(elementsOf);
			const elements = factors.reduce<unknown[][]>(
				(tuples, { elements }) => tuples.flatMap((tuple) => elements.map((element) => [...tuple, element])),
				[[]],
			);
			const multiply = (a: unknown[], b: unknown[]) => factors.map((factor, k) => factor.multiply(a[k], b[k]));
			return { elements, multiply };
		}
		case "permutations":
			return { elements: generated(group.generators), multiply: composed };
		case "table":
			return { elements: range(group.table.length), multiply: (a: number, b: number) => group.table[a]?.[b] };
	}
}

/** In lexicographic order. */
function permutations(things: number[]): number[][] {
	if (things.length === 0) return [[]];
	return things.flatMap((first) =>
		permutations(things.filter((thing) => thing !== first)).map((rest) => [first, ...rest]),
	);
}

/** First q, then p. */
const composed = (p: readonly number[], q: readonly number[]) => q.map((k) => p[k] as number);

const isEven = (p: number[]) => p.flatMap((a, i) => p.slice(i + 1).filter((b) => b < a)).length % 2 === 0;

/** Breadth first. */
function generated(generators: readonly (readonly number[])[]): number[][] {
	const unit = range((generators[0] as readonly number[]).length);
	const found = new Map([[unit.join(), unit]]);
	for (const element of found.values())
		for (const generator of generators) {
			const next = composed(element, generator);
			found.set(next.join(), next);
		}
	return [...found.values()];
}

/** 1, −1, i, −i, j, −j, k, −k by their four parts. */
const QUATERNIONS = range(4).flatMap((part) => [1, -1].map((sign) => range(4).map((k) => (k === part ? sign : 0))));

function multiplyQuaternions([a, b, c, d]: number[], [e, f, g, h]: number[]): number[] {
	const [p, q, r, s] = [a, b, c, d] as [number, number, number, number];
	const [t, u, v, w] = [e, f, g, h] as [number, number, number, number];
	const parts = [
		p * t - q * u - r * v - s * w,
		p * u + q * t + r * w - s * v,
		p * v - q * w + r * t + s * u,
		p * w + q * v - r * u + s * t,
	];
	// No negative zeros: they are written as zeros, but are not equal to them.
	return parts.map((part) => part + 0);
}
