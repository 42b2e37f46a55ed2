/**
 * Does much longer training help with the pose that was never seen, once all others are known?
 *
 * Source: Power et al. 2022, arXiv 2201.02177, for networks that generalize long after they fit ("grokking"); the ten classes of Perin &
 * Deny, arXiv 2412.11521, figure 6 B.
 * @module
 */
import { dense, gather, inFlight, type Network, random, relu, serial, type Tensor } from "../ts/index.ts";
import { bandedCurves, type Curve, estimate, SHARE, within } from "./curves.ts";
import {
	type Article,
	type Figure,
	type FigureData,
	type FigureOptions,
	type PanelGroup,
	provenanceOf,
	runOf,
	type Scale,
} from "./figure.ts";
import { mlp } from "./networks.ts";
import { RIDGE } from "./orbit-pairs.ts";
import { lineKey } from "./panels.ts";
import { counter, kept, keptOn, upTo } from "./parts.ts";
import { colours, shares } from "./plot.ts";
import { mean } from "./statistics.ts";
import { classesOf, drawSeeds, type PosesOfClasses, pick, posesOfClasses, TRAINING } from "./ten-classes.ts";
import { percent, signed } from "./words.ts";

/** What is trained. */
export interface Sizes {
	/** Digits of each class, and poses of each. */
	ofClass: number;
	poses: number;
	width: number;
	batch: number;
	/** Passes over all samples that are usual: figure 6's. */
	epochs: number;
	/** Binary logarithms of the steps at which networks are measured, from the first to the last. */
	doublings: readonly [first: number, last: number];
	/** Classes that are held out in turn, drawn by the seed, and networks of each. */
	heldOut: number;
	networks: number;
}

export const SIZES: Record<Scale, Sizes> = {
	quick: {
		...{ ofClass: 4, poses: 8, width: 64, batch: 32, epochs: 40 },
		...{ doublings: [4, 13], heldOut: 3, networks: 2 },
	},
	paper: {
		...{ ofClass: 13, poses: 8, width: 512, batch: 64, epochs: 100 },
		...{ doublings: [4, 17], heldOut: 10, networks: 2 },
	},
};

/** The mean share of known poses from which on they count as learned. */
const LEARNED = 0.98;

/** One training: shares of poses that are recognized at each measurement. */
interface Training {
	/** The class, and the seed of the weights. */
	heldOut: number;
	seed: number;
	known: number[];
	unseen: number[];
}

/** The stored numbers. */
export interface DataLonger extends FigureData {
	/** Of the trainings; the kernel is f64. */
	precision: "f32";
	init: "uniform";
	network: Network;
	optimizer: typeof TRAINING.optimizer;
	batch: number;
	digits: { ofClass: number; poses: number };
	classes: number[];
	/** At which networks are measured; and how many are usual. */
	steps: number[];
	usualSteps: number;
	trainings: Training[];
	/** What regression with the kernel of infinite width makes of the same known poses; share of each held-out class. */
	kernel: { network: Network; ridge: typeof RIDGE; unseen: { heldOut: number; share: number }[] };
}

/** See the top of the file; `sizes` instead of those of the scale. */
export async function compute(options: FigureOptions, sizes = SIZES[options.scale]): Promise<DataLonger> {
	const { engine, digits, seed } = options;
	const { ofClass, poses, width, batch, epochs, doublings, networks } = sizes;
	const classes = classesOf(digits.labels);
	const heldOut = pick(classes, sizes.heldOut, random(seed)).sort((a, b) => a - b);
	const all = await posesOfClasses(options, drawSeeds(digits.labels, classes, ofClass, random(seed)), poses);
	const [first, last] = doublings;
	const steps = Array.from({ length: last - first + 1 }, (_, k) => 2 ** (first + k));
	const network = serial(dense({ width, biasStd: 0 }), relu(), dense({ width: classes.length }));
	const runs = heldOut.flatMap((label) =>
		Array.from({ length: networks }, (_, k) => ({ heldOut: label, seed: seed + k })),
	);
	const count = counter(options, runs.length * 2 ** last);
	const trainings = await inFlight(engine.workers + 1, runs, (run) =>
		trainOn(options, all, { ...run, network, batch, steps }, count),
	);
	return {
		format: "orbit-kernels/figure-longer",
		version: 1,
		...runOf(options),
		precision: "f32",
		init: "uniform",
		...{ network, optimizer: TRAINING.optimizer, batch, classes, steps, trainings },
		digits: { ofClass, poses },
		usualSteps: epochs * Math.ceil((all.samples.shape[0] as number) / batch),
		kernel: {
			network: mlp(1),
			ridge: RIDGE,
			unseen: await kept(options, "kernel", () => byKernel(options, all, heldOut)),
		},
	};
}

