/**
 * The engine that users hold: what it runs on, and what it can compute.
 * @module
 */
import { type ArrayInput, checkOptions, doubles, shapeError, type Tensor, toTensor, usageError } from "./arrays.ts";
import type { Kernel } from "./classical.ts";
import { type ExplainOptions, type Explanation, explain } from "./explain.ts";
import { prepare, resize, rotate } from "./images.ts";
import { type Regression, type RegressionOptions, regression } from "./inference.ts";
import {
	type CallOptions,
	type Context,
	diagonal,
	gram,
	type KernelName,
	type KernelOptions,
	type Kernels,
} from "./kernel.ts";
import type { Network } from "./network.ts";
import { defaultMaxBytes, processors } from "./platform.ts";
import { Pool } from "./pool.ts";
import type { Action } from "./symmetry/action.ts";
import { type ActionCheck, checkAction } from "./symmetry/check-action.ts";
import type { Group, GroupTable } from "./symmetry/group.ts";
import { type OrbitOptions, orbit } from "./symmetry/orbit.ts";
import { type OrbitGram, type OrbitGramOptions, orbitGram } from "./symmetry/orbit-gram.ts";
import { type PairOptions, type PairQuantities, pairQuantities } from "./symmetry/pair.ts";
import { type PosesNeeded, type PosesOptions, posesNeeded } from "./symmetry/poses.ts";
import { type GroupRegression, type GroupRegressionOptions, groupRegression } from "./symmetry/regression.ts";
import type { SymmetryReport } from "./symmetry/report.ts";
import { fourier, type GroupOptions, type GroupStructure, inverseFourier, structure } from "./symmetry/structure.ts";
import { type SymmetryOptions, symmetry } from "./symmetry/symmetry.ts";
import { type HeldOutPose, type HeldOutPoseOptions, heldOutPose } from "./training/held-out-pose.ts";
import { type Estimate, type MonteCarloOptions, monteCarlo } from "./training/monte-carlo.ts";
import type { TrainOptions } from "./training/options.ts";
import type { TrainingData } from "./training/source.ts";
import { loadTrained, type TrainingRun, train } from "./training/train.ts";
import type { Trained } from "./training/trained.ts";

declare global {
	/** For users whose TypeScript library is older than the symbol. */
	interface SymbolConstructor {
		readonly asyncDispose: unique symbol;
	}
}

/** Options of `createEngine`. */
export interface EngineOptions {
	/** Worker threads; "auto" (default) takes one a processor, 0 computes in this thread. */
	workers?: "auto" | number;
	/** Largest array or factorization to start on, in bytes; default half of RAM in Node, 2 GiB in browsers. */
	maxBytes?: number;
	/** Where worker.js is, when it is not beside the module; from another origin, a blob that imports it. */
	workerUrl?: string | URL;
	/** Where groups.js is, when it is not beside the module; read with the first Fourier transform. */
	groupsUrl?: string | URL;
	/** Where training.js is, when it is not beside the module; read with the first training. */
	trainingUrl?: string | URL;
}

/**
 * Computes kernels and what follows from them.
 *
 * Arrays are `{ data, shape }` or nested arrays of numbers, and are never changed or detached. All
 * calls may run at the same time. All errors are `OrbitKernelsError`.
 */
