/**
 * Figure 4 B: does the spectral formula tell the exact error of a pose that the network never saw?
 *
 * Source: Perin & Deny, arXiv 2412.11521, figures 4 B and 5; the paper shows 512 pairs at N = 8.
 * @module
 */
import { areaY, dot, image, line, rect, ruleX, ruleY, text } from "@observablehq/plot";
import {
	dense,
	type Engine,
	type Network,
	type PairQuantities,
	pairs,
	relu,
	rotations,
	serial,
	type Tensor,
} from "../ts/index.ts";
import type { Article, Figure, FigureData, FigureOptions, PanelGroup } from "./figure.ts";
import { gather, inFlight, submatrix } from "./parts.ts";
import { colours, greyBitmap, sample, svg } from "./plot.ts";
import { confidence, correlation, mean, median, quantile, rmse } from "./statistics.ts";

/** Poses of each digit; each number divides the last. */
const POSES = [2, 4, 8, 16, 32, 64];
const MOST = 64;
const HIDDEN_LAYERS = [1, 5];
/** One absolute number for each Gram, carried by the exact and the spectral error alike. */
const RIDGE = { trace: 1e-10 };
/** The paper's number; also what fits in about a minute on two cores. */
const PAIRS = { quick: 512, paper: 512 };
/** Poses of the pair that is shown. */
const SHOWN_POSES = 8;

/** The nine recorded quantities, and the ridge that they carry. */
const QUANTITIES = [
	"deltaSquared",
	"spectralError",
	"exactError",
	"lastReciprocal",
	"meanReciprocalWithoutLast",
	"meanReciprocal",
	"projectedRadius",
	"meanWithinOrbitKernel",
	"correctCount",
	"ridge",
] as const satisfies (keyof PairQuantities)[];

type Quantities = Record<(typeof QUANTITIES)[number], number>;

/** All pairs at one depth and number of poses; each array has a value for each pair. */
export type Cell = { hiddenLayers: number; poses: number } & Record<keyof Quantities, number[]>;

/** The stored numbers. */
export interface Data4b extends FigureData {
	ridge: typeof RIDGE;
	precision: "f64";
	networks: { hiddenLayers: number; network: Network }[];
	/** Indices and labels of the two digits. */
	pairs: { a: number; b: number; labelA: number; labelB: number }[];
	cells: Cell[];
	/** The first pair's orbits as grey values 0 … 255, for people. */
	orbits: { size: number[]; poses: number; images: number[][] };
}

const mlp = (hiddenLayers: number): Network =>
	serial(
		...Array.from({ length: hiddenLayers }, () => [dense({ biasStd: 1 }), relu()]).flat(),
		dense({ width: 1, biasStd: 1 }),
	);

async function compute(options: FigureOptions): Promise<Data4b> {
	const { engine, digits, scale, seed, signal, onProgress, packageVersion } = options;
	const start = performance.now();
	const drawn = pairs(digits.labels, options.pairs ?? PAIRS[scale], seed);
	const networks = HIDDEN_LAYERS.map((hiddenLayers) => ({ hiddenLayers, network: mlp(hiddenLayers) }));
	const seedsOf = (pair: readonly number[]) => gather(digits.images, pair);
	const call = signal ? { signal } : {};

	let done = 0;
	onProgress?.({ done, total: drawn.length });
	// The workers always have a pair to go on with, while this thread deals with others.
	const results = await inFlight(3 * Math.max(1, engine.workers), drawn, async (pair) => {
		const orbits = await engine.orbit(seedsOf(pair), rotations(MOST), call);
		const quantities = await Promise.all(networks.map(({ network }) => pairAt(engine, network, orbits, call)));
		onProgress?.({ done: ++done, total: drawn.length });
		return quantities;
	});

	const cells = networks.flatMap(({ hiddenLayers }, depth) =>
		POSES.map((poses, n) => {
			const ofPairs = results.map((quantities) => quantities[depth]?.[n] as Quantities);
			const columns = QUANTITIES.map((name) => [name, ofPairs.map((quantities) => quantities[name])]);
			return { hiddenLayers, poses, ...Object.fromEntries(columns) } as Cell;
		}),
	);
	const shown = await engine.orbit(seedsOf(drawn[0] as [number, number]), rotations(SHOWN_POSES), {
		...call,
		prepare: "none",
	});
	const size = digits.images.shape.slice(1);
	const label = (index: number) => digits.labels[index] as number;
	return {
		format: "orbit-kernels/figure-4b",
		version: 1,
		packageVersion,
		seed,
		seconds: (performance.now() - start) / 1000,
		data: { source: digits.source, images: digits.images.shape[0] as number, size },
		ridge: RIDGE,
		precision: "f64",
		networks,
		pairs: drawn.map(([a, b]) => ({ a, b, labelA: label(a), labelB: label(b) })),
		cells,
		orbits: { size, poses: SHOWN_POSES, images: greys(shown) },
	};
}

