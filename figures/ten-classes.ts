/**
 * Several seeds of several classes: the paper's rules by the kernel, and trained networks, with the upright poses of a class held out.
 * @module
 */
import {
	type LabelledImages,
	largestOutputs,
	type Network,
	type Optimizer,
	OrbitKernelsError,
	type Ridge,
	random,
	rotations,
	type SymmetryReport,
	shuffle,
	type Tensor,
} from "../ts/index.ts";
import type { FigureOptions } from "./figure.ts";
import { classesMlp, figure1, mlp } from "./networks.ts";
import { gather, posesOf, someOf } from "./parts.ts";
import { mean } from "./statistics.ts";

/** How ten classes are trained. */
export const TRAINING = {
	network: figure1.mlp,
	optimizer: { type: "adam", rate: 1e-3, beta1: 0.7, beta2: 0.9 } satisfies Optimizer,
	loss: "crossEntropy",
	batch: 64,
	init: "uniform",
	precision: "f32",
} as const;

/** Indices of images by their class. */
export type Seeds = { label: number; images: number[] }[];

/** Some entries of a list in random order, or all where there are fewer. */
export function pick(list: readonly number[], count: number, next: () => number): number[] {
	return Array.from(shuffle(Uint32Array.from(list), next).subarray(0, count));
}

/** All classes, ascending. */
export const classesOf = (labels: ArrayLike<number>) => [...new Set(Array.from(labels))].sort((a, b) => a - b);

/** `count` images of each class. */
export function drawSeeds(
	labels: ArrayLike<number>,
	classes: readonly number[],
	count: number,
	next: () => number,
): Seeds {
	const indices = Array.from({ length: labels.length }, (_, index) => index);
	return classes.map((label) => ({
		label,
		images: pick(
			indices.filter((index) => labels[index] === label),
			count,
			next,
		),
	}));
}

/** The images of some seeds, class by class, with their labels. */
export const ofSeeds = (digits: LabelledImages, seeds: Seeds): LabelledImages =>
	someOf(
		digits,
		seeds.flatMap(({ images }) => images),
	);

/** Tests of two classes each, with seeds of their own. */
export function drawTests(labels: ArrayLike<number>, tests: number, count: number, seed: number): Seeds[] {
	const next = random(seed);
	const classes = classesOf(labels);
	return Array.from({ length: tests }, () => {
		const two = pick(classes, 2, next).sort((a, b) => a - b);
		return drawSeeds(labels, two, count, next);
	});
}

/** The rules of some seeds at a number of poses. */
async function rulesOf(
	{ engine, digits, signal }: FigureOptions,
	network: Network,
	seeds: Seeds,
	poses: number,
	ridge: Ridge,
): Promise<NonNullable<SymmetryReport["rules"]>> {
	const { images, labels } = ofSeeds(digits, seeds);
	const report = await engine.symmetry(network, {
		...{ seeds: images, labels },
		action: rotations(poses),
		ridge,
		...(signal && { signal }),
	});
	return report.rules as NonNullable<SymmetryReport["rules"]>;
}

/** What a report leaves out where orbits are not free, or points too many. */
function given<Value>(value: Value | null | undefined, name: string): Value {
	if (value !== null && value !== undefined) return value;
	const expected = "images that no turn leaves as they are, and points that one regression can hold";
	throw new OrbitKernelsError("value", `the ${name} has no value: expected ${expected}`, { path: name, expected });
}

/** Two classes of several seeds, all upright poses of one class left out together. */
export interface MultiSeed {
	/** 1 − t·ŷ, mean over the seeds of both. */
	exactError: number;
	/** Mean over all pairs of their seeds. */
	spectralError: number;
	/** Share of the upright poses that are read correctly. */
	correctShare: number;
}

