/**
 * Block circularization: the Gram of two orbits of a cyclic group, made invariant orbit by orbit.
 * @module
 */
import { OrbitKernelsError } from "../errors.ts";

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

/**
 * Target minus prediction of a held-out point of orbit A (target 1) and of orbit B (target −1), all others known, where the
 * Gram is invariant: ε_a = [K̂(0)^-1 t]_a / mean over frequencies of [K̂(f)^-1]_aa.
 *
 * Errors: `singular` with the frequency as index.
 *
 * @param spectrum 4 × N × 2: the unnormalized DFT of each row of `blockProjection`
 * @param ridge an absolute number, added to the diagonal of each K̂(f)
 */
export function blockErrors(spectrum: Float64Array, ridge: number): [number, number] {
	const order = spectrum.length / 8;
	/** K̂(f) = [[a, c], [c*, b]]: Hermitian, because the Gram is symmetric. */
	const block = (frequency: number) => {
		const at = (row: number) => 2 * (row * order + frequency);
		const [a, b] = [(spectrum[at(0)] as number) + ridge, (spectrum[at(3)] as number) + ridge];
		const [real, imaginary] = [spectrum[at(1)] as number, spectrum[at(1) + 1] as number];
		return { a, b, real, determinant: a * b - real ** 2 - imaginary ** 2 };
	};
	let [inverseA, inverseB] = [0, 0];
	for (let frequency = 0; frequency < order; frequency++) {
		const { a, b, determinant } = block(frequency);
		if (!(determinant > 2 * order * Number.EPSILON * Math.abs(a * b))) throw singular(frequency, determinant);
		inverseA += b / determinant / order;
		inverseB += a / determinant / order;
	}
	const { a, b, real, determinant } = block(0);
	return [(b + real) / determinant / inverseA, -(a + real) / determinant / inverseB];
}

function singular(index: number, value: number): OrbitKernelsError {
	const expected = "a determinant above rounding; a larger ridge makes it so";
	const message = `the block of frequency ${index} has the determinant ${value}: expected ${expected}`;
	return new OrbitKernelsError("singular", message, { index, value, expected });
}
