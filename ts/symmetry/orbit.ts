/**
 * All poses of samples under an action.
 * @module
 */
import {
	type ArrayInput,
	checkMemory,
	checkOptions,
	shapeError,
	type Tensor,
	toTensor,
	usageError,
} from "../arrays.ts";
import { centerUnit, turn } from "../images.ts";
import type { CallOptions, Context } from "../kernel.ts";
import { nextTurn } from "../platform.ts";
import { abortError } from "../pool.ts";
import { type Action, actionError, type CustomAction, type PlanarRotations, type Rearrangement } from "./action.ts";
import { groupOrder } from "./group.ts";
import { turnInPlane } from "./planar.ts";
import type { Source } from "./positions.ts";
import { imageOf, sourcesOf } from "./sources.ts";

/** What happens to each pose after the action: nothing, or mean removal and unit norm. */
export type Prepare = "none" | "center-unit";

/** Options of `orbit` and `checkAction`. */
export interface OrbitOptions extends CallOptions {
	/** Default "center-unit" for rotations, turns, flips and shifts of images, else "none". */
	prepare?: Prepare;
}

/** Which poses of samples are wanted. */
interface Wanted {
	/** m × …, checked. */
	seeds: Tensor;
	action: Action;
	/** Missing: all of the group. */
	elements?: readonly number[];
	prepare: Prepare;
}

/** Work on the calling thread between two turns of its event loop. */
const MILLISECONDS_PER_TURN = 20;

const PREPARE: Readonly<Record<Action["type"], Prepare>> = {
	rotations: "center-unit",
	quarterTurns: "center-unit",
	flips: "center-unit",
	squareSymmetries: "center-unit",
	shifts: "center-unit",
	shifts2d: "center-unit",
	permutations: "none",
	planarRotations: "none",
	custom: "none",
};

/** The checked arguments of a call: `orbit`, or one that makes orbits. */
export function checkWanted(seeds: unknown, action: Action, options: OrbitOptions): Wanted {
	checkOptions(options, ["prepare", "signal", "onProgress"]);
	const known = Object.keys(PREPARE);
	if (!known.includes(action?.type)) throw actionError("action", action, `an action: ${known.join(", ")}`);
	const { prepare = PREPARE[action.type] } = options;
	if (prepare !== "none" && prepare !== "center-unit")
		throw usageError("options.prepare", prepare, '"none" or "center-unit"');
	const samples = toTensor(seeds, "seeds");
	if (samples.shape.length < 2) throw shapeError("seeds", samples.shape, "seeds × numbers: at least two dimensions");
	return { seeds: samples, action, prepare };
}

/** See `Engine.orbit`. */
export async function orbit(
	context: Context,
	seeds: ArrayInput,
	action: Action,
	options: OrbitOptions = {},
): Promise<Tensor<Float64Array>> {
	return poses(context, checkWanted(seeds, action, options), options);
}

/** The wanted poses of each seed: m × elements × …. */
export async function poses(
	context: Context,
	{ seeds, action, elements, prepare }: Wanted,
	options: CallOptions,
): Promise<Tensor<Float64Array>> {
	const [count, ...shape] = seeds.shape as [number, ...number[]];
	const perSeed = elements?.length ?? groupOrder(action.group);
	checkMemory("the orbits", 8 * perSeed * seeds.data.length, context.maxBytes);
	const chosen = elements ?? Array.from({ length: perSeed }, (_, g) => g);
	const computed = action.type === "custom" || action.type === "planarRotations";
	const data = computed
		? await compute(context, seeds, action, chosen, prepare, options)
		: await rearrange(context, seeds, action, chosen, prepare, options);
	return { data, shape: [count, perSeed, ...shape] };
}

/**
 * Poses that only rearrange positions, and splines of them. What is prepared is what is rearranged: the mean and the norm of
 * each pose come out the same, and the orbit stays exact.
 */
async function rearrange(
	context: Context,
	seeds: Tensor,
	action: Rearrangement,
	elements: readonly number[],
	prepare: Prepare,
	options: CallOptions,
): Promise<Float64Array> {
	const [count, ...shape] = seeds.shape as [number, ...number[]];
	const size = seeds.data.length / count;
	const all = sourcesOf(action, shape);
	const wanted = elements.map((g) => all.poses[g] as (typeof all.poses)[number]);
	const turned = [...new Set(wanted.map(({ base }) => base))].filter((base) => base > 0);
	const degrees = Float64Array.from(turned, (base) => all.degrees[base - 1] as number);

	const prepared = prepare === "center-unit";
	const nextPass = inPasses(options, count, 1 + Number(prepared) + Number(degrees.length > 0));
	const plain = prepared ? await centerUnit(context, seeds, nextPass()) : seeds.data;
	const splines =
		degrees.length > 0 ? await turnAll(context, seeds, degrees, prepared, nextPass()) : new Float64Array();
	const { channels } = all;
	const data = new Float64Array(count * elements.length * size);
	await eachSeed(count, nextPass(), (seed) => {
		for (const [k, { base, source }] of wanted.entries()) {
			const from = base === 0 ? seed * size : (seed * turned.length + turned.indexOf(base)) * size;
			const values = base === 0 ? plain : splines;
			place(data, (seed * elements.length + k) * size, values, from, source, channels);
		}
	});
	return data;
}