export interface Engine {
	/** Worker threads; 0 means that all is done in this thread. */
	readonly workers: number;
	/**
	 * The kernels of a network between all samples of `x` (n × …): n × n, symmetric; a classical kernel gives its one
	 * matrix under each name that is asked for. Convolutional networks read images, n × H × W or n × H × W × C; a network
	 * whose first layer is dense, and a classical kernel, read each sample as one vector.
	 *
	 * Errors: `network` (with path), `shape`, `value` (with index), `memory`, `aborted`.
	 *
	 * @example const { ntk } = await engine.gram(serial(dense(), relu(), dense()), [[1, 0], [0, 1]]);
	 */
	gram(source: Network | Kernel, x: ArrayInput, options?: KernelOptions): Promise<Kernels>;
	/** The kernels between samples of `x` (n × …) and of `other` (m × …): n × m. */
	gram(source: Network | Kernel, x: ArrayInput, other: ArrayInput, options?: KernelOptions): Promise<Kernels>;
	/** The kernel of each sample with itself: the diagonal of `gram` (n), the same bits. */
	diagonal(source: Network | Kernel, x: ArrayInput, options?: KernelOptions): Promise<Kernels>;
	/**
	 * What the symmetric Gram of samples of a shape, n × …, will take on this engine: how it is computed, its operations,
	 * and the bytes of its result and of what the workers hold. Nothing of it is computed; plain JSON.
	 *
	 * Errors: `network` (with path), `shape`, `usage`.
	 *
	 * @example
	 * const network = serial(conv({ size: [3, 3] }), relu(), globalAveragePool(), dense());
	 * const { executor, flops } = await engine.explain(network, [64, 28, 28]); // "offsets"
	 */
	explain(source: Network | Kernel, shape: readonly number[], options?: ExplainOptions): Promise<Explanation>;
	/**
	 * Fits targets, (n) or (n, t), by kernel regression with the Gram `k` (n × n).
	 *
	 * Errors: `ridge`, `shape`, `value` (not finite or not symmetric), `singular` with the pivot as
	 * index, `memory`, `aborted`.
	 *
	 * @example const fit = await engine.regression(ntk, [1, -1], { ridge: { meanDiagonal: 1e-6 } });
	 */
	regression(k: ArrayInput, targets: ArrayInput, options?: RegressionOptions): Promise<Regression>;
	/**
	 * Images (m × H × W) turned counterclockwise by angles in degrees: m × angles × H × W, as
	 * scipy.ndimage.rotate(order=3, reshape=False) does it. A further quarter turn of a square image, or half turn of any,
	 * moves the same numbers.
	 */
	rotate(images: ArrayInput, degrees: readonly number[], options?: CallOptions): Promise<Tensor<Float64Array>>;
	/** Images (m × h × w) resampled to m × H × W, as scipy.ndimage.zoom(order=3) does it. */
	resize(images: ArrayInput, size: readonly [number, number], options?: CallOptions): Promise<Tensor<Float64Array>>;
	/** Each image (m × H × W) without its mean and of unit norm; a constant image is an error. */
	prepare(images: ArrayInput, options?: CallOptions): Promise<Tensor<Float64Array>>;
	/**
	 * All poses of each seed (m × …) under an action of a group G: m × |G| × ….
	 *
	 * Images are m × H × W or m × H × W × C. Errors: `action` for what is none or does not fit the seeds, `shape`, `value`
	 * (index of a constant seed), `memory`, `aborted`.
	 *
	 * @example const poses = await engine.orbit(images, rotations(8));
	 */
	orbit(seeds: ArrayInput, action: Action, options?: OrbitOptions): Promise<Tensor<Float64Array>>;
	/**
	 * Whether (gh)·x = g·(h·x) on all seeds (m × …), by the table of the action's group, and which elements leave a seed as it
	 * is once it is prepared.
	 *
	 * Errors: `action` with the generator, element, seed and defect as value where an exact action fails; those of `orbit`.
	 *
	 * @example const { defect } = await engine.checkAction(images, rotations(8), table); // of the interpolation
	 */
	checkAction(seeds: ArrayInput, action: Action, table: GroupTable, options?: OrbitOptions): Promise<ActionCheck>;
	/**
	 * The kernel of all poses of m seeds (m × …): |G| values for each pair of seeds where it is invariant under the action,
	 * the whole Gram and its nearest invariant one where it is not.
	 *
	 * Errors: `action` where an exact action is none, `group`, and those of `gram` and `orbit`.
	 *
	 * @example const { k, defect } = await engine.orbitGram(network, images, quarterTurns()); // k: m × m × 4
	 */
	orbitGram(
		network: Network | Kernel,
		seeds: ArrayInput,
		action: Action,
		options?: OrbitGramOptions,
	): Promise<OrbitGram>;
	/**
	 * Whether the network generalizes to held-out poses of the orbits of seeds, exactly and by theory, as plain JSON data.
	 *
	 * Errors: `usage`, `shape` and `value` for labels and targets; `ridge`, `singular`; those of `orbitGram`.
	 *
	 * @example
	 * const report = await engine.symmetry(network, { seeds, labels: [4, 7], action: rotations(8) });
	 * console.log(report.orbits[0].exactError, report.pairs[0].spectralError);
	 *
	 * Source: Perin & Deny, "On the Ability of Deep Networks to Learn Symmetries from Data", arXiv 2412.11521
	 */
	symmetry(network: Network | Kernel, options: SymmetryOptions): Promise<SymmetryReport>;
	/**
	 * The table of a group, its classes, characters and irreps as unitary matrices.
	 *
	 * Errors: `group` with the path of what is wrong, `memory` (tables grow with the order squared).
	 *
	 * @example const { irreps } = await engine.group(symmetric(3)); // degrees 1, 2, 1
	 */
	group(group: Group, options?: GroupOptions): Promise<GroupStructure>;
	/**
	 * The Fourier transform `Σ_u f(u) ρ(u)` of real functions on a group (… × |G|): for each of the group's `irreps` an array
	 * … × degree × degree × 2, real and imaginary parts.
	 *
	 * Errors: `group`, `shape`, `value`, `memory`, `aborted`.
	 *
	 * @example const [trivial] = await engine.fourier(cyclic(3), [1, 2, 3]); // data [6, 0]
	 */
	fourier(group: Group, values: ArrayInput, options?: Pick<CallOptions, "signal">): Promise<Tensor<Float64Array>[]>;
	/**
	 * The real functions (… × |G|) that have these transforms, one array for each of the group's `irreps`.
	 *
	 * Errors: `group`, `shape`, `value` (a real irrep with imaginary parts), `memory`, `aborted`.
	 */
	inverseFourier(
		group: Group,
		spectra: readonly ArrayInput[],
		options?: Pick<CallOptions, "signal">,
	): Promise<Tensor<Float64Array>>;
	/**
	 * Fits targets on all poses of m seeds under a finite group, in closed form from `k` (m × m × |G|), `k[a][b][u] = κ(x_a, u·x_b)`
	 * of an invariant kernel; its pairs a ≤ b alone, in the order of the rows, are enough (m(m+1)/2 × |G|).
	 *
	 * Targets are constant on orbits, (m) or (m, t), or one for each pose, (m, |G|) or (m, |G|, t). Errors: `ridge`, `shape`,
	 * `value` (with path, where `k` contradicts the group), `group` (stabilizers that are no subgroups), `singular` (path of the irrep,
	 * pivot as index), `usage`, `memory`, `aborted`. Source: J.-P. Serre, "Linear Representations of Finite Groups", 1977.
	 *
	 * @example const fit = await engine.groupRegression(k, cyclic(8), [1, -1], { ridge: { trace: 1e-10 } });
	 */
	groupRegression(
		k: ArrayInput,
		group: Group,
		targets: ArrayInput,
		options?: GroupRegressionOptions,
	): Promise<GroupRegression>;
	/** Unnormalized DFT of each row (m × n): m × n × 2, real and imaginary parts. */
	spectrum(rows: ArrayInput): Promise<Tensor<Float64Array>>;
	/**
	 * The exact, the spectral and the block error of a held-out pose, and the seven other quantities that the
	 * paper records, from the points of two orbits in turn (2N × …: A₀ B₀ A₁ B₁ …) and their Gram.
	 */
	pairQuantities(points: ArrayInput, gram: ArrayInput, options?: PairOptions): Promise<PairQuantities>;
	/**
	 * How many poses of two seeds must be known before an unseen pose is told apart, by the NTK of a network: the exact
	 * held-out error at every number of poses, since it is not monotone, with the spectral and the block error.
	 *
	 * Takes pairs of indices of the seeds (m × …), or a label for each seed, which means all pairs of different labels.
	 * Errors: `network`, `shape`, `action`, `ridge`, `value` and `singular` (naming the pair), `memory`, `aborted`.
	 *
	 * @example const { rightFrom } = await engine.posesNeeded(network, images, pairs(labels, 100, 1));
	 */
	posesNeeded(
		network: Network | Kernel,
		seeds: ArrayInput,
		labelsOrPairs: ArrayLike<number | string> | readonly (readonly number[])[],
		options?: PosesOptions,
	): Promise<PosesNeeded>;
	/**
	 * Trains a network from seeded weights: slices of steps on whatever worker is free, with the same bits on any number of them.
	 * With `ensemble`, as many networks, of the seeds from `seed` on.
	 *
	 * @throws OrbitKernelsError "network" | "shape" | "value" | "usage", and "value" with path "loss" when the loss is not finite
	 * @example
	 * const network = serial(dense({ width: 512 }), relu(), dense({ width: 10 }));
	 * const data = { x: images, targets: labels };
	 * const trained = await engine.train(network, data, { loss: "crossEntropy", batch: 64, epochs: 10, seed: 1 });
	 * const { data: logits } = await trained.predict(images);
	 */
	train(network: Network, data: TrainingData, options: TrainOptions & { ensemble?: undefined }): Promise<TrainingRun>;
	train(network: Network, data: TrainingData, options: TrainOptions & { ensemble: number }): Promise<TrainingRun[]>;
	/**
	 * A trained network from its checkpoint.
	 * @throws OrbitKernelsError "file" for what is none
	 * @example const trained = await engine.loadTrained(await readFile("mlp.safetensors"));
	 */
	loadTrained(checkpoint: Uint8Array, options?: CallOptions): Promise<Trained>;
	/**
	 * The kernels of a finite network over random weights: mean and standard error of as many draws; n × n, or n × m with `other`.
	 * @example
	 * const { ntk } = await engine.monteCarlo(network, images, { draws: 100 });
	 * ntk.mean.data; // as in `gram`, but for ntk.standardError.data and the network's widths
	 */
	monteCarlo(
		network: Network,
		x: ArrayInput,
		options: MonteCarloOptions,
	): Promise<Partial<Record<KernelName, Estimate>>>;
	monteCarlo(
		network: Network,
		x: ArrayInput,
		other: ArrayInput,
		options: MonteCarloOptions,
	): Promise<Partial<Record<KernelName, Estimate>>>;
	/**
	 * Trains on all images in all rotations but one class's upright pose, and measures by epoch how many of the training poses, of
	 * poses like them and of the held-out pose are recognized (paper, figure 1). Rotated images are made when they are needed.
	 *
	 * @example
	 * const { curve } = await engine.heldOutPose(network, await embeddedDigits(), { heldOut: 7, poses: 8 });
	 * curve.at(-1); // { epoch: 22, train: .99, testIn: .97, testOut: .3, loss: .02 }
	 */
	heldOutPose(
		network: Network,
		data: { images: ArrayInput; labels: ArrayLike<number> },
		options: HeldOutPoseOptions,
	): Promise<HeldOutPose>;
	/** `A·B` of two matrices in double precision. */
	multiply(a: ArrayInput, b: ArrayInput): Promise<Tensor>;
	/** Ends the workers; calls under way fail with code "disposed". */
	dispose(): Promise<void>;
	[Symbol.asyncDispose](): Promise<void>;
}

