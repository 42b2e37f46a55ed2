/**
 * Figure 1 B and C: do trained networks recognize a digit upright that they only saw turned?
 *
 * Source: Perin & Deny, arXiv 2412.11521, figure 1; the paper trains 22 epochs on all of MNIST in 2 to 64 poses, each digit held out once.
 * @module
 */
import { inFlight, type Network, type Optimizer, type PoseAccuracy, random } from "../ts/index.ts";
import { bandedCurves, type Curve, type Estimate, estimate, SHARE, within } from "./curves.ts";
import {
	type Article,
	type Figure,
	type FigureData,
	type FigureOptions,
	type PanelGroup,
	provenanceOf,
	runOf,
	type Scale,
	type Statement,
} from "./figure.ts";
import { type HeldOutCurve, heldOutTraining } from "./held-out.ts";
import { figure1 as networks } from "./networks.ts";
import { lineKey } from "./panels.ts";
import { counter } from "./parts.ts";
import { colours, doublings, shares } from "./plot.ts";
import { classesOf, drawSeeds, ofSeeds, pick } from "./ten-classes.ts";
import { percent } from "./words.ts";

type Name = keyof typeof networks;

/** How one network is trained. */
interface Size {
	name: Name;
	/** Numbers of poses, N, ascending. */
	poses: number[];
	/** How many classes are held out, each in a training of its own, drawn by the seed. */
	heldOut: number;
	/** Images of each class, or all where there are fewer. */
	ofClass: number;
	epochs: number;
	batch: number;
	/** Samples of each set on which accuracies are measured, at most. */
	evaluated: number;
}

/** The paper's settings, but for a thirtieth of its images: all would take processors years. */
const PAPER = { heldOut: 10, ofClass: 200, epochs: 22, batch: 2048, evaluated: 2000 };

/** What is trained at each scale. */
export const SIZES: Record<Scale, readonly Size[]> = {
	quick: [
		{ name: "mlp", poses: [2, 4, 8, 16], heldOut: 3, ofClass: 12, epochs: 10, batch: 32, evaluated: 100 },
		{ name: "cnn", poses: [2, 8], heldOut: 3, ofClass: 8, epochs: 8, batch: 16, evaluated: 60 },
		{ name: "vit", poses: [8], heldOut: 1, ofClass: 2, epochs: 3, batch: 8, evaluated: 30 },
	],
	paper: [
		{ name: "mlp", ...PAPER, poses: [2, 4, 8, 16, 32, 64] },
		{ name: "cnn", ...PAPER, poses: [2, 4, 8, 16] },
		{ name: "vit", ...PAPER, poses: [8], heldOut: 3 },
	],
};

/** The number of poses whose curves are shown by epoch. */
const SHOWN = 8;

/** One training. */
interface Run extends Pick<HeldOutCurve, "curve" | "counts"> {
	poses: number;
	/** The class. */
	heldOut: number;
}

interface OfNetwork extends Omit<Size, "heldOut" | "ofClass"> {
	network: Network;
	images: number;
	/** The classes. */
	heldOut: number[];
	optimizer: Optimizer;
	runs: Run[];
}

/** The stored numbers. */
export interface Data1 extends FigureData {
	precision: "f32";
	init: "uniform";
	/** How many there are to choose from. */
	classes: number;
	networks: OfNetwork[];
}

/** See the top of the file; `sizes` instead of those of the scale. */
export async function compute(options: FigureOptions, sizes = SIZES[options.scale]): Promise<Data1> {
	const { engine, digits, seed, signal } = options;
	const classes = classesOf(digits.labels);
	const plans = sizes.map(({ heldOut, ofClass, ...size }) => ({
		...size,
		data: ofSeeds(digits, drawSeeds(digits.labels, classes, ofClass, random(seed))),
		heldOut: pick(classes, heldOut, random(seed)).sort((a, b) => a - b),
	}));
	const trainings = plans.flatMap((plan) =>
		plan.poses.flatMap((poses) => plan.heldOut.map((heldOut) => ({ ...plan, poses, heldOut }))),
	);
	const count = counter(
		options,
		trainings.reduce((sum, { epochs }) => sum + epochs + 1, 0),
	);
	// The longest first, so that no worker is left alone with one.
	const longestFirst = await inFlight(engine.workers + 1, [...trainings].reverse(), async (training) => {
		const { name, data, poses, heldOut, epochs, batch, evaluated } = training;
		const how = { poses, heldOut, epochs, batch, evaluated, seed, init: "uniform", ...(signal && { signal }) } as const;
		const key = `${name}-${poses}-${heldOut}`;
		return { training, ...(await heldOutTraining(options, key, networks[name], data, how, count)) };
	});
	const results = longestFirst.reverse();
	return {
		format: "orbit-kernels/figure-1",
		version: 1,
		...runOf(options),
		precision: "f32",
		init: "uniform",
		classes: classes.length,
		networks: plans.map(({ data, ...plan }) => {
			const own = results.filter(({ training }) => training.name === plan.name);
			return {
				...plan,
				network: networks[plan.name],
				images: data.labels.length,
				optimizer: own[0]?.settings.optimizer as Optimizer,
				runs: own.map(({ training: { poses, heldOut }, curve, counts }) => ({ poses, heldOut, curve, counts })),
			};
		}),
	};
}