/** A training between two measurements. */
interface State extends Pick<Training, "known" | "unseen"> {
	checkpoint?: Uint8Array;
}

/** Trains one network from measurement to measurement, each of which is kept. */
async function trainOn(
	options: FigureOptions,
	all: PosesOfClasses,
	{
		heldOut,
		seed,
		network,
		batch,
		steps,
	}: Pick<Training, "heldOut" | "seed"> & Pick<DataLonger, "network" | "batch" | "steps">,
	count: (steps: number) => void,
): Promise<Training> {
	const { engine, signal } = options;
	const call = signal ? { signal } : {};
	const { out, known } = all.split(heldOut);
	const data = all.training(known);
	const { loss, optimizer, init } = TRAINING;
	const how = { loss, optimizer, init, batch, seed, ...call };
	const tell = upTo(count);
	const training = await keptOn<State, Training>(options, `training-${heldOut}-${seed}`, async (before, keep) => {
		let state = before ?? { known: [], unseen: [] };
		tell(steps[state.known.length - 1] ?? 0);
		for (const end of steps.slice(state.known.length)) {
			const { checkpoint } = state;
			const trained = await engine.train(network, data, { ...how, steps: end, ...(checkpoint && { checkpoint }) });
			const share = async (some: number[]) =>
				all.recognized(some, await trained.predict(gather(all.samples, some), call));
			state = {
				known: [...state.known, await share(known)],
				unseen: [...state.unseen, await share(out)],
				checkpoint: trained.checkpoint,
			};
			await keep(state);
			tell(end);
		}
		return { heldOut, seed, known: state.known, unseen: state.unseen };
	});
	tell(steps.at(-1) as number);
	return training;
}

/** What regression on one-hot targets makes of the upright poses of each held-out class, all of them left out at once. */
async function byKernel({ engine, signal }: FigureOptions, all: PosesOfClasses, heldOut: number[]) {
	const call = signal ? { signal } : {};
	const { samples, classes, classOf } = all;
	const { ntk } = await engine.gram(mlp(1), samples, call);
	const targets = Array.from({ length: samples.shape[0] as number }, (_, sample) =>
		classes.map((label) => Number(label === classOf(sample))),
	);
	const fit = await engine.regression(ntk as Tensor, targets, { ridge: RIDGE, ...call });
	return Promise.all(
		heldOut.map(async (heldOut) => {
			const { out } = all.split(heldOut);
			const { prediction } = await fit.leaveOneOut([out]);
			return { heldOut, share: all.recognized(out, prediction) };
		}),
	);
}

const LINES = {
	known: { stroke: colours.good, dashes: "6 3" },
	unseen: { stroke: colours.bad },
	kernel: { stroke: colours.accent, dashes: "2 3" },
} as const;

/** Over some trainings, at each measurement. */
function curve(trainings: readonly Training[], steps: readonly number[], set: "known" | "unseen"): Curve {
	return {
		...LINES[set],
		at: steps,
		estimates: steps.map((_, k) => estimate(trainings.map((one) => one[set][k] as number))),
	};
}

const powersOfTen = (least: number, most: number) =>
	Array.from({ length: 9 }, (_, power) => 10 ** power).filter((tick) => tick >= least && tick <= most);

function panel(label: string, data: DataLonger, trainings: readonly Training[], byKernel: number): string {
	const { steps, usualSteps, classes } = data;
	const [first, last] = [steps[0] as number, steps.at(-1) as number];
	const verdict: Curve = {
		...LINES.kernel,
		at: [first, last],
		estimates: [first, last].map(() => ({ centre: byKernel, half: 0 })),
	};
	return bandedCurves(label, [curve(trainings, steps, "known"), curve(trainings, steps, "unseen"), verdict], {
		x: { type: "log", domain: [first, last], ticks: powersOfTen(first, last), tickFormat: ",", label: "steps →" },
		y: shares("↑ recognized"),
		bounds: SHARE,
		across: [1 / classes.length],
		upright: [usualSteps],
	});
}

function plot(data: DataLonger): PanelGroup[] {
	const { trainings, kernel } = data;
	const key = [
		lineKey("known poses", LINES.known),
		lineKey("the unseen pose", LINES.unseen),
		lineKey("the unseen pose by the kernel, trained without end", LINES.kernel),
	];
	return [
		{
			title: "All held-out digits",
			caption:
				"Shares of poses that are recognized, means over all trainings; bands: 95 % confidence. Dotted: chance, and the steps of the usual training. Logarithmic axis.",
			panels: [
				{
					title: "",
					svg: panel("Recognized poses against steps", data, trainings, mean(kernel.unseen.map(({ share }) => share))),
				},
			],
			key,
			panelWidth: [280, 460],
		},
		{
			title: "Each held-out digit",
			caption: "The same, over the networks that never saw one digit upright.",
			panels: kernel.unseen.map(({ heldOut, share }) => {
				const own = trainings.filter((training) => training.heldOut === heldOut);
				return {
					title: `no upright ${heldOut}`,
					svg: panel(`Recognized poses, no upright ${heldOut}`, data, own, share),
				};
			}),
			key,
			panelWidth: [220, 320],
		},
	];
}

