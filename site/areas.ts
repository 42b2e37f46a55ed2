/**
 * A ratio as two areas.
 * @module
 */

/**
 * Heights of bars, one area over the other on one scale whose top is 1: the numerator as wide as all bars, and the bars, whose mean
 * is the denominator.
 */
export function areas(numerator: number, bars: readonly number[]): [above: number[], below: number[]] {
	// An answer beyond its target has a negative error: an area has none.
	const height = Math.abs(numerator);
	const most = Math.max(height, ...bars);
	return [bars.map(() => height / most), bars.map((value) => value / most)];
}