/** Writes the channels of the positions that a pose takes, in its order; counted loops are ten times faster than iterators. */
function place(
	out: Float64Array,
	start: number,
	values: Tensor["data"],
	from: number,
	source: Source,
	channels: number,
): void {
	const count = source.length;
	if (channels === 1) for (let p = 0; p < count; p++) out[start + p] = values[from + (source[p] as number)] as number;
	else
		for (let p = 0; p < count; p++)
			for (let c = 0; c < channels; c++)
				out[start + p * channels + c] = values[from + (source[p] as number) * channels + c] as number;
}

/** Images (m × H × W or m × H × W × C) turned on splines: m × angles × …. */
async function turnAll(
	context: Context,
	seeds: Tensor,
	degrees: Float64Array,
	prepared: boolean,
	options: CallOptions,
): Promise<Float64Array> {
	const [count, ...shape] = seeds.shape as [number, ...number[]];
	const { rows, columns, channels } = imageOf(shape);
	if (channels === 1) return turn(context, seeds, [rows, columns], degrees, prepared, options);
	const planes = {
		data: transposed(seeds.data, count, rows * columns, channels),
		shape: [count * channels, rows, columns],
	};
	const turned = await turn(context, planes, [rows, columns], degrees, false, options);
	const data = transposed(turned, count, channels, degrees.length * rows * columns);
	if (!prepared) return data;
	const { signal } = options;
	return centerUnit(context, { data, shape: [count * degrees.length, ...shape] }, signal ? { signal } : {});
}

/** Each of `count` matrices transposed. */
function transposed(data: Tensor["data"], count: number, rows: number, columns: number): Float64Array {
	const size = rows * columns;
	const out = new Float64Array(count * size);
	for (let start = 0, to = 0; start < out.length; start += size)
		for (let column = 0; column < columns; column++)
			for (let row = 0; row < rows; row++) out[to++] = data[start + row * columns + column] as number;
	return out;
}

/** Poses that are computed on this thread, one at a time. */
async function compute(
	context: Context,
	seeds: Tensor,
	action: PlanarRotations | CustomAction,
	elements: readonly number[],
	prepare: Prepare,
	options: CallOptions,
): Promise<Float64Array> {
	const [count, ...shape] = seeds.shape as [number, ...number[]];
	const size = seeds.data.length / count;
	const data = new Float64Array(count * elements.length * size);
	const nextPass = inPasses(options, count, prepare === "none" ? 1 : 2);
	const write = action.type === "custom" ? applied(action, shape) : turnedInPlane(action, shape);
	await eachSeed(count, nextPass(), (seed) => {
		const x = seeds.data.subarray(seed * size, (seed + 1) * size);
		for (const [k, element] of elements.entries()) {
			const start = (seed * elements.length + k) * size;
			write(x, element, data.subarray(start, start + size), seed);
		}
	});
	if (prepare === "none") return data;
	return centerUnit(context, { data, shape: [count * elements.length, ...shape] }, nextPass());
}

type WritePose = (x: Tensor["data"], element: number, out: Float64Array, seed: number) => void;

function turnedInPlane({ group }: PlanarRotations, shape: readonly number[]): WritePose {
	if (shape.length !== 1 || (shape[0] as number) < 2)
		throw shapeError("seeds", ["m", ...shape], "seeds × at least two numbers");
	return (x, element, out) => turnInPlane(x, element, group.order, out);
}

/** The user's function, whose argument and result are nobody else's. */
function applied({ apply }: CustomAction, shape: readonly number[]): WritePose {
	return (x, element, out, seed) => {
		const place = `action.apply(seeds[${seed}], ${element})`;
		let pose: unknown;
		try {
			pose = apply(Float64Array.from(x), element, [...shape]);
		} catch (cause) {
			throw actionError(place, cause, "a pose", cause);
		}
		if (!(pose instanceof Float64Array) || pose.length !== x.length)
			throw actionError(place, pose, `a Float64Array of ${x.length} numbers, as the seed has`);
		const wrong = pose.find((value) => !Number.isFinite(value));
		if (wrong !== undefined) throw actionError(place, wrong, "finite numbers");
		out.set(pose);
	};
}

/** Does work for each seed on this thread, whose event loop gets its turns. */
async function eachSeed(count: number, options: CallOptions, work: (seed: number) => void): Promise<void> {
	const { signal, onProgress } = options;
	if (signal?.aborted) throw abortError(signal);
	let start = performance.now();
	for (let seed = 0; seed < count; seed++) {
		if (performance.now() - start > MILLISECONDS_PER_TURN) {
			onProgress?.({ done: seed, total: count });
			await nextTurn();
			if (signal?.aborted) throw abortError(signal);
			start = performance.now();
		}
		work(seed);
	}
	onProgress?.({ done: count, total: count });
}

/** The options of passes over the same seeds, one after another, whose progress is reported as that of one call. */
function inPasses({ signal, onProgress }: CallOptions, count: number, passes: number): () => CallOptions {
	let next = 0;
	return () => {
		const pass = next++;
		return {
			...(signal && { signal }),
			...(onProgress && {
				onProgress: ({ done, total }) =>
					onProgress({ done: Math.round(count * (pass + done / total)), total: count * passes }),
			}),
		};
	};
}
