/**
 * Cholesky's factorization and solves in plain TypeScript: columns in blocks, whose products with all columns before them are
 * those of product.ts.
 *
 * Left-looking (J. J. Dongarra, F. G. Gustavson, A. Karp, 1984): each number of the matrix is read and written once, and the
 * factor's rows, which the products read, are whole pieces of memory.
 * @module
 */
import { multiplyTile, TILE } from "./product.ts";

/** Columns of a block: 64 would leave more to the plain loops, 16 would pack rows more often. */
const BLOCK = 32;

/**
 * The lower factor L of a symmetric, positive definite matrix A = L·Lᵀ, row-major; zero above the diagonal.
 *
 * @param matrix n × n, row-major; only its lower triangle is read
 * @throws RangeError when the matrix is not positive definite
 * @example
 * cholesky(Float64Array.of(4, 2, 2, 5), 2) // Float64Array [2, 0, 1, 2]
 */
export function cholesky(matrix: Float64Array, n: number): Float64Array {
	const factor = new Float64Array(n * n);
	const tile = new Float64Array(TILE * TILE);
	for (let first = 0; first < n; first += BLOCK) {
		const width = Math.min(BLOCK, n - first);
		for (let top = first; top < n; top += TILE) {
			const height = Math.min(TILE, n - top);
			if (first > 0) multiplyTile(factor, top, height, factor, first, width, n, tile, false, first);
			for (let row = top; row < top + height; row++) {
				const end = Math.min(first + width, row + 1);
				const products = (row - top) * TILE - first;
				for (let j = first; j < end; j++)
					factor[row * n + j] = (matrix[row * n + j] as number) - (tile[products + j] as number);
			}
		}
		factorizeDiagonal(factor, n, first, width);
		solveBelow(factor, n, first, width);
	}
	return factor;
}

/** The factor of the block on the diagonal, in its place. */
function factorizeDiagonal(factor: Float64Array, n: number, first: number, width: number): void {
	for (let i = first; i < first + width; i++)
		for (let j = first; j <= i; j++) {
			let sum = factor[i * n + j] as number;
			for (let k = first; k < j; k++) sum -= (factor[i * n + k] as number) * (factor[j * n + k] as number);
			if (j < i) factor[i * n + j] = sum / (factor[j * n + j] as number);
			else if (sum > 0) factor[i * n + i] = Math.sqrt(sum);
			else throw new RangeError(`the matrix is not positive definite: pivot ${i} is ${sum}`);
		}
}

/** X with X·Lᵀ = the rows below the block on the diagonal, in their place; four rows at a time share each number of L. */
function solveBelow(factor: Float64Array, n: number, first: number, width: number): void {
	const end = first + width;
	let row = end;
	for (; row + 4 <= n; row += 4) {
		const [r0, r1, r2, r3] = [row * n, (row + 1) * n, (row + 2) * n, (row + 3) * n] as [number, number, number, number];
		for (let j = first; j < end; j++) {
			let s0 = factor[r0 + j] as number;
			let s1 = factor[r1 + j] as number;
			let s2 = factor[r2 + j] as number;
			let s3 = factor[r3 + j] as number;
			const diagonal = j * n;
			for (let k = first; k < j; k++) {
				const l = factor[diagonal + k] as number;
				s0 -= (factor[r0 + k] as number) * l;
				s1 -= (factor[r1 + k] as number) * l;
				s2 -= (factor[r2 + k] as number) * l;
				s3 -= (factor[r3 + k] as number) * l;
			}
			const pivot = factor[diagonal + j] as number;
			factor[r0 + j] = s0 / pivot;
			factor[r1 + j] = s1 / pivot;
			factor[r2 + j] = s2 / pivot;
			factor[r3 + j] = s3 / pivot;
		}
	}
	for (; row < n; row++)
		for (let j = first; j < end; j++) {
			let sum = factor[row * n + j] as number;
			for (let k = first; k < j; k++) sum -= (factor[row * n + k] as number) * (factor[j * n + k] as number);
			factor[row * n + j] = sum / (factor[j * n + j] as number);
		}
}

/**
 * The solution x of L·Lᵀ·x = b.
 *
 * @param factor n × n, row-major; only its lower triangle is read
 * @param b n numbers
 * @example
 * solveFactored(Float64Array.of(2, 0, 1, 2), Float64Array.of(8, 9)) // Float64Array [1.375, 1.25]
 */
export function solveFactored(factor: Float64Array, b: Float64Array): Float64Array {
	const n = b.length;
	const x = b.slice();
	for (let i = 0; i < n; i++) {
		let sum = x[i] as number;
		for (let k = 0; k < i; k++) sum -= (factor[i * n + k] as number) * (x[k] as number);
		x[i] = sum / (factor[i * n + i] as number);
	}
	// By columns of Lᵀ, which are rows of L.
	for (let i = n - 1; i >= 0; i--) {
		const value = (x[i] as number) / (factor[i * n + i] as number);
		x[i] = value;
		for (let k = 0; k < i; k++) x[k] = (x[k] as number) - (factor[i * n + k] as number) * value;
	}
	return x;
}
