/**
 * The Gram of all poses of some seeds: |G| values for each pair of seeds where the kernel is invariant.
 * @module
 */
import { type ArrayInput, checkMemory, checkOptions, type Tensor, usageError } from "../arrays.ts";
import type { Kernel } from "../classical.ts";
import { type Context, gram, type KernelName, type KernelOptions, type Progress } from "../kernel.ts";
import type { Network } from "../network.ts";
import type { Action } from "./action.ts";
import { checkAction, stabilizers } from "./check-action.ts";
import { departure, entriesOfBlocks, entriesOfGram, projected } from "./entries.ts";
import type { GroupTable } from "./group.ts";
import { invarianceDefect } from "./invariance.ts";
import { checkWanted, type OrbitOptions, poses } from "./orbit.ts";
import { isExact } from "./sources.ts";
import { structure } from "./structure.ts";

/** Options of `orbitGram`. */
export interface OrbitGramOptions extends OrbitOptions {
	/** Default "ntk". */
	kernel?: KernelName;
	/** Of the kernel; default "f64". Invariance is tested in double precision all the same. */
	precision?: "f64" | "f32";
	/** Takes the kernel for invariant whatever the test finds; default false. */
	assumeInvariant?: boolean;
}

/** The kernel of all poses of m seeds, point (a, g) being g·x_a. */
export interface OrbitGram {
	/** k_ab(u) = κ(x_a, u·x_b), or its mean over (g·x_a, gu·x_b) where the kernel is not invariant: m × m × |G|. */
	k: Tensor<Float64Array>;
	/** Whether k holds all of the Gram, K[(a, g), (b, h)] = k_ab(g⁻¹h). */
	invariant: boolean;
	/** The largest difference of κ(gx, gy) and κ(x, y) on 64 random entries, relative to the largest entry. */
	defect: number;
	/** ‖K − PK‖ / ‖K‖ (Frobenius), PK being what k stands for; 0 where the kernel is invariant. */
	departure: number;
	/** K, m|G| × m|G|, seeds first; only where the kernel is not invariant. */
	gram?: Tensor;
	/** For each seed the elements that leave it as it is, ascending. */
	stabilizers: number[][];
}

/** What all that builds on orbits needs: their Gram, the group's table and the poses themselves. */
export interface OrbitData {
	gram: OrbitGram;
	table: GroupTable;
	/** m × |G| × …, prepared. */
	orbits: Tensor<Float64Array>;
}

/** A relative defect up to here is rounding. */
const INVARIANT = 1e-10;

/** Seeds go to the kernel in so many runs, each with the orbits from itself on: almost half is saved. */
const RUNS = 8;

/** See `Engine.orbitGram`. */
export async function orbitGram(
	context: Context,
	network: Network | Kernel,
	seeds: ArrayInput,
	action: Action,
	options: OrbitGramOptions = {},
): Promise<OrbitGram> {
	return (await orbitData(context, network, seeds, action, options)).gram;
}

/** The Gram of orbits with what it was made from. */
export async function orbitData(
	context: Context,
	network: Network | Kernel,
	seeds: ArrayInput,
	action: Action,
	options: OrbitGramOptions = {},
): Promise<OrbitData> {
	checkOptions(options, ["kernel", "precision", "assumeInvariant", "prepare", "signal", "onProgress"]);
	const { kernel = "ntk", precision = "f64", assumeInvariant = false, signal, onProgress, ...own } = options;
	if (kernel !== "ntk" && kernel !== "nngp") throw usageError("options.kernel", kernel, '"ntk" or "nngp"');
	if (typeof assumeInvariant !== "boolean")
		throw usageError("options.assumeInvariant", assumeInvariant, "true or false");
	const wanted = checkWanted(seeds, action, own);
	const call = signal ? { signal } : {};
	const table = await structure(context, action.group, { matrices: false, ...call });
	const orbits = await poses(context, wanted, call);
	const shape = wanted.seeds.shape.slice(1);
	const fixing = isExact(action, shape)
		? (await checkAction(context, wanted.seeds, action, table, { ...call, prepare: wanted.prepare })).stabilizers
		: stabilizers(orbits, table, false);
	const defect = await invarianceDefect(context, network, orbits, table, kernel, signal);
	const settings = { kernels: [kernel], precision, ...call } as const;
	if (assumeInvariant || defect <= INVARIANT) {
		const k = await invariantBlocks(context, network, orbits, table, settings, onProgress);
		return { gram: { k, invariant: true, defect, departure: 0, stabilizers: fixing }, table, orbits };
	}
	const [count, order] = orbits.shape as [number, number];
	const points = { data: orbits.data, shape: [count * order, ...shape] };
	const kernels = await gram(context, network, points, { ...settings, ...(onProgress && { onProgress }) });
	const whole = kernels[kernel] as Tensor;
	const entry = entriesOfGram(whole, count, order);
	const k = projected(entry, count, table);
	const all = Array.from({ length: count }, (_, a) => a);
	const off = departure(entry, entriesOfBlocks(k, count, table), all, order);
	return { gram: { k, invariant: false, defect, departure: off, gram: whole, stabilizers: fixing }, table, orbits };
}

/** k_ab(u) = κ(x_a, u·x_b) for a ≤ b, and k_ba(u) = k_ab(u⁻¹). */
async function invariantBlocks(
	context: Context,
	network: Network | Kernel,
	orbits: Tensor<Float64Array>,
	{ order, inverse, identity }: GroupTable,
	options: KernelOptions,
	onProgress: ((progress: Progress) => void) | undefined,
): Promise<Tensor<Float64Array>> {
	const [count, , ...shape] = orbits.shape as [number, number, ...number[]];
	const size = orbits.data.length / (count * order);
	checkMemory("the kernel of the orbits", 8 * count * count * order, context.maxBytes);
	const data = new Float64Array(count * count * order);
	const run = Math.ceil(count / RUNS);
	const entriesFrom = (first: number) => Math.min(run, count - first) * (count - first) * order;
	let [done, total] = [0, 0];
	for (let first = 0; first < count; first += run) total += entriesFrom(first);
	const ofRun = onProgress && ((progress: Progress) => onProgress({ done: done + progress.done, total }));
	for (let first = 0; first < count; first += run) {
		const rows = Math.min(run, count - first);
		const x = new Float64Array(rows * size);
		for (let a = 0; a < rows; a++) {
			const from = ((first + a) * order + identity) * size;
			x.set(orbits.data.subarray(from, from + size), a * size);
		}
		const rest = { data: orbits.data.subarray(first * order * size), shape: [(count - first) * order, ...shape] };
		const kernels = await gram(context, network, { data: x, shape: [rows, ...shape] }, rest, {
			...options,
			...(ofRun && { onProgress: ofRun }),
		});
		done += entriesFrom(first);
		const values = (Object.values(kernels)[0] as Tensor).data;
		for (let a = first, from = 0; a < first + rows; a++)
			for (let b = first; b < count; b++, from += order)
				for (let u = 0; u < order; u++) {
					const back = inverse[u] as number;
					// Each value once, so that the Gram is symmetric to the last bit.
					if (b < a || (b === a && back < u)) continue;
					const value = values[from + u] as number;
					data[(a * count + b) * order + u] = value;
					data[(b * count + a) * order + back] = value;
				}
	}
	return { data, shape: [count, count, order] };
}