/** Counts as an integer from 0, or a usage error. */
function checkCount(path: string, value: unknown, expected: string): number {
	if (typeof value !== "number" || !(value >= 0) || !Number.isFinite(value)) throw usageError(path, value, expected);
	return value;
}

/**
 * Creates an engine; workers start with the first work.
 *
 * Errors: `usage` for an option that is not understood.
 *
 * @example
 * const engine = await createEngine({ workers: "auto" });
 * try { … } finally { await engine.dispose(); }
 */
export async function createEngine(options: EngineOptions = {}): Promise<Engine> {
	checkOptions(options, ["workers", "maxBytes", "workerUrl", "groupsUrl", "trainingUrl"]);
	const { workers = "auto", maxBytes = defaultMaxBytes(), workerUrl } = options;
	// Written so that bundlers copy the files. Workers are told: they may have been bundled to another place.
	const { groupsUrl = new URL("./groups.js", import.meta.url) } = options;
	const { trainingUrl = new URL("./training.js", import.meta.url) } = options;
	const count = workers === "auto" ? processors() : checkCount("options.workers", workers, '"auto" or an integer ≥ 0');
	if (!Number.isInteger(count)) throw usageError("options.workers", workers, '"auto" or an integer ≥ 0');
	const pool = new Pool(count, { groups: String(groupsUrl), training: String(trainingUrl) }, workerUrl);
	const bytes = checkCount("options.maxBytes", maxBytes, "a number of bytes");
	const context: Context = { pool, maxBytes: bytes, costs: new Map() };
	const dispose = () => pool.dispose();
	return {
		workers: count,
		gram: (
			source: Network | Kernel,
			x: ArrayInput,
			otherOrOptions?: ArrayInput | KernelOptions,
			lastOptions?: KernelOptions,
		) => gram(context, source, x, otherOrOptions, lastOptions),
		diagonal: (source, x, options) => diagonal(context, source, x, options),
		explain: (source, shape, options) => explain(context, source, shape, options),
		regression: (k, targets, options) => regression(context, k, targets, options),
		rotate: (images, degrees, options) => rotate(context, images, degrees, options),
		resize: (images, size, options) => resize(context, images, size, options),
		prepare: (images, options) => prepare(context, images, options),
		orbit: (seeds, action, options) => orbit(context, seeds, action, options),
		checkAction: (seeds, action, table, options) => checkAction(context, seeds, action, table, options),
		orbitGram: (network, seeds, action, options) => orbitGram(context, network, seeds, action, options),
		symmetry: (network, options) => symmetry(context, network, options),
		group: (group, options) => structure(context, group, options),
		fourier: (group, values, options) => fourier(context, group, values, options),
		inverseFourier: (group, spectra, options) => inverseFourier(context, group, spectra, options),
		groupRegression: (k, group, targets, options) => groupRegression(context, k, group, targets, options),
		pairQuantities: (points, k, options) => pairQuantities(context, points, k, options),
		posesNeeded: (network, seeds, labelsOrPairs, options) =>
			posesNeeded(context, network, seeds, labelsOrPairs, options),
		train: (network, data, options) => train(context, network, data, options),
		heldOutPose: (network, data, options) => heldOutPose(context, network, data, options),
		loadTrained: (checkpoint, options) => loadTrained(context, checkpoint, options),
		monteCarlo: (network, x, otherOrOptions, options) => monteCarlo(context, network, x, otherOrOptions, options),
		async spectrum(rows) {
			const { data, shape } = toTensor(rows, "rows");
			if (shape.length !== 2) throw shapeError("rows", shape, "rows × values");
			const values = () => ({ values: doubles(data), length: shape[1] as number });
			return { data: await pool.call("spectrum", values), shape: [...shape, 2] };
		},
		async multiply(a, b) {
			const [left, right] = [toTensor(a, "a"), toTensor(b, "b")];
			const [rows, depth] = left.shape as [number, number];
			const columns = right.shape[1] as number;
			if (left.shape.length !== 2) throw shapeError("a", left.shape, "a matrix");
			if (right.shape.length !== 2 || right.shape[0] !== depth)
				throw shapeError("b", right.shape, `a matrix of ${depth} rows, as many as a has columns`);
			const product = () => ({ a: doubles(left.data), b: doubles(right.data), rows, columns });
			return { data: await pool.call("multiply", product), shape: [rows, columns] };
		},
		dispose,
		// Node 20 has the method's name only where it was polyfilled.
		[Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose")]: dispose,
	} as Engine;
}