/** The quantities of a pair for each number of poses, from its orbits of 64: 2 × 64 × H × W. */
async function pairAt(
	engine: Engine,
	network: Network,
	orbits: Tensor,
	call: { signal?: AbortSignal },
): Promise<PairQuantities[]> {
	// N poses are every (64/N)th of 64, so that each Gram is a part of the largest.
	const flat = { data: orbits.data, shape: [2 * MOST, orbits.data.length / (2 * MOST)] };
	const inTurn = (poses: number) =>
		Array.from({ length: 2 * poses }, (_, k) => (k % 2) * MOST + Math.floor(k / 2) * (MOST / poses));
	const { ntk } = await engine.gram(network, flat, call);
	return Promise.all(
		POSES.map((poses) => {
			const points = inTurn(poses);
			return engine.pairQuantities(gather(flat, points), submatrix(ntk as Tensor, points), { ridge: RIDGE, ...call });
		}),
	);
}

/** Each image of a stack as whole grey values. */
function greys({ data, shape }: Tensor): number[][] {
	const size = (shape.at(-1) as number) * (shape.at(-2) as number);
	const grey = (value: number) => Math.round(255 * Math.min(1, Math.max(0, value)));
	return Array.from({ length: data.length / size }, (_, k) =>
		Array.from(data.subarray(k * size, (k + 1) * size), grey),
	);
}

const layers = (count: number) => `${count} hidden layer${count === 1 ? "" : "s"}`;
const percent = (share: number) => `${Math.round(100 * share)} %`;
const accuracy = ({ correctCount }: Cell) => mean(correctCount) / 2;
const foretold = ({ spectralError }: Cell) => mean(spectralError.map((error) => (error < 1 ? 1 : 0)));

/** By the number of correct poses: 0, 1, 2. */
const CORRECT = [
	{ label: "neither pose correct", colour: colours.bad, symbol: "times" },
	{ label: "one of two", colour: colours.middling, symbol: "triangle" },
	{ label: "both correct", colour: colours.good, symbol: "circle" },
] as const;

const SYMBOL_SAMPLES = [
	`<path d="M10 2l8 8m0-8l-8 8" fill="none" stroke="${colours.bad}" stroke-width="1.5"/>`,
	`<path d="M14 2l5 9h-10z" fill="${colours.middling}"/>`,
	`<circle cx="14" cy="6" r="4" fill="${colours.good}"/>`,
];

const LINE_SAMPLES = [
	`<path d="M1 6h26" stroke="${colours.good}" stroke-width="2"/><circle cx="14" cy="6" r="3" fill="${colours.good}"/>`,
	`<path d="M1 6h26" stroke="${colours.accent}" stroke-width="2" stroke-dasharray="4 3"/>`,
];

function plot(data: Data4b): PanelGroup[] {
	return [orbitsOf(data), ...data.networks.map(({ hiddenLayers }) => scatter(data, hiddenLayers)), curves(data)];
}

