/** The competitor in plain TypeScript factorizes and solves as the definition says, also where blocks end early. */
import { expect, test } from "vitest";
import { cholesky, solveFactored } from "../../bench/reference/cholesky.ts";
import { random } from "../../ts/data/random.ts";
import { expectClose } from "../support/close.ts";

/** B·Bᵀ/n + I of uniform numbers. */
function positiveDefinite(n: number): Float64Array {
	const next = random(n);
	const b = Float64Array.from({ length: n * n }, () => 2 * next() - 1);
	const out = new Float64Array(n * n);
	for (let i = 0; i < n; i++)
		for (let j = 0; j < n; j++) {
			let sum = 0;
			for (let k = 0; k < n; k++) sum += (b[i * n + k] as number) * (b[j * n + k] as number);
			out[i * n + j] = sum / n + (i === j ? 1 : 0);
		}
	return out;
}

/** Column by column, number by number. */
function naive(matrix: Float64Array, n: number): Float64Array {
	const out = new Float64Array(n * n);
	for (let i = 0; i < n; i++)
		for (let j = 0; j <= i; j++) {
			let sum = matrix[i * n + j] as number;
			for (let k = 0; k < j; k++) sum -= (out[i * n + k] as number) * (out[j * n + k] as number);
			out[i * n + j] = i === j ? Math.sqrt(sum) : sum / (out[j * n + j] as number);
		}
	return out;
}

// Blocks have 32 columns, tiles 128 rows, and four rows are solved for at a time.
test.for([1, 2, 5, 31, 32, 33, 64, 127, 129, 200, 259, 321])("n = %i", (n) => {
	const matrix = positiveDefinite(n);
	const factor = cholesky(matrix, n);
	expectClose(factor, naive(matrix, n), { atol: 1e-13 });

	const next = random(1);
	const x = Float64Array.from({ length: n }, () => 2 * next() - 1);
	const b = Float64Array.from(x, (_, i) => x.reduce((sum, value, k) => sum + (matrix[i * n + k] as number) * value, 0));
	expectClose(solveFactored(factor, b), x, { atol: 1e-12 });
});

test("what lies above the diagonal is not read", () => {
	const matrix = positiveDefinite(70);
	const factor = cholesky(matrix, 70);
	for (let i = 0; i < 70; i++) matrix.fill(Number.NaN, i * 70 + i + 1, (i + 1) * 70);
	expect(cholesky(matrix, 70)).toEqual(factor);
});

test("a matrix that is not positive definite has no factor", () => {
	const matrix = positiveDefinite(50);
	matrix[40 * 50 + 40] = -1;
	expect(() => cholesky(matrix, 50)).toThrow(RangeError);
});
