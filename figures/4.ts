/**
 * Figure 4 B: does the spectral formula tell the exact error of a pose that the network never saw?
 *
 * Source: Perin & Deny, arXiv 2412.11521, figures 4 B and 5; the paper shows 512 pairs at N = 8.
 * @module
 */
import type { ScaleOptions } from "@observablehq/plot";
import { type Network, pairs, rotations, type Tensor } from "../ts/index.ts";
import {
	type Article,
	type Figure,
	type FigureData,
	type FigureOptions,
	type PanelGroup,
	provenanceOf,
	runOf,
} from "./figure.ts";
import { mlp } from "./networks.ts";
import { accuracy, type Cell, cells, foretold, type Pair, pairsOf, QUANTITIES, RIDGE } from "./orbit-pairs.ts";
import { type AtPoses, curveKey, errorScatter, orbitStrip, overPoses, scatterKey } from "./panels.ts";
import { counter, gather } from "./parts.ts";
import { logTicks } from "./plot.ts";
import { confidence, correlation, median, quantile, rmse } from "./statistics.ts";
import { layers, percent } from "./words.ts";

/** Poses of each digit; each number divides the last. */
const POSES = [2, 4, 8, 16, 32, 64];
const HIDDEN_LAYERS = [1, 5];
/** The paper's number; also what fits in about a minute on two cores. */
const PAIRS = { quick: 512, paper: 512 };
/** Poses of the pair that is shown. */
const SHOWN_POSES = 8;

type DepthCell = { hiddenLayers: number } & Cell;

/** The stored numbers. */
export interface Data4 extends FigureData {
	ridge: typeof RIDGE;
	precision: "f64";
	networks: { hiddenLayers: number; network: Network }[];
	pairs: Pair[];
	cells: DepthCell[];
	/** The first pair's orbits as grey values 0 … 255, for people. */
	orbits: { size: number[]; poses: number; images: number[][] };
}

async function compute(options: FigureOptions): Promise<Data4> {
	const { engine, digits, scale, seed, signal } = options;
	const drawn = pairs(digits.labels, options.pairs ?? PAIRS[scale], seed);
	const networks = HIDDEN_LAYERS.map((hiddenLayers) => ({ hiddenLayers, network: mlp(hiddenLayers) }));
	const seedsOf = (pair: readonly number[]) => gather(digits.images, pair);
	const call = signal ? { signal } : {};

	const count = counter(options, drawn.length * networks.length);
	const all: DepthCell[] = [];
	for (const { hiddenLayers, network } of networks) {
		const ofDepth = await cells(
			options,
			`layers-${hiddenLayers}`,
			{ network, pairs: drawn, orders: POSES },
			QUANTITIES,
			count,
		);
		all.push(...ofDepth.map((cell) => ({ hiddenLayers, ...cell })));
	}
	const shown = await engine.orbit(seedsOf(drawn[0] as [number, number]), rotations(SHOWN_POSES), {
		...call,
		prepare: "none",
	});
	const size = digits.images.shape.slice(1);
	return {
		format: "orbit-kernels/figure-4",
		version: 1,
		...runOf(options),
		ridge: RIDGE,
		precision: "f64",
		networks,
		pairs: pairsOf(digits.labels, drawn),
		cells: all,
		orbits: { size, poses: SHOWN_POSES, images: greys(shown) },
	};
}

/** Each image of a stack as whole grey values. */
function greys({ data, shape }: Tensor): number[][] {
	const size = (shape.at(-1) as number) * (shape.at(-2) as number);
	const grey = (value: number) => Math.round(255 * Math.min(1, Math.max(0, value)));
	return Array.from({ length: data.length / size }, (_, k) =>
		Array.from(data.subarray(k * size, (k + 1) * size), grey),
	);
}

function plot(data: Data4): PanelGroup[] {
	return [pairShown(data), ...data.networks.map(({ hiddenLayers }) => scatter(data, hiddenLayers)), curves(data)];
}

