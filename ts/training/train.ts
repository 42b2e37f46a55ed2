/**
 * Trains networks: slices of steps on whatever worker is free, each from one checkpoint to the next.
 * @module
 */
import { checkMemory, checkOptions, usageError } from "../arrays.ts";
import { OrbitKernelsError } from "../errors.ts";
import { inFlight } from "../in-flight.ts";
import type { CallOptions, Context } from "../kernel.ts";
import type { Network } from "../network.ts";
import { checkTrainOptions, settingsOf, type TrainOptions } from "./options.ts";
import { readSafetensors } from "./safetensors.ts";
import { Order, Source, type TrainingData } from "./source.ts";
import { type Opened, type Trained, trained } from "./trained.ts";

/** A trained network and how it came to be. */
export interface TrainingRun extends Trained {
	/** The loss of each step's batch before the step, from the checkpoint's on. */
	readonly losses: Float64Array;
}

/** How long a slice of steps should take: an abort and a progress bar wait for it, and each moves the weights to and fro. */
const SLICE_MILLISECONDS = 400;
/** Numbers that the samples of a slice may have, 64 MB. */
const SLICE_NUMBERS = 2 ** 24;

/** All that a WebAssembly module can have. */
const MODULE_BYTES = 2 ** 32;

/** See `Engine.train`. */
export async function train(
	context: Context,
	network: Network,
	data: TrainingData,
	options: TrainOptions & { ensemble?: number | undefined },
): Promise<TrainingRun | TrainingRun[]> {
	checkTrainOptions(options);
	const { ensemble, seed = 0, onProgress } = options;
	if (ensemble === undefined) return trainOne(context, network, data, options, (progress) => onProgress?.(progress));
	// The progress of all together.
	const done = new Float64Array(ensemble);
	const members = Array.from({ length: ensemble }, (_, member) => member);
	return inFlight(context.pool.workers + 1, members, (member) =>
		trainOne(context, network, data, { ...options, seed: seed + member }, (progress) => {
			done[member] = progress.done;
			onProgress?.({ done: done.reduce((sum, steps) => sum + steps, 0), total: ensemble * progress.total });
		}),
	);
}

async function trainOne(
	context: Context,
	network: Network,
	data: TrainingData,
	options: TrainOptions,
	onProgress: (progress: { done: number; total: number }) => void,
): Promise<TrainingRun> {
	const { loss = "mse", precision = "f32", seed = 0, signal, checkpoint, checkpointEvery, onCheckpoint } = options;
	const source = new Source(data, precision, loss);
	const { settings, weights } = settingsOf(network, source.sample, options);
	const { pool } = context;
	const bytes = await pool.call("trainingBytes", () => ({ settings }), { signal });
	checkMemory("the training", bytes, Math.min(context.maxBytes, MODULE_BYTES));
	const file = checkpoint ?? weights;
	const from = checkpoint ? "checkpoint" : "parameters";
	const opened: Opened = await pool.call("trainingStart", () => ({ settings, file: file?.slice(), from }), {
		signal,
	});
	const order = new Order(source.count, options.batch ?? source.count, seed);
	const total = options.steps ?? (options.epochs as number) * order.stepsPerEpoch;
	if (opened.steps > total) throw usageError("options.steps", total, `at least the checkpoint's ${opened.steps}`);
	const losses = new Float64Array(total - opened.steps);
	const batchNumbers = Math.ceil(source.count / order.stepsPerEpoch) * source.sample.reduce((a, b) => a * b, 1);
	checkMemory("a batch", (precision === "f64" ? 8 : 4) * batchNumbers, context.maxBytes);
	const most = Math.max(1, Math.floor(SLICE_NUMBERS / batchNumbers));

	let state = opened;
	let slice = 1;
	onProgress({ done: state.steps, total });
	while (state.steps < total) {
		const first = state.steps;
		const stop = checkpointEvery ? (Math.floor(first / checkpointEvery) + 1) * checkpointEvery : total;
		const end = Math.min(first + slice, stop, total);
		const { indices, ends } = order.steps(first, end);
		const { samples, targets, local } = await source.gather(indices);
		const request = () => ({
			settings,
			file: state.file.slice(),
			samples: samples.slice(),
			targets: targets.slice(),
			indices: local.slice(),
			ends: ends.slice(),
		});
		const result = await pool.call("trainingSteps", request, { signal, long: true });
		checkLosses(result.losses, first);
		losses.set(result.losses, first - opened.steps);
		state = { ...state, file: result.file, steps: end };
		// How steps are cut into slices changes nothing about them; the first step is the slowest.
		const each = result.milliseconds / (end - first);
		slice = Math.max(1, Math.min(most, Math.round(SLICE_MILLISECONDS / each)));
		onProgress({ done: end, total });
		if (onCheckpoint && (end === total || (checkpointEvery && end % checkpointEvery === 0)))
			await onCheckpoint(state.file.slice(), end);
	}
	return { ...trained(context, state), losses };
}

/** Weights that are not finite stay so: nothing is gained by going on. */
function checkLosses(losses: Float64Array, first: number): void {
	const at = losses.findIndex((loss) => !Number.isFinite(loss));
	if (at < 0) return;
	const expected = "a finite loss: a smaller rate, or samples and targets of smaller numbers";
	const message = `the loss at step ${first + at} is ${losses[at]}: expected ${expected}`;
	throw new OrbitKernelsError("value", message, { path: "loss", index: first + at, value: losses[at], expected });
}

/** See `Engine.loadTrained`. */
export async function loadTrained(context: Context, file: Uint8Array, options: CallOptions = {}): Promise<Trained> {
	checkOptions(options, ["signal", "onProgress"]);
	const text = readSafetensors(file).metadata["orbit-kernels"];
	if (text === undefined) {
		const expected = "a checkpoint, which says of what network it is";
		throw new OrbitKernelsError("file", `the file holds tensors alone: expected ${expected}`, { expected });
	}
	const settings = JSON.stringify((JSON.parse(text) as { settings: unknown }).settings);
	const request = () => ({ settings, file: file.slice(), from: "checkpoint" as const });
	return trained(context, await context.pool.call("trainingStart", request, { signal: options.signal }));
}
