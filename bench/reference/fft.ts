/**
 * The Fourier transform of real rows in plain TypeScript: a row of n numbers as n/2 complex ones, whose transform by
 * Stockham's algorithm in steps of four needs no reordering, is taken apart at the end.
 * @module
 */

/**
 * A transform of rows of one length: Σ_k x_k exp(−2πi jk/length) for j = 0 … length/2.
 *
 * @param length of a row, a power of two from 2 on
 * @returns transforms numbers from `from` on, and writes length + 2 numbers from `to` on: alternating real and imaginary
 * parts
 * @throws RangeError when the length is no power of two
 * @example
 * const out = new Float64Array(4);
 * realTransform(2)(Float64Array.of(3, 1), 0, out, 0); // out: 4, 0, 2, 0
 */
export function realTransform(
	length: number,
): (input: Float64Array, from: number, out: Float64Array, to: number) => void {
	if (length < 2 || !Number.isInteger(Math.log2(length)))
		throw new RangeError(`length ${length}: expected a power of two from 2 on`);
	const half = length / 2;
	const twiddles = Float64Array.from({ length: 2 * half }, (_, k) =>
		k % 2 === 0 ? Math.cos((Math.PI * k) / length) : -Math.sin((Math.PI * (k - 1)) / length),
	);
	const work: [Float64Array, Float64Array] = [new Float64Array(length), new Float64Array(length)];
	return (input, from, out, to) => {
		let [source, at, target, other] = [input, from, work[0], work[1]];
		let stride = 1;
		for (let rest = half; rest > 1; ) {
			const radix = rest === 2 ? 2 : 4;
			if (radix === 2) stepOfTwo(source, at, target, stride);
			else stepOfFour(source, at, target, rest, stride, twiddles);
			rest /= radix;
			stride *= radix;
			[source, at, target, other] = [target, 0, other, target];
		}
		takeApart(source, at, out, to, half, twiddles);
	};
}

/** The last step where the number of complex numbers is no power of four. */
function stepOfTwo(x: Float64Array, at: number, y: Float64Array, stride: number): void {
	const size = 2 * stride;
	for (let q = 0; q < size; q++) {
		const a = x[at + q] as number;
		const b = x[at + q + size] as number;
		y[q] = a + b;
		y[q + size] = a - b;
	}
}

/** Makes transforms of length `rest` four of a quarter of it each; `stride` of them lie interleaved. */
function stepOfFour(
	x: Float64Array,
	at: number,
	y: Float64Array,
	rest: number,
	stride: number,
	twiddles: Float64Array,
): void {
	const quarter = rest / 4;
	const size = 2 * stride;
	const far = quarter * size;
	for (let p = 0; p < quarter; p++) {
		// exp(−2πi p/rest): the table has the angles of exp(−2πi/length), length = 2·rest·stride.
		const turn = 4 * p * stride;
		const cos1 = twiddles[turn] as number;
		const sin1 = twiddles[turn + 1] as number;
		const cos2 = cos1 * cos1 - sin1 * sin1;
		const sin2 = 2 * cos1 * sin1;
		const cos3 = cos1 * cos2 - sin1 * sin2;
		const sin3 = cos1 * sin2 + sin1 * cos2;
		const start = at + p * size;
		const end = start + size;
		let to = 4 * p * size;
		for (let q = start; q < end; q += 2) {
			const aRe = x[q] as number;
			const aIm = x[q + 1] as number;
			const bRe = x[q + far] as number;
			const bIm = x[q + far + 1] as number;
			const cRe = x[q + 2 * far] as number;
			const cIm = x[q + 2 * far + 1] as number;
			const dRe = x[q + 3 * far] as number;
			const dIm = x[q + 3 * far + 1] as number;
			const acRe = aRe + cRe;
			const acIm = aIm + cIm;
			const bdRe = bRe + dRe;
			const bdIm = bIm + dIm;
			y[to] = acRe + bdRe;
			y[to + 1] = acIm + bdIm;
			// a − c ∓ i(b − d), and a + c − b − d.
			const oneRe = aRe - cRe + (bIm - dIm);
			const oneIm = aIm - cIm - (bRe - dRe);
			const threeRe = aRe - cRe - (bIm - dIm);
			const threeIm = aIm - cIm + (bRe - dRe);
			const twoRe = acRe - bdRe;
			const twoIm = acIm - bdIm;
			y[to + size] = cos1 * oneRe - sin1 * oneIm;
			y[to + size + 1] = cos1 * oneIm + sin1 * oneRe;
			y[to + 2 * size] = cos2 * twoRe - sin2 * twoIm;
			y[to + 2 * size + 1] = cos2 * twoIm + sin2 * twoRe;
			y[to + 3 * size] = cos3 * threeRe - sin3 * threeIm;
			y[to + 3 * size + 1] = cos3 * threeIm + sin3 * threeRe;
			to += 2;
		}
	}
}

/** The spectrum of a row from that of its even numbers as real parts and its odd ones as imaginary parts. */
function takeApart(
	z: Float64Array,
	at: number,
	out: Float64Array,
	to: number,
	half: number,
	twiddles: Float64Array,
): void {
	const first = z[at] as number;
	const second = z[at + 1] as number;
	out[to] = first + second;
	out[to + 1] = 0;
	out[to + 2 * half] = first - second;
	out[to + 2 * half + 1] = 0;
	for (let low = 2, high = 2 * half - 2; low <= high; low += 2, high -= 2) {
		const lowRe = z[at + low] as number;
		const lowIm = z[at + low + 1] as number;
		const highRe = z[at + high] as number;
		const highIm = z[at + high + 1] as number;
		const evenRe = 0.5 * (lowRe + highRe);
		const evenIm = 0.5 * (lowIm - highIm);
		const oddRe = 0.5 * (lowIm + highIm);
		const oddIm = 0.5 * (highRe - lowRe);
		const cos = twiddles[low] as number;
		const sin = twiddles[low + 1] as number;
		const turnedRe = cos * oddRe - sin * oddIm;
		const turnedIm = cos * oddIm + sin * oddRe;
		out[to + low] = evenRe + turnedRe;
		out[to + low + 1] = evenIm + turnedIm;
		out[to + high] = evenRe - turnedRe;
		out[to + high + 1] = turnedIm - evenIm;
	}
}
