/**
 * How many poses of two samples must be known before an unseen pose is told apart.
 * @module
 */
import { type ArrayInput, checkOptions, shapeError, type Tensor, usageError } from "../arrays.ts";
import type { Kernel } from "../classical.ts";
import { OrbitKernelsError } from "../errors.ts";
import { inFlight } from "../in-flight.ts";
import type { Ridge } from "../inference.ts";
import { type CallOptions, type Context, gram } from "../kernel.ts";
import type { Network } from "../network.ts";
import { gather } from "../parts.ts";
import { type Action, actionError, rotations } from "./action.ts";
import { groupOrder } from "./group.ts";
import { checkWanted, orbit, type Prepare } from "./orbit.ts";
import { type GramQuantities, gramQuantities } from "./pair.ts";

/** Options of `posesNeeded`. */
export interface PosesOptions extends CallOptions {
	/**
	 * The action of the cyclic group of each order, such as `rotations` (default) or `shifts`; pose k of N is pose k·M/N of
	 * each multiple M.
	 */
	action?: (order: number) => Action;
	/** The numbers of poses; default 2, 3 … 64. */
	orders?: readonly number[];
	/** Default `{ trace: 1e-10 }`, of each Gram. */
	ridge?: Ridge;
	/** Default as `orbit` has it. */
	prepare?: Prepare;
}

const CURVES = [
	"exactError",
	"correctCount",
	"spectralError",
	"blockError",
	"blockCorrectCount",
	"departure",
	"ridge",
] as const satisfies (keyof GramQuantities)[];

/** Quantities of a pair, each with a value for each number of poses. */
export type Curves = Record<(typeof CURVES)[number], number[]>;

/** One pair of seeds. */
export interface PairCurves extends Curves {
	/** Indices of the seeds. */
	a: number;
	b: number;
	/** Least number of poses at which the held-out poses of both seeds are right; null: none. */
	firstRight: number | null;
	/** Least number of poses from which on both are right at every number of the list; null: none. */
	rightFrom: number | null;
}

/** How a number of poses is distributed over pairs. */
export interface Distribution {
	/** Least numbers that are enough for a quarter, half and three quarters of the pairs; null: none is. */
	quartiles: [number | null, number | null, number | null];
	/** Pairs for which none is enough. */
	never: number;
}

/** What `posesNeeded` gives; plain JSON. */
export interface PosesNeeded {
	/** The numbers of poses, ascending. */
	orders: number[];
	ridge: Ridge;
	pairs: PairCurves[];
	/** Share of pairs whose held-out poses are both right, at each number of poses. */
	shareRight: number[];
	/** Share of pairs for which that holds from this number on. */
	shareRightFrom: number[];
	firstRight: Distribution;
	rightFrom: Distribution;
}

/** A pair at a number of poses, and at its divisors that have no larger multiple. */
interface Item {
	pair: number;
	most: number;
	divisors: number[];
}

/** See `Engine.posesNeeded`. */
export async function posesNeeded(
	context: Context,
	network: Network | Kernel,
	seeds: ArrayInput,
	labelsOrPairs: ArrayLike<number | string> | readonly (readonly number[])[],
	options: PosesOptions = {},
): Promise<PosesNeeded> {
	checkOptions(options, ["action", "orders", "ridge", "prepare", "signal", "onProgress"]);
	const { action = rotations, ridge = { trace: 1e-10 }, prepare, signal, onProgress } = options;
	const orders = checkOrders(options.orders ?? Array.from({ length: 63 }, (_, k) => k + 2));
	const actions = new Map(orders.map((order) => [order, actionOf(action, order)]));
	const chosen = prepare === undefined ? {} : { prepare };
	const { seeds: samples } = checkWanted(seeds, actions.get(orders[0] as number) as Action, chosen);
	const pairs = pairsOf(labelsOrPairs, samples.shape[0] as number);

	const call = signal ? { signal } : {};
	const quantities = pairs.map(() => new Map<number, GramQuantities>());
	const total = pairs.length * orders.length;
	let done = 0;
	onProgress?.({ done, total });
	const work = async ({ pair, most, divisors }: Item) => {
		const orbits = await orbit(context, gather(samples, pairs[pair] as [number, number]), actions.get(most) as Action, {
			...chosen,
			...call,
		});
		const points = { data: orbits.data, shape: [2 * most, ...samples.shape.slice(1)] };
		const { ntk } = await gram(context, network, points, call);
		// N poses are every (most / N)th, so that their Gram is a part of this one.
		const parts = divisors.map((order) =>
			Array.from({ length: 2 * order }, (_, k) => (k % 2) * most + Math.floor(k / 2) * (most / order)),
		);
		for (const [k, part] of (await gramQuantities(context, ntk as Tensor, parts, ridge, signal)).entries())
			quantities[pair]?.set(divisors[k] as number, part);
		done += divisors.length;
		onProgress?.({ done, total });
	};
	const families = byLargest(orders);
	const items = pairs.flatMap((_, pair) => families.map((family) => ({ pair, ...family })));
	// One more than workers: they have work while this thread is at the last one's results.
	await inFlight(context.pool.workers + 1, items, (item) =>
		work(item).catch((error) => {
			throw ofPair(error, pairs[item.pair] as [number, number], item.divisors);
		}),
	);

	const curves = pairs.map(([a, b], pair): PairCurves => {
		const values = orders.map((order) => quantities[pair]?.get(order) as GramQuantities);
		const columns = CURVES.map((name) => [name, values.map((at) => at[name])]);
		const right = values.map(({ correctCount }) => correctCount === 2);
		const [first, from] = [right.indexOf(true), right.lastIndexOf(false) + 1];
		return { a, b, firstRight: orders[first] ?? null, rightFrom: orders[from] ?? null, ...Object.fromEntries(columns) };
	});
	const share = (holds: (curve: PairCurves) => boolean) => curves.filter(holds).length / curves.length;
	return {
		orders,
		ridge,
		pairs: curves,
		shareRight: orders.map((_, n) => share(({ correctCount }) => correctCount[n] === 2)),
		shareRightFrom: orders.map((order) => share(({ rightFrom }) => rightFrom !== null && rightFrom <= order)),
		firstRight: distribution(curves.map(({ firstRight }) => firstRight)),
		rightFrom: distribution(curves.map(({ rightFrom }) => rightFrom)),
	};
}

