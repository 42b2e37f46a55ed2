/**
 * The matrix product A·Bᵀ in plain TypeScript, as fast as V8 makes it: packed panels, cache blocks, and a 4 × 2 register
 * block.
 *
 * What the shape of the code is for, found by reading V8's machine code (Node 20, x64) and by measuring:
 * - Panels are constants of a closure, one array for each row of the register block. Their addresses and lengths then
 *   are constants of the machine code, and one bounds check serves all rows: a load is one instruction instead of four.
 *   (As constants of the module they would not be: bundlers make variables of these.)
 * - The inner loop has a second exit in its middle. It is never taken, but V8 must finish the first half's sums before
 *   it; otherwise it does all multiplications first and keeps the products, and then the sums, in memory.
 * - 4 × 2: with 8 sums, 2 factors and 4 products everything fits into 15 registers. 4 × 4 is limited by what it
 *   spills: half the speed.
 * - No unrolling, for the same reason.
 * @module
 */

/** Rows and columns of a tile. */
export const TILE = 128;
/** Numbers of a row that are packed at a time; 4 × 256 of A and 2 × 256 of B lie in the L1 cache. */
const DEPTH = 256;

/** The panels and the inner loop that reads them. */
const { left, right, multiplyPanels } = (() => {
	const leftSize = (TILE / 4) * DEPTH;
	const left0 = new Float64Array(leftSize);
	const left1 = new Float64Array(leftSize);
	const left2 = new Float64Array(leftSize);
	const left3 = new Float64Array(leftSize);
	const rightSize = (TILE / 2) * DEPTH;
	const right0 = new Float64Array(rightSize);
	const right1 = new Float64Array(rightSize);

	const add = (out: Float64Array, at: number, s0: number, s1: number) => {
		out[at] = (out[at] as number) + s0;
		out[at + 1] = (out[at + 1] as number) + s1;
	};

	/** Adds the products of `depth` numbers from `p` of the left and `q` of the right panels to a 4 × 2 block of a tile. */
	function multiplyPanels(p: number, q: number, depth: number, out: Float64Array, at: number): void {
		let s00 = 0;
		let s01 = 0;
		let s10 = 0;
		let s11 = 0;
		let s20 = 0;
		let s21 = 0;
		let s30 = 0;
		let s31 = 0;
		const end = (p + depth) | 0;
		for (;;) {
			const b0 = right0[q] as number;
			const b1 = right1[q] as number;
			const a0 = left0[p] as number;
			const a1 = left1[p] as number;
			s00 += a0 * b0;
			s01 += a0 * b1;
			s10 += a1 * b0;
			s11 += a1 * b1;
			if (p > end) break;
			const a2 = left2[p] as number;
			const a3 = left3[p] as number;
			s20 += a2 * b0;
			s21 += a2 * b1;
			s30 += a3 * b0;
			s31 += a3 * b1;
			p = (p + 1) | 0;
			q = (q + 1) | 0;
			if (p >= end) break;
		}
		add(out, at, s00, s01);
		add(out, at + TILE, s10, s11);
		add(out, at + 2 * TILE, s20, s21);
		add(out, at + 3 * TILE, s30, s31);
	}

	return { left: [left0, left1, left2, left3], right: [right0, right1], multiplyPanels };
})();

/** Copies columns `from…to` of rows `first…first + count` into panels; rows that do not exist are zero. */
function pack(
	panels: Float64Array[],
	x: Float64Array,
	dimension: number,
	first: number,
	count: number,
	from: number,
	to: number,
): void {
	const depth = to - from;
	for (let row = 0; row < count; row += panels.length) {
		const at = (row / panels.length) * depth;
		for (let r = 0; r < panels.length; r++) {
			const panel = panels[r] as Float64Array;
			const start = (first + row + r) * dimension;
			if (row + r < count) panel.set(x.subarray(start + from, start + to), at);
			else panel.fill(0, at, at + depth);
		}
	}
}

/**
 * One tile of X·Yᵀ: rows `top…top + height` of X with rows `leftmost…leftmost + width` of Y, at most `TILE` of each.
 *
 * @param x row-major, `dimension` numbers a row
 * @param y likewise
 * @param out the tile, row-major, `TILE` numbers a row; overwritten
 * @param upper leave out the 4 × 2 blocks below the diagonal
 * @param columns how many numbers of a row count, from the first on
 */
export function multiplyTile(
	x: Float64Array,
	top: number,
	height: number,
	y: Float64Array,
	leftmost: number,
	width: number,
	dimension: number,
	out: Float64Array,
	upper = false,
	columns = dimension,
): void {
	out.fill(0);
	// Equal parts: a short last one would waste the start and the end of each inner loop.
	const step = Math.ceil(columns / Math.ceil(columns / DEPTH));
	for (let from = 0; from < columns; from += step) {
		const to = Math.min(from + step, columns);
		const depth = to - from;
		pack(left, x, dimension, top, height, from, to);
		pack(right, y, dimension, leftmost, width, from, to);
		for (let j = 0; j < width; j += 2) {
			const rows = upper ? Math.min(j + 2, height) : height;
			for (let i = 0; i < rows; i += 4) multiplyPanels((i / 4) * depth, (j / 2) * depth, depth, out, i * TILE + j);
		}
	}
}

/**
 * The whole product X·Yᵀ, row-major.
 *
 * @param x rows × dimension
 * @param y columns × dimension
 * @example
 * multiplyTransposed(Float64Array.of(1, 2), Float64Array.of(3, 4, 5, 6), 2) // Float64Array [11, 17]
 */
export function multiplyTransposed(x: Float64Array, y: Float64Array, dimension: number): Float64Array {
	const rows = x.length / dimension;
	const columns = y.length / dimension;
	const out = new Float64Array(rows * columns);
	const tile = new Float64Array(TILE * TILE);
	for (let top = 0; top < rows; top += TILE) {
		const height = Math.min(TILE, rows - top);
		for (let first = 0; first < columns; first += TILE) {
			const width = Math.min(TILE, columns - first);
			multiplyTile(x, top, height, y, first, width, dimension, tile);
			for (let i = 0; i < height; i++) out.set(tile.subarray(i * TILE, i * TILE + width), (top + i) * columns + first);
		}
	}
	return out;
}