/** The two digits in all poses, those marked that are held out. */
function orbitsOf({ orbits, pairs: [pair] }: Data4b): PanelGroup {
	const [height, width] = orbits.size as [number, number];
	const pictures = orbits.images.map((values, k) => ({
		src: greyBitmap(values, width, height),
		pose: k % orbits.poses,
		orbit: Math.floor(k / orbits.poses),
	}));
	const side = 52;
	const drawing = svg(`A ${pair?.labelA} and a ${pair?.labelB}, each in ${orbits.poses} poses`, {
		width: side * orbits.poses + 40,
		height: 2 * side + 24,
		margin: 0,
		marginLeft: 40,
		marginTop: 24,
		x: { axis: null, domain: [-0.5, orbits.poses - 0.5] },
		y: { axis: null, domain: [1.5, -0.5] },
		marks: [
			image(pictures, { x: "pose", y: "orbit", src: "src", width: side - 8, height: side - 8 }),
			rect([0, 1], {
				x1: -0.46,
				x2: 0.46,
				y1: (k) => k - 0.46,
				y2: (k) => k + 0.46,
				stroke: colours.bad,
				strokeWidth: 2,
			}),
			text(pictures.slice(0, orbits.poses), {
				x: "pose",
				text: (p) => `${(360 * p.pose) / orbits.poses}°`,
				frameAnchor: "top",
				dy: -16,
			}),
			text(["A", "B"], { y: (_, k) => k, frameAnchor: "left", dx: -26, fontSize: 13, fontWeight: "bold" }),
		],
	});
	return {
		title: "Two orbits",
		caption: `The first pair: a ${pair?.labelA} and a ${pair?.labelB} in ${orbits.poses} poses each. The framed poses are held out, one at a time; everything else is known.`,
		panels: [{ title: "", svg: drawing }],
		panelWidth: 440,
	};
}

/** Spectral against exact error, a panel for each number of poses. */
function scatter({ cells }: Data4b, hiddenLayers: number): PanelGroup {
	const errors = cells.flatMap(({ exactError, spectralError }) => [...exactError, ...spectralError]);
	const domain = [Math.min(...errors) / 1.2, Math.max(...errors) * 1.2];
	const ticks = [0.001, 0.01, 0.1, 1, 10].filter(
		(tick) => tick > (domain[0] as number) && tick < (domain[1] as number),
	);
	const axis = { type: "log", domain, ticks, tickFormat: String } as const;
	const panels = cells
		.filter((cell) => cell.hiddenLayers === hiddenLayers)
		.map((cell) => {
			const points = cell.exactError.map((exact, k) => ({
				exact,
				spectral: cell.spectralError[k] as number,
				correct: cell.correctCount[k] as number,
			}));
			const marks = CORRECT.map(({ colour, symbol }, correct) =>
				dot(
					points.filter((point) => point.correct === correct),
					{
						x: "spectral",
						y: "exact",
						symbol,
						r: 2,
						...(symbol === "times" ? { stroke: colour, strokeOpacity: 0.7 } : { fill: colour, fillOpacity: 0.55 }),
					},
				),
			);
			const drawing = svg(`Exact against spectral error, ${layers(hiddenLayers)}, ${cell.poses} poses`, {
				x: { ...axis, label: "spectral error →", labelAnchor: "center", labelArrow: "none" },
				y: { ...axis, label: "↑ exact error", labelArrow: "none" },
				marks: [
					ruleX([1], { stroke: colours.grid }),
					ruleY([1], { stroke: colours.grid }),
					line(
						[domain, domain].map((_, k) => [domain[k], domain[k]] as [number, number]),
						{ stroke: colours.muted },
					),
					...marks,
				],
			});
			return { title: `N = ${cell.poses}`, svg: drawing };
		});
	return {
		title: layers(hiddenLayers),
		caption:
			"Each mark is a pair of digits. On the diagonal the formula is exact; left of and below the lines at 1 a pose is read correctly.",
		panels,
		key: CORRECT.map(({ label }, correct) => ({ label, sample: sample(SYMBOL_SAMPLES[correct] as string) })),
		panelWidth: 180,
	};
}

