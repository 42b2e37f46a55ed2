/**
 * Transforms of real rows as entrants, and their spectra in one order. All compute Σ x_k exp(−2πi jk/n).
 * @module
 */
import type { Entrant } from "../harness.ts";
import type { Rows } from "./jobs.ts";
import { webFft } from "./spectra.ts";

/** What is accepted of each precision. */
export const TOLERANCE = { f64: 1e-12, f32: 1e-5 };

/**
 * Spectra of real rows as the library packs them: the real numbers of frequency 0 and, of even lengths, of half the
 * length; of the frequencies between them real parts and negative imaginary ones.
 *
 * @param at real and imaginary part of a row's frequency
 * @returns rows × length
 */
function packed(
	[rows, length]: [number, number],
	at: (row: number, frequency: number) => readonly [number, number],
): Float64Array {
	const out = new Float64Array(rows * length);
	let place = 0;
	for (let row = 0; row < rows; row++)
		for (let k = 0; k <= length / 2; k++) {
			const [real, imaginary] = at(row, k);
			out[place++] = real;
			if (k > 0 && k < length / 2) out[place++] = -imaginary;
		}
	return out;
}

/** The same of rows of alternating real and imaginary parts. */
export function packedPairs(shape: [number, number], row: (row: number) => ArrayLike<number>): Float64Array {
	return packed(shape, (at, k) => [row(at)[2 * k] as number, row(at)[2 * k + 1] as number]);
}

/** The same of real parts and imaginary ones, each rows × (⌊length / 2⌋ + 1). */
export function packedParts(shape: [number, number], [real, imaginary]: ArrayLike<number>[]): Float64Array {
	const frequencies = Math.floor(shape[1] / 2) + 1;
	const part = (values: ArrayLike<number> | undefined, at: number) => values?.[at] as number;
	return packed(shape, (row, k) => [part(real, row * frequencies + k), part(imaginary, row * frequencies + k)]);
}

/**
 * An entrant whose time is that of one batch, and the mean of as many as are asked: a single one is too short.
 *
 * @param work transforms all rows
 * @param result the packed spectra: made outside of the time that counts
 */
export function transforming(
	name: string,
	{ times }: Pick<Rows, "times">,
	tolerance: number,
	work: () => void | Promise<void>,
	result: () => Float64Array,
): Entrant {
	return {
		name,
		tolerance,
		async run() {
			await work();
			return result();
		},
		async time() {
			const start = performance.now();
			for (let time = 0; time < times; time++) await work();
			return (performance.now() - start) / times;
		},
	};
}

/** An entrant that transforms the rows so often at once, and gives alternating real and imaginary parts. */
export function inTurns(entrant: Required<Entrant>, { values, times }: Rows): Entrant {
	const shape = values.shape as [number, number];
	return {
		...entrant,
		async run() {
			const pairs = await entrant.run();
			const width = pairs.length / shape[0];
			return packedPairs(shape, (row) => pairs.subarray(row * width, (row + 1) * width));
		},
		time: async () => (await entrant.time()) / times,
	};
}

/** webfft's transform in wasm, in this thread: its many small arrays take longer in another. */
export function webFftWasm(job: Rows): Entrant {
	const { values, times } = job;
	const run = webFft("kissWasm")({ values: values.data, length: values.shape[1] as number, times });
	const time = async () => {
		const start = performance.now();
		run();
		return performance.now() - start;
	};
	return inTurns({ name: "webfft kissWasm, f32", run, time, tolerance: TOLERANCE.f32 }, job);
}
