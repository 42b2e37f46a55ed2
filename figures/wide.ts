/**
 * Do wide networks learn what their kernel says, and how fast do they come close as they grow?
 *
 * Source: Lee et al. 2019, arXiv 1902.06720: f(x) → f₀(x) + Θ(x, X) Θ(X, X)⁻¹ (y − f₀(X)) when trained to the end; apart by some
 * 1/√width.
 * @module
 */
import { dot, line } from "@observablehq/plot";
import {
	dense,
	type Engine,
	gather,
	type Network,
	pairs,
	relu,
	rotations,
	serial,
	submatrix,
	type Tensor,
	type Trained,
	type TrainingRun,
} from "../ts/index.ts";
import {
	type Article,
	type Figure,
	type FigureData,
	type FigureOptions,
	type PanelGroup,
	provenanceOf,
	runOf,
} from "./figure.ts";
import { counter, keptEach, posesOf } from "./parts.ts";
import { around, colours, doublings, logScale, sample, svg } from "./plot.ts";
import { mean, slope } from "./statistics.ts";
import { signed } from "./words.ts";

const SIZES = {
	quick: { widths: [64, 128, 256, 512], seeds: 4 },
	paper: { widths: [64, 128, 256, 512, 1024, 2048, 4096], seeds: 8 },
};
/** Poses that are trained on, of each digit, and those that the answers are compared at. */
const TRAINED = 4;
const ALL = 32;
/** Gradient flow by small steps: a step is this share of the longest one that can't diverge. */
const STEP = 0.25;
/** Trained until no residual of the targets ±1 is larger; steps at a time, and at most. */
const RESIDUAL = 1e-4;
const STRIDE = 250;
const MOST_STEPS = 20_000;

/** What is measured of each network, root mean squares over the poses that were not trained on. */
const DISTANCES = {
	kernel: { label: "from infinite width", colour: colours.good, symbol: "circle" },
	own: { label: "from its own kernel", colour: colours.accent, symbol: "triangle" },
	drift: { label: "drift of its kernel", colour: colours.bad, symbol: "square" },
} as const;
type Distance = keyof typeof DISTANCES;
const NAMES = Object.keys(DISTANCES) as Distance[];

/** Networks of one width; each array has a value for each seed. */
type AtWidth = { width: number; steps: number[]; residual: number[] } & Record<Distance, number[]>;

/** The stored numbers. */
export interface DataWide extends FigureData {
	/** Of the trainings. */
	precision: "f32";
	parameterization: "ntk";
	/** Of infinite width. */
	network: Network;
	optimizer: { type: "sgd"; rate: number };
	labels: [number, number];
	poses: { trained: number; all: number };
	widths: AtWidth[];
}

const perceptron = (width: number | null): Network =>
	serial(dense({ width, weightStd: Math.SQRT2 }), relu(), dense({ width: 1, weightStd: 1 }));

/** Two orbits: all poses, the indices of those that are trained on and of the others, and the targets of the former. */
interface Problem {
	poses: Tensor;
	known: number[];
	unknown: number[];
	targets: number[];
	/** The kernel of infinite width on all poses. */
	kernel: Tensor;
}

async function compute(options: FigureOptions): Promise<DataWide> {
	const { engine, digits, scale, seed, signal } = options;
	const call = signal ? { signal } : {};
	const { widths, seeds } = SIZES[scale];
	const [pair] = pairs(digits.labels, 1, seed) as [[number, number]];
	const { data, shape } = posesOf(await engine.orbit(gather(digits.images, pair), rotations(ALL), call));
	// Of unit mean square, not of unit norm: weights need not grow for answers of ±1, which only wide networks can do lazily.
	const side = Math.sqrt(data.length / (2 * ALL));
	const poses = { data: data.map((value) => side * value), shape };
	const network = perceptron(null);
	const { ntk: kernel } = (await engine.gram(network, poses, call)) as { ntk: Tensor };
	const indices = Array.from({ length: 2 * ALL }, (_, index) => index);
	const isKnown = (index: number) => index % (ALL / TRAINED) === 0;
	const [known, unknown] = [indices.filter(isKnown), indices.filter((index) => !isKnown(index))];
	const targets = known.map((index) => (index < ALL ? 1 : -1));
	const problem = { poses, known, unknown, targets, kernel };
	// The largest eigenvalue is at most the trace, and the loss a mean over the samples.
	const optimizer = {
		type: "sgd",
		rate: (2 * STEP) / mean(known.map((index) => entry(kernel, index, index))),
	} as const;

	// The longest first, so that no worker is left alone with one.
	const runs = [...widths].reverse().flatMap((width) => Array.from({ length: seeds }, (_, k) => ({ width, k })));
	const results = await keptEach(
		options,
		"training",
		runs,
		async ({ width, k }) => ({
			width,
			...(await distances(engine, problem, perceptron(width), { ...call, optimizer, seed: seed + k })),
		}),
		counter(options, runs.length),
	);
	const label = (index: number) => digits.labels[index] as number;
	return {
		format: "orbit-kernels/figure-wide",
		version: 1,
		...runOf(options),
		precision: "f32",
		parameterization: "ntk",
		network,
		optimizer,
		labels: [label(pair[0]), label(pair[1])],
		poses: { trained: TRAINED, all: ALL },
		widths: widths.map((width) => {
			const ofWidth = results.filter((result) => result.width === width);
			const column = (name: Distance | "steps" | "residual") => [name, ofWidth.map((result) => result[name])];
			return { width, ...Object.fromEntries([...NAMES, "steps" as const, "residual" as const].map(column)) } as AtWidth;
		}),
	};
}

