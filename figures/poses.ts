/**
 * How many poses of two digits must be known before an unseen one is recognized, and does a formula tell?
 * @module
 */
import { type Network, type PairCurves, pairs } from "../ts/index.ts";
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
import { RIDGE } from "./orbit-pairs.ts";
import { errorLines, errorLinesKey, lineKey, linesOverPoses } from "./panels.ts";
import { counter, keptEach } from "./parts.ts";
import { around, colours, logScale, shares } from "./plot.ts";
import { mean, median, quantile } from "./statistics.ts";
import { layers, percent } from "./words.ts";

const HIDDEN_LAYERS = [1, 5];
/** The error is not monotone in the number of poses: each is computed. */
const ORDERS = Array.from({ length: 63 }, (_, k) => k + 2);
const PAIRS = { quick: 100, paper: 100 };
/** Pairs whose curves are drawn one by one. */
const DRAWN = 25;

/** The stored numbers. */
export interface DataPoses extends FigureData {
	precision: "f64";
	/** Labels of the two digits of each pair. */
	labels: [number, number][];
	ridge: typeof RIDGE;
	networks: { hiddenLayers: number; network: Network; orders: number[]; pairs: PairCurves[] }[];
}

type AtDepth = DataPoses["networks"][number];

async function compute(options: FigureOptions): Promise<DataPoses> {
	const { engine, digits, scale, seed, signal } = options;
	const drawn = pairs(digits.labels, options.pairs ?? PAIRS[scale], seed);
	const call = { orders: ORDERS, ridge: RIDGE, ...(signal && { signal }) };
	const count = counter(options, drawn.length * HIDDEN_LAYERS.length);
	const networks: AtDepth[] = [];
	for (const hiddenLayers of HIDDEN_LAYERS) {
		const network = mlp(hiddenLayers);
		const curves = await keptEach(
			options,
			`layers-${hiddenLayers}`,
			drawn,
			async (pair) => (await engine.posesNeeded(network, digits.images, [pair], call)).pairs[0] as PairCurves,
			count,
		);
		networks.push({ hiddenLayers, network, orders: ORDERS, pairs: curves });
	}
	const label = (index: number) => digits.labels[index] as number;
	return {
		format: "orbit-kernels/figure-poses",
		version: 1,
		...runOf(options),
		precision: "f64",
		ridge: RIDGE,
		labels: drawn.map(([a, b]) => [label(a), label(b)]),
		networks,
	};
}

/** Whether both held-out poses of a pair are right at each number of poses: by the regression, and as two formulas foretell. */
const VERDICTS = {
	exact: ({ correctCount }: PairCurves) => correctCount.map((count) => count === 2),
	spectral: ({ spectralError }: PairCurves) => spectralError.map((error) => error < 1),
	block: ({ blockCorrectCount }: PairCurves) => blockCorrectCount.map((count) => count === 2),
};

type By = keyof typeof VERDICTS;

/** Place of the first number of poses at which a pair is right, and of that from which it is right throughout; or none. */
const firstRight = (right: boolean[]) => (right.includes(true) ? right.indexOf(true) : Number.POSITIVE_INFINITY);
const rightFrom = (right: boolean[]) => (right.at(-1) ? right.lastIndexOf(false) + 1 : Number.POSITIVE_INFINITY);
/** How often a pair that was right at one number of poses is wrong at the next. */
const losses = (right: boolean[]) => right.filter((now, n) => !now && right[n - 1]).length;

const verdicts = ({ pairs }: AtDepth, by: By) => pairs.map(VERDICTS[by]);

const SHARE = shares("↑ pairs");

function plot({ networks }: DataPoses): PanelGroup[] {
	return [rightAt(networks), distributions(networks), curves(networks)];
}

