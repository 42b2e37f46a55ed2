/**
 * Block circularization: the Gram of two orbits of a cyclic group, made invariant orbit by orbit.
 * @module
 */
import { OrbitKernelsError } from "../errors.ts";

/**
 * Target minus prediction of a held-out point of orbit A (target 1) and of orbit B (target −1), all others known, where the
 * Gram is invariant: ε_a = [K̂(0)^-1 t]_a / mean over frequencies of [K̂(f)^-1]_aa.
 *
 * Errors: `singular` with the frequency as index.
 *
 * @param spectrum 4 × N × 2: the unnormalized DFT of each row of `blockProjection`
 * @param ridge an absolute number, added to the diagonal of each K̂(f)
 * @param copies how many poses of A, and of B, are one point to the kernel: the rows of an orbit are zero but for the ridge
 * at frequencies that its number does not divide
 */
export function blockErrors(
	spectrum: Float64Array,
	ridge: number,
	copies: readonly [number, number],
): [number, number] {
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
		const [zeroA, zeroB] = copies.map((count) => frequency % count !== 0);
		if (zeroA || zeroB) {
			if (!zeroA && !(a > 0)) throw singular(frequency, a);
			if (!zeroB && !(b > 0)) throw singular(frequency, b);
			// Without a ridge infinite: the error of a pose is zero where its equals are known.
			inverseA += 1 / (zeroA ? ridge : a) / order;
			inverseB += 1 / (zeroB ? ridge : b) / order;
			continue;
		}
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
