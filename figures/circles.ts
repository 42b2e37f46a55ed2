/**
 * The paper's toy data and kernel: two circles of points in space, k = exp(−L²d²) at the distance d.
 * @module
 */
import { type PairQuantities, type Ridge, rbfKernel, submatrix, type Tensor, twoCircles } from "../ts/index.ts";
import type { FigureOptions } from "./figure.ts";
import { labelInTurn } from "./orbit-pairs.ts";
import { allBut } from "./parts.ts";

/** Of the whole Gram, one absolute number in all errors: to the kernel, points of dense circles are nearly the same. */
export const RIDGE = { trace: 1e-5 };

/** Two circles, and the kernel on them. */
export interface Circles {
	/** N, points of each circle. */
	poses: number;
	/** Δ, the distance of the centres. */
	delta: number;
	radius: number;
	/** L, the inverse of a length. */
	inverseLength: number;
}

/** Points A₀ B₀ A₁ B₁ …, their Gram, and what follows from it; all errors carry one ridge. */
export async function quantitiesOfCircles(
	{ engine, signal }: Pick<FigureOptions, "engine" | "signal">,
	{ poses, delta, radius, inverseLength }: Circles,
	ridge: Ridge,
): Promise<{ points: Tensor; gram: Tensor; quantities: PairQuantities }> {
	const call = signal ? { signal } : {};
	const points = twoCircles(poses, { delta, radius });
	const { ntk: gram } = (await engine.gram(rbfKernel({ gamma: inverseLength ** 2 }), points, call)) as { ntk: Tensor };
	return { points, gram, quantities: await engine.pairQuantities(points, gram, { ridge, ...call }) };
}

/** |y − ŷ| of one point of a Gram of points A₀ B₀ A₁ B₁ …, labels ±1, by a regression on all others. */
export async function errorWithout(
	{ engine, signal }: FigureOptions,
	gram: Tensor,
	heldOut: number,
	ridge: Ridge,
): Promise<number> {
	const size = gram.shape[0] as number;
	const others = allBut(size, heldOut);
	const known = submatrix(gram, others);
	const fit = await engine.regression(known, others.map(labelInTurn), { ridge, ...(signal && { signal }) });
	const cross = Float64Array.from(others, (index) => gram.data[heldOut * size + index] as number);
	const { mean } = await fit.predict({ data: cross, shape: [1, others.length] });
	return Math.abs(labelInTurn(heldOut) - (mean.data[0] as number));
}
