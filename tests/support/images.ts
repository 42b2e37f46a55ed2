/**
 * Images as nested arrays and what NumPy does to them, from its definitions.
 * @module
 */
import { random } from "../../dist/index.js";

export type Image = number[][];

/** `np.rot90`. */
export const rot90 = (image: Image): Image =>
	(image[0] as number[]).map((_, k, row) => image.map((line) => line[row.length - 1 - k] as number));

/** `np.fliplr`. */
export const fliplr = (image: Image): Image => image.map((row) => row.toReversed());

/** `np.roll` of a list. */
export const roll = <Item>(items: Item[], by: number): Item[] =>
	items.map((_, k) => items.at((k - by) % items.length) as Item);

/** An image after a number of equal steps. */
export const repeated = (times: number, step: (image: Image) => Image, image: Image): Image =>
	times === 0 ? image : step(repeated(times - 1, step, image));

/** A matrix as nested arrays. */
export function nested({ data, shape }: { data: Float64Array; shape: number[] }): Image {
	const [rows, columns] = shape as [number, number];
	return Array.from({ length: rows }, (_, row) => [...data.subarray(row * columns, (row + 1) * columns)]);
}

const next = random(5);

/** Random numbers between −1 and 1. */
export function noise(...shape: number[]): { data: Float64Array; shape: number[] } {
	const size = shape.reduce((product, side) => product * side, 1);
	return { data: Float64Array.from({ length: size }, () => 2 * next() - 1), shape };
}
