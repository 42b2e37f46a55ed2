/**
 * The experiment of figure 1: all classes are seen in all poses but one, which is never seen upright. Is it recognized?
 * @module
 */
import { type ArrayInput, checkOptions, shapeError, type Tensor, toTensor, usageError } from "../arrays.ts";
import { random, shuffle } from "../data/random.ts";
import { turn } from "../images.ts";
import type { CallOptions, Context } from "../kernel.ts";
import type { Network } from "../network.ts";
import type { Optimizer, TrainOptions } from "./options.ts";
import type { SampleSource } from "./source.ts";
import { type TrainingRun, train } from "./train.ts";
import { largestOutputs, type Trained } from "./trained.ts";

/** Options of `heldOutPose`. */
export interface HeldOutPoseOptions extends CallOptions, Pick<TrainOptions, "parameterization" | "init" | "precision"> {
	/** The class that is never seen upright. */
	heldOut: number;
	/** Rotations of each image, by multiples of 360°/poses. */
	poses: number;
	/** Default 22. */
	epochs?: number;
	/** Samples a step; default 2048. */
	batch?: number;
	/** Default Adam of rate 1e-3, β .7 and .9. */
	optimizer?: Optimizer;
	/** Share of the seen poses that are kept for testing; default .1. */
	testShare?: number;
	/** Samples of each set on which accuracies are measured, at most; default 2000, drawn by the seed. */
	evaluated?: number;
	/** Of the split, of weights and of the order of samples; default 0. */
	seed?: number;
	/** An unfinished run of the same settings, to go on with. */
	resume?: HeldOutPoseState;
	/** Called after each epoch with all that is needed to go on. */
	onEpoch?: (state: HeldOutPoseState) => void | Promise<void>;
}

/** Shares of samples whose class is recognized. */
export interface PoseAccuracy {
	epoch: number;
	/** Poses that were trained on, poses like them, and the pose that was held out. */
	train: number;
	testIn: number;
	testOut: number;
	/** Mean over the steps of the epoch; null before the first. */
	loss: number | null;
}

/** A run between two epochs. */
export interface HeldOutPoseState {
	curve: PoseAccuracy[];
	checkpoint: Uint8Array;
}

/** What came out. */
export interface HeldOutPose {
	curve: PoseAccuracy[];
	/** Samples of each set. */
	counts: { train: number; testIn: number; testOut: number };
	/** All that the run depended on besides the images. */
	settings: Readonly<Record<string, unknown>>;
	trained: Trained;
}

/** The paper's training: see theory of figure 1. */
const EPOCHS = 22;
const BATCH = 2048;
const OPTIMIZER: Optimizer = { type: "adam", rate: 1e-3, beta1: 0.7, beta2: 0.9 };
const TEST_SHARE = 0.1;
const EVALUATED = 2000;

const NAMES = [
	...["heldOut", "poses", "epochs", "batch", "optimizer", "testShare", "evaluated", "seed", "resume", "onEpoch"],
	...["parameterization", "init", "precision", "signal", "onProgress"],
];

