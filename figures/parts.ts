/**
 * Parts of arrays, and work on many items at a time.
 * @module
 */
import { type CallOptions, gather, inFlight, type LabelledImages, type Tensor } from "../ts/index.ts";
import type { FigureOptions } from "./figure.ts";

export { gather, submatrix } from "../ts/index.ts";

/** All indices below a count, but one. */
export const allBut = (count: number, without: number): number[] =>
	Array.from({ length: count }, (_, index) => index).filter((index) => index !== without);

/** The entries of each item along the first dimension (n × …), where they lie. */
export function rowsOf({ data, shape }: Tensor): Tensor["data"][] {
	const size = data.length / (shape[0] as number);
	return Array.from({ length: shape[0] as number }, (_, row) => data.subarray(row * size, (row + 1) * size));
}

/** Orbits (m × N × …) as one list of poses (m·N × …), those of the first orbit first. */
export function posesOf({ data, shape }: Tensor): Tensor {
	const [orbits, poses, ...rest] = shape as [number, number, ...number[]];
	return { data, shape: [orbits * poses, ...rest] };
}

/** Some images, in the order given, with their labels. */
export function someOf({ images, labels }: LabelledImages, indices: readonly number[]): LabelledImages {
	return {
		images: gather(images, indices) as LabelledImages["images"],
		labels: Int32Array.from(indices, (index) => labels[index] as number),
	};
}

/** Images (n × H × W), row by row, as whole grey values: `least` and what is below it 0, `most` and what is above 255. */
export function greys(images: Tensor, [least, most]: readonly [number, number] = [0, 1]): number[][] {
	const grey = (value: number) => Math.round(255 * Math.min(1, Math.max(0, (value - least) / (most - least))));
	return rowsOf(images).map((image) => Array.from(image, grey));
}

/** Gives a function that counts one, or more, of `total` as done, and shows it. */
export function counter({ onProgress }: Pick<CallOptions, "onProgress">, total: number): (more?: number) => void {
	let done = 0;
	onProgress?.({ done, total });
	return (more = 1) => {
		done += more;
		onProgress?.({ done, total });
	};
}

/** Gives a function that is told how much is done in all, and counts what of it is new. */
export function upTo(count: (more: number) => void): (done: number) => void {
	let counted = 0;
	return (done) => {
		count(done - counted);
		counted = done;
	};
}

/**
 * A result that is kept under its name, and on its way there what is needed to go on: `work` gets the last state that it
 * kept, if there is one, and does not run where the result is there.
 */
export async function keptOn<State, Result>(
	{ parts }: Pick<FigureOptions, "parts">,
	name: string,
	work: (state: State | undefined, keep: (state: State) => Promise<void>) => Promise<Result>,
): Promise<Result> {
	const part = await parts.read<{ result: Result } | { state: State }>(name);
	if (part && "result" in part) return part.result;
	const result = await work(part?.state, (state) => parts.write(name, { state }));
	await parts.write(name, { result });
	return result;
}

/** A result that is kept under its name, and computed only where it is not. */
export const kept = <Result>(options: FigureOptions, name: string, compute: () => Promise<Result>): Promise<Result> =>
	keptOn(options, name, compute);

/**
 * Work on all items, some at a time, each result kept as soon as it is there.
 *
 * @param name of the results: `<name>-0`, `<name>-1`, …; no two kinds of work of a figure have one
 * @param count called after each
 */
export function keptEach<Item, Result>(
	options: FigureOptions,
	name: string,
	items: readonly Item[],
	work: (item: Item, index: number) => Promise<Result>,
	count: () => void,
): Promise<Result[]> {
	// One more than workers: they have work while this thread is at the last one's results.
	return inFlight(options.engine.workers + 1, items, async (item, index) => {
		const result = await kept(options, `${name}-${index}`, () => work(item, index));
		count();
		return result;
	});
}

/** Images (n × h × w) in the middle of larger ones (n × H × W) of zeros. */
export function framed({ data, shape }: Tensor, [rows, columns]: readonly [number, number]): Tensor<Float64Array> {
	const [count, height, width] = shape as [number, number, number];
	const [top, left] = [Math.floor((rows - height) / 2), Math.floor((columns - width) / 2)];
	const out = new Float64Array(count * rows * columns);
	for (let image = 0; image < count; image++)
		for (let row = 0; row < height; row++) {
			const from = (image * height + row) * width;
			out.set(data.subarray(from, from + width), (image * rows + top + row) * columns + left);
		}
	return { data: out, shape: [count, rows, columns] };
}
