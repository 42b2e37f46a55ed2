/** The competitors in JavaScript compute the transform of the definition. */
import { expect, test } from "vitest";
import { type Transforms, transformers } from "../../bench/peers/spectra.ts";
import { realTransform } from "../../bench/reference/fft.ts";
import { random } from "../../ts/data/random.ts";
import { expectClose } from "../support/close.ts";

/** Alternating real and imaginary parts. */
function naive(row: Float64Array): number[] {
	const n = row.length;
	return Array.from({ length: n / 2 + 1 }, (_, j) => {
		// j·k modulo n keeps the angles small, and so exact.
		const angle = (k: number) => (-2 * Math.PI * ((j * k) % n)) / n;
		const sum = (part: (angle: number) => number) => row.reduce((sum, value, k) => sum + value * part(angle(k)), 0);
		return [sum(Math.cos), sum(Math.sin)];
	}).flat();
}

test.for([2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048])("length %i", (length) => {
	const next = random(length);
	const rows = Float64Array.from({ length: 3 * length }, () => 2 * next() - 1);
	const before = rows.slice();
	const transform = realTransform(length);
	const out = new Float64Array(3 * (length + 2));
	for (let row = 0; row < 3; row++) transform(rows, row * length, out, row * (length + 2));
	expect(rows).toEqual(before);
	const expected = [0, 1, 2].flatMap((row) => naive(rows.subarray(row * length, (row + 1) * length)));
	expectClose(out, expected, { atol: 1e-13 * length });
});

test.for([0, 1, 3, 12, 100])("length %i is none", (length) => {
	expect(() => realTransform(length)).toThrow(RangeError);
});

test.for(Object.entries(transformers))("%s, as often as it is asked", ([name, transformer]) => {
	const length = 16;
	const next = random(1);
	const values = Float64Array.from({ length: 3 * length }, () => 2 * next() - 1);
	for (const times of [1, 2]) {
		const task: Transforms = { values, length, times };
		const spectra = transformer(task)();
		const width = spectra.length / 3;
		for (const row of [0, 1, 2]) {
			const expected = naive(values.subarray(row * length, (row + 1) * length));
			const found = spectra.subarray(row * width, row * width + expected.length);
			expectClose(found, expected, { atol: name.endsWith("f32") ? 1e-5 : 1e-13 });
		}
	}
});
