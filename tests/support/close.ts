import { expect } from "vitest";

type Values = ArrayLike<number> | { data: ArrayLike<number>; shape: readonly number[] };

export interface Tolerance {
	rtol?: number;
	atol?: number;
}

/**
 * Asserts |a − b| ≤ atol + rtol·|b| for every entry a of `actual` and b of `expected`; NaN is never close.
 * A failure reports the entry that misses by most.
 *
 * @example
 * expectClose(gram.ntk, await loadArray(expected.ntk), { rtol: 1e-12 });
 */
export function expectClose(actual: Values, expected: Values, { rtol = 0, atol = 0 }: Tolerance): void {
	if ("shape" in actual && "shape" in expected) expect([...actual.shape]).toEqual([...expected.shape]);
	const a = "data" in actual ? actual.data : actual;
	const b = "data" in expected ? expected.data : expected;
	expect(a.length).toBe(b.length);
	let worst = 1;
	let at = -1;
	for (let i = 0; i < b.length; i++) {
		const allowed = atol + rtol * Math.abs(b[i] as number);
		const difference = Math.abs((a[i] as number) - (b[i] as number));
		if (difference <= allowed) continue;
		const excess = Number.isNaN(difference) || allowed === 0 ? Number.POSITIVE_INFINITY : difference / allowed;
		if (at >= 0 && excess <= worst) continue;
		worst = excess;
		at = i;
	}
	if (at >= 0) {
		const difference = Math.abs((a[at] as number) - (b[at] as number));
		expect.fail(
			`entry ${at} of ${b.length}: ${a[at]} instead of ${b[at]}, off by ${difference} with rtol ${rtol}, atol ${atol}`,
		);
	}
}
