/**
 * Transforms of real rows in plain TypeScript and by libraries that do nothing else. Their plans and inputs are made before
 * the time counts.
 * @module
 */
import FFT from "fft.js";
import WebFft from "webfft";
import type { Values } from "../harness.ts";
import { realTransform } from "../reference/fft.ts";

/** Rows whose length is a power of two, and how often they are transformed. */
export interface Transforms {
	/** rows × length */
	values: Float64Array;
	length: number;
	times: number;
}

/** Alternating real and imaginary parts, in rows of equal length, each time it is called. */
type Transformer = (task: Transforms) => () => Values;

/** Those in JavaScript by name, which ends with their precision. */
export const transformers = {
	"TypeScript, f64": typescript,
	"fft.js, f64": fftJs,
	"webfft indutnyModifiedJavascript, f32": webFft("indutnyModifiedJavascript"),
} satisfies Record<string, Transformer>;

function typescript({ values, length, times }: Transforms): () => Float64Array {
	const rows = values.length / length;
	const transform = realTransform(length);
	return () => {
		const out = new Float64Array(rows * (length + 2));
		for (let time = 0; time < times; time++)
			for (let row = 0; row < rows; row++) transform(values, row * length, out, row * (length + 2));
		return out;
	};
}

/** By its transform of real rows. Lengths: powers of two from 2 on. */
function fftJs({ values, length, times }: Transforms): () => Float64Array {
	const fft = new FFT(length);
	// Not spread: V8 would make an object of each number, and fft.js be a sixth slower.
	const inputs = rowsOf(values, length).map((row) => Array.from(row));
	const outputs = inputs.map(() => fft.createComplexArray());
	return () => {
		for (let time = 0; time < times; time++)
			for (let row = 0; row < inputs.length; row++) fft.realTransform(outputs[row], inputs[row]);
		const out = new Float64Array(2 * values.length);
		for (const [row, output] of outputs.entries()) out.set(output, 2 * length * row);
		return out;
	};
}

/** By one of webfft's transforms of complex rows: it has no others. Lengths: powers of two from 4 to 2¹⁷. */
export function webFft(library: string): Transformer {
	return ({ values, length, times }) => {
		const fft = new WebFft(length, library, false);
		const inputs = rowsOf(values, length).map((row) =>
			Float32Array.from({ length: 2 * length }, (_, k) => (k % 2 === 0 ? (row[k / 2] as number) : 0)),
		);
		return () => {
			for (let time = 1; time < times; time++) for (const input of inputs) fft.fft(input);
			// The library gives the same array each time: the last spectra are copied one by one.
			const out = new Float32Array(2 * values.length);
			for (const [row, input] of inputs.entries()) out.set(fft.fft(input), 2 * length * row);
			return out;
		};
	};
}

function rowsOf(values: Float64Array, length: number): Float64Array[] {
	return Array.from({ length: values.length / length }, (_, row) => values.subarray(row * length, (row + 1) * length));
}
