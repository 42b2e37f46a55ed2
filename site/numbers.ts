/**
 * From a state to its numbers: orbits, kernel, errors, and what would mend them.
 * @module
 */
import {
	type Engine,
	gather,
	type LabelledImages,
	type PairCurves,
	type PairQuantities,
	type PairReport,
	type Tensor,
} from "orbit-kernels";
import { quantitiesOfCircles, RIDGE } from "../figures/circles.ts";
import { type Principal, principalComponents } from "../figures/principal.ts";
import { actions } from "./actions.ts";
import { type ArchitectureName, build } from "./architectures.ts";
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
	/** As the kernel sees them, A₀ B₀ A₁ B₁ …: 2N × size × size. */
	points: Tensor<Float64Array>;
	/** Where these points lie in the three directions in which they vary most. */
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

/** Where A₀ B₀ A₁ B₁ … are in A₀ A₁ … B₀ B₁ …. */
const inTurn = (poses: number) => Array.from({ length: 2 * poses }, (_, k) => (k % 2) * poses + Math.floor(k / 2));

/** A residual that no eye can see. */
const SEEN = 1e-4;

export async function orbitsOf(source: Source, input: OrbitsInput, call: Call): Promise<Orbits> {
	const { engine } = source;
	const { signal } = call;
	const { poses, size } = input;
	const seeds = await seedsOf(source, input, call);
	const action = actions[input.action].action(poses);
	const [seen, prepared] = await Promise.all([
		engine.orbit(seeds, action, { prepare: "none", signal }),
		engine.orbit(seeds, action, { signal }),
	]);
	const points = gather({ data: prepared.data, shape: [2 * poses, size, size] }, inTurn(poses)) as Tensor<Float64Array>;
	const space = await principalComponents({ engine, signal }, points, 3, SEEN);
	return { seen, points, space };
}

/** What decides an error. */
export type VerdictInput = OrbitsInput & {
	architecture: ArchitectureName;
	parameters: State["parameters"];
	pose: number;
};
export const verdictInput = (state: State): VerdictInput => ({
	...orbitsInput(state),
	architecture: state.architecture,
	parameters: state.parameters,
	pose: state.unseen.pose,
});

/** The kernel of two orbits, and what it says of the held-out pose of either. */
export interface Verdict {
	/** 2N × 2N, A₀ B₀ A₁ B₁ …. */
	gram: Tensor;
	pair: PairReport;
}

export async function verdictOf(source: Source, input: VerdictInput, call: Call): Promise<Verdict> {
	const { engine } = source;
	const seeds = await seedsOf(source, input, call);
	const { size, poses } = input;
	const { signal, onProgress } = call;
	const orbits = await engine.orbit(seeds, actions[input.action].action(poses), { signal });
	const points = gather({ data: orbits.data, shape: [2 * poses, size, size] }, inTurn(poses));
	const network = build(input.architecture, input.parameters);
	const [{ ntk }, pair] = await Promise.all([
		engine.gram(network, points, { signal, onProgress }),
		pairOf(source, input, call, seeds),
	]);
	return { gram: ntk as Tensor, pair };
}

/** What a network says of the held-out poses of two orbits. */
export async function pairOf(source: Source, input: VerdictInput, call: Call, known?: Tensor): Promise<PairReport> {
	const seeds = known ?? (await seedsOf(source, input, call));
	const { pairs } = await source.engine.symmetry(build(input.architecture, input.parameters), {
		...{ seeds, labels: ["A", "B"], holdOut: [input.pose], signal: call.signal },
		action: actions[input.action].action(input.poses),
	});
	return pairs[0] as PairReport;
}

/** Numbers of poses. */
export interface Growth {
	orders: number[];
	curves: PairCurves;
}

export type GrowthInput = Pick<VerdictInput, "a" | "b" | "size" | "action" | "architecture" | "parameters">;
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
	const orders = flops * (all.length / 4) < MANY ? [...all] : all.filter((order) => most % order === 0);
	const { pairs } = await engine.posesNeeded(network, seeds, [[0, 1]], { action, orders, ...call });
	return { orders, curves: pairs[0] as PairCurves };
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
