/**
 * Parts of arrays, and work on many items at a time.
 * @module
 */

interface Matrix<Data> {
	data: Data;
	shape: readonly number[];
}

/** Some entries along the first dimension, in the order given. */
export function gather({ data, shape }: Matrix<Float64Array | Float32Array>, rows: readonly number[]) {
	const [, ...rest] = shape;
	const size = rest.reduce((product, side) => product * side, 1);
	const out = new Float64Array(rows.length * size);
	for (const [to, row] of rows.entries()) out.set(data.subarray(row * size, (row + 1) * size), to * size);
	return { data: out, shape: [rows.length, ...rest] };
}

/** Some rows and the same columns of a square matrix. */
export function submatrix({ data, shape }: Matrix<Float64Array | Float32Array>, indices: readonly number[]) {
	const [columns, size] = [shape[1] as number, indices.length];
	const out = new Float64Array(size * size);
	for (let i = 0, to = 0; i < size; i++) {
		const start = (indices[i] as number) * columns;
		for (let j = 0; j < size; j++) out[to++] = data[start + (indices[j] as number)] as number;
	}
	return { data: out, shape: [size, size] };
}

/** Images (n × h × w) in the middle of larger ones (n × H × W) of zeros. */
export function framed({ data, shape }: Matrix<Float64Array>, [rows, columns]: readonly [number, number]) {
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

/** Does `work` on all items, at most `count` at a time; the first failure ends it. */
export async function inFlight<Item, Result>(
	count: number,
	items: readonly Item[],
	work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
	const results: Result[] = [];
	let failed = false;
	const queue = items.entries();
	const lane = async () => {
		for (const [index, item] of queue) {
			if (failed) return;
			results[index] = await work(item);
		}
	};
	const lanes = Array.from({ length: Math.min(count, items.length) }, lane);
	await Promise.all(lanes).catch((error) => {
		failed = true;
		throw error;
	});
	return results;
}
