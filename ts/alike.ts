/**
 * Images that are each other shifted, turned or mirrored, and the pairs of them that have one kernel.
 * @module
 */
import type { Tensor } from "./arrays.ts";

/** What a pooled kernel does not change under: shifts of one image; turns and mirror images of both together. */
export interface Symmetry {
	shifts: boolean;
	turns: boolean;
	flips: boolean;
}

/** A signed permutation of the two axes, about the centre of the image: rows of a 2 × 2 matrix. */
type Element = readonly [number, number, number, number];

const IDENTITY: Element = [1, 0, 0, 1];
const MIRRORS: readonly Element[] = [
	[-1, 0, 0, -1],
	[1, 0, 0, -1],
	[-1, 0, 0, 1],
];
const TURNS: readonly Element[] = [
	[0, 1, 1, 0],
	[0, -1, -1, 0],
	[0, 1, -1, 0],
	[0, -1, 1, 0],
];

const transposed = ([a, b, c, d]: Element): Element => [a, c, b, d];
const times = ([a, b, c, d]: Element, [e, f, g, h]: Element): Element => [
	a * e + b * g,
	a * f + b * h,
	c * e + d * g,
	c * f + d * h,
];

/** An image as an element of the group applied to the first image of its class. */
interface Place {
	class: number;
	element: Element;
}

/** For each pixel of an image, the pixel of the other that an element takes there. */
function sourceOf(element: Element, rows: number, columns: number): Int32Array {
	const [a, b, c, d] = transposed(element);
	const source = new Int32Array(rows * columns);
	for (let y = 0; y < rows; y++)
		for (let x = 0; x < columns; x++) {
			const [v, u] = [2 * y - rows + 1, 2 * x - columns + 1];
			const [row, column] = [(a * v + b * u + rows - 1) / 2, (c * v + d * u + columns - 1) / 2];
			source[y * columns + x] = row * columns + column;
		}
	return source;
}

/**
 * A name for each pair of images (n × H × W × …, m × H × W × …), the same where their kernels are; undefined where no two
 * images are alike, number by number. Images are compared only where they have the same numbers in some order.
 *
 * @example alikePairs({ shifts: true, turns: false, flips: false }, [shifted, shifted])?.(0, 1)
 */
export function alikePairs(
	{ shifts, turns, flips }: Symmetry,
	tensors: readonly [Tensor] | readonly [Tensor, Tensor],
): ((i: number, j: number) => string) | undefined {
	if (!shifts && !flips) return undefined;
	const [, rows, columns, channels = 1] = tensors[0].shape as [number, number, number, number?];
	const elements = [IDENTITY, ...(flips ? MIRRORS : []), ...(turns && rows === columns ? TURNS : [])];
	const sources = elements.map((element) => sourceOf(element, rows, columns));
	const size = rows * columns * channels;
	const classes = new Map<string, { image: Tensor["data"]; class: number }[]>();
	let [count, images] = [0, 0];

	/** Whether an image is another one, as an element and a shift take it. */
	const equal = (image: Tensor["data"], other: Tensor["data"], source: Int32Array, down: number, right: number) => {
		for (let y = 0; y < rows; y++)
			for (let x = 0; x < columns; x++) {
				const to = ((y + down) % rows) * columns + ((x + right) % columns);
				const from = source[y * columns + x] as number;
				for (let c = 0; c < channels; c++) if (image[to * channels + c] !== other[from * channels + c]) return false;
			}
		return true;
	};
	const alike = (image: Tensor["data"], other: Tensor["data"], source: Int32Array) => {
		for (let down = 0; down < (shifts ? rows : 1); down++)
			for (let right = 0; right < (shifts ? columns : 1); right++)
				if (equal(image, other, source, down, right)) return true;
		return false;
	};
	const placeOf = (image: Tensor["data"]): Place => {
		images++;
		const key = Float64Array.from(image).sort().join();
		const known = classes.get(key) ?? [];
		classes.set(key, known);
		for (const first of known)
			for (const [k, source] of sources.entries())
				if (alike(image, first.image, source)) return { class: first.class, element: elements[k] as Element };
		known.push({ image, class: count });
		return { class: count++, element: IDENTITY };
	};
	const places = tensors.map(({ data, shape }) =>
		Array.from({ length: shape[0] as number }, (_, k) => placeOf(data.subarray(k * size, (k + 1) * size))),
	);
	if (count === images) return undefined;
	const [left, right = left] = places as [Place[], Place[]?];
	const symmetric = tensors.length === 1;
	return (i, j) => {
		if (symmetric && i === j) return `${i}`;
		const [a, b] = [left[i] as Place, right[j] as Place];
		const between = times(transposed(a.element), b.element);
		const name = `${a.class} ${b.class} ${between}`;
		if (!symmetric || a.class < b.class) return name;
		const other = `${b.class} ${a.class} ${transposed(between)}`;
		return a.class > b.class || other < name ? other : name;
	};
}