/** The rule for two classes, by the kernel of one hidden layer. */
export async function multiSeed(options: FigureOptions, seeds: Seeds, poses: number, ridge: Ridge): Promise<MultiSeed> {
	const [rule] = (await rulesOf(options, mlp(1), seeds, poses, ridge)).multiSeed;
	const exact = given(rule?.exact, "exact error");
	return {
		exactError: mean(exact.errors),
		spectralError: given(rule?.spectral, "spectral error"),
		correctShare: exact.positiveFraction,
	};
}

/** Of each class the share of its seeds whose upright pose is recognized, the upright poses of one class left out together. */
export interface MultiClass {
	/** By regression of one class against the rest. */
	exact: number[];
	/** Against each other class, as the mean of the spectral errors with its seeds foretells. */
	spectral: number[];
}

/** The rules for all classes, by the kernel of the network that is trained. */
export async function multiClass(
	options: FigureOptions,
	seeds: Seeds,
	poses: number,
	ridge: Ridge,
): Promise<MultiClass> {
	const rules = (await rulesOf(options, classesMlp, seeds, poses, ridge)).multiClass;
	const shares = (name: "oneAgainstRest" | "spectral") =>
		seeds.map(({ label: own }) => {
			const verdicts = rules.filter(({ label }) => label === own).map((rule) => given(rule[name], `${name} verdict`));
			return mean(verdicts.map(({ correct }) => Number(correct)));
		});
	return { exact: shares("oneAgainstRest"), spectral: shares("spectral") };
}

/** Shares of poses that a network recognizes after training: of those that it has seen, and of the upright ones of a class. */
export interface Recognized {
	known: number;
	unseen: number;
}

/** All poses of all seeds as samples, seed by seed, and what is known of them. */
export interface PosesOfClasses {
	samples: Tensor;
	classes: number[];
	classOf(sample: number): number;
	/** The upright ones of a class, and all others. */
	split(heldOut: number): { out: number[]; known: number[] };
	/** Samples and places of their classes, as they are trained on. */
	training(known: number[]): { x: Tensor; targets: Uint32Array };
	/** Share of some samples whose class has the largest of their outputs. */
	recognized(samples: number[], outputs: Tensor): number;
}

export async function posesOfClasses(
	{ engine, digits, signal }: FigureOptions,
	seeds: Seeds,
	poses: number,
): Promise<PosesOfClasses> {
	const { images, labels } = ofSeeds(digits, seeds);
	const samples = posesOf(await engine.orbit(images, rotations(poses), signal ? { signal } : {}));
	const classes = seeds.map(({ label }) => label);
	const all = Array.from({ length: labels.length * poses }, (_, sample) => sample);
	const classOf = (sample: number) => labels[Math.floor(sample / poses)] as number;
	return {
		...{ samples, classes, classOf },
		split(heldOut) {
			const isOut = (sample: number) => sample % poses === 0 && classOf(sample) === heldOut;
			return { out: all.filter(isOut), known: all.filter((sample) => !isOut(sample)) };
		},
		training: (known) => ({
			x: gather(samples, known),
			targets: Uint32Array.from(known, (sample) => classes.indexOf(classOf(sample))),
		}),
		recognized(samples, outputs) {
			const found = largestOutputs(outputs);
			return mean(samples.map((sample, k) => Number(classes[found[k] as number] === classOf(sample))));
		},
	};
}

/** Trains on all poses of all seeds but the upright ones of one class. */
export async function recognized(
	options: FigureOptions,
	seeds: Seeds,
	heldOut: number,
	{ poses, epochs, seed }: { poses: number; epochs: number; seed: number },
): Promise<Recognized> {
	const { engine, signal } = options;
	const call = signal ? { signal } : {};
	const all = await posesOfClasses(options, seeds, poses);
	const { out, known } = all.split(heldOut);
	const { network, ...how } = TRAINING;
	const trained = await engine.train(network, all.training(known), { ...how, epochs, seed, ...call });
	const share = async (some: number[]) => all.recognized(some, await trained.predict(gather(all.samples, some), call));
	return { known: await share(known), unseen: await share(out) };
}