const entry = ({ data, shape }: Tensor, row: number, column: number) =>
	data[row * (shape[1] as number) + column] as number;

/** Trains one network to the end and measures how far it is from what two kernels say. */
async function distances(
	engine: Engine,
	problem: Problem,
	network: Network,
	how: { optimizer: { type: "sgd"; rate: number }; seed: number; signal?: AbortSignal },
): Promise<{ steps: number; residual: number } & Record<Distance, number>> {
	const { poses, known, unknown, targets, kernel } = problem;
	const data = { x: gather(poses, known), targets: { data: Float64Array.from(targets), shape: [known.length, 1] } };
	const train = (steps: number, before?: Trained) =>
		engine.train(network, data, {
			...{ ...how, parameterization: "ntk", steps },
			...(before && { checkpoint: before.checkpoint }),
		}) as Promise<TrainingRun>;
	const start = await train(0);
	const before = (await start.predict(poses)).data;
	let run = start;
	let after = before;
	const residual = () =>
		Math.max(...known.map((index, k) => Math.abs((after[index] as number) - (targets[k] as number))));
	while (residual() > RESIDUAL && run.steps < MOST_STEPS) {
		run = await train(run.steps + STRIDE, run);
		after = (await run.predict(poses)).data;
	}
	const [own, moved] = (await Promise.all([start.kernels(poses), run.kernels(poses)])).map(({ ntk }) => ntk) as [
		Tensor,
		Tensor,
	];

	/** How far the trained network is from what a kernel makes of the start. */
	const from = async (k: Tensor) => {
		const rest = Float64Array.from(known, (index, k) => (targets[k] as number) - (before[index] as number));
		const fit = await engine.regression(submatrix(k, known), { data: rest, shape: [known.length] });
		const cross = unknown.flatMap((row) => known.map((column) => entry(k, row, column)));
		const { data } = (await fit.predict({ data: Float64Array.from(cross), shape: [unknown.length, known.length] }))
			.mean;
		const apart = unknown.map((index, k) => (after[index] as number) - (before[index] as number) - (data[k] as number));
		return Math.sqrt(mean(apart.map((error) => error ** 2)));
	};
	const norm = (numbers: ArrayLike<number>) => Math.hypot(...Array.from(numbers));
	const drift = norm(own.data.map((value, k) => (moved.data[k] as number) - value)) / norm(own.data);
	return { steps: run.steps, residual: residual(), kernel: await from(kernel), own: await from(own), drift };
}

/** Of the logarithms of the mean over seeds against those of the widths. */
function slopeOf(widths: AtWidth[], name: Distance): number {
	return slope(
		widths.map(({ width }) => Math.log(width)),
		widths.map((at) => Math.log(mean(at[name]))),
	);
}

