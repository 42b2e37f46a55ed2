/**
 * Transforms of real rows by libraries that do nothing else, as entrants. All compute Σ x_k exp(−2πi jk/n).
 * @module
 */
import FFT from "fft.js";
import WebFft from "webfft";
import type { Entrant } from "../harness.ts";
import type { Rows } from "./jobs.ts";

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

/** fft.js, in doubles, by its transform of real rows. Lengths: powers of two from 2 on. */
export function fftJs(job: Rows): Entrant {
	const { data, shape } = job.values;
	const [rows, length] = shape as [number, number];
	const fft = new FFT(length);
	const inputs = Array.from({ length: rows }, (_, row) => [...data.subarray(row * length, (row + 1) * length)]);
	const outputs = inputs.map(() => fft.createComplexArray());
	const work = () => {
		for (let row = 0; row < rows; row++) fft.realTransform(outputs[row], inputs[row]);
	};
	return transforming("fft.js, f64", job, TOLERANCE.f64, work, () =>
		packedPairs([rows, length], (row) => outputs[row] as number[]),
	);
}

/** One of webfft's transforms, in singles and of complex rows: it has no others. Lengths: powers of two from 4 to 2¹⁷. */
export function webFft(library: string, job: Rows): Entrant {
	const { data, shape } = job.values;
	const [rows, length] = shape as [number, number];
	const fft = new WebFft(length, library, false);
	const inputs = Array.from({ length: rows }, (_, row) =>
		Float32Array.from({ length: 2 * length }, (_, k) => (k % 2 === 0 ? (data[row * length + k / 2] as number) : 0)),
	);
	const work = () => {
		for (const input of inputs) fft.fft(input);
	};
	return transforming(`webfft ${library}, f32`, job, TOLERANCE.f32, work, () => {
		// The library gives the same array each time.
		const spectra = inputs.map((input) => fft.fft(input).slice());
		return packedPairs([rows, length], (row) => spectra[row] as Float32Array);
	});
}
