/**
 * ml-matrix, in doubles. Its matrices are made before the time counts.
 * @module
 */
import { CholeskyDecomposition, Matrix } from "ml-matrix";
import type { Tensor } from "../../ts/index.ts";
import type { Product, System } from "./jobs.ts";

/** The product by `mmul`, each time it is called. */
export function mlMatrixProduct(job: Omit<Product, "tolerance">): () => Float64Array {
	const [a, b] = [matrix(job.a), matrix(job.b)];
	return () => values(a.mmul(b));
}

/** The solution by `CholeskyDecomposition`, each time it is called. */
export function mlMatrixSolve(job: Omit<System, "tolerance">): () => Float64Array {
	const [a, b] = [matrix(job.a), matrix(job.b)];
	return () => values(new CholeskyDecomposition(a).solve(b));
}

/** It keeps an array for each row. */
function matrix({ data, shape }: Tensor): Matrix {
	const [rows, columns = 1] = shape as [number, number?];
	return new Matrix(
		Array.from({ length: rows }, (_, row) => Float64Array.from(data.subarray(row * columns, (row + 1) * columns))),
	);
}

function values(matrix: Matrix): Float64Array {
	const out = new Float64Array(matrix.rows * matrix.columns);
	for (let row = 0; row < matrix.rows; row++) out.set(matrix.getRow(row), row * matrix.columns);
	return out;
}
