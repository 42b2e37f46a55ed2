/**
 * Numbers as the page writes them.
 * @module
 */

/** Three digits that count. */
export const short = (value: number) => {
	const rounded = Number(value.toPrecision(3));
	return Math.abs(rounded) > 0 && (Math.abs(rounded) < 1e-3 || Math.abs(rounded) >= 1e5)
		? rounded.toExponential()
		: String(rounded);
};