function rightAt(networks: AtDepth[]): PanelGroup {
	return {
		title: "Right at N poses",
		caption:
			"Share of pairs whose held-out poses are both read correctly, and as the two formulas foretell it. Dotted: two poses by chance.",
		panels: networks.map((network) => {
			const rows = (["exact", "spectral", "block"] as const).map((by) => {
				const all = verdicts(network, by);
				return { values: network.orders.map((_, n) => mean(all.map((right) => Number(right[n])))), ...errorLines[by] };
			});
			const title = layers(network.hiddenLayers);
			return { title, svg: linesOverPoses(`Pairs right at N poses, ${title}`, network.orders, rows, SHARE, 0.25) };
		}),
		key: errorLinesKey,
		panelWidth: [280, 420],
	};
}

function distributions(networks: AtDepth[]): PanelGroup {
	const [once, forGood] = [{ stroke: colours.muted, dashes: "6 3" }, { stroke: colours.good }];
	return {
		title: "How many poses a pair needs",
		caption:
			"Share of pairs that were right at N or at fewer poses, and of those that are right at N and at all more. Dotted: half of all pairs.",
		panels: networks.map((network) => {
			const all = verdicts(network, "exact");
			const until = (place: (right: boolean[]) => number) =>
				network.orders.map((_, n) => mean(all.map((right) => Number(place(right) <= n))));
			const rows = [
				{ values: until(firstRight), ...once },
				{ values: until(rightFrom), ...forGood },
			];
			const title = layers(network.hiddenLayers);
			return { title, svg: linesOverPoses(`Poses that pairs need, ${title}`, network.orders, rows, SHARE, 0.5) };
		}),
		key: [lineKey("right once", once), lineKey("right from N on", forGood)],
		panelWidth: [280, 420],
	};
}

function curves(networks: AtDepth[]): PanelGroup {
	const each = { stroke: colours.muted, width: 0.8, opacity: 0.6 };
	const middle = { stroke: colours.good, width: 2.5 };
	const fickle = { stroke: colours.bad, width: 1.6 };
	const foretold = { stroke: colours.accent, width: 1.6, dashes: "4 3" };
	const most = Math.min(DRAWN, networks[0]?.pairs.length as number);
	return {
		title: "The error is not monotone",
		caption: `Exact error of a held-out pose, mean of both digits: ${most} pairs, the median of all, and the pair that most often loses its poses again, with what the blocks foretell of it. Dotted: the error at which a pose is lost.`,
		panels: networks.map((network) => {
			const all = verdicts(network, "exact").map(losses);
			const worst = network.pairs[all.indexOf(Math.max(...all))] as PairCurves;
			const shown = network.pairs.slice(0, DRAWN);
			const values = [...shown, worst].flatMap(({ exactError }) => exactError);
			const domain = around([quantile(values, 0.005), Math.max(...values)]);
			const y = { ...logScale("↑ error", domain), clamp: true };
			const rows = [
				...shown.map(({ exactError }) => ({ values: exactError, ...each })),
				{
					values: network.orders.map((_, n) => median(network.pairs.map((pair) => pair.exactError[n] as number))),
					...middle,
				},
				{ values: worst.exactError, ...fickle },
				{ values: worst.blockError, ...foretold },
			];
			const title = layers(network.hiddenLayers);
			return { title, svg: linesOverPoses(`Error against N, ${title}`, network.orders, rows, y, 1) };
		}),
		key: [
			lineKey("a pair", each),
			lineKey("median", middle),
			lineKey("loses its poses most often", fickle),
			lineKey("the same, block by block", foretold),
		],
		panelWidth: [280, 420],
	};
}

/** Quartiles in numbers of poses, and how many pairs have none. */
function distributionOf({ orders, pairs }: AtDepth, places: number[]): string[] {
	const sorted = [...places].sort((a, b) => a - b);
	const least = (share: number) => orders[sorted[Math.ceil(share * sorted.length) - 1] as number];
	const never = places.filter((place) => place === Number.POSITIVE_INFINITY).length;
	return [
		...[0.25, 0.5, 0.75].map((share) => String(least(share) ?? `> ${orders.at(-1)}`)),
		`${never}/${pairs.length}`,
	];
}