/** What becomes of accuracy and error as poses are added. */
function curves({ cells, networks }: Data4b): PanelGroup {
	const x = {
		type: "log",
		base: 2,
		ticks: POSES,
		tickFormat: String,
		label: "poses N →",
		labelAnchor: "center",
		labelArrow: "none",
	} as const;
	const panels = networks.flatMap(({ hiddenLayers }) => {
		const rows = cells
			.filter((cell) => cell.hiddenLayers === hiddenLayers)
			.map((cell) => {
				const margin = confidence(cell.correctCount.map((count) => count / 2));
				const { exactError, spectralError } = cell;
				return {
					poses: cell.poses,
					accuracy: accuracy(cell),
					low: Math.max(0, accuracy(cell) - margin),
					high: Math.min(1, accuracy(cell) + margin),
					foretold: foretold(cell),
					exact: median(exactError),
					lower: quantile(exactError, 0.25),
					upper: quantile(exactError, 0.75),
					spectral: median(spectralError),
				};
			});
		const pair = (known: string, formula: string, low: string, high: string) => [
			areaY(rows, { x: "poses", y1: low, y2: high, fill: colours.good, fillOpacity: 0.18 }),
			line(rows, { x: "poses", y: known, stroke: colours.good, strokeWidth: 2, marker: "dot" }),
			line(rows, { x: "poses", y: formula, stroke: colours.accent, strokeWidth: 2, strokeDasharray: "4 3" }),
		];
		return [
			{
				title: `accuracy, ${layers(hiddenLayers)}`,
				svg: svg(`Accuracy of the unseen pose against the number of poses, ${layers(hiddenLayers)}`, {
					x,
					y: { domain: [0, 1], label: "↑ unseen poses read correctly", labelArrow: "none", tickFormat: "%", ticks: 5 },
					marks: [
						ruleY([0.5], { stroke: colours.muted, strokeDasharray: "1 3" }),
						...pair("accuracy", "foretold", "low", "high"),
					],
				}),
			},
			{
				title: `error, ${layers(hiddenLayers)}`,
				svg: svg(`Median error against the number of poses, ${layers(hiddenLayers)}`, {
					x,
					y: { type: "log", label: "↑ median error", labelArrow: "none", ticks: 4, tickFormat: String },
					marks: [
						ruleY([1], { stroke: colours.muted, strokeDasharray: "1 3" }),
						...pair("exact", "spectral", "lower", "upper"),
					],
				}),
			},
		];
	});
	return {
		title: "More poses",
		caption:
			"Bands: 95 % confidence of the accuracy, and the middle half of the errors. Dotted: chance, and the error at which a pose is lost.",
		panels,
		key: [
			{ label: "exact", sample: sample(LINE_SAMPLES[0] as string) },
			{ label: "by the spectral formula", sample: sample(LINE_SAMPLES[1] as string) },
		],
		panelWidth: 220,
	};
}

function describe(data: Data4b): Article {
	const { cells, networks } = data;
	const logs = (values: number[]) => values.map(Math.log10);
	const rows = cells.map((cell) => {
		const { hiddenLayers, poses, exactError, spectralError } = cell;
		return [
			String(hiddenLayers),
			String(poses),
			percent(accuracy(cell)),
			percent(foretold(cell)),
			median(exactError).toPrecision(3),
			median(spectralError).toPrecision(3),
			correlation(logs(exactError), logs(spectralError)).toFixed(3),
			rmse(exactError, spectralError).toFixed(3),
		];
	});
	return {
		label: "Figure 4 B",
		title: "Can the spectrum tell whether an unseen pose is recognized?",
		question: QUESTION,
		formula: FORMULA,
		insight: insight(data),
		table: {
			head: ["layers", "N", "correct", "foretold", "exact", "spectral", "r", "rmse"],
			rows,
			note: TABLE_NOTE,
		},
		provenance: [
			["data", `${data.data.source}: ${data.data.images} images of ${data.data.size.join(" × ")}`],
			["pairs", `${data.pairs.length}, of different labels, seed ${data.seed}`],
			["prepared", "each pose without its mean and of unit norm"],
			["ridge", `${data.ridge.trace} × trace of each Gram, one number for both errors`],
			["precision", data.precision],
			["package", `orbit-kernels ${data.packageVersion}`],
			["wall time", `${data.seconds.toFixed(1)} s`],
			...networks.map(({ hiddenLayers, network }): [string, string] => [layers(hiddenLayers), JSON.stringify(network)]),
		],
	};
}

