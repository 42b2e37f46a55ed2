/**
 * Do trained networks of finite width fail where the formula says? The trained panels of figures 5 and 6 B.
 *
 * Source: Perin & Deny, arXiv 2412.11521; pairs: width 512, mean squared error, Adam of rate 1e-3, 2000 steps on all samples; classes:
 * 512-128-10 with dropout, cross-entropy, Adam of rate 1e-3, β .7 and .9.
 * @module
 */
import {
	dense,
	type Engine,
	gather,
	inFlight,
	largestOutputs,
	type Network,
	type Optimizer,
	type PairQuantities,
	pairs,
	random,
	relu,
	rotations,
	serial,
	shuffle,
	type Tensor,
	type TrainingRun,
} from "../ts/index.ts";
import {
	type Article,
	type Digits,
	type Figure,
	type FigureData,
	type FigureOptions,
	type PanelGroup,
	runOf,
} from "./figure.ts";
import { figure1, mlp } from "./networks.ts";
import { quantitiesOf } from "./orbit-pairs.ts";
import { errorScatter, lineKey, linesOverPoses, scatterKey } from "./panels.ts";
import { colours } from "./plot.ts";
import { correlation, mean, median, rmse } from "./statistics.ts";
import { percent } from "./words.ts";

const POSES = 8;
const RIDGE = { trace: 1e-10 };
const PAIRS = { quick: 6, paper: 512 };
const CLASSES = { quick: { poses: [4, 16], steps: 600 }, paper: { poses: [2, 4, 8, 16, 32, 64], steps: 4000 } };
const SEEDS = 13;
/** Of a step on the samples of all classes. */
const BATCH = 64;

const PAIR = {
	network: serial(dense({ width: 512, biasStd: 0 }), relu(), dense({ width: 1, biasStd: 0 })),
	optimizer: { type: "adam", rate: 1e-3 } satisfies Optimizer,
	steps: 2000,
};
const OPTIMIZER = { type: "adam", rate: 1e-3, beta1: 0.7, beta2: 0.9 } satisfies Optimizer;

/** Pairs of orbits at one number of poses; each array has a value for each pair. */
interface PairsPart {
	poses: number;
	network: Network;
	optimizer: Optimizer;
	steps: number;
	/** Indices and labels of the two digits. */
	pairs: { a: number; b: number; labelA: number; labelB: number }[];
	/** Mean |ŷ − y| of the two held-out poses by trained networks, and how many have the right sign. */
	trainedError: number[];
	trainedCorrect: number[];
	/** The same by the kernel. */
	exactError: number[];
	correctCount: number[];
	spectralError: number[];
}

/** Ten classes; shares of held-out poses that are recognized, the upright ones of all seeds of one class at a time. */
interface ClassesPart {
	network: Network;
	optimizer: Optimizer;
	steps: number;
	batch: number;
	seeds: number;
	/**
	 * Of each class by trained networks, with the share of the known poses that they recognize; of all by the kernel, one
	 * against the rest, and as the spectral formula foretells.
	 */
	cells: { poses: number; trained: number[]; known: number[]; exact: number | null; spectral: number }[];
}

/** The stored numbers. */
export interface DataTrained extends FigureData {
	data: NonNullable<FigureData["data"]>;
	/** Of the trainings; kernels are f64. */
	precision: "f32";
	init: "uniform";
	ridge: typeof RIDGE;
	pairs: PairsPart;
	classes: ClassesPart;
}

async function compute(options: FigureOptions): Promise<DataTrained> {
	const { engine, digits, scale, seed, signal, onProgress } = options;
	const call = signal ? { signal } : {};
	const drawn = pairs(digits.labels, options.pairs ?? PAIRS[scale], seed);
	const { poses, steps } = CLASSES[scale];
	const classes = [...new Set(Array.from(digits.labels))].sort((a, b) => a - b);
	const total = 2 * drawn.length + classes.length * poses.length;
	let done = 0;
	const count = () => onProgress?.({ done: ++done, total });
	onProgress?.({ done, total });
	return {
		format: "orbit-kernels/figure-trained",
		version: 1,
		precision: "f32",
		init: "uniform",
		ridge: RIDGE,
		pairs: await pairsPart(engine, digits, drawn, { seed, ...call }, count),
		classes: await classesPart(engine, digits, { classes, poses, steps, seed, ...call }, count),
		...runOf(options),
	};
}