/** Where hundreds of cases are alike, the few that differ still show. */
const inPercent = (share: number) => percent(share, 2);

/** Share of pairs and numbers of poses at which a formula and the regression agree whether both poses are right. */
function agreement(network: AtDepth, by: By): number {
	const foretold = verdicts(network, by).flat();
	return mean(
		verdicts(network, "exact")
			.flat()
			.map((right, k) => Number(right === foretold[k])),
	);
}

function describe(data: DataPoses): Article {
	const { networks } = data;
	const rows = networks.flatMap((network) =>
		(["exact", "spectral", "block"] as const).map((by) => {
			const all = verdicts(network, by);
			return [
				String(network.hiddenLayers),
				by,
				...distributionOf(network, all.map(firstRight)),
				...distributionOf(network, all.map(rightFrom)),
				String(all.filter((right) => losses(right) > 0).length),
				inPercent(agreement(network, by)),
			];
		}),
	);
	const [{ orders, pairs: drawn }] = networks as [AtDepth];
	return {
		label: "Beyond the paper",
		title: "How many poses are needed?",
		question: QUESTION,
		formula: "",
		insight: insight(data),
		table: {
			head: ["layers", "by", "once ¼", "½", "¾", "never", "for good ¼", "½", "¾", "never", "lost", "agrees"],
			rows,
			note: TABLE_NOTE,
		},
		provenance: [
			["pairs", `${drawn.length}, of different labels, seed ${data.seed}`],
			["poses", `every N from ${orders[0]} to ${orders.at(-1)}`],
			["prepared", "each pose without its mean and of unit norm"],
			["ridge", `${data.ridge.trace} × trace of each Gram, one number for all three errors`],
			["precision", data.precision],
			...provenanceOf("poses", data),
			...networks.map(({ hiddenLayers, network }): [string, string] => [layers(hiddenLayers), JSON.stringify(network)]),
		],
	};
}

/** The sentence that the numbers of this run allow. */
function insight({ networks }: DataPoses): string {
	const needs = networks.map((network) => {
		const [, half] = distributionOf(network, verdicts(network, "exact").map(rightFrom));
		return `${half} poses with ${layers(network.hiddenLayers)}`;
	});
	const all = networks.flatMap((network) => verdicts(network, "exact"));
	const lost = mean(all.map((right) => Number(losses(right) > 0)));
	const agree = (by: By) => inPercent(mean(networks.map((network) => agreement(network, by))));
	return (
		`Half of all pairs need ${needs.join(" and ")} until an unseen one is read correctly for good; ${percent(lost)} ` +
		`of them lose a pose again that they had right with fewer, and whether a pair is right at N poses is foretold ` +
		`by the spectral formula in ${agree("spectral")} of all cases, by the blocks in ${agree("block")}.`
	);
}

const TABLE_NOTE =
	"Hidden layers; by exact regression, or as a formula foretells; quartiles of the least number of poses at which both held-out poses of a pair are right, and from which on they are right at every number, each with the pairs for which there is none; pairs that are wrong at some number though right at one fewer; share of all pairs and numbers at which the verdict is that of the regression.";

const QUESTION = `Two digits of different classes are shown to an infinitely wide network in <i>N</i> poses each, all but one; the upright
pose of the one or of the other is held out. From which <i>N</i> on are both read correctly? Held-out errors are not monotone in <i>N</i>, because the known
poses nearest to the held-out one change with it: a bisection can stop at a lucky number, so that every <i>N</i> is computed. Poses needed
“once” are the least <i>N</i> that is right, “for good” the least from which on all are.`;

/** See the top of the file. */
export const figurePoses: Figure<DataPoses> = { unit: "pairs", compute, plot, describe };
