/**
 * The recorded quantities of pairs of orbits at several numbers of poses.
 * @module
 */
import {
	type Action,
	type Engine,
	type Kernel,
	type Network,
	type PairOptions,
	type PairQuantities,
	rotations,
	type Tensor,
} from "../ts/index.ts";
import type { FigureOptions } from "./figure.ts";
import { gather, keptEach, posesOf, submatrix } from "./parts.ts";
import { mean } from "./statistics.ts";

/** One absolute number for each Gram, carried by all errors alike. */
export const RIDGE = { trace: 1e-10 };

/** What the paper records of a pair (theory's nine quantities), the ridge, and whether the kernel tells the poses apart. */
export const QUANTITIES = [
	"deltaSquared",
	"spectralError",
	"exactError",
	"lastReciprocal",
	"meanReciprocalWithoutLast",
	"meanReciprocal",
	"projectedRadius",
	"meanWithinOrbitKernel",
	"correctCount",
	"ridge",
] as const satisfies (keyof PairQuantities)[];

/** All pairs at one number of poses; each array has a value for each pair. */
export type Cell<Name extends string = (typeof QUANTITIES)[number]> = { poses: number } & Record<Name, number[]>;

/** Share of held-out poses that are right. */
export const accuracy = ({ correctCount }: { correctCount: number[] }) => mean(correctCount) / 2;

/** The same as a spectral error below 1 foretells it. */
export const foretold = ({ spectralError }: { spectralError: number[] }) =>
	mean(spectralError.map((error) => Number(error < 1)));

/** Share of held-out poses of which the formula and the regression, or the training, say the same: right, or wrong. */
export const sameVerdict = ({ spectralError, correctCount }: { spectralError: number[]; correctCount: number[] }) =>
	mean(correctCount.map((count, k) => ((spectralError[k] as number) < 1 ? count : 2 - count) / 2));

/** Indices and labels of the two digits of a pair. */
export interface Pair {
	a: number;
	b: number;
	labelA: number;
	labelB: number;
}

export function pairsOf(labels: ArrayLike<number>, drawn: readonly (readonly [number, number])[]): Pair[] {
	const label = (index: number) => labels[index] as number;
	return drawn.map(([a, b]) => ({ a, b, labelA: label(a), labelB: label(b) }));
}

/** What is recorded of each pair. */
export interface PairsRun {
	network: Network | Kernel;
	pairs: readonly (readonly [number, number])[];
	/** Numbers of poses; each divides the last. */
	orders: readonly number[];
	/** Default `rotations`. */
	action?: (order: number) => Action;
}

/**
 * The quantities of all pairs for one network, each pair kept as `<name>-<index>`.
 *
 * @param count called after each pair
 */
export async function cells<Name extends keyof PairQuantities>(
	options: FigureOptions,
	name: string,
	{ network, pairs, orders, action = rotations }: PairsRun,
	names: readonly Name[],
	count: () => void,
): Promise<Cell<Name>[]> {
	const { engine, digits, signal } = options;
	const call = signal ? { signal } : {};
	const most = orders.at(-1) as number;
	const results = await keptEach(
		options,
		name,
		pairs,
		async (pair) => {
			const orbits = await engine.orbit(gather(digits.images, pair), action(most), call);
			const quantities = await quantitiesOf(engine, network, orbits, orders, { ridge: RIDGE, ...call });
			return quantities.map((at) => names.map((name) => Number(at[name])));
		},
		count,
	);
	return orders.map((poses, n) => {
		const columns = names.map((name, k) => [name, results.map((pair) => pair[n]?.[k])]);
		return { poses, ...Object.fromEntries(columns) } as Cell<Name>;
	});
}

/** Places of A₀ B₀ A₁ B₁ … in orbits of `most` poses (2 × most × …): N poses of each, every (most / N)th. */
export function inTurn(most: number, poses: number): number[] {
	return Array.from({ length: 2 * poses }, (_, k) => (k % 2) * most + Math.floor(k / 2) * (most / poses));
}

/** The label of each of A₀ B₀ A₁ B₁ …. */
export const labelInTurn = (index: number) => (index % 2 === 0 ? 1 : -1);

/** The quantities at each number of poses, from orbits of the last: 2 × most × H × W. */
export async function quantitiesOf(
	engine: Engine,
	network: Network | Kernel,
	orbits: Tensor,
	orders: readonly number[],
	options: PairOptions,
): Promise<PairQuantities[]> {
	const { ridge: _, ...call } = options;
	const most = orbits.shape[1] as number;
	const all = posesOf(orbits);
	const { ntk } = await engine.gram(network, all, call);
	return Promise.all(
		orders.map((poses) => {
			// Each Gram is a part of the largest.
			const indices = inTurn(most, poses);
			return engine.pairQuantities(gather(all, indices), submatrix(ntk as Tensor, indices), options);
		}),
	);
}