interface Call {
	seed: number;
	signal?: AbortSignal;
}

async function pairsPart(
	engine: Engine,
	{ images, labels }: Digits,
	drawn: [number, number][],
	{ seed, ...call }: Call,
	count: () => void,
): Promise<PairsPart> {
	const { network, optimizer, steps } = PAIR;
	const results = await inFlight(engine.workers + 1, drawn, async (pair, k) => {
		const orbits = await engine.orbit(gather(images, pair), rotations(POSES), call);
		const [kernel] = (await quantitiesOf(engine, mlp(1), orbits, [POSES], { ridge: RIDGE, ...call })) as [
			PairQuantities,
		];
		const all = { data: orbits.data, shape: [2 * POSES, ...orbits.shape.slice(2)] };
		const target = (index: number) => (index < POSES ? 1 : -1);
		const margins: number[] = [];
		for (const out of [0, POSES]) {
			const known = Array.from({ length: 2 * POSES }, (_, index) => index).filter((index) => index !== out);
			const targets = { data: Float64Array.from(known, target), shape: [known.length, 1] };
			const trained = (await engine.train(
				network,
				{ x: gather(all, known), targets },
				{ ...{ optimizer, steps, init: "uniform", seed: seed + k }, ...call },
			)) as TrainingRun;
			margins.push(target(out) * ((await trained.predict(gather(all, [out]))).data[0] as number));
			count();
		}
		const { exactError, spectralError, correctCount } = kernel;
		return {
			...{ exactError, spectralError, correctCount },
			trainedError: mean(margins.map((margin) => Math.abs(1 - margin))),
			trainedCorrect: margins.filter((margin) => margin > 0).length,
		};
	});
	const column = <Name extends keyof (typeof results)[number]>(name: Name) => results.map((result) => result[name]);
	const label = (index: number) => labels[index] as number;
	return {
		...{ poses: POSES, network, optimizer, steps },
		pairs: drawn.map(([a, b]) => ({ a, b, labelA: label(a), labelB: label(b) })),
		trainedError: column("trainedError"),
		trainedCorrect: column("trainedCorrect"),
		exactError: column("exactError"),
		correctCount: column("correctCount"),
		spectralError: column("spectralError"),
	};
}

/** For each class some of its images, drawn by the seed. */
function drawSeeds(labels: ArrayLike<number>, classes: number[], seed: number): number[] {
	const order = Array.from(
		shuffle(
			Uint32Array.from({ length: labels.length }, (_, index) => index),
			random(seed),
		),
	);
	return classes.flatMap((label) => order.filter((index) => labels[index] === label).slice(0, SEEDS));
}

async function classesPart(
	engine: Engine,
	{ images, labels }: Digits,
	{ classes, poses, steps, seed, ...call }: Call & { classes: number[]; poses: number[]; steps: number },
	count: () => void,
): Promise<ClassesPart> {
	const chosen = drawSeeds(labels, classes, seed);
	const seeds = gather(images, chosen);
	const ofSeed = chosen.map((index) => labels[index] as number);
	const cells: ClassesPart["cells"] = [];
	for (const order of poses) {
		const orbits = await engine.orbit(seeds, rotations(order), call);
		const all = { data: orbits.data, shape: [chosen.length * order, ...orbits.shape.slice(2)] };
		const shares = await inFlight(engine.workers + 1, classes, async (label, k) => {
			const share = await recognized(engine, all, ofSeed, label, { order, steps, seed: seed + k, ...call });
			count();
			return share;
		});
		const report = await engine.symmetry(mlp(1), {
			...{ seeds, action: rotations(order), labels: ofSeed, ridge: RIDGE },
			...call,
		});
		const rules = report.rules?.multiClass ?? [];
		const exact = rules.map(({ oneAgainstRest }) => oneAgainstRest);
		cells.push({
			poses: order,
			trained: shares.map(({ unseen }) => unseen),
			known: shares.map(({ known }) => known),
			exact: exact.includes(null) ? null : mean(exact.map((verdict) => Number(verdict?.correct))),
			spectral: mean(rules.map(({ spectral }) => Number(spectral?.correct))),
		});
	}
	return { network: figure1.mlp, optimizer: OPTIMIZER, steps, batch: BATCH, seeds: SEEDS, cells };
}

