/**
 * Principal components of some points, accurate to rounding.
 * @module
 */
import { OrbitKernelsError, polynomialKernel, random, type Tensor } from "../ts/index.ts";
import type { FigureOptions } from "./figure.ts";
import { rowsOf } from "./parts.ts";
import { inner, norm } from "./vectors.ts";

/** Vectors that are iterated, by those that are wanted and each of their digits: the more there are, the fewer steps. */
const BLOCK = 2 / 3;
/** Largest residual of a wanted eigenvector, relative to the largest eigenvalue, unless another one is asked for. */
const RESIDUAL = 1e-12;
/** Cosine of columns that count as orthogonal: some rounding of their product. */
const ORTHOGONAL = 1e-13;
/** Columns that are smaller, as a part of the largest, are rounding: among them none need be orthogonal to others. */
const ROUNDING = 1e-14;
const MOST_STEPS = 1000;

/** Where points are along the directions in which they vary most. */
export interface Principal {
	/** For each component, from the one that varies most, a place of each point. */
	coordinates: number[][];
	/** Part of the variance of all points in each component. */
	shares: number[];
}

/**
 * The first principal components of points (n × …): eigenvectors of the Gram of the points without their mean, by subspace
 * iteration. The sign of a component makes its largest coordinate positive; one without variance is 0 everywhere.
 *
 * Errors: `value` when the iteration does not converge.
 */
export async function principalComponents(
	{ engine, signal }: Pick<FigureOptions, "engine" | "signal">,
	points: Tensor,
	count: number,
	residual = RESIDUAL,
): Promise<Principal> {
	const size = points.shape[0] as number;
	const linear = polynomialKernel({ degree: 1 });
	const { ntk } = await engine.gram(linear, withoutMean(points), signal ? { signal } : {});
	const rows = rowsOf(ntk as Tensor);
	const times = (vector: Float64Array) => Float64Array.from(rows, (row) => inner(row, vector));
	const trace = rows.reduce((sum, row, k) => sum + (row[k] as number), 0);

	const next = random(1);
	const start = () => Float64Array.from({ length: size }, () => next() - 0.5);
	const block = Math.ceil(BLOCK * count * -Math.log10(residual));
	let vectors = orthogonal(Array.from({ length: Math.min(block, size) }, start));
	for (let step = 0; step < MOST_STEPS; step++) {
		const images = vectors.map(times);
		const values = images.map((image, k) => inner(image, vectors[k] as Float64Array));
		const converged = vectors.slice(0, count).every((vector, k) => {
			const image = images[k] as Float64Array;
			const apart = image.map((entry, i) => entry - (values[k] as number) * (vector[i] as number));
			return norm(apart) <= residual * (values[0] as number);
		});
		if (converged) {
			const wanted = Array.from({ length: count }, (_, k) => k);
			return {
				coordinates: wanted.map((k) => coordinatesOf(vectors[k] ?? new Float64Array(size), values[k] ?? 0)),
				shares: wanted.map((k) => (values[k] ?? 0) / (trace || 1)),
			};
		}
		vectors = orthogonal(images);
	}
	const expected = `converged after ${MOST_STEPS} steps`;
	throw new OrbitKernelsError("value", `principal components of ${size} points: expected ${expected}`, { expected });
}

function coordinatesOf(vector: Float64Array, value: number): number[] {
	const largest = vector.reduce((most, entry) => (Math.abs(entry) > Math.abs(most) ? entry : most), 0);
	const scale = Math.sign(largest) * Math.sqrt(value);
	return Array.from(vector, (entry) => scale * entry);
}

function withoutMean({ data, shape }: Tensor): Tensor {
	const size = shape[0] as number;
	const length = data.length / size;
	const centre = new Float64Array(length);
	data.forEach((value, k) => {
		centre[k % length] = (centre[k % length] as number) + value / size;
	});
	return { data: Float64Array.from(data, (value, k) => value - (centre[k % length] as number)), shape };
}

/**
 * The left singular vectors of a matrix with these columns, the largest first and without those of rounding, by Jacobi's
 * rotations of pairs of columns (Hestenes 1958); of columns that are an invariant subspace's images, its eigenvectors.
 */
function orthogonal(columns: Float64Array[]): Float64Array[] {
	const own = columns.map((column) => column.slice());
	for (let turned = true; turned; ) {
		turned = false;
		const least = (ROUNDING * Math.max(...own.map(norm))) ** 2;
		for (const [j, b] of own.entries())
			for (const a of own.slice(0, j)) {
				const [aa, bb, ab] = [inner(a, a), inner(b, b), inner(a, b)];
				if (Math.min(aa, bb) <= least || !(Math.abs(ab) > ORTHOGONAL * Math.sqrt(aa * bb))) continue;
				turned = true;
				const ratio = (bb - aa) / (2 * ab);
				const tangent = (ratio < 0 ? -1 : 1) / (Math.abs(ratio) + Math.sqrt(1 + ratio * ratio));
				const cosine = 1 / Math.sqrt(1 + tangent * tangent);
				for (let k = 0; k < a.length; k++) {
					const [x, y] = [a[k] as number, b[k] as number];
					a[k] = cosine * (x - tangent * y);
					b[k] = cosine * (y + tangent * x);
				}
			}
	}
	const sorted = own.map((column) => ({ column, norm: norm(column) })).sort((a, b) => b.norm - a.norm);
	const largest = sorted[0]?.norm as number;
	return sorted
		.filter(({ norm }) => norm > ROUNDING * largest)
		.map(({ column, norm }) => column.map((entry) => entry / norm));
}
