/**
 * Numbers and names as the page writes them.
 * @module
 */

/** Three digits that count. */
export const short = (value: number) => {
	const rounded = Number(value.toPrecision(3));
	return Math.abs(rounded) > 0 && (Math.abs(rounded) < 1e-3 || Math.abs(rounded) >= 1e5)
		? rounded.toExponential()
		: String(rounded);
};

const subscript = (number: number) => String(number).replace(/\d/g, (digit) => "₀₁₂₃₄₅₆₇₈₉"[Number(digit)] as string);

/** The name of a pose, by its place in A₀ B₀ A₁ B₁ …. */
export const nameOfPoint = (point: number) => `${point % 2 === 0 ? "A" : "B"}${subscript(point >> 1)}`;