/** See `Engine.heldOutPose`. */
export async function heldOutPose(
	context: Context,
	network: Network,
	data: { images: ArrayInput; labels: ArrayLike<number> },
	options: HeldOutPoseOptions,
): Promise<HeldOutPose> {
	checkOptions(options, NAMES);
	const { heldOut, poses, epochs = EPOCHS, batch = BATCH, optimizer = OPTIMIZER, seed = 0 } = options;
	const { testShare = TEST_SHARE, evaluated = EVALUATED, resume, signal, onProgress, onEpoch } = options;
	const { parameterization, init, precision } = options;
	const aborting = signal && { signal };
	const images = unitNorm(toTensor(data.images, "data.images"));
	const count = images.shape[0] as number;
	const { labels } = data;
	if (labels.length !== count) throw shapeError("data.labels", [labels.length], `${count} labels, one an image`);
	if (!Number.isSafeInteger(poses) || poses < 2) throw usageError("options.poses", poses, "an integer of at least 2");
	if (!(testShare > 0 && testShare < 1)) throw usageError("options.testShare", testShare, "a share between 0 and 1");
	if (!Array.from(labels).includes(heldOut)) throw usageError("options.heldOut", heldOut, "one of the labels");

	const sets = split(labels, heldOut, poses, testShare, seed);
	const posed = (samples: Uint32Array): SampleSource => ({
		shape: [samples.length, ...images.shape.slice(1)],
		rows: (indices) =>
			turned(
				context,
				images,
				poses,
				indices.map((index) => samples[index] as number),
			),
	});
	const classes = (samples: Uint32Array) => samples.map((sample) => labels[Math.floor(sample / poses)] as number);
	const counts = { train: sets.train.length, testIn: sets.testIn.length, testOut: sets.testOut.length };
	const training = { x: posed(sets.train), targets: classes(sets.train) };
	const next = random(seed + 1);
	const measured = Object.fromEntries(
		Object.entries(sets).map(([name, samples]) => [name, shuffle(samples.slice(), next).slice(0, evaluated)]),
	) as typeof sets;
	const accuracy = async (trained: Trained, samples: Uint32Array) => {
		const x = await turned(context, images, poses, samples);
		const outputs = await trained.predict({ data: x, shape: [samples.length, ...trained.shape] }, aborting);
		const recognized = largestOutputs(outputs);
		return classes(samples).filter((label, k) => recognized[k] === label).length / samples.length;
	};
	const measure = async (trained: Trained, epoch: number, losses: Float64Array): Promise<PoseAccuracy> => ({
		epoch,
		train: await accuracy(trained, measured.train),
		testIn: await accuracy(trained, measured.testIn),
		testOut: await accuracy(trained, measured.testOut),
		loss: losses.length === 0 ? null : losses.reduce((sum, loss) => sum + loss, 0) / losses.length,
	});

	const curve = [...(resume?.curve ?? [])];
	let checkpoint = resume?.checkpoint;
	let run: TrainingRun | undefined;
	const common: TrainOptions = {
		...{ loss: "crossEntropy", optimizer, batch, seed },
		...(parameterization && { parameterization }),
		...(init && { init }),
		...(precision && { precision }),
		...aborting,
	};
	for (let epoch = Math.max(0, curve.length - 1); epoch <= epochs; epoch++) {
		const steps = Math.ceil(counts.train / Math.min(batch, counts.train));
		run = (await train(context, network, training, {
			...common,
			epochs: epoch,
			...(checkpoint && { checkpoint }),
			onProgress: ({ done }) => onProgress?.({ done, total: epochs * steps }),
		})) as TrainingRun;
		if (epoch < curve.length) continue;
		curve.push(await measure(run, epoch, run.losses));
		checkpoint = run.checkpoint;
		await onEpoch?.({ curve: [...curve], checkpoint: checkpoint.slice() });
	}
	const { losses: _, ...trained } = run as TrainingRun;
	const settings = { ...trained.settings, heldOut, poses, epochs, batch, testShare, evaluated };
	return { curve, counts, settings, trained };
}

/** Each image with unit norm; images without any light stay as they are. */
function unitNorm({ data, shape }: Tensor): Tensor<Float64Array> {
	const size = data.length / (shape[0] as number);
	const out = Float64Array.from(data);
	for (let first = 0; first < out.length; first += size) {
		const image = out.subarray(first, first + size);
		const norm = Math.sqrt(image.reduce((sum, value) => sum + value * value, 0));
		if (norm > 0) image.set(image.map((value) => value / norm));
	}
	return { data: out, shape };
}

/** Samples as image · poses + pose: those that are seen, in two parts, and the held-out class upright. */
function split(labels: ArrayLike<number>, heldOut: number, poses: number, testShare: number, seed: number) {
	const all = Uint32Array.from({ length: labels.length * poses }, (_, sample) => sample);
	const isOut = (sample: number) => sample % poses === 0 && labels[sample / poses] === heldOut;
	const seen = shuffle(
		all.filter((sample) => !isOut(sample)),
		random(seed),
	);
	const tests = Math.round(testShare * seen.length);
	return { train: seen.slice(tests), testIn: seen.slice(0, tests), testOut: all.filter(isOut) };
}

/** The images of some samples in their poses, turned when they are needed: all of them would be poses times as many. */
async function turned(context: Context, images: Tensor, poses: number, samples: Uint32Array): Promise<Float64Array> {
	const [, rows, columns] = images.shape as [number, number, number];
	const size = rows * columns;
	const out = new Float64Array(samples.length * size);
	const ofPose = new Map<number, number[]>();
	samples.forEach((sample, place) => {
		const places = ofPose.get(sample % poses) ?? [];
		places.push(place);
		ofPose.set(sample % poses, places);
	});
	await Promise.all(
		[...ofPose].map(async ([pose, places]) => {
			const stack = new Float64Array(places.length * size);
			places.forEach((place, k) => {
				const first = Math.floor((samples[place] as number) / poses) * size;
				stack.set(images.data.subarray(first, first + size), k * size);
			});
			const shape = [places.length, rows, columns];
			const angle = Float64Array.of((360 * pose) / poses);
			const data = await turn(context, { data: stack, shape }, [rows, columns], angle, false, {});
			places.forEach((place, k) => {
				out.set(data.subarray(k * size, (k + 1) * size), place * size);
			});
		}),
	);
	return out;
}
