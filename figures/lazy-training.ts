/**
 * Networks trained on a pair of orbits with a pose held out, and their kernels on the way.
 * @module
 */
import {
	dense,
	gather,
	type Network,
	type Optimizer,
	relu,
	rotations,
	serial,
	type Tensor,
	type Trained,
	type TrainingRun,
	type TrainOptions,
} from "../ts/index.ts";
import type { FigureOptions } from "./figure.ts";
import { finite, mlp, pairMlp } from "./networks.ts";
import { inTurn, labelInTurn, RIDGE } from "./orbit-pairs.ts";
import { allBut, posesOf } from "./parts.ts";
import { mean } from "./statistics.ts";
import { TRAINING } from "./trained-pair.ts";
import { inner, norm } from "./vectors.ts";

/** Poses of each digit. */
export const POSES = 8;

export const PARAMETERIZATIONS = ["standard", "ntk"] as const;
export type Parameterization = (typeof PARAMETERIZATIONS)[number];

/** Gradient flow by small steps: the rate is this over the kernel's diagonal, no less than the largest eigenvalue of the mean over samples. */
const STEP = 0.1;
const MOMENTUM = 0.9;

/** How networks of each parameterization are made and trained. */
export const HOW = {
	/** As in figure 5; infinitely wide ones are taken to have the paper's kernel. */
	standard: {
		label: "standard",
		network: pairMlp,
		limit: (): Network => mlp(1),
		optimizer: (): Optimizer => TRAINING.optimizer,
		init: TRAINING.init,
	},
	/** As theory has it: by gradient descent, weights so large that pixels of unit norm count as if they were of unit mean square. */
	ntk: {
		label: "NTK",
		network: (width: number, pixels: number) => finite(wide(pixels), width),
		limit: (pixels: number) => wide(pixels),
		optimizer: (diagonal: number): Optimizer => ({ type: "sgd", rate: STEP / diagonal, momentum: MOMENTUM }),
		init: "normal",
	},
} as const;

const wide = (pixels: number): Network =>
	serial(dense({ weightStd: Math.sqrt(pixels), biasStd: 1 }), relu(), dense({ width: 1, biasStd: 1 }));

/** The kernel before training, after it, and that of infinite width. */
export type By = "start" | "end" | "limit";

/** What is measured of one pair, means over holding out A₀ and B₀. */
export interface Measured {
	/** |y − ŷ| of the trained networks, and how many of the two poses have the right sign. */
	trainedError: number;
	trainedCorrect: number;
	/** Errors by the formula and by regression, on each kernel. */
	spectral: Record<By, number>;
	regression: Record<By, number>;
	/** ‖K − K₀‖ / ‖K₀‖ and ⟨K, K₀⟩ / (‖K‖·‖K₀‖) at each measurement, Frobenius. */
	drift: number[];
	alignment: number[];
	/** Half the mean squared error of the known poses before the last step. */
	loss: number;
}

/** How a network is trained, and its limit. */
export interface Training {
	network: Network;
	/** The network of infinite width whose kernel it is held against. */
	limit: Network;
	parameterization: Parameterization;
	optimizer: Optimizer;
	init: "uniform" | "normal";
}

/** Trains networks on a pair with the upright pose of the one and of the other held out, and measures them and their kernels. */
export async function measure(
	{ engine, digits, signal }: FigureOptions,
	{ network, limit, ...training }: Training,
	pair: readonly [number, number],
	steps: readonly number[],
	seed: number,
): Promise<Measured> {
	const call = signal ? { signal } : {};
	const orbits = await engine.orbit(gather(digits.images, pair), rotations(POSES), call);
	const poses = gather(posesOf(orbits), inTurn(POSES, POSES));
	const how = { ...training, seed, ...call };
	const { ntk } = await engine.gram(limit, poses, call);
	const quantities = (kernel: Tensor) => engine.pairQuantities(poses, kernel, { ridge: RIDGE, ...call });
	const byLimit = await quantities(ntk as Tensor);
	const runs = await Promise.all(
		[0, 1].map(async (out) => {
			const { start, end, kernels, before, after, loss } = await trained(engine, network, poses, out, steps, how);
			const target = labelInTurn(out);
			const answer = (after.data[out] as number) - (before.data[out] as number);
			return {
				error: Math.abs(target - answer),
				right: Number(target * answer > 0),
				start: await quantities(start),
				end: await quantities(end),
				drift: kernels.map((kernel) => distance(kernel, start) / norm(start.data)),
				alignment: kernels.map((kernel) => cosine(kernel, start)),
				loss,
			};
		}),
	);
	const errors = (name: "spectralError" | "exactError") => ({
		start: mean(runs.map(({ start }) => start[name])),
		end: mean(runs.map(({ end }) => end[name])),
		limit: byLimit[name],
	});
	const each = (name: "drift" | "alignment") => steps.map((_, k) => mean(runs.map((run) => run[name][k] as number)));
	return {
		trainedError: mean(runs.map(({ error }) => error)),
		trainedCorrect: runs.filter(({ right }) => right).length,
		spectral: errors("spectralError"),
		regression: errors("exactError"),
		drift: each("drift"),
		alignment: each("alignment"),
		loss: Math.max(...runs.map(({ loss }) => loss)),
	};
}

/**
 * Trains a network on all poses but one, and gives its kernels on all of them at some steps, with its answers before and after.
 *
 * Targets are what the network says at the start plus ±1: its answers less those of the start are then learned from ±1 and begin at
 * 0, as kernel regression has it.
 */
async function trained(
	engine: FigureOptions["engine"],
	network: Network,
	poses: Tensor,
	out: number,
	steps: readonly number[],
	how: Omit<TrainOptions, "steps" | "epochs">,
) {
	const known = allBut(2 * POSES, out);
	const x = gather(poses, known);
	const train = (targets: number[], steps: number, from?: Trained) =>
		engine.train(
			network,
			{ x, targets: { data: Float64Array.from(targets), shape: [known.length, 1] } },
			{ ...how, steps, ...(from && { checkpoint: from.checkpoint }) },
		);
	const kernelOf = async (run: Trained) => (await run.kernels(poses)).ntk as Tensor;
	const first = await train(known.map(labelInTurn), 0);
	const before = await first.predict(poses);
	const targets = known.map((index) => (before.data[index] as number) + labelInTurn(index));
	const start = await kernelOf(first);
	const kernels: Tensor[] = [];
	let run: TrainingRun = first;
	for (const end of steps) {
		run = await train(targets, end, run);
		kernels.push(await kernelOf(run));
	}
	return {
		start,
		end: kernels.at(-1) as Tensor,
		kernels,
		before,
		after: await run.predict(poses),
		loss: run.losses.at(-1) as number,
	};
}

const cosine = ({ data: a }: Tensor, { data: b }: Tensor) => inner(a, b) / (norm(a) * norm(b));
const distance = ({ data: a }: Tensor, { data: b }: Tensor) =>
	Math.hypot(...Array.from(a, (value, k) => value - (b[k] as number)));
