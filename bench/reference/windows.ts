/**
 * Where the windows of convolutions and pools lie in an image.
 * @module
 */
import type { Padding, Size } from "../../ts/network.ts";

/** The windows of all outputs. */
export interface Windows {
	/** Rows and columns of the output. */
	size: Size;
	/** For each location of the output, those of the input that its window reads, row by row; undefined: beyond the edge. */
	taps: (number | undefined)[][];
}

/** The windows of a layer at an image of a size. */
export function windowsOf([rows, columns]: Size, layer: { size: Size; stride?: Size; padding?: Padding }): Windows {
	const { size, padding = "valid" } = layer;
	const stride = layer.stride ?? [1, 1];
	const down = along(rows, size[0], stride[0], padding);
	const across = along(columns, size[1], stride[1], padding);
	const place = (row: number | undefined, column: number | undefined) =>
		row === undefined || column === undefined ? undefined : row * columns + column;
	const taps = down.flatMap((windowRows) =>
		across.map((windowColumns) => windowRows.flatMap((row) => windowColumns.map((column) => place(row, column)))),
	);
	return { size: [down.length, across.length], taps };
}

/** The same along one side of `n` locations. */
function along(n: number, length: number, stride: number, padding: Padding): (number | undefined)[][] {
	const count = padding === "valid" ? Math.floor((n - length) / stride) + 1 : Math.ceil(n / stride);
	if (count < 1) throw new Error(`a window of ${length} in an image of ${n}`);
	const padded = padding === "valid" ? 0 : Math.max((count - 1) * stride + length - n, 0);
	const low = Math.floor(padded / 2);
	return Array.from({ length: count }, (_, o) =>
		Array.from({ length }, (_, tap) => {
			const at = o * stride + tap - low;
			if (padding === "circular") return ((at % n) + n) % n;
			return at >= 0 && at < n ? at : undefined;
		}),
	);
}