function pairShown({ orbits, pairs: [pair] }: Data4): PanelGroup {
	const digits = `a ${pair?.labelA} and a ${pair?.labelB}`;
	return {
		title: "Two orbits",
		caption: `The first pair, ${digits}, in ${orbits.poses} poses each. The framed poses are held out, one at a time; all others are known.`,
		panels: [{ title: "", svg: orbitStrip(`Poses of ${digits}`, orbits) }],
		panelWidth: [300, 640],
	};
}

function scatter({ cells }: Data4, hiddenLayers: number): PanelGroup {
	const panels = POSES.map((poses) => {
		// The same axes at all depths.
		const errors = cells
			.filter((cell) => cell.poses === poses)
			.flatMap(({ exactError, spectralError }) => [...exactError, ...spectralError]);
		const domain = [Math.min(...errors) / 1.1, Math.max(...errors) * 1.1] as const;
		const cell = cells.find((other) => other.poses === poses && other.hiddenLayers === hiddenLayers) as DepthCell;
		const label = `Exact against spectral error, ${layers(hiddenLayers)}, ${poses} poses`;
		return { title: `N = ${poses}`, svg: errorScatter(label, cell, ["spectral", cell.spectralError], domain) };
	});
	return {
		title: `Spectral against exact error, ${layers(hiddenLayers)}`,
		caption:
			"Each mark is a pair of digits. On the diagonal the formula is exact; dotted, the error of 1 at which a pose is lost. Logarithmic axes, for each N their own.",
		panels,
		key: scatterKey,
		panelWidth: [150, 340],
	};
}

/** What becomes of accuracy and error as poses are added. */
function curves({ cells, networks }: Data4): PanelGroup {
	const panels = (name: string, y: ScaleOptions, reference: number, at: (cell: DepthCell) => Omit<AtPoses, "poses">) =>
		networks.map(({ hiddenLayers }) => {
			const rows = cells
				.filter((cell) => cell.hiddenLayers === hiddenLayers)
				.map((cell) => ({ poses: cell.poses, ...at(cell) }));
			const title = `${name}, ${layers(hiddenLayers)}`;
			return { title, svg: overPoses(`${title}, against the number of poses`, rows, y, reference) };
		});
	const share = { domain: [0, 1], label: "↑ unseen poses read correctly", tickFormat: "%", ticks: 5 };
	const accuracies = panels("Accuracy", share, 0.5, (cell) => {
		const margin = confidence(cell.correctCount.map((count) => count / 2));
		const exact = accuracy(cell);
		return { exact, band: [Math.max(0, exact - margin), Math.min(1, exact + margin)], spectral: foretold(cell) };
	});
	const quartiles = (errors: number[]): [number, number] => [quantile(errors, 0.25), quantile(errors, 0.75)];
	const shown = cells.flatMap(({ exactError, spectralError }) => [...quartiles(exactError), median(spectralError)]);
	const domain = [Math.min(...shown, 1), Math.max(...shown, 1)] as const;
	const size = {
		type: "log",
		domain: [...domain],
		label: "↑ median error",
		ticks: logTicks(domain),
		tickFormat: String,
	} as const;
	const errors = panels("Error", size, 1, ({ exactError, spectralError }) => ({
		exact: median(exactError),
		band: quartiles(exactError),
		spectral: median(spectralError),
	}));
	return {
		title: "How many poses it takes",
		caption:
			"Bands: 95 % confidence of the accuracy; the middle half of the errors. Dotted: chance; the error at which a pose is lost.",
		panels: [...accuracies, ...errors],
		key: curveKey,
		panelWidth: [280, 340],
	};
}

function describe(data: Data4): Article {
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
			["pairs", `${data.pairs.length}, of different labels, seed ${data.seed}`],
			["prepared", "each pose without its mean and of unit norm"],
			["ridge", `${data.ridge.trace} × trace of each Gram, one number for both errors`],
			["precision", data.precision],
			...provenanceOf("4", data),
			...networks.map(({ hiddenLayers, network }): [string, string] => [layers(hiddenLayers), JSON.stringify(network)]),
		],
	};
}

