/**
 * What a Gram will take, before it is computed.
 * @module
 */
import { checkOptions, shapeError } from "./arrays.ts";
import type { Kernel } from "./classical.ts";
import { costOf } from "./cost.ts";
import type { Cost, StepCost } from "./engine.ts";
import { type Context, checkHow, type Executor, setup } from "./kernel.ts";
import type { Network } from "./network.ts";
import { BUDGET_BYTES } from "./residents.ts";

/** Options of `explain`. */
export interface ExplainOptions {
	/** Default "f64". */
	precision?: "f64" | "f32";
	/** How a network of images is to be computed; default as is best. */
	executor?: Executor;
}

/** Operations and bytes. */
export interface Amount {
	flops: number;
	bytes: number;
}

/** What a symmetric Gram of one kernel takes; plain JSON. */
export interface Explanation extends Amount {
	/**
	 * How it is computed: "dense" and "classical" read samples as vectors; of images, "location" takes equal locations
	 * alone, "offsets" each offset between two locations on its own, "covariance" all pairs of locations together.
	 */
	executor: Cost["executor"];
	/** Of one entry: its operations, and the memory of a worker at it. */
	pair: Amount;
	/** Of one sample, before any entry: its operations, and what is kept of it in each worker. */
	sample: Amount;
	/** The layers' parts of an entry. */
	steps: StepCost[];
}

/** See `Engine.explain`. */
export async function explain(
	context: Context,
	source: Network | Kernel,
	shape: readonly number[],
	options: ExplainOptions = {},
): Promise<Explanation> {
	checkOptions(options, ["precision", "executor"]);
	const how = checkHow(options);
	if (!Array.isArray(shape) || shape.length < 2 || !shape.every((side) => Number.isSafeInteger(side) && side > 0))
		throw shapeError("shape", shape, "positive integers: samples × numbers, or samples × rows × columns (× channels)");
	const cost = await costOf(context, setup(source, shape, how));
	const count = shape[0] as number;
	const entries = (count * (count + 1)) / 2;
	const kept = Math.min(count * cost.sampleBytes, Math.max(BUDGET_BYTES, 2 * cost.sampleBytes));
	const result = count * count * (how.precision === "f64" ? 8 : 4);
	return {
		executor: cost.executor,
		flops: count * cost.sampleFlops + entries * cost.pairFlops,
		bytes: result + Math.max(1, context.pool.workers) * (kept + cost.pairBytes),
		pair: { flops: cost.pairFlops, bytes: cost.pairBytes },
		sample: { flops: cost.sampleFlops, bytes: cost.sampleBytes },
		steps: cost.steps,
	};
}
