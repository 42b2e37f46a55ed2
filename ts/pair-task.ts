/**
 * What an instance works out for the Grams of two orbits: leave-one-out residuals, and Fourier transforms of projections.
 * @module
 */
import { submatrix } from "./parts.ts";
import type { Wasm } from "./wasm.ts";

/** Parts of a Gram, each of points A₀ B₀ A₁ B₁ …, and the ridge of each regression. */
export interface HeldOutRequest {
	gram: Float64Array;
	size: number;
	/** Rows (and columns) of each part, an even number. */
	parts: Uint32Array[];
	unit: string;
	ridge: number;
}

/** Results for one part of 2N points. */
export interface HeldOut {
	/** As an absolute number. */
	ridge: number;
	/** Target minus prediction of A₀ (target 1) and of B₀ (target −1), each from all others. */
	residual: Float64Array;
	/** First row of the nearest circulant matrix (2N), and its transform (2N × 2). */
	row: Float64Array;
	spectrum: Float64Array;
	/** Transforms of the wrapped diagonals' means of the blocks AA, AB, BA, BB (4 × N × 2). */
	blockSpectrum: Float64Array;
	departure: number;
}

/**
 * The first row of the circulant matrix nearest to a square matrix (size × size, row-major): the mean of each wrapped
 * diagonal.
 *
 * @example circulantRow([1, 2, 4, 3], 2) // [2, 3]
 */
export function circulantRow(gram: ArrayLike<number>, size: number): Float64Array {
	const row = new Float64Array(size);
	for (let i = 0; i < size; i++)
		for (let s = 0; s < size; s++) row[s] = (row[s] as number) + (gram[i * size + ((i + s) % size)] as number);
	return row.map((sum) => sum / size);
}

/** A Gram of two orbits and the invariant one nearest to it. */
export interface BlockProjection {
	/** The mean of each wrapped diagonal, 2 × 2 × N: k_ab(u) = mean over g of K[(a, g), (b, g + u)]. */
	rows: Float64Array;
	/** ‖K − PK‖ / ‖K‖ in the Frobenius norm, PK the invariant Gram: 0 where the kernel is invariant. */
	departure: number;
}

/**
 * Projects the Gram of points A₀ B₀ A₁ B₁ … (2N × 2N) on those that are circulant in each of their four blocks.
 *
 * The circulant matrices of the whole are a part of these, so that no circulant one is nearer.
 */
export function blockProjection(gram: ArrayLike<number>, size: number): BlockProjection {
	const order = size / 2;
	const rows = new Float64Array(2 * size);
	const each = (visit: (value: number, place: number) => void) => {
		for (let i = 0; i < size; i++)
			for (let j = 0; j < size; j++) {
				const turn = ((j >> 1) - (i >> 1) + order) % order;
				visit(gram[i * size + j] as number, ((i & 1) * 2 + (j & 1)) * order + turn);
			}
	};
	each((value, place) => {
		rows[place] = (rows[place] as number) + value / order;
	});
	let [apart, all] = [0, 0];
	each((value, place) => {
		apart += (value - (rows[place] as number)) ** 2;
		all += value * value;
	});
	return { rows, departure: Math.sqrt(apart / all) };
}

/** Does the work on the thread of a wasm instance: small parts would spend more time travelling than here. */
export function heldOut(wasm: Wasm, { gram, size, parts, unit, ridge }: HeldOutRequest): HeldOut[] {
	return parts.map((indices) => {
		const { data } = submatrix({ data: gram, shape: [size, size] }, indices);
		const row = circulantRow(data, indices.length);
		const { rows, departure } = blockProjection(data, indices.length);
		return {
			...leaveOut(wasm, data, indices.length, unit, ridge),
			row,
			spectrum: wasm.spectrum(row, indices.length),
			blockSpectrum: wasm.spectrum(rows, indices.length / 2),
			departure,
		};
	});
}

function leaveOut(wasm: Wasm, gram: Float64Array, size: number, unit: string, ridge: number) {
	const labels = Float64Array.from({ length: size }, (_, i) => (i % 2 === 0 ? 1 : -1));
	const fit = new wasm.Fit(gram, size, labels, 1, unit, ridge);
	try {
		const [members, ends] = [Uint32Array.of(0, 1), Uint32Array.of(1, 2)];
		const residual = wasm.leaveOut(fit.takeFactor(), size, fit.takeCoefficients(), members, ends);
		return { ridge: fit.ridge, residual };
	} finally {
		fit.free();
	}
}