/** The sentence that the numbers of this run allow. */
function insight({ cells, networks }: Data4): string {
	const ofDepth = networks.map(({ hiddenLayers }) => cells.filter((cell) => cell.hiddenLayers === hiddenLayers));
	const [shallow, deep] = ofDepth as [DepthCell[], DepthCell[]];
	const [few, many] = [shallow[0] as DepthCell, shallow.at(-1) as DepthCell];
	const read = (cell: DepthCell) => `${inWords(accuracy(cell))} (${percent(accuracy(cell))})`;

	const gains = deep.map((cell, n) => accuracy(cell) - accuracy(shallow[n] as DepthCell));
	const gain = gains.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
	const change =
		Math.abs(gain) < 0.05 ? "change that by at most" : gain > 0 ? "improve that by up to" : "worsen that by up to";
	const [less, more] = networks.map(({ hiddenLayers }) => hiddenLayers);
	const depth = `${more} hidden layers instead of ${less} ${change} ${(100 * Math.abs(gain)).toFixed(1)} points`;

	const factors = cells.flatMap(({ exactError, spectralError }) =>
		exactError.map((exact, k) => Math.exp(Math.abs(Math.log(exact / (spectralError[k] as number))))),
	);
	const factor = median(factors);
	const formula = factor < 1.25 ? "comes close to" : factor < 2 ? "is a rough guide to" : "misses";
	const half = factor < 2 ? percent(factor - 1) : `a factor of ${factor.toPrecision(2)}`;
	return (
		`With ${few.poses} poses of each digit an unseen pose is read ${read(few)}, with ${many.poses} ${read(many)}; ${depth}; ` +
		`and the spectral formula, without any regression, ${formula} the exact error: within ${half} in half of all cases.`
	);
}

function inWords(share: number): string {
	if (share < 0.45) return "worse than by chance";
	if (share < 0.55) return "no better than by chance";
	return share < 0.9 ? "better than by chance" : "almost always right";
}

const TABLE_NOTE =
	"Hidden layers; poses of each digit; share of unseen poses read correctly, by regression and as foretold by a spectral error below 1; median errors; correlation of their logarithms; root mean square of their difference.";

const QUESTION = `Two digits of different classes are shown to a network in <i>N</i> poses each, all but one: the upright pose of the
one or of the other is held out. Is that unseen pose read correctly? An infinitely wide network that is trained to the end does
kernel regression with its neural tangent kernel, so the exact error is that of a regression on the other 2<i>N</i> − 1 points. The
spectral error of Perin and Deny (arXiv 2412.11521) needs no regression, only the spectrum of the kernel on the two orbits:`;

const FORMULA = `<math display="block"><msub><mi>ε</mi><mi>s</mi></msub><mo>=</mo><mfrac><msubsup><mi>λ</mi><mi>N</mi><mrow><mo>−</mo><mn>1</mn></mrow></msubsup><mrow><mfrac><mn>1</mn><mrow><mn>2</mn><mi>N</mi></mrow></mfrac><munder><mo>∑</mo><mi>j</mi></munder><msubsup><mi>λ</mi><mi>j</mi><mrow><mo>−</mo><mn>1</mn></mrow></msubsup></mrow></mfrac></math>
<p class="where">λ<sub><i>j</i></sub>: Fourier transform of the circulant Gram nearest to that of the points A₀ B₀ A₁ B₁ …, plus the ridge; λ<sub><i>N</i></sub>: at the
frequency with which the labels alternate. The numerator falls as the classes
move apart; the denominator grows as the poses of an orbit move together.</p>`;

/** See the top of the file. */
export const figure4: Figure<Data4> = { unit: "pairs", compute, plot, describe };
