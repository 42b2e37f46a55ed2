/**
 * Classical kernels by their formulas, one pair at a time: slow and plain. Tests use it as an oracle for the fast version.
 *
 * Sources: as in ts/classical.ts.
 * @module
 */
import type { Kernel } from "../../ts/classical.ts";
import type { Samples } from "./naive.ts";

/**
 * A kernel of all pairs, row-major, shape [samples of x, samples of other].
 *
 * @param kernel any, nested ones too
 * @param x samples
 * @param other samples of the same size; default x
 * @example
 * naiveClassical(rbfKernel({ gamma: 1 }), { data: [0, 1], shape: [2, 1] }) // 1, 1/e, 1/e, 1
 */
export function naiveClassical(kernel: Kernel, x: Samples, other = x): Float64Array {
	const [rows, columns] = [rowsOf(x), rowsOf(other)];
	return Float64Array.from(rows.flatMap((row) => columns.map((column) => pair(kernel, row, column))));
}

function rowsOf({ data, shape }: Samples): number[][] {
	const count = shape[0] as number;
	const size = data.length / count;
	return Array.from({ length: count }, (_, i) => Array.from({ length: size }, (_, k) => data[i * size + k] as number));
}

function pair(kernel: Kernel, x: number[], y: number[]): number {
	const distance = Math.hypot(...x.map((entry, k) => entry - (y[k] as number)));
	switch (kernel.type) {
		case "rbfKernel":
			return Math.exp(-kernel.gamma * distance ** 2);
		case "maternKernel": {
			const s = (Math.sqrt(2 * kernel.nu) * distance) / kernel.length;
			return Math.exp(-s) * { 0.5: 1, 1.5: 1 + s, 2.5: 1 + s + s ** 2 / 3 }[kernel.nu];
		}
		case "polynomialKernel":
			return ((kernel.scale ?? 1) * dot(x, y) + (kernel.offset ?? 0)) ** kernel.degree;
		case "periodicKernel":
			return Math.exp((-2 * Math.sin((Math.PI * distance) / kernel.period) ** 2) / kernel.length ** 2);
		case "arcCosineKernel":
			return arcCosine(kernel.degree, x, y);
		case "sumKernel":
			return kernel.kernels.reduce((sum, one) => sum + pair(one, x, y), 0);
		case "productKernel":
			return kernel.kernels.reduce((product, one) => product * pair(one, x, y), 1);
	}
}

/** The angle from the unit vectors' difference and sum, which has all digits near 0 and π. */
function arcCosine(degree: 0 | 1 | 2, x: number[], y: number[]): number {
	const [length, length2] = [Math.hypot(...x), Math.hypot(...y)];
	const unit = (k: number) => [(x[k] as number) / length, (y[k] as number) / length2] as const;
	const difference = Math.hypot(...x.map((_, k) => unit(k)[0] - unit(k)[1]));
	const sum = Math.hypot(...x.map((_, k) => unit(k)[0] + unit(k)[1]));
	const angle = length * length2 === 0 ? Math.PI / 2 : 2 * Math.atan2(difference, sum);
	const [sine, cosine, rest] = [Math.sin(angle), Math.cos(angle), Math.PI - angle];
	const j = { 0: rest, 1: sine + rest * cosine, 2: 3 * sine * cosine + rest * (1 + 2 * cosine ** 2) }[degree];
	return ((length * length2) ** degree * j) / Math.PI;
}

function dot(x: number[], y: number[]): number {
	return x.reduce((sum, entry, k) => sum + entry * (y[k] as number), 0);
}