/** The sets on which networks are measured. */
const SETS = {
	train: { label: "poses trained on", stroke: colours.muted, dashes: "2 3" },
	testIn: { label: "poses like them", stroke: colours.good, dashes: "6 3" },
	testOut: { label: "the held-out pose", stroke: colours.bad },
} as const;
type SetName = keyof typeof SETS;

const NETWORKS = {
	mlp: { label: "MLP", stroke: colours.good },
	cnn: { label: "CNN", stroke: colours.middling, dashes: "6 3" },
	vit: { label: "ViT", stroke: colours.accent, dashes: "2 3" },
} as const;

/** Over held-out classes: of an epoch, or of the last. */
function accuracy({ runs }: OfNetwork, poses: number, set: SetName, epoch = -1): Estimate {
	const own = runs.filter((run) => run.poses === poses);
	return estimate(own.map(({ curve }) => (curve.at(epoch) as PoseAccuracy)[set]));
}

const accuracyAxis = shares("↑ accuracy");

function plot({ networks, classes }: Data1): PanelGroup[] {
	const shown = networks.filter(({ poses }) => poses.includes(SHOWN));
	const byEpoch = shown.map((network) => {
		const { label } = NETWORKS[network.name];
		const at = Array.from({ length: network.epochs + 1 }, (_, epoch) => epoch);
		const curves = (Object.keys(SETS) as SetName[]).map(
			(set): Curve => ({ ...SETS[set], at, estimates: at.map((epoch) => accuracy(network, SHOWN, set, epoch)) }),
		);
		const x = { label: "epoch →", ticks: Math.min(network.epochs, 6) };
		return {
			title: `${label}, ${heldOutOf(network)}`,
			svg: bandedCurves(`Accuracy by epoch, ${label}, ${SHOWN} poses`, curves, {
				...{ x, y: accuracyAxis, bounds: SHARE, across: [1 / classes] },
			}),
		};
	});
	const against = networks.map(
		(network): Curve => ({
			...NETWORKS[network.name],
			at: network.poses,
			estimates: network.poses.map((poses) => accuracy(network, poses, "testOut")),
			marked: true,
		}),
	);
	const ticks = [...new Set(networks.flatMap(({ poses }) => poses))].sort((a, b) => a - b);
	const x = doublings("poses of each image, N →", ticks);
	return [
		{
			title: `B: by epoch, N = ${SHOWN}`,
			caption:
				"Shares of images that are recognized: in poses that were trained on, in poses like them that were kept for testing, and of the held-out class in the upright pose, which was never seen. Means over the held-out classes; bands: 95 % confidence. Dotted line: chance.",
			panels: byEpoch,
			key: Object.values(SETS).map(({ label, ...style }) => lineKey(label, style)),
			panelWidth: [260, 360],
		},
		{
			title: "C: against the number of poses",
			caption: "Share of the held-out class that is recognized upright after the last epoch, as above.",
			panels: [
				{
					title: "",
					svg: bandedCurves("Accuracy on the held-out pose against N", against, {
						...{ x, y: accuracyAxis, bounds: SHARE, across: [1 / classes] },
					}),
				},
			],
			key: networks.map(({ name }) => lineKey(NETWORKS[name].label, NETWORKS[name])),
			panelWidth: [260, 420],
		},
	];
}

const heldOutOf = ({ heldOut }: OfNetwork) =>
	heldOut.length === 1 ? `a ${heldOut[0]} held out` : `${heldOut.length} digits held out in turn`;

function describe(data: Data1): Article {
	return {
		label: "Figure 1 B, C",
		title: "Do networks that see digits turn learn that a turned digit is the same?",
		question: QUESTION,
		formula: "",
		insight: insight(data),
		table: {
			head: ["network", "N", "trained on", "like them", "held out", "trainings", "samples"],
			rows: data.networks.flatMap((network) =>
				network.poses.map((poses) => {
					const own = network.runs.filter((run) => run.poses === poses);
					return [
						...[NETWORKS[network.name].label, String(poses)],
						...(Object.keys(SETS) as SetName[]).map((set) => within(accuracy(network, poses, set))),
						...[String(own.length), String(own[0]?.counts.train)],
					];
				}),
			),
			note: TABLE_NOTE,
		},
		statements: statements(data),
		provenance: [
			...provenanceOf("1", data),
			["prepared", "each image of unit norm, then turned"],
			["weights", `${data.init} in ±1/√fan-in, seed ${data.seed}`],
			["precision", data.precision],
			...data.networks.flatMap((network): [string, string][] => [
				[
					NETWORKS[network.name].label,
					`${network.images} images, held out: ${network.heldOut.join(", ")}; ${network.epochs} epochs, batch ${network.batch}, cross-entropy, ${JSON.stringify(network.optimizer)}; accuracies on at most ${network.evaluated} samples`,
				],
				["", JSON.stringify(network.network)],
			]),
		],
	};
}