/** Trains on all poses but the upright ones of a class, and gives the shares of the others and of those that are recognized. */
async function recognized(
	engine: Engine,
	all: Tensor,
	ofSeed: number[],
	label: number,
	{ order, steps, ...call }: Call & { order: number; steps: number },
): Promise<{ known: number; unseen: number }> {
	const classes = [...new Set(ofSeed)];
	const points = Array.from({ length: ofSeed.length * order }, (_, index) => index);
	const classOf = (index: number) => ofSeed[Math.floor(index / order)] as number;
	const isOut = (index: number) => index % order === 0 && classOf(index) === label;
	const [known, out] = [points.filter((index) => !isOut(index)), points.filter(isOut)];
	const targets = Uint32Array.from(known, (index) => classes.indexOf(classOf(index)));
	const trained = (await engine.train(
		figure1.mlp,
		{ x: gather(all, known), targets },
		{ ...{ loss: "crossEntropy", optimizer: OPTIMIZER, batch: BATCH, init: "uniform", steps }, ...call },
	)) as TrainingRun;
	const share = async (points: number[]) => {
		const found = largestOutputs(await trained.predict(gather(all, points)));
		return points.filter((index, k) => classes[found[k] as number] === classOf(index)).length / points.length;
	};
	return { known: await share(known), unseen: await share(out) };
}

const LINES = {
	trained: { stroke: colours.good },
	exact: { stroke: colours.middling, dashes: "6 3" },
	spectral: { stroke: colours.bad, dashes: "2 3" },
} as const;

function plot({ pairs: part, classes }: DataTrained): PanelGroup[] {
	const { trainedError, trainedCorrect, exactError, spectralError } = part;
	const errors = [...trainedError, ...exactError, ...spectralError];
	const domain = [Math.min(...errors) / 1.1, Math.max(...errors) * 1.1] as const;
	const trained = { exactError: trainedError, correctCount: trainedCorrect };
	const scatter = (name: string, values: number[]) => ({
		title: `against the ${name} error`,
		svg: errorScatter(
			`Error of trained networks against the ${name} error`,
			trained,
			[name, values],
			domain,
			"trained",
		),
	});
	const { cells } = classes;
	const orders = cells.map(({ poses }) => poses);
	const lines = [
		{ values: cells.map((cell) => mean(cell.trained)), ...LINES.trained },
		...(cells.some(({ exact }) => exact === null)
			? []
			: [{ values: cells.map(({ exact }) => exact as number), ...LINES.exact }]),
		{ values: cells.map(({ spectral }) => spectral), ...LINES.spectral },
	];
	const share = { domain: [0, 1], label: "↑ unseen poses recognized", tickFormat: "%", ticks: 5 };
	return [
		{
			title: "Pairs of digits: figure 5, trained",
			caption: `Each mark is a pair in ${part.poses} poses each; networks are trained with one pose held out, twice a pair. On the diagonal the formula tells their error. Logarithmic axes.`,
			panels: [scatter("spectral", spectralError), scatter("kernel's", exactError)],
			key: scatterKey,
			panelWidth: [200, 340],
		},
		{
			title: "Ten classes: figure 6 B",
			caption: `${classes.seeds} digits of each class; of one class none is seen upright. Dotted line: chance.`,
			panels: [{ title: "", svg: linesOverPoses("Unseen poses recognized", orders, lines, share, 0.1) }],
			key: [
				lineKey("trained", LINES.trained),
				lineKey("kernel, one against the rest", LINES.exact),
				lineKey("spectral formula", LINES.spectral),
			],
			panelWidth: [280, 420],
		},
	];
}