/** Orders that divide no other, each with the orders that are computed as parts of it: each is in one list. */
function byLargest(orders: readonly number[]): Omit<Item, "pair">[] {
	const divisors = new Map<number, number[]>();
	for (const order of orders) {
		const most = orders.findLast((other) => other % order === 0) as number;
		divisors.set(most, [...(divisors.get(most) ?? []), order]);
	}
	return Array.from(divisors, ([most, parts]) => ({ most, divisors: parts }));
}

function distribution(numbers: (number | null)[]): Distribution {
	const enough = numbers.filter((number) => number !== null).sort((a, b) => a - b);
	const least = (share: number) => enough[Math.ceil(share * numbers.length) - 1] ?? null;
	return { quartiles: [least(0.25), least(0.5), least(0.75)], never: numbers.length - enough.length };
}

function checkOrders(orders: unknown): number[] {
	const valid = (order: unknown) => Number.isSafeInteger(order) && (order as number) > 0;
	if (!Array.isArray(orders) || orders.length === 0 || !orders.every(valid))
		throw usageError("options.orders", JSON.stringify(orders), "a list of positive integers");
	return [...new Set<number>(orders)].sort((a, b) => a - b);
}

function actionOf(build: unknown, order: number): Action {
	if (typeof build !== "function") throw actionError("options.action", build, "a function such as rotations or shifts");
	const action = build(order) as Action;
	if (action?.group?.type !== "cyclic" || groupOrder(action.group) !== order)
		throw actionError(`options.action(${order})`, action, `an action of the cyclic group of order ${order}`);
	return action;
}

/** The pairs that are given, or all of different labels. */
function pairsOf(value: unknown, count: number): [number, number][] {
	if (Array.isArray(value) && Array.isArray(value[0]))
		return value.map((pair, k) => {
			const valid = (index: unknown) => Number.isInteger(index) && (index as number) >= 0 && (index as number) < count;
			if (!Array.isArray(pair) || pair.length !== 2 || !pair.every(valid) || pair[0] === pair[1]) {
				const expected = `two different indices of the ${count} seeds`;
				const message = `pairs[${k}]: got ${JSON.stringify(pair)}, expected ${expected}`;
				throw new OrbitKernelsError("value", message, { path: `pairs[${k}]`, index: k, value: pair, expected });
			}
			return pair as [number, number];
		});
	const labels = value as ArrayLike<unknown>;
	const length = typeof value === "object" && value !== null ? labels.length : undefined;
	if (length !== count) throw shapeError("labels", length ?? String(value), `a label for each of the ${count} seeds`);
	const others = (a: number) => Array.from({ length: count - a - 1 }, (_, k) => a + 1 + k);
	const pairs = Array.from({ length: count }, (_, a) => a).flatMap((a) =>
		others(a).flatMap((b): [number, number][] => (labels[a] === labels[b] ? [] : [[a, b]])),
	);
	if (pairs.length > 0) return pairs;
	const expected = "two different labels";
	const message = `labels: all ${count} are equal, expected ${expected}`;
	throw new OrbitKernelsError("value", message, { path: "labels", expected });
}

/** Says which pair a failure belongs to; what ends the whole call stays as it is. */
function ofPair(error: unknown, [a, b]: [number, number], orders: number[]): unknown {
	if (!(error instanceof OrbitKernelsError) || !["value", "singular"].includes(error.code)) return error;
	const { code, message, value, expected } = error;
	const fields = { path: `seeds[${a}], seeds[${b}]`, value, ...(expected !== undefined && { expected }), cause: error };
	return new OrbitKernelsError(code, `seeds ${a} and ${b} in ${orders.join(", ")} poses: ${message}`, fields);
}