function describe(data: DataLonger): Article {
	const { steps, usualSteps, trainings, kernel, digits, classes } = data;
	const at = (set: "known" | "unseen", k: number) => estimate(trainings.map((one) => one[set][k] as number));
	return {
		label: "Beyond the paper",
		title: "Is the unseen pose learned when training goes on for very long?",
		question: QUESTION,
		formula: "",
		insight: insight(data),
		table: {
			head: ["steps", "× usual", "known", "unseen"],
			rows: [
				...steps.map((count, k) => [
					String(count),
					(count / usualSteps).toPrecision(2),
					within(at("known", k)),
					within(at("unseen", k)),
				]),
				["kernel", "∞", "–", within(estimate(kernel.unseen.map(({ share }) => share)))],
			],
			note: TABLE_NOTE,
		},
		provenance: [
			...provenanceOf("longer", data),
			["classes", `${classes.length}, ${digits.ofClass} digits of each in ${digits.poses} poses`],
			["held out", kernel.unseen.map(({ heldOut }) => heldOut).join(", ")],
			["prepared", "each pose without its mean and of unit norm"],
			[
				"networks",
				`${trainings.length / kernel.unseen.length} for each held-out digit, of the seeds from ${data.seed} on`,
			],
			["weights", `${data.init} in ±1/√fan-in`],
			["training", `cross-entropy, batch ${data.batch}, ${JSON.stringify(data.optimizer)}, no weight decay`],
			["usual", `${usualSteps} steps: as many passes over all poses as in figure 6`],
			["kernel", `one-hot targets, ridge ${kernel.ridge.trace} × trace of the Gram`],
			["precision", `${data.precision}; the kernel f64`],
			["network", JSON.stringify(data.network)],
			["kernel's network", JSON.stringify(kernel.network)],
		],
	};
}

/** The sentence that the numbers of this run allow. */
function insight({ steps, usualSteps, trainings, kernel }: DataLonger): string {
	const at = (set: "known" | "unseen", k: number) => mean(trainings.map((one) => one[set][k] as number));
	const last = steps.length - 1;
	const usual = steps.findLastIndex((count) => count <= usualSteps);
	const learned = steps.findIndex((_, k) => at("known", k) >= LEARNED);
	const from = learned < 0 ? usual : learned;
	const times = ((steps[last] as number) / (steps[from] as number)).toFixed(0);
	const gain = estimate(trainings.map(({ unseen }) => (unseen[last] as number) - (unseen[from] as number)));
	const verdict =
		Math.abs(gain.centre) <= gain.half
			? "which is within the scatter of the trainings"
			: `which is ${gain.centre > 0 ? "a gain" : "a loss"} beyond the scatter of the trainings`;
	const points = (share: number) => signed(100 * share, 0);
	const start =
		learned < 0
			? `At ${steps[from]} steps, about the usual number, the networks know ${percent(at("known", from))} of the poses that they are trained on`
			: `Once they know the poses that they are trained on (${percent(at("known", from))} at ${steps[from]} steps)`;
	return (
		`${start}, the networks recognize ${percent(at("unseen", from))} of the poses that they never saw, and ${percent(at("unseen", last))} ` +
		`after ${times} times as many steps: a change of ${points(gain.centre)} ± ${points(gain.half)} points, ${verdict}; the kernel, ` +
		`trained without end, recognizes ${percent(mean(kernel.unseen.map(({ share }) => share)))}.`
	);
}

const TABLE_NOTE =
	"Steps, and what multiple of the usual they are; shares of the known poses and of the unseen one that are recognized, means over all trainings, of the kernel over the held-out digits, with 95 % confidence.";

const QUESTION = `Some networks generalize long after they have learned all that they are shown (“grokking”, Power et al., arXiv 2201.02177). All
classes of digits are shown in a few poses each, but one never upright. The networks soon recognize all poses that they are shown.
Is the unseen pose only a matter of patience? Kernel regression says what an infinitely wide network answers after endless training.`;

/** See the top of the file. */
export const figureLonger: Figure<DataLonger> = { unit: "steps", compute, plot, describe };