/** The sentence that the numbers of this run allow. */
function insight({ cells, networks }: Data4b): string {
	const [shallow = [], deep = []] = networks.map(({ hiddenLayers }) =>
		cells.filter((cell) => cell.hiddenLayers === hiddenLayers),
	);
	const how = (share: number) =>
		share < 0.45
			? "worse than by chance"
			: share < 0.55
				? "no better than by chance"
				: share < 0.9
					? "better than by chance"
					: "almost always right";
	const [few, many] = [shallow[0] as Cell, shallow.at(-1) as Cell];
	const poses = (cell: Cell) =>
		`${how(accuracy(cell))} with ${cell.poses} poses of each digit (${percent(accuracy(cell))})`;

	const gains = deep.map((cell, k) => accuracy(cell) - accuracy(shallow[k] as Cell));
	const gain = gains.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
	const points = `${(100 * Math.abs(gain)).toFixed(0)} points`;
	const [one, five] = networks.map(({ hiddenLayers }) => hiddenLayers);
	const depth =
		Math.abs(gain) < 0.05
			? `${five} hidden layers instead of ${one} change that by ${points} at most`
			: `${five} hidden layers instead of ${one} make it up to ${points} ${gain > 0 ? "better" : "worse"}`;

	const factors = cells.flatMap(({ exactError, spectralError }) =>
		exactError.map((exact, k) => Math.exp(Math.abs(Math.log(exact / (spectralError[k] as number))))),
	);
	const off = median(factors) - 1;
	const word = off < 0.25 ? "close" : off < 1 ? "roughly" : "not";
	return `An unseen pose is read ${poses(few)} and ${poses(many)}; ${depth}; and the spectral formula, without any regression, comes ${word} to the exact error: within ${percent(off)} in half of all cases.`;
}

const TABLE_NOTE =
	"Hidden layers; poses of each digit; share of unseen poses read correctly, by regression and as foretold by a spectral error below 1; median errors; correlation of their logarithms; root mean square of their difference.";

const QUESTION = `Two digits of different classes are shown to a network in <i>N</i> poses each, all but one: the upright pose of the
one or of the other is held out. Is that unseen pose read correctly? An infinitely wide network that is trained to the end does
kernel regression with its neural tangent kernel, so the exact error is that of a regression on the other 2<i>N</i> − 1 points. The
spectral error of Perin and Deny (arXiv 2412.11521) needs no regression, only the spectrum of the kernel on the two orbits:`;

const FORMULA = `<math display="block"><msub><mi>ε</mi><mi>s</mi></msub><mo>=</mo><mfrac><msubsup><mi>λ</mi><mi>N</mi><mrow><mo>−</mo><mn>1</mn></mrow></msubsup><mrow><mfrac><mn>1</mn><mrow><mn>2</mn><mi>N</mi></mrow></mfrac><munder><mo>∑</mo><mi>j</mi></munder><msubsup><mi>λ</mi><mi>j</mi><mrow><mo>−</mo><mn>1</mn></mrow></msubsup></mrow></mfrac></math>
<p class="where">λ<sub><i>j</i></sub>: Fourier transform of the circulant Gram nearest to that of the points A₀ B₀ A₁ B₁ …, plus the ridge; λ<sub><i>N</i></sub>: at the
frequency with which the labels alternate. The numerator falls as the classes move apart, the denominator grows as the orbits grow sparse.</p>`;

/** See the top of the file. */
export const figure4b: Figure<Data4b> = { compute, plot, describe };
