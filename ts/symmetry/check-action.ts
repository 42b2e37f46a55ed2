/**
 * Whether what is declared as an action is one, and which elements leave a seed as it is.
 * @module
 */
import type { ArrayInput, Tensor } from "../arrays.ts";
import { OrbitKernelsError } from "../errors.ts";
import type { CallOptions, Context } from "../kernel.ts";
import { type Action, actionError } from "./action.ts";
import { type GroupTable, groupError, groupOrder } from "./group.ts";
import { checkWanted, type OrbitOptions, poses } from "./orbit.ts";
import { isExact } from "./sources.ts";

/** What is found out about an action on some seeds. */
export interface ActionCheck {
	/** Whether the action claims to be exact on samples of this shape. */
	exact: boolean;
	/** The largest entry of g·(h·x) − (gh)·x, relative to the pose's largest, over generators g, elements h and seeds x. */
	defect: number;
	/** For each seed the elements that leave it as it is, ascending: a subgroup. */
	stabilizers: number[][];
}

/** Where the action property is missed, or missed by most. */
interface Miss {
	generator: number;
	element: number;
	seed: number;
	defect: number;
}

/** Relative difference of poses that count as equal. */
const EQUAL = 1e-12;

/** See `Engine.checkAction`. */
export async function checkAction(
	context: Context,
	seeds: ArrayInput,
	action: Action,
	table: GroupTable,
	options: OrbitOptions = {},
): Promise<ActionCheck> {
	const wanted = checkWanted(seeds, action, options);
	const order = groupOrder(action.group);
	if (table.order !== order)
		throw groupError("table.order", table.order, `${order}, the number of elements of the action's group`);
	const { signal } = options;
	const call = signal ? { signal } : {};
	const plain = await poses(context, { ...wanted, prepare: "none" }, call);
	const exact = isExact(action, wanted.seeds.shape.slice(1));
	const miss = await largestMiss(context, wanted, table, plain, options);
	// Rearranged numbers are the same numbers.
	const allowed = action.type === "custom" || action.type === "planarRotations" ? EQUAL : 0;
	if (exact && miss.defect > allowed) throw noAction(miss, table);
	const orbits = wanted.prepare === "none" ? plain : await poses(context, wanted, call);
	return { exact, defect: miss.defect, stabilizers: stabilizers(orbits, table, exact) };
}

/**
 * For each seed of orbits (m × |G| × …) the elements whose pose is that of the identity, to 1e-12 of its largest entry.
 *
 * Where they are no subgroup, an exact action is an error of code `action`; of another one such poses are no symmetry
 * but chance, and the identity alone counts.
 */
export function stabilizers(orbits: Tensor, table: GroupTable, exact: boolean): number[][] {
	const count = orbits.shape[0] as number;
	const pose = poseAt(orbits.data, count, table.order);
	return Array.from({ length: count }, (_, seed) => {
		const x = pose(seed, table.identity);
		const fixing = Array.from({ length: table.order }, (_, g) => g).filter((g) => defect(pose(seed, g), x) <= EQUAL);
		const fixes = new Set(fixing);
		const closed = fixing.every((g) => fixing.every((h) => fixes.has(table.product[g * table.order + h] as number)));
		if (closed) return fixing;
		if (exact) throw actionError("action", { seed, elements: fixing }, "elements that fix a seed to be a subgroup");
		return [table.identity];
	});
}

/** The generator, element and seed at which g·(h·x) is farthest from (gh)·x; the identity counts as a generator. */
async function largestMiss(
	context: Context,
	{ seeds, action }: ReturnType<typeof checkWanted>,
	table: GroupTable,
	orbits: Tensor,
	{ signal, onProgress }: CallOptions,
): Promise<Miss> {
	const [count, order, ...shape] = orbits.shape as [number, number, ...number[]];
	const worst = { generator: table.identity, element: table.identity, seed: 0, defect: 0 };
	// Not the first at fault but the worst: a rounding error never hides it.
	const note = (miss: Miss) => {
		if (miss.defect > worst.defect) Object.assign(worst, miss);
	};
	const pose = poseAt(orbits.data, count, order);
	const unmoved = poseAt(seeds.data, count, 1);
	const identity = { generator: table.identity, element: table.identity };
	for (let seed = 0; seed < count; seed++)
		note({ ...identity, seed, defect: defect(pose(seed, table.identity), unmoved(seed, 0)) });
	for (const [k, generator] of table.generators.entries()) {
		const asSeeds = { data: orbits.data, shape: [count * order, ...shape] };
		const again = { seeds: asSeeds, action, elements: [generator], prepare: "none" } as const;
		const { data } = await poses(context, again, signal ? { signal } : {});
		const moved = poseAt(data, count, order);
		for (let seed = 0; seed < count; seed++)
			for (let element = 0; element < order; element++) {
				const product = table.product[generator * order + element] as number;
				note({ generator, element, seed, defect: defect(moved(seed, element), pose(seed, product)) });
			}
		onProgress?.({ done: k + 1, total: table.generators.length });
	}
	return worst;
}

function noAction(miss: Miss, { order, product, identity }: GroupTable): OrbitKernelsError {
	const { generator: g, element: h, seed, defect } = miss;
	const size = `by ${defect} of its largest entry`;
	const what =
		g === identity && h === identity
			? `the identity (${g}) changes seed ${seed} ${size}`
			: `g·(h·x) differs from (gh)·x ${size} for g = ${g}, h = ${h}, gh = ${product[g * order + h]} and seed ${seed}`;
	const expected = "a left action, (gh)·x = g·(h·x)";
	const fields = { path: "action", index: seed, value: miss, expected };
	return new OrbitKernelsError("action", `action: ${what}: expected ${expected}`, fields);
}

/** The largest entry of a − b, relative to the largest of both. */
function defect(a: ArrayLike<number>, b: ArrayLike<number>): number {
	let [difference, largest] = [0, 0];
	for (let k = 0; k < a.length; k++) {
		const [x, y] = [a[k] as number, b[k] as number];
		difference = Math.max(difference, Math.abs(x - y));
		largest = Math.max(largest, Math.abs(x), Math.abs(y));
	}
	return difference === 0 ? 0 : difference / largest;
}

/** Pose `element` of `seed`, from `count` × `order` poses one after another. */
function poseAt(data: Tensor["data"], count: number, order: number): (seed: number, element: number) => Tensor["data"] {
	const size = data.length / (count * order);
	return (seed, element) => data.subarray((seed * order + element) * size, (seed * order + element + 1) * size);
}
