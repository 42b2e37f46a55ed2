/**
 * Kernels of orbits: all values of the Gram of all poses, from it or from the few that an invariant kernel has.
 * @module
 */
import { checkMemory, type Tensor } from "../arrays.ts";
import type { GroupTable } from "./group.ts";

/** The kernel of pose g of seed a with pose h of seed b. */
export type Entry = (a: number, g: number, b: number, h: number) => number;

/** The entries of the Gram (m|G| × m|G|, seeds first) of `count` orbits. */
export function entriesOfGram({ data }: Tensor, count: number, order: number): Entry {
	const size = count * order;
	return (a, g, b, h) => data[(a * order + g) * size + b * order + h] as number;
}

/** The entries of an invariant kernel: κ(g·x, h·y) = κ(x, g⁻¹h·y), from k (m × m × |G|). */
export function entriesOfBlocks({ data }: Tensor, count: number, { order, product, inverse }: GroupTable): Entry {
	return (a, g, b, h) => {
		const u = product[(inverse[g] as number) * order + h] as number;
		return data[(a * count + b) * order + u] as number;
	};
}

/** The nearest invariant kernel, k̄_ab(u) = mean over g of K[(a, g), (b, gu)]: m × m × |G|. */
export function projected(entry: Entry, count: number, { order, product }: GroupTable): Tensor<Float64Array> {
	const data = new Float64Array(count * count * order);
	for (let a = 0, to = 0; a < count; a++)
		for (let b = 0; b < count; b++)
			for (let u = 0; u < order; u++) {
				let sum = 0;
				for (let g = 0; g < order; g++) sum += entry(a, g, b, product[g * order + u] as number);
				data[to++] = sum / order;
			}
	return { data, shape: [count, count, order] };
}

/** ‖K − PK‖ / ‖K‖ (Frobenius) of the Gram of some orbits and another of the same orbits. */
export function departure(whole: Entry, nearest: Entry, seeds: readonly number[], order: number): number {
	let [off, all] = [0, 0];
	for (const a of seeds)
		for (let g = 0; g < order; g++)
			for (const b of seeds)
				for (let h = 0; h < order; h++) {
					const value = whole(a, g, b, h);
					off += (value - nearest(a, g, b, h)) ** 2;
					all += value ** 2;
				}
	return all === 0 ? 0 : Math.sqrt(off / all);
}

/** The blocks of some seeds, from those of all: k (m × m × |G|). */
export function blocksOf(k: Tensor, seeds: readonly number[]): Tensor<Float64Array> {
	const [count, , order] = k.shape as [number, number, number];
	const data = new Float64Array(seeds.length ** 2 * order);
	let to = 0;
	for (const a of seeds)
		for (const b of seeds) {
			const from = (a * count + b) * order;
			data.set(k.data.subarray(from, from + order), to);
			to += order;
		}
	return { data, shape: [seeds.length, seeds.length, order] };
}

/** The distinct points of some orbits. */
export interface Points {
	/** Seed and element of each. */
	readonly points: readonly (readonly [seed: number, element: number])[];
	/** The place of a pose among them; that of an equal pose where it has none of its own. */
	place(seed: number, element: number): number;
}

/** The distinct points of some seeds, seeds first: of equal poses the first stands for all. */
export function distinctPoints(
	seeds: readonly number[],
	stabilizers: readonly (readonly number[])[],
	{ order, product }: GroupTable,
): Points {
	const points: [number, number][] = [];
	const places = new Map<number, Int32Array>();
	for (const seed of seeds) {
		const ofSeed = new Int32Array(order).fill(-1);
		for (let g = 0; g < order; g++) {
			if (ofSeed[g] !== -1) continue;
			// g·(h·x) = g·x for all h that leave x as it is.
			for (const h of stabilizers[seed] as readonly number[]) ofSeed[product[g * order + h] as number] = points.length;
			points.push([seed, g]);
		}
		places.set(seed, ofSeed);
	}
	return { points, place: (seed, element) => places.get(seed)?.[element] as number };
}

/** The Gram of points, n × n. */
export function gramOf(entry: Entry, { points }: Points, maxBytes: number): Tensor<Float64Array> {
	const size = points.length;
	checkMemory("the Gram of all poses", 8 * size * size, maxBytes);
	const data = new Float64Array(size * size);
	let to = 0;
	for (const [a, g] of points) for (const [b, h] of points) data[to++] = entry(a, g, b, h);
	return { data, shape: [size, size] };
}
