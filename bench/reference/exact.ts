/**
 * Numbers of 32 digits as sums of two doubles, so that formulas can be written as they are defined, cancellation and all.
 *
 * Source: T. J. Dekker, "A floating-point technique for extending the available precision" (1971).
 * @module
 */

const SPLIT = 2 ** 27 + 1;

/** The sum of a double and of a much smaller one. */
export class Exact {
	readonly high: number;
	readonly low: number;

	constructor(high: number, low = 0) {
		this.high = high;
		this.low = low;
	}

	plus({ high, low }: Exact): Exact {
		const sum = this.high + high;
		const small = this.low + low;
		const first = ordered(sum, lostBySum(this.high, high, sum) + small);
		return ordered(first.high, first.low + lostBySum(this.low, low, small));
	}

	minus({ high, low }: Exact): Exact {
		return this.plus(new Exact(-high, -low));
	}

	times({ high, low }: Exact): Exact {
		const product = this.high * high;
		return ordered(product, lostByProduct(this.high, high, product) + this.high * low + this.low * high);
	}

	over(other: Exact): Exact {
		const first = this.high / other.high;
		const rest = this.minus(other.times(new Exact(first)));
		const second = rest.high / other.high;
		const last = rest.minus(other.times(new Exact(second))).high / other.high;
		return ordered(first, second).plus(new Exact(last));
	}

	/** The square root; of negative numbers, which come from rounding, zero. */
	root(): Exact {
		if (this.high <= 0) return ZERO;
		const guess = new Exact(Math.sqrt(this.high));
		const rest = this.minus(guess.times(guess));
		return guess.plus(new Exact(rest.high / (2 * guess.high)));
	}
}

export const ZERO = new Exact(0);
export const ONE = new Exact(1);
export const PI = new Exact(Math.PI, 1.2246467991473532e-16);

/** The sum of a list. */
export const total = (numbers: readonly Exact[]): Exact => numbers.reduce((sum, number) => sum.plus(number), ZERO);

/** The angle in [0, π] of a point of the upper half plane, not at its origin. */
export function angle(y: Exact, x: Exact): Exact {
	const guess = Math.atan2(y.high, x.high);
	const { sine, cosine } = onCircle(guess);
	const radius = x.times(x).plus(y.times(y)).root();
	// The sine of what the guess lacks, which is as small as the lacking angle itself.
	return new Exact(guess).plus(y.times(cosine).minus(x.times(sine)).over(radius));
}

interface CirclePoint {
	sine: Exact;
	cosine: Exact;
}

const grid = new Map<number, CirclePoint>();

function onCircle(angle: number): CirclePoint {
	const near = Math.round(angle * 32) / 32;
	const at = grid.get(near) ?? series(near);
	grid.set(near, at);
	const rest = series(angle - near);
	return {
		sine: at.sine.times(rest.cosine).plus(at.cosine.times(rest.sine)),
		cosine: at.cosine.times(rest.cosine).minus(at.sine.times(rest.sine)),
	};
}

/** Sine and cosine by their power series. */
function series(angle: number): CirclePoint {
	const x = new Exact(angle);
	let [sine, cosine] = [ZERO, ONE];
	let term = ONE;
	for (let n = 1; Math.abs(term.high) > 1e-34; n++) {
		term = term.times(x).times(reciprocal(n));
		const signed = n % 4 < 2 ? term : ZERO.minus(term);
		if (n % 2 === 1) sine = sine.plus(signed);
		else cosine = cosine.plus(signed);
	}
	return { sine, cosine };
}

const reciprocals: Exact[] = [];

function reciprocal(n: number): Exact {
	reciprocals[n] ??= ONE.over(new Exact(n));
	return reciprocals[n];
}

/** The sum of a larger and a smaller number. */
function ordered(a: number, b: number): Exact {
	const sum = a + b;
	return new Exact(sum, b - (sum - a));
}

/** a + b − sum, without error. */
function lostBySum(a: number, b: number, sum: number): number {
	const part = sum - a;
	return a - (sum - part) + (b - part);
}

/** a·b − product, without error. */
function lostByProduct(a: number, b: number, product: number): number {
	// Two numbers of half the digits each.
	const [scaledA, scaledB] = [SPLIT * a, SPLIT * b];
	const [a1, b1] = [scaledA - (scaledA - a), scaledB - (scaledB - b)];
	const [a2, b2] = [a - a1, b - b1];
	return a2 * b2 - (product - a1 * b1 - a2 * b1 - a1 * b2);
}
