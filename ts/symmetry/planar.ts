/**
 * Turns in the plane.
 * @module
 */

/**
 * Cosine and sine of 2πk / order, to rounding and with the same bits on every host; exact at quarter turns.
 *
 * @example cosSin(1, 4) // [0, 1]
 */
export function cosSin(k: number, order: number): [number, number] {
	const quarters = Math.round((4 * k) / order);
	// At most an eighth of a turn, where the series need nine terms.
	const x = ((Math.PI / 2) * (4 * k - quarters * order)) / order;
	let [cos, sin] = [1, 1];
	for (let n = 18; n >= 2; n -= 2) {
		cos = 1 - (cos * x * x) / (n * (n - 1));
		sin = 1 - (sin * x * x) / (n * (n + 1));
	}
	sin *= x;
	const turned: [number, number][] = [
		[cos, sin],
		[0 - sin, cos],
		[0 - cos, 0 - sin],
		[sin, 0 - cos],
	];
	return turned[((quarters % 4) + 4) % 4] as [number, number];
}

/** Writes a vector to `out` with its first two numbers turned by 2πk / order counterclockwise. */
export function turnInPlane(x: ArrayLike<number>, k: number, order: number, out: Float64Array): void {
	const [cos, sin] = cosSin(k, order);
	const [first, second] = [x[0] as number, x[1] as number];
	out.set(x);
	out[0] = cos * first - sin * second;
	out[1] = sin * first + cos * second;
}
