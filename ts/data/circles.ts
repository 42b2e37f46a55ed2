/**
 * The toy data of the paper: two orbits of a rotation group in space.
 * @module
 */
import type { Tensor } from "../arrays.ts";
import { OrbitKernelsError } from "../errors.ts";

/** How two circles lie. */
export interface CirclesOptions {
	/** The distance of their centres, along the third axis. */
	delta: number;
	/** Default 1. */
	radius?: number;
}

/**
 * Points in turn on two parallel circles, A₀ B₀ A₁ B₁ …, as samples of shape [2N, 3]: A_j at the angle 2πj/N and height
 * delta/2, B_j half a step further and at −delta/2.
 *
 * @param order N, the number of points on each circle, a positive integer
 * @throws OrbitKernelsError "value" when the order is no positive integer, or delta or radius is not finite
 * @example
 * const { ntk } = await engine.gram(rbfKernel({ gamma: 1 }), twoCircles(6, { delta: 1 }));
 *
 * Source: Perin & Deny, "On the Ability of Deep Networks to Learn Symmetries from Data", arXiv 2412.11521, figures 2 and 3
 */
export function twoCircles(order: number, { delta, radius = 1 }: CirclesOptions): Tensor<Float64Array> {
	check("order", order, Number.isSafeInteger(order) && order > 0, "a positive integer");
	check("delta", delta, Number.isFinite(delta), "a finite number");
	check("radius", radius, Number.isFinite(radius), "a finite number");
	const point = (circle: 0 | 1, j: number) => {
		const angle = (2 * Math.PI * j) / order + (circle * Math.PI) / order;
		return [radius * Math.cos(angle), radius * Math.sin(angle), (0.5 - circle) * delta];
	};
	const points = Array.from({ length: order }, (_, j) => [...point(0, j), ...point(1, j)]);
	return { data: Float64Array.from(points.flat()), shape: [2 * order, 3] };
}

function check(path: string, value: unknown, valid: boolean, expected: string): void {
	if (valid) return;
	const message = `${path}: got ${String(value)}, expected ${expected}`;
	throw new OrbitKernelsError("value", message, { path, value, expected });
}
