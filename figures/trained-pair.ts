/**
 * The networks that figure 5 trains: each on two orbits of which one pose is held out, beside the kernel's regression on the same.
 * @module
 */
import { type Optimizer, rotations, type Tensor, type TrainingRun } from "../ts/index.ts";
import type { FigureOptions } from "./figure.ts";
import { mlp, pairMlp } from "./networks.ts";
import { inTurn, labelInTurn, RIDGE } from "./orbit-pairs.ts";
import { allBut, gather, posesOf } from "./parts.ts";
import { mean } from "./statistics.ts";

/** How they are trained, on all samples at a time, to answers of ±1. */
export const TRAINING = {
	network: pairMlp(512),
	optimizer: { type: "adam", rate: 1e-3 } satisfies Optimizer,
	loss: "mse",
	init: "uniform",
	precision: "f32",
} as const;

/** The first and the last of A₀ B₀ A₁ B₁ … are held out, one at a time; of both the mean error |ŷ − y|, and how many are right. */
export interface TrainedPair {
	trainedError: number;
	trainedCorrect: number;
	/** By regression with the kernel of one hidden layer. */
	kernelError: number;
	kernelCorrect: number;
	/** The larger loss of the two trainings in their last steps. */
	lastLoss: number;
}

/** Two trainings of one pair of digits; both networks start from the weights of `seed`. */
export async function trainedPair(
	{ engine, digits, signal }: FigureOptions,
	pair: readonly [number, number],
	{ poses, steps, seed }: { poses: number; steps: number; seed: number },
): Promise<TrainedPair> {
	const call = signal ? { signal } : {};
	const orbits = await engine.orbit(gather(digits.images, pair), rotations(poses), call);
	const points = gather(posesOf(orbits), inTurn(poses, poses));
	const count = 2 * poses;
	const labels = Array.from({ length: count }, (_, point) => labelInTurn(point));
	const out = [0, count - 1];

	const { ntk } = (await engine.gram(mlp(1), points, call)) as { ntk: Tensor };
	const fit = await engine.regression(ntk, labels, { ridge: RIDGE, ...call });
	const kernel = (await fit.leaveOneOut(out.map((point) => [point]))).prediction.data;

	const { network, ...how } = TRAINING;
	const runs = await Promise.all(
		out.map(async (heldOut) => {
			const known = allBut(count, heldOut);
			const targets = { data: Float64Array.from(known, labelInTurn), shape: [known.length, 1] };
			const x = gather(points, known);
			const run = (await engine.train(network, { x, targets }, { ...how, steps, seed, ...call })) as TrainingRun;
			const { data } = await run.predict(gather(points, [heldOut]), call);
			return { prediction: data[0] as number, loss: run.losses.at(-1) as number };
		}),
	);
	const of = (predictions: ArrayLike<number>) => {
		const margins = out.map((point, k) => labelInTurn(point) * (predictions[k] as number));
		return {
			error: mean(margins.map((margin) => Math.abs(1 - margin))),
			correct: margins.filter((margin) => margin > 0).length,
		};
	};
	const [trained, regressed] = [of(runs.map(({ prediction }) => prediction)), of(kernel)];
	return {
		trainedError: trained.error,
		trainedCorrect: trained.correct,
		kernelError: regressed.error,
		kernelCorrect: regressed.correct,
		lastLoss: Math.max(...runs.map(({ loss }) => loss)),
	};
}
