/**
 * Parts of arrays, and work on many items at a time.
 * @module
 */
import { inFlight, type Tensor } from "../ts/index.ts";
import type { FigureOptions } from "./figure.ts";

export { gather, submatrix } from "../ts/index.ts";

/** Gives a function that counts one, or more, of `total` as done, and shows it. */
export function counter({ onProgress }: FigureOptions, total: number): (more?: number) => void {
	let done = 0;
	onProgress?.({ done, total });
	return (more = 1) => {
		done += more;
		onProgress?.({ done, total });
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
