/**
 * Figure 4: does the spectral formula tell the exact error of a pose that the network never saw, and why?
 *
 * Source: Perin & Deny, arXiv 2412.11521, figure 4; the paper shows 512 pairs at N = 8.
 * @module
 */
import type { ScaleOptions } from "@observablehq/plot";
import { type Network, pairs, rotations } from "../ts/index.ts";
import {
	contours,
	fitKey,
	inOrder,
	orbitsInSpace,
	orbitsProjected,
	PLANES,
	powerLaw,
	powerScatter,
	projectionKey,
	windingOf,
} from "./4-panels.ts";
import {
	type Article,
	type Figure,
	type FigureData,
	type FigureOptions,
	type PanelGroup,
	provenanceOf,
	runOf,
	type Statement,
} from "./figure.ts";
import { spectralFormula } from "./formula.ts";
import { mlp } from "./networks.ts";
import {
	accuracy,
	type Cell,
	cells,
	foretold,
	type Pair,
	pairsOf,
	QUANTITIES,
	RIDGE,
	sameVerdict,
} from "./orbit-pairs.ts";
import { type AtPoses, curveKey, errorScatter, orbitStrip, overPoses, scatterKey } from "./panels.ts";
import { counter, gather, greys, kept, posesOf } from "./parts.ts";
import { around, logScale, shares } from "./plot.ts";
import { type Principal, principalComponents } from "./principal.ts";
import { confidence, factorsApart, logCorrelation, median, quantile, rmse } from "./statistics.ts";
import { layers, percent, signed } from "./words.ts";

/** Poses of each digit; each number divides the last. */
const POSES = [2, 4, 8, 16, 32, 64];
/** The number of the paper's panels. */
const PAPER_POSES = 8;
/** Poses that are few, and that are many, in the paper's words. */
const [FEW, MANY] = [4, 32];
const HIDDEN_LAYERS = 1;
/** The paper's number; also what fits in half a minute on two cores. */
const PAIRS = { quick: 512, paper: 512 };
/** The pair whose orbits are shown, as in the paper, where it is among those drawn. */
const SHOWN_LABELS = { a: 4, b: 7 };
/** Poses of its curves. */
const CURVE_POSES = 360;
const COMPONENTS = 3;

/** The stored numbers. */
export interface Data4 extends FigureData {
	ridge: typeof RIDGE;
	precision: "f64";
	hiddenLayers: number;
	network: Network;
	pairs: Pair[];
	cells: Cell[];
	/** One pair's orbits. */
	shown: Pair & {
		/** As grey values 0 … 255, for people. */
		images: { size: number[]; poses: number; images: number[][] };
		/** Of all poses of both, A before B. */
		principal: Principal & { poses: number };
	};
}

async function compute(options: FigureOptions): Promise<Data4> {
	const { digits, scale, seed } = options;
	const drawn = pairs(digits.labels, options.pairs ?? PAIRS[scale], seed);
	const labelled = pairsOf(digits.labels, drawn);
	const network = mlp(HIDDEN_LAYERS);
	const count = counter(options, drawn.length);
	const run = { network, pairs: drawn, orders: POSES };
	return {
		format: "orbit-kernels/figure-4",
		version: 1,
		...runOf(options),
		ridge: RIDGE,
		precision: "f64",
		hiddenLayers: HIDDEN_LAYERS,
		network,
		pairs: labelled,
		cells: await cells(options, "pair", run, QUANTITIES, count),
		shown: await kept(options, "shown", () => orbitsOf(options, shownOf(labelled))),
	};
}

function shownOf(pairs: Pair[]): Pair {
	const wanted = pairs.find(({ labelA, labelB }) => labelA === SHOWN_LABELS.a && labelB === SHOWN_LABELS.b);
	return wanted ?? (pairs[0] as Pair);
}