/** Whether a network recognizes far more of what it was trained on than chance would. */
const hasLearned = (network: OfNetwork, poses: number, chance: number) =>
	accuracy(network, poses, "train").centre > 3 * chance;

const names = (some: OfNetwork[]) => some.map(({ name }) => NETWORKS[name].label).join(", ");

/** The sentence that the numbers of this run allow. */
function insight({ networks, classes }: Data1): string {
	const chance = 1 / classes;
	const shown = networks.filter(({ poses }) => poses.includes(SHOWN));
	const shares = (set: SetName) => shown.map((network) => percent(accuracy(network, SHOWN, set).centre)).join(", ");
	const grown = networks
		.filter(({ poses }) => poses.length > 1)
		.map((network) => {
			const at = (poses: number) => `${percent(accuracy(network, poses, "testOut").centre)} at N = ${poses}`;
			return `from ${at(network.poses[0] as number)} to ${at(network.poses.at(-1) as number)} for the ${names([network])}`;
		});
	const behind = shown.filter((network) => !hasLearned(network, SHOWN, chance));
	const but =
		behind.length > 0 ? `; the ${names(behind)} had too little training to know even the poses it was trained on` : "";
	return (
		`With ${SHOWN} poses, those like the ones that were seen are recognized in ${shares("testIn")} of cases (${names(shown)}), the one that ` +
		`was never seen in ${shares("testOut")}, by chance in ${percent(chance)}${but}. With the number of poses the share of the unseen goes ${grown.join(", ")}.`
	);
}

/** What the paper says of its figure: of the means of each network that has learned. */
function statements({ networks, classes }: Data1): Statement[] {
	const chance = 1 / classes;
	const out = (network: OfNetwork, poses: number) => accuracy(network, poses, "testOut");
	const few = ({ poses }: OfNetwork) => poses[0] as number;
	const many = ({ poses }: OfNetwork) => poses.at(-1) as number;
	const seen = (network: OfNetwork, poses: number) => `${within(out(network, poses))} at N = ${poses}`;
	const shown = networks.filter((one) => one.poses.includes(SHOWN) && hasLearned(one, SHOWN, chance));
	const several = networks.filter((one) => one.poses.length > 1 && one.poses.every((n) => hasLearned(one, n, chance)));
	const claims = [
		{
			claim: `A pose that was never seen is recognized less often than poses like those that were (N = ${SHOWN}).`,
			of: shown,
			holds: (one: OfNetwork) => accuracy(one, SHOWN, "testIn").centre > out(one, SHOWN).centre,
			evidence: (one: OfNetwork) => `${within(out(one, SHOWN))} against ${within(accuracy(one, SHOWN, "testIn"))}`,
		},
		{
			claim: "With few poses it is recognized no more often than by chance.",
			of: several,
			holds: (one: OfNetwork) => out(one, few(one)).centre - out(one, few(one)).half <= chance,
			evidence: (one: OfNetwork) => seen(one, few(one)),
		},
		{
			claim: "With many poses it is recognized more often than with few.",
			of: several,
			holds: (one: OfNetwork) => out(one, many(one)).centre > out(one, few(one)).centre,
			evidence: (one: OfNetwork) => `${seen(one, few(one))}, ${seen(one, many(one))}`,
		},
	];
	return claims
		.filter(({ of }) => of.length > 0)
		.map(({ claim, of, holds, evidence }) => ({
			claim,
			holds: of.every(holds),
			evidence: of.map((network) => `${names([network])}: ${evidence(network)}`).join("; "),
		}));
}

const TABLE_NOTE =
	"Poses of each image; shares of images that are recognized after the last epoch, in poses that were trained on, in poses like them, and of the held-out class in the held-out pose, means over the held-out classes with 95 % confidence; how many trainings these are, and the samples of each.";

const QUESTION = `A network is trained to tell digits apart, each of which is shown in <i>N</i> poses, turned by multiples of 360°/<i>N</i>. Only one
of them, held out, is never shown upright. All others are: there is much to learn from that turning changes no digit. Is
the held-out one recognized upright? Each digit is held out in a training of its own; a tenth of the poses that may be seen is kept to test what was learned of them.`;

/** See the top of the file. */
export const figure1: Figure<Data1> = { unit: "epochs", compute, plot, describe };
