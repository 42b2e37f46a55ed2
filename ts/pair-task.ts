/**
 * What an instance works out for the Grams of two orbits: leave-one-out residuals, and Fourier transforms of projections.
 * @module
 */
import { submatrix } from "./parts.ts";
import type { GroupsWasm } from "./symmetry/groups-wasm.ts";
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
	/** How many poses of A, and of B, are each point that the kernel tells apart. */
	copies: [number, number];
}

/** Two rows of a Gram are of the same point to the kernel when they differ by no more than this part of its largest entry. */
export const INDISTINCT = 1e-10;

/**
 * How many poses of A, and of B, are one point to the kernel: pose g is as pose g + N/copies for all g, in the Gram of points
 * A₀ B₀ A₁ B₁ … (2N × 2N).
 *
 * @example copiesOf([2, 1, 2, 1, 1, 2, 1, 2, 2, 1, 2, 1, 1, 2, 1, 2], 4) // [2, 2]: both orbits are a single point
 */
export function copiesOf(gram: ArrayLike<number>, size: number): [number, number] {
	const order = size / 2;
	let largest = 0;
	for (let k = 0; k < gram.length; k++) largest = Math.max(largest, Math.abs(gram[k] as number));
	const alike = (i: number, j: number) => {
		for (let k = 0; k < size; k++) {
			const apart = Math.abs((gram[i * size + k] as number) - (gram[j * size + k] as number));
			if (!(apart <= INDISTINCT * largest)) return false;
		}
		return true;
	};
	const poses = Array.from({ length: order }, (_, g) => g);
	const divisors = poses.slice(1).filter((period) => order % period === 0);
	const ofOrbit = (orbit: 0 | 1) => {
		const period = divisors.find((by) => poses.every((g) => alike(2 * g + orbit, (2 * (g + by) + orbit) % size)));
		return order / (period ?? order);
	};
	return [ofOrbit(0), ofOrbit(1)];
}

/**
 * The entries [K⁻¹y]_i and [K⁻¹]_ii (K with the ridge) at one of c equal points, from those where one stands for all, √c times
 * as large: without a ridge the second is infinite if c > 1.
 */
export function copyOf(copies: number, ridge: number, coefficient: number, inverse: number) {
	const others = copies > 1 ? (copies - 1) / ridge : 0;
	return { separation: coefficient / Math.sqrt(copies), density: (others + inverse) / copies };
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
export function heldOut(
	wasm: Wasm,
	{ spectrum }: GroupsWasm,
	{ gram, size, parts, unit, ridge }: HeldOutRequest,
): HeldOut[] {
	return parts.map((indices) => {
		const { data } = submatrix({ data: gram, shape: [size, size] }, indices);
		const row = circulantRow(data, indices.length);
		const { rows, departure } = blockProjection(data, indices.length);
		const copies = copiesOf(data, indices.length);
		const leave = Math.max(...copies) > 1 ? leaveOneCopyOut : leaveOut;
		return {
			...leave(wasm, data, indices.length, unit, ridge, copies),
			copies,
			row,
			spectrum: spectrum(row, indices.length),
			blockSpectrum: spectrum(rows, indices.length / 2),
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

/** The same where several poses are one point, and counted as one. */
function leaveOneCopyOut(
	wasm: Wasm,
	gram: Float64Array,
	size: number,
	unit: string,
	stated: number,
	copies: readonly [number, number],
) {
	const meanDiagonal = circulantRow(gram, size)[0] as number;
	const ridge = stated * (unit === "absolute" ? 1 : unit === "trace" ? meanDiagonal * size : meanDiagonal);
	const own = (i: number) => copies[i & 1] as number;
	// Poses of all orbits' first points: A₀ and B₀ are the first two.
	const points = Array.from({ length: size }, (_, i) => i).filter((i) => (i >> 1) * own(i) < size / 2);
	const entries = points.flatMap((i) => points.map((j) => (gram[i * size + j] as number) * Math.sqrt(own(i) * own(j))));
	// Beside the labels' solutions, the first two columns of the inverse.
	const right = points.flatMap((i) => [(i % 2 === 0 ? 1 : -1) * Math.sqrt(own(i)), Number(i === 0), Number(i === 1)]);
	const fit = new wasm.Fit(Float64Array.from(entries), points.length, Float64Array.from(right), 3, "absolute", ridge);
	try {
		const solved = fit.takeCoefficients();
		const residual = Float64Array.from([0, 1], (k) => {
			const [coefficient, inverse] = [solved[3 * k], solved[4 * k + 1]] as unknown as [number, number];
			const { separation, density } = copyOf(own(k), ridge, coefficient, inverse);
			return separation / density;
		});
		return { ridge, residual };
	} finally {
		fit.free();
	}
}