async function orbitsOf(options: FigureOptions, pair: Pair): Promise<Data4["shown"]> {
	const { engine, digits, signal } = options;
	const call = signal ? { signal } : {};
	const seeds = gather(digits.images, [pair.a, pair.b]);
	const images = await engine.orbit(seeds, rotations(PAPER_POSES), { ...call, prepare: "none" });
	const points = posesOf(await engine.orbit(seeds, rotations(CURVE_POSES), call));
	const principal = await principalComponents(options, points, COMPONENTS);
	return {
		...pair,
		images: { size: digits.images.shape.slice(1), poses: PAPER_POSES, images: greys(posesOf(images)) },
		principal: { poses: CURVE_POSES, ...principal },
	};
}

const paperCell = ({ cells }: Data4) => cells.find(({ poses }) => poses === PAPER_POSES) as Cell;

/** A law goes through any two pairs. */
const hasLaws = ({ exactError }: Cell) => exactError.length > 2;

/** The two power laws of the parts of the error: the last eigenvalue by separation, the mean reciprocal by density. */
function lawsOf({ lastReciprocal, deltaSquared, meanReciprocal, projectedRadius }: Cell) {
	const inverse = (values: number[]) => values.map((value) => 1 / value);
	const law = (x: number[], y: number[]) => ({ x, y, ...powerLaw(x, y), r: logCorrelation(x, y) });
	return {
		separation: law(deltaSquared, inverse(lastReciprocal)),
		density: law(inverse(projectedRadius), meanReciprocal),
	};
}

function plot(data: Data4): PanelGroup[] {
	return [pairShown(data), projections(data), scatter(data), parts(data), curves(data)];
}

const named = ({ labelA, labelB }: Pair) => `a ${labelA} and a ${labelB}`;

function pairShown({ shown }: Data4): PanelGroup {
	const { images } = shown;
	return {
		title: "Two orbits",
		caption: `One of the pairs, ${named(shown)}, in ${images.poses} poses each. The framed poses are held out, one at a time; all others are known.`,
		panels: [{ title: "", svg: orbitStrip(`Poses of ${named(shown)}`, images) }],
		panelWidth: [300, 640],
	};
}

function projections({ shown }: Data4): PanelGroup {
	const { principal, images } = shown;
	return {
		title: "A · Two orbits among all images",
		caption: `The same two digits in ${principal.poses} poses each, in the ${COMPONENTS} directions of the space of images in which these vary most, with their parts of the variance; ${images.poses} poses of each are marked. ${windingOf(principal)}`,
		panels: [
			{ title: "Components 1, 2 and 3", svg: orbitsInSpace(principal, images.poses) },
			...PLANES.map((plane) => ({
				title: `Components ${inOrder(plane)}`,
				svg: orbitsProjected(principal, plane, images.poses),
			})),
		],
		key: projectionKey([shown.labelA, shown.labelB]),
		panelWidth: [250, 400],
	};
}

function scatter(data: Data4): PanelGroup {
	const cells = [paperCell(data), ...data.cells.filter(({ poses }) => poses !== PAPER_POSES)];
	return {
		title: "B · Spectral against exact error",
		caption:
			"Each mark is a pair of digits. On the diagonal the formula is exact; dotted, the error of 1 at which a pose is lost. Logarithmic axes, for each N their own.",
		panels: cells.map((cell) => {
			const { poses, exactError, spectralError } = cell;
			const domain = around([...exactError, ...spectralError]);
			const large = poses === PAPER_POSES;
			const label = `Exact against spectral error, ${poses} poses`;
			const drawn = errorScatter(label, cell, ["spectral", spectralError], domain, large ? { side: 350 } : {});
			return { title: `N = ${poses}`, svg: drawn, large };
		}),
		key: scatterKey,
		panelWidth: [205, 240],
	};
}