function describe(data: DataTrained): Article {
	const { pairs: part, classes } = data;
	const logs = (values: number[]) => values.map(Math.log10);
	const against = (name: string, errors: number[]) => [
		`${part.poses} poses, pairs`,
		`${name}: r ${correlation(logs(part.trainedError), logs(errors)).toFixed(3)}, rmse ${rmse(part.trainedError, errors).toFixed(3)}`,
		percent(mean(part.trainedCorrect) / 2),
		percent(mean(part.correctCount) / 2),
		percent(mean(part.spectralError.map((error) => Number(error < 1)))),
	];
	const rows = classes.cells.map(({ poses, trained, known, exact, spectral }) => [
		`${poses} poses, ten classes`,
		`${percent(Math.min(...trained))} to ${percent(Math.max(...trained))} by class, ${percent(mean(known))} of known poses`,
		percent(mean(trained)),
		exact === null ? "–" : percent(exact),
		percent(spectral),
	]);
	return {
		label: "Figures 5 and 6 B",
		title: "Do trained networks fail where the formula says?",
		question: QUESTION,
		formula: "",
		insight: insight(data),
		table: {
			head: ["", "trained", "right", "kernel", "spectral"],
			rows: [against("spectral", part.spectralError), against("kernel", part.exactError), ...rows],
			note: TABLE_NOTE,
		},
		provenance: [
			["data", `${data.data.source}: ${data.data.images} images of ${data.data.size.join(" × ")}`],
			["pairs", `${part.pairs.length}, of different labels, seed ${data.seed}; networks have the seeds from it on`],
			["classes", `${classes.seeds} digits of each`],
			["prepared", "each pose without its mean and of unit norm"],
			["pairs' training", `${part.steps} steps on all samples, mse, ${JSON.stringify(part.optimizer)}`],
			[
				"classes' training",
				`${classes.steps} steps on ${classes.batch} samples, cross-entropy, ${JSON.stringify(classes.optimizer)}`,
			],
			["weights", `${data.init} in ±1/√fan-in`],
			["ridge", `${data.ridge.trace} × trace of each Gram`],
			["precision", `${data.precision}; kernels f64`],
			["all numbers", "figure-trained.json, beside this page"],
			["package", `orbit-kernels ${data.packageVersion}`],
			["pairs' network", JSON.stringify(part.network)],
			["classes' network", JSON.stringify(classes.network)],
		],
	};
}

/** The sentence that the numbers of this run allow. */
function insight({ pairs: part, classes }: DataTrained): string {
	const same = part.trainedCorrect.filter((count, k) => count === part.correctCount[k]).length;
	const factor = median(
		part.trainedError.map((error, k) => Math.exp(Math.abs(Math.log(error / (part.exactError[k] as number))))),
	);
	const [few, many] = [classes.cells[0], classes.cells.at(-1)] as [
		ClassesPart["cells"][number],
		ClassesPart["cells"][number],
	];
	return (
		`Networks that are trained on pairs get as many held-out poses right as the kernel does in ${same} of ${part.pairs.length} pairs, and ` +
		`their error is within a factor of ${factor.toPrecision(2)} of the kernel's in half of them; with ten classes they recognize ` +
		`${percent(mean(few.trained))} of the unseen poses at N = ${few.poses} and ${percent(mean(many.trained))} at N = ${many.poses}.`
	);
}

const TABLE_NOTE =
	"Of pairs: correlation of logarithms of the trained networks' errors with the spectral and with the kernel's, root mean square of their difference. Shares of held-out poses that are right: by trained networks, by the kernel, and as the spectral formula foretells.";

const QUESTION = `The theory is about networks of infinite width, trained to the end. Here networks of a width that people use are trained by Adam: on
pairs of turned digits with the upright pose of one held out, and on ten classes of which one is never seen upright. Is their error that of the
kernel, and of the formula that needs no training at all?`;

/** See the top of the file. */
export const figureTrained: Figure<DataTrained> = { unit: "trainings", compute, plot, describe };
