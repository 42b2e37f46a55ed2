/**
 * From a state to its numbers: orbits, kernel, errors, and what would mend them.
 * @module
 */
import {
	type Action,
	circulantRow,
	type Engine,
	gather,
	type LabelledImages,
	type PairCurves,
	type PairQuantities,
	type PairReport,
	type Tensor,
} from "orbit-kernels";
import { quantitiesOfCircles, RIDGE } from "../figures/circles.ts";
import { inTurn } from "../figures/orbit-pairs.ts";
import { type Principal, principalComponents } from "../figures/principal.ts";
import { actions } from "./actions.ts";
import { build } from "./architectures.ts";
import type { Call } from "./derived.ts";
import { pixelsOf } from "./pictures.ts";
import type { State, Toy } from "./state.ts";

/** Where all numbers come from. */
export interface Source {
	engine: Engine;
	digits: LabelledImages;
}

/** Of which two orbits. */
export type OrbitsInput = Pick<State, "a" | "b" | "size" | "action" | "poses">;
export const orbitsInput = ({ a, b, size, action, poses }: State): OrbitsInput => ({ a, b, size, action, poses });

/** Two orbits. */
export interface Orbits {
	/** As people see them: 2 × N × size × size, mostly from 0 to 1. */
	seen: Tensor<Float64Array>;
	/** Where A₀ B₀ A₁ B₁ …, as the kernel sees them, lie in the three directions in which they vary most. */
	space: Principal;
}

/** The pair as two images, of size × size. */
async function seedsOf(
	{ engine, digits }: Source,
	{ a, b, size }: Pick<State, "a" | "b" | "size">,
	{ signal }: Call,
): Promise<Tensor> {
	const [one, other] = await Promise.all([a, b].map((picture) => pixelsOf(engine, digits, picture, size, signal)));
	const data = new Float64Array(2 * size * size);
	data.set((one as Tensor).data);
	data.set((other as Tensor).data, size * size);
	return { data, shape: [2, size, size] };
}

/** A residual that no eye can see. */
const SEEN = 1e-4;

export async function orbitsOf(source: Source, input: OrbitsInput, call: Call): Promise<Orbits> {
	const { engine } = source;
	const { signal } = call;
	const { points, seeds, action } = await pointsOf(source, input, call);
	const [seen, space] = await Promise.all([
		engine.orbit(seeds, action, { prepare: "none", signal }),
		principalComponents({ engine, signal }, points, 3, SEEN),
	]);
	return { seen, space };
}

/** The poses as the kernel sees them, A₀ B₀ A₁ B₁ …: 2N × size × size. */
async function pointsOf(source: Source, input: OrbitsInput, call: Call) {
	const { poses, size } = input;
	const seeds = await seedsOf(source, input, call);
	const action: Action = actions[input.action].action(poses);
	const { data } = await source.engine.orbit(seeds, action, { signal: call.signal });
	return { seeds, action, points: gather({ data, shape: [2 * poses, size, size] }, inTurn(poses, poses)) };
}

/** What decides a kernel. */
export type KernelInput = OrbitsInput & Pick<State, "architecture" | "parameters">;
export const kernelInput = (state: State): KernelInput => ({
	...orbitsInput(state),
	architecture: state.architecture,
	parameters: state.parameters,
});

/** The kernel of all poses, A₀ B₀ A₁ B₁ …: 2N × 2N. */
export interface KernelNumbers {
	gram: Tensor;
	/** The circulant matrix nearest to it; null for a group that is not cyclic. */
	circularized: Float64Array | null;
}

export async function kernelOf(source: Source, input: KernelInput, call: Call): Promise<KernelNumbers> {
	const { points, action } = await pointsOf(source, input, call);
	const { ntk } = await source.engine.gram(build(input.architecture, input.parameters), points, call);
	const { data, shape } = ntk as Tensor;
	const size = shape[0] as number;
	const row = action.group.type === "cyclic" ? circulantRow(data, size) : null;
	const entry = (k: number) => row?.[((k % size) - Math.floor(k / size) + size) % size] as number;
	return { gram: ntk as Tensor, circularized: row && Float64Array.from(data, (_, k) => entry(k)) };
}

/** What decides an error: the kernel, and which pose is held out. */
export type VerdictInput = KernelInput & { pose: number };
export const verdictInput = (state: State): VerdictInput => ({ ...kernelInput(state), pose: state.unseen.pose });

/** What a network says of the held-out pose of either orbit, all others being known. */
export interface Verdict {
	pair: PairReport;
	/** How many poses of A, and of B, look as the held-out one does: they are a single point, and all of them unseen. */
	alike: [number, number];
}

export async function verdictOf(source: Source, input: VerdictInput, call: Call): Promise<Verdict> {
	const seeds = await seedsOf(source, input, call);
	const { pairs, orbits } = await source.engine.symmetry(build(input.architecture, input.parameters), {
		...{ seeds, labels: ["A", "B"], holdOut: [input.pose], ...call },
		action: actions[input.action].action(input.poses),
	});
	const [a, b] = orbits.map(({ stabilizer }) => stabilizer.length) as [number, number];
	return { pair: pairs[0] as PairReport, alike: [a, b] };
}

/** Errors of the first pose of both orbits by the number of poses. */
export interface Growth {
	orders: number[];
	/** Whether costly numbers were left out. */
	isThinned: boolean;
	curves: PairCurves;
}

export type GrowthInput = Omit<KernelInput, "poses">;
export const growthInput = ({ a, b, size, action, architecture, parameters }: State): GrowthInput => ({
	...{ a, b, size, action, architecture, parameters },
});

/** Operations that a reader waits for: some seconds. */
const MANY = 2e10;

/**
 * Errors at every number of poses, or at those that a single Gram holds where all would take long; null for an action that has
 * but one number.
 */
export async function growthOf(source: Source, input: GrowthInput, call: Call): Promise<Growth | null> {
	const { engine } = source;
	const { action, poses, grows } = actions[input.action];
	if (!grows) return null;
	const seeds = await seedsOf(source, input, call);
	const network = build(input.architecture, input.parameters);
	const all = poses(input.size);
	const most = all.at(-1) as number;
	const { flops } = await engine.explain(network, [2 * most, input.size, input.size]);
	// Numbers above the half have no multiple among them: each is a Gram of its own, of half the operations of the last on average.
	const isThinned = flops * (all.length / 4) > MANY;
	const orders = isThinned ? all.filter((order) => most % order === 0) : [...all];
	const { pairs } = await engine.posesNeeded(network, seeds, [[0, 1]], { action, orders, ...call });
	return { orders, isThinned, curves: pairs[0] as PairCurves };
}

/** The kernel on two circles of radius 1. */
export interface CirclesNumbers {
	/** Of A₀ with all points, A₀ B₀ A₁ B₁ …. */
	row: number[];
	quantities: PairQuantities;
}

export async function toyOf({ engine }: Source, toy: Toy, { signal }: Call): Promise<CirclesNumbers> {
	const { gram, quantities } = await quantitiesOfCircles({ engine, signal }, { ...toy, radius: 1 }, RIDGE);
	return { row: Array.from(gram.data.subarray(0, 2 * toy.poses)), quantities };
}