function parts(data: Data4): PanelGroup {
	const cell = paperCell(data);
	const { separation, density } = lawsOf(cell);
	const slope = ({ exponent }: { exponent: number }) => (hasLaws(cell) ? `, slope ${signed(exponent, 2)}` : "");
	return {
		title: "C–E · What the error is made of",
		caption: `The pairs at N = ${PAPER_POSES} by the numerator and the denominator of the spectral error: along a line the error is the same, on the full one it is 1. The last eigenvalue goes with the squared distance Δ² of the means of the two orbits, the mean reciprocal with the inverse of their radius ρ. Logarithmic axes.`,
		panels: [
			{ title: "C · The error over its two parts", svg: contours(cell) },
			{
				title: `D · Separation${slope(separation)}`,
				svg: powerScatter(
					"Last eigenvalue against the squared distance of the orbits",
					["squared distance of the means, Δ² →", separation.x],
					["↑ last λ", separation.y],
					cell,
				),
			},
			{
				title: `E · Density${slope(density)}`,
				svg: powerScatter(
					"Mean reciprocal eigenvalue against the inverse radius of the orbits",
					["inverse radius of the orbits, 1/ρ →", density.x],
					["↑ mean of 1/λ", density.y],
					cell,
				),
			},
		],
		key: [...scatterKey, fitKey],
		panelWidth: [250, 400],
	};
}

/** What becomes of accuracy and error as poses are added. */
function curves({ cells }: Data4): PanelGroup {
	const panel = (name: string, y: ScaleOptions, reference: number, at: (cell: Cell) => Omit<AtPoses, "poses">) => {
		const rows = cells.map((cell) => ({ poses: cell.poses, ...at(cell) }));
		return { title: name, svg: overPoses(`${name} against the number of poses`, rows, y, reference) };
	};
	const accuracies = panel("Accuracy", shares("↑ unseen poses read correctly"), 0.5, (cell) => {
		const margin = confidence(cell.correctCount.map((count) => count / 2));
		const exact = accuracy(cell);
		return { exact, band: [Math.max(0, exact - margin), Math.min(1, exact + margin)], spectral: foretold(cell) };
	});
	const quartiles = (errors: number[]): [number, number] => [quantile(errors, 0.25), quantile(errors, 0.75)];
	const shown = cells.flatMap(({ exactError, spectralError }) => [...quartiles(exactError), median(spectralError)]);
	const domain = [Math.min(...shown, 1), Math.max(...shown, 1)] as const;
	const errors = panel("Error", logScale("↑ median error", domain), 1, ({ exactError, spectralError }) => ({
		exact: median(exactError),
		band: quartiles(exactError),
		spectral: median(spectralError),
	}));
	return {
		title: "How many poses it takes",
		caption:
			"Bands: 95 % confidence of the accuracy; the middle half of the errors. Dotted: chance; the error at which a pose is lost.",
		panels: [accuracies, errors],
		key: curveKey,
		panelWidth: [280, 400],
	};
}

function describe(data: Data4): Article {
	const { cells, hiddenLayers, network } = data;
	const rows = cells.map((cell) => {
		const { poses, exactError, spectralError } = cell;
		return [
			String(poses),
			percent(accuracy(cell)),
			percent(foretold(cell)),
			percent(sameVerdict(cell)),
			median(exactError).toPrecision(3),
			median(spectralError).toPrecision(3),
			logCorrelation(exactError, spectralError).toFixed(3),
			rmse(exactError, spectralError).toFixed(3),
		];
	});
	return {
		label: "Figure 4",
		title: "Can the spectrum tell whether an unseen pose is recognized?",
		question: QUESTION,
		formula: `${spectralFormula}${WHERE}`,
		insight: insight(data),
		table: {
			head: ["N", "correct", "foretold", "same", "exact", "spectral", "r", "rmse"],
			rows,
			note: TABLE_NOTE,
		},
		statements: statementsOf(data),
		provenance: [
			["pairs", `${data.pairs.length}, of different labels, seed ${data.seed}`],
			["prepared", "each pose without its mean and of unit norm"],
			["ridge", `${data.ridge.trace} × trace of each Gram, one number for both errors and all λ`],
			["precision", data.precision],
			...provenanceOf("4", data),
			[layers(hiddenLayers), JSON.stringify(network)],
		],
	};
}