function plot({ widths }: DataWide): PanelGroup[] {
	const panels = NAMES.map((name) => {
		const { label, colour, symbol } = DISTANCES[name];
		const all = widths.flatMap((at) => at[name].map((value) => ({ width: at.width, value })));
		const fitted = slopeOf(widths, name);
		const centre = mean(widths.map((at) => Math.log(mean(at[name]))));
		const middle = mean(widths.map(({ width }) => Math.log(width)));
		const fit = widths.map(({ width }) => ({ width, value: Math.exp(centre + fitted * (Math.log(width) - middle)) }));
		const domain = around([...all, ...fit].map(({ value }) => value));
		const picture = svg(`Distance ${label}, against width`, {
			width: 260,
			height: 220,
			marginLeft: 44,
			x: doublings(
				"width →",
				widths.map(({ width }) => width),
			),
			y: logScale(name === "drift" ? "↑ relative drift" : "↑ distance", domain),
			marks: [
				line(fit, { x: "width", y: "value", stroke: colour, strokeWidth: 1.5, strokeDasharray: "4 3" }),
				dot(all, { x: "width", y: "value", symbol, r: 2, fill: colour, fillOpacity: 0.6 }),
			],
		});
		return { title: `${label}, slope ${signed(fitted, 2)}`, svg: picture };
	});
	return [
		{
			title: "How far a trained network is",
			caption:
				"Each mark is a network; the line is fitted to the logarithms of the means. Distances are root mean squares over the poses that were not trained on, where the answers are of the size of the targets ±1.",
			panels,
			key: [
				{
					label: "a network",
					sample: sample(`<circle cx="14" cy="6" r="3" fill="${colours.good}"/>`),
				},
				{
					label: "fitted line",
					sample: sample(`<path d="M1 6h26" stroke="${colours.good}" stroke-width="1.5" stroke-dasharray="4 3"/>`),
				},
			],
			panelWidth: [240, 340],
		},
	];
}

function describe(data: DataWide): Article {
	const { widths, labels, poses } = data;
	const seeds = widths[0]?.steps.length as number;
	return {
		label: "Beyond the paper",
		title: "Do wide networks learn what the kernel says?",
		question: QUESTION,
		formula: FORMULA,
		insight: insight(data),
		table: {
			head: ["width", "from the kernel", "from its own", "drift", "steps", "residual"],
			rows: widths.map((at) => [
				String(at.width),
				...NAMES.map((name) => mean(at[name]).toPrecision(3)),
				`${Math.min(...at.steps)}–${Math.max(...at.steps)}`,
				Math.max(...at.residual).toExponential(1),
			]),
			note: `Means over ${seeds} networks; the least and the most steps; the largest residual of a target after training.`,
		},
		provenance: [
			["digits", `a ${labels[0]} and a ${labels[1]}, seed ${data.seed}`],
			["poses", `${poses.trained} of each are trained on, of ${poses.all}`],
			["prepared", "each pose without its mean, of unit mean square"],
			[
				"networks",
				`seeds ${data.seed} to ${data.seed + seeds - 1} at each width, parameterization ${data.parameterization}`,
			],
			[
				"training",
				`gradient descent on all samples, ${JSON.stringify(data.optimizer)}, until all residuals are below ${RESIDUAL}`,
			],
			["precision", `${data.precision}; the kernels of infinite width and all solutions f64, no ridge`],
			...provenanceOf("wide", data),
			["network", JSON.stringify(data.network)],
		],
	};
}

/** The sentence that the numbers of this run allow. */
function insight({ widths }: DataWide): string {
	const [first, last] = [widths[0] as AtWidth, widths.at(-1) as AtWidth];
	const fitted = (name: Distance) => inPower(slopeOf(widths, name));
	return (
		`From width ${first.width} to ${last.width} the answers of trained networks come closer to what the kernel of infinite width says: ` +
		`from ${mean(first.kernel).toPrecision(2)} to ${mean(last.kernel).toPrecision(2)}, as ${fitted("kernel")}; ` +
		`to what their own kernel says they are at ${mean(last.own).toPrecision(2)} (as ${fitted("own")}), as that kernel moves ever less (as ${fitted("drift")}).`
	);
}

const inPower = (exponent: number) => `width to the power ${signed(exponent, 2)}`;

const QUESTION = `Two digits are turned; networks of several widths learn some of the poses by gradient descent in small steps, until
nothing is left to learn. All other figures say of networks what kernel regression says. How far from that are the trained networks
at the poses that they did not see? Theory (Lee et al., arXiv 1902.06720) says that a distance of some 1/√width remains:`;

const FORMULA = `<math display="block"><mi>f</mi><mo>≈</mo><msub><mi>f</mi><mn>0</mn></msub><mo>+</mo><msub><mi>Θ</mi><mrow><mi>x</mi><mi>X</mi></mrow></msub><msubsup><mi>Θ</mi><mrow><mi>X</mi><mi>X</mi></mrow><mrow><mo>−</mo><mn>1</mn></mrow></msubsup><mi>r</mi></math>
<p class="where"><i>f</i>₀: the network before training; <i>X</i>: the known poses; <i>r</i>: what their targets ±1 are apart
from <i>f</i>₀; Θ: the neural tangent kernel, of infinite
width, or the network's own before its first step.</p>`;

/** See the top of the file. */
export const figureWide: Figure<DataWide> = { unit: "networks", compute, plot, describe };
