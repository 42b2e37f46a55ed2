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
	const columns = shape[1] as number;
	const out = Float64Array.from({ length: indices.length ** 2 }, (_, k) => {
		const [row, column] = [indices[Math.floor(k / indices.length)] as number, indices[k % indices.length] as number];
		return data[row * columns + column] as number;
	});
	return { data: out, shape: [indices.length, indices.length] };
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
