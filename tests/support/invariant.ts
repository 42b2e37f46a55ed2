/**
 * Invariant kernels and the groups that they are tested with.
 * @module
 */
import {
	alternating,
	cyclic,
	dihedral,
	type Group,
	permutationGroup,
	product,
	quaternion,
	random,
	symmetric,
	tableGroup,
} from "../../dist/index.js";
import type { LoadedArray } from "./files.ts";
import { tableOf } from "./groups.ts";

/** Seeds as functions on the group with several channels, moved by (h·x)(v) = x(h⁻¹v), and averaged over subgroups. */
export function invariantKernel(group: Group, seed: number, stabilizers: number[][]): LoadedArray {
	const { order, product: table, inverse } = tableOf(group);
	const times = (g: number, h: number) => table[g * order + h] as number;
	const m = stabilizers.length;
	const next = random(seed);
	const channels = m + 1;
	const seeds = stabilizers.map((members) => {
		const raw = Float64Array.from({ length: channels * order }, () => 2 * next() - 1);
		return raw.map((_, at) => {
			const [channel, v] = [Math.floor(at / order), at % order];
			return members.reduce((sum, h) => sum + (raw[channel * order + times(h, v)] as number), 0) / members.length;
		});
	});
	const data = new Float64Array(m * m * order);
	for (let at = 0; at < data.length; at++) {
		const [a, b, u] = [Math.floor(at / order / m), Math.floor(at / order) % m, at % order];
		const [x, y] = [seeds[a] as Float64Array, seeds[b] as Float64Array];
		let sum = 0;
		for (let place = 0; place < x.length; place++) {
			const moved = place - (place % order) + times(inverse[u] as number, place % order);
			sum += ((x[place] as number) * (y[moved] as number)) / order;
		}
		data[at] = sum;
	}
	return { data, shape: [m, m, order] };
}

/** The distinct points of some orbits, and the Gram of all of them. */
export function wholeGram(k: LoadedArray, group: Group, stabilizers: number[][]) {
	const { order, product: table, inverse } = tableOf(group);
	const times = (g: number, h: number) => table[g * order + h] as number;
	const m = stabilizers.length;
	const points = stabilizers.flatMap((members, a) =>
		Array.from({ length: order }, (_, g) => g)
			.filter((g) => members.every((h) => times(g, h) >= g))
			.map((g) => [a, g] as const),
	);
	const n = points.length;
	const data = new Float64Array(n * n);
	points.forEach(([a, g], i) => {
		points.forEach(([b, h], j) => {
			data[i * n + j] = k.data[(a * m + b) * order + times(inverse[g] as number, h)] as number;
		});
	});
	const place = (a: number, g: number) => {
		const first = Math.min(...(stabilizers[a] as number[]).map((h) => times(g, h)));
		return points.findIndex(([b, h]) => a === b && h === first);
	};
	return { gram: { data, shape: [n, n] }, points, place, order, m, times };
}

/** Uniform numbers between −1 and 1. */
export function numbers(shape: number[], seed: number): LoadedArray {
	const next = random(seed);
	const size = shape.reduce((product, side) => product * side, 1);
	return { data: Float64Array.from({ length: size }, () => 2 * next() - 1), shape };
}

/** Rows of a matrix, by their indices. */
export function rowsAt(values: LoadedArray, rows: number[]): Float64Array {
	const width = values.data.length / (values.shape[0] as number);
	return Float64Array.from(rows.flatMap((row) => [...values.data.subarray(row * width, (row + 1) * width)]));
}

/** Free orbits: stabilizers of the identity alone. */
export const free = (m: number, identity = 0) => Array.from({ length: m }, () => [identity]);
/** Groups, and stabilizers of some seeds. */
export const groups: [string, Group, number[][]][] = [
	["C1", cyclic(1), free(3)],
	["C7", cyclic(7), free(2)],
	["C12", cyclic(12), [[0], [0, 6], [0, 4, 8]]],
	["C4 × C6", product(cyclic(4), cyclic(6)), free(2)],
	["D4", dihedral(4), [[0], [0, 4], [0, 1, 2, 3]]],
	["S3", symmetric(3), free(3)],
	["S4", symmetric(4), free(2)],
	["S5", symmetric(5), free(1)],
	["A4", alternating(4), free(2)],
	["A5", alternating(5), free(1)],
	["Q8", quaternion(), [[0], [0, 1], [0]]],
	["C3 × Q8", product(cyclic(3), quaternion()), free(1)],
	[
		"permutations",
		permutationGroup([
			[1, 2, 3, 0, 5, 6, 4],
			[0, 1, 2, 3, 5, 4, 6],
		]),
		free(1),
	],
	[
		"a table with the identity last",
		tableGroup([
			[1, 2, 0],
			[2, 0, 1],
			[0, 1, 2],
		]),
		free(2, 2),
	],
];
