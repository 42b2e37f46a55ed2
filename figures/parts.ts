/**
 * Parts of arrays, and work on many items at a time.
 * @module
 */
import type { Tensor } from "../ts/index.ts";

export { gather, inFlight, submatrix } from "../ts/index.ts";

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
