/**
 * Parts of arrays.
 * @module
 */
import type { Tensor } from "./arrays.ts";

/** Some entries along the first dimension (n × …), in the order given. */
export function gather({ data, shape }: Tensor, rows: readonly number[]): Tensor<Float64Array> {
	const [, ...rest] = shape;
	const size = rest.reduce((product, side) => product * side, 1);
	const out = new Float64Array(rows.length * size);
	for (const [to, row] of rows.entries()) out.set(data.subarray(row * size, (row + 1) * size), to * size);
	return { data: out, shape: [rows.length, ...rest] };
}

/** Some rows and the same columns of a square matrix. */
export function submatrix({ data, shape }: Tensor, indices: ArrayLike<number>): Tensor<Float64Array> {
	const [columns, size] = [shape[1] as number, indices.length];
	const out = new Float64Array(size * size);
	for (let i = 0, to = 0; i < size; i++) {
		const start = (indices[i] as number) * columns;
		for (let j = 0; j < size; j++) out[to++] = data[start + (indices[j] as number)] as number;
	}
	return { data: out, shape: [size, size] };
}
