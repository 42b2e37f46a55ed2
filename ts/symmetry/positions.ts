/**
 * Rearrangements of the positions of an image, rows first: position p of the result shows position `source[p]`.
 * @module
 */

/** For each position of the result the one that it shows. */
export type Source = Uint32Array;

/** Nothing moves. */
export function unmoved(count: number): Source {
	return Uint32Array.from({ length: count }, (_, p) => p);
}

/** A half turn of an image of any shape. */
export function halfTurn(count: number): Source {
	return unmoved(count).reverse();
}

/** A quarter turn of a square image in the direction of `np.rot90`. */
export function quarterTurn(side: number): Source {
	return rearranged(side, side, (row, column) => [column, side - 1 - row]);
}

/** Left and right exchanged. */
export function mirrored(rows: number, columns: number): Source {
	return rearranged(rows, columns, (row, column) => [row, columns - 1 - column]);
}

/** `np.roll` by 0 ≤ down < rows and 0 ≤ right < columns. */
export function rolled(rows: number, columns: number, down: number, right: number): Source {
	return rearranged(rows, columns, (row, column) => [(row - down + rows) % rows, (column - right + columns) % columns]);
}

/** One rearrangement after another. */
export function successive(first: Source, second: Source): Source {
	return second.map((p) => first[p] as number);
}

/** The powers 0 … count − 1 of a rearrangement. */
export function powers(source: Source, count: number): Source[] {
	const all = [unmoved(source.length)];
	while (all.length < count) all.push(successive(all.at(-1) as Source, source));
	return all;
}

function rearranged(rows: number, columns: number, from: (row: number, column: number) => [number, number]): Source {
	return Uint32Array.from({ length: rows * columns }, (_, p) => {
		const [row, column] = from(Math.floor(p / columns), p % columns);
		return row * columns + column;
	});
}