/** What the paper says, and from which correlations and shares on it holds. */
function statementsOf(data: Data4): Statement[] {
	const paper = paperCell(data);
	const { separation, density } = lawsOf(paper);
	const r = logCorrelation(paper.exactError, paper.spectralError);
	const few = data.cells.find(({ poses }) => poses === FEW) as Cell;
	const many = data.cells.filter(({ poses }) => poses >= MANY);
	const law = ({ exponent, r }: { exponent: number; r: number }) =>
		`r = ${signed(r, 3)}, exponent ${signed(exponent, 2)}`;
	const ofLaws = [
		{
			claim: `At N = ${paper.poses} the spectral error is close to the exact one (r ≥ 0.99).`,
			holds: r >= 0.99,
			evidence: `r = ${signed(r, 3)}, root mean square difference ${rmse(paper.exactError, paper.spectralError).toFixed(3)}`,
		},
		{
			claim: "The numerator goes with class separation: the last λ grows with Δ² (r ≥ 0.9).",
			holds: separation.r >= 0.9,
			evidence: law(separation),
		},
		{
			claim: "The denominator goes with the density of the orbits: the mean of 1/λ grows with 1/ρ (r ≥ 0.5).",
			holds: density.r >= 0.5,
			evidence: law(density),
		},
	];
	return [
		...(hasLaws(paper) ? ofLaws : []),
		{
			claim: `With ${FEW} poses an unseen one is not read better than by chance (≤ 55 %), with ${MANY} and more it is (> 95 %).`,
			holds: accuracy(few) <= 0.55 && many.every((cell) => accuracy(cell) > 0.95),
			evidence: [few, ...many].map((cell) => `${percent(accuracy(cell))} at N = ${cell.poses}`).join(", "),
		},
	];
}

/** The sentence that the numbers of this run allow. */
function insight(data: Data4): string {
	const { cells } = data;
	const [few, many] = [cells[0] as Cell, cells.at(-1) as Cell];
	const read = (cell: Cell) => `${inWords(accuracy(cell))} (${percent(accuracy(cell))})`;
	const paper = paperCell(data);
	const { separation, density } = lawsOf(paper);
	const grows = ({ exponent, r }: { exponent: number; r: number }, by: string) =>
		`${by} to the power ${signed(exponent, 2)} (r = ${signed(r, 2)})`;
	const laws = hasLaws(paper)
		? `; its last eigenvalue goes as ${grows(separation, "Δ²")}, the mean reciprocal as ${grows(density, "1/ρ")}`
		: "";

	const factor = median(cells.flatMap(({ exactError, spectralError }) => factorsApart(exactError, spectralError)));
	const formula = factor < 1.25 ? "comes close to" : factor < 2 ? "is a rough guide to" : "misses";
	const half = factor < 2 ? percent(factor - 1) : `a factor of ${factor.toPrecision(2)}`;
	return (
		`With ${few.poses} poses of each digit an unseen pose is read ${read(few)}, with ${many.poses} ${read(many)}; ` +
		`the spectral formula, without any regression, ${formula} the exact error: within ${half} in half of all cases. ` +
		`At N = ${paper.poses} it tells of ${percent(sameVerdict(paper))} of the unseen poses whether they are read correctly${laws}.`
	);
}

function inWords(share: number): string {
	if (share < 0.45) return "worse than by chance";
	if (share < 0.55) return "no better than by chance";
	return share < 0.9 ? "better than by chance" : "almost always right";
}

const TABLE_NOTE =
	"Poses of each digit; share of unseen poses read correctly, by regression and as foretold by a spectral error below 1; share of which both say the same; median errors; correlation of their logarithms; root mean square of their difference.";

const QUESTION = `Two digits of different classes are shown to a network in <i>N</i> poses each, all but one: the upright pose of the
one or of the other is held out. Is that unseen pose read correctly? An infinitely wide network that is trained to the end does
kernel regression with its neural tangent kernel, so the exact error is that of a regression on the other 2<i>N</i> − 1 points. The
spectral error of Perin and Deny (arXiv 2412.11521) needs no regression, only the spectrum of the kernel on the two orbits:`;

const WHERE = `<p class="where">λ<sub><i>j</i></sub>: Fourier transform of the circulant Gram nearest to that of the points A₀ B₀ A₁ B₁ …, plus the ridge; λ<sub><i>N</i></sub>: at the
frequency with which the labels alternate. The numerator falls as the classes
move apart; the denominator grows as the poses of an orbit move together.</p>`;

/** See the top of the file. */
export const figure4: Figure<Data4> = { unit: "pairs", compute, plot, describe };
