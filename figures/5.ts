/**
 * Figure 5: does the spectral formula hold for other networks, and does any of them learn the symmetry?
 *
 * Source: Perin & Deny, arXiv 2412.11521, figure 5; the paper shows 512 pairs at N = 8.
 * @module
 */
import { pairs } from "../ts/index.ts";
import {
	COMPARED,
	COMPARED_NOTE,
	type Compared,
	comparedRow,
	correlationOf,
	type NetworkCells,
	shareKey,
	sharePanels,
} from "./compared.ts";
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
import { cnn, mlp } from "./networks.ts";
import { accuracy, type Cell, cells, foretold, type Pair, pairsOf, QUANTITIES, RIDGE } from "./orbit-pairs.ts";
import { errorScatter, scatterKey } from "./panels.ts";
import { counter, keptEach } from "./parts.ts";
import { around } from "./plot.ts";
import { factorsApart, median } from "./statistics.ts";
import { TRAINING, type TrainedPair, trainedPair } from "./trained-pair.ts";
import { percent, signed } from "./words.ts";

/** Poses of each digit; each number divides the last. */
const POSES = [2, 4, 8, 16, 32, 64];
/** Poses of the scatters. */
const SHOWN = 8;
/** Poses that are few, in the paper's words. */
const FEW = 4;

/** Infinitely wide networks, and what a quick run takes of them: pooling costs all pairs of places of all pairs of poses. */
const NETWORKS = [
	{ name: "mlp-1", title: "MLP, 1 hidden layer", network: mlp(1), quick: { pairs: 64, poses: POSES } },
	{ name: "mlp-5", title: "MLP, 5 hidden layers", network: mlp(5), quick: { pairs: 64, poses: POSES } },
	{ name: "cnn-flatten", title: "CNN-Flatten", network: cnn(false), quick: { pairs: 64, poses: POSES } },
	{ name: "cnn-gap", title: "CNN-GAP", network: cnn(true), quick: { pairs: 32, poses: [2, 4, 8] } },
] as const;
/** The paper's. */
const ALL = { pairs: 512, poses: POSES };
/** Losses are below 1e-5 after 250 steps: more change the third digit of an error at most. */
const TRAININGS = { quick: { pairs: 12, steps: 250 }, paper: { pairs: 512, steps: 2000 } };

type AtNetwork = NetworkCells<(typeof QUANTITIES)[number]>;

/** Trained networks of finite width, with the spectral error of one hidden layer. */
type TrainedPart = typeof TRAINING & { poses: number; steps: number; pairs: number } & Record<
		keyof TrainedPair | "spectralError",
		number[]
	>;

/** The stored numbers. */
export interface Data5 extends FigureData {
	ridge: typeof RIDGE;
	precision: "f64";
	pairs: Pair[];
	networks: AtNetwork[];
	trained: TrainedPart;
}

async function compute(options: FigureOptions): Promise<Data5> {
	const { digits, scale, seed } = options;
	const quick = scale === "quick";
	const sizeOf = <Size extends { pairs: number }>(size: Size): Size => ({
		...size,
		pairs: options.pairs ?? size.pairs,
	});
	const sizes = NETWORKS.map((network) => ({ ...network, ...sizeOf(quick ? network.quick : ALL) }));
	const training = sizeOf(TRAININGS[scale]);
	const most = Math.max(training.pairs, ...sizes.map(({ pairs }) => pairs));
	const drawn = pairs(digits.labels, most, seed);
	const count = counter(
		options,
		sizes.reduce((sum, { pairs }) => sum + pairs, training.pairs),
	);
	const networks: AtNetwork[] = [];
	for (const { name, title, network, pairs, poses } of sizes) {
		const run = { network, pairs: drawn.slice(0, pairs), orders: poses };
		networks.push({ name, title, network, pairs, cells: await cells(options, name, run, QUANTITIES, count) });
	}
	const results = await keptEach(
		options,
		"trained",
		drawn.slice(0, training.pairs),
		(pair, k) => trainedPair(options, pair, { poses: SHOWN, steps: training.steps, seed: seed + k }),
		count,
	);
	const column = (name: keyof TrainedPair) => results.map((result) => result[name]);
	return {
		format: "orbit-kernels/figure-5",
		version: 1,
		...runOf(options),
		ridge: RIDGE,
		precision: "f64",
		pairs: pairsOf(digits.labels, drawn),
		networks,
		trained: {
			...{ ...TRAINING, ...training, poses: SHOWN },
			trainedError: column("trainedError"),
			trainedCorrect: column("trainedCorrect"),
			kernelError: column("kernelError"),
			kernelCorrect: column("kernelCorrect"),
			lastLoss: column("lastLoss"),
			spectralError: shown(networks[0] as AtNetwork).spectralError.slice(0, training.pairs),
		},
	};
}

const shown = ({ cells }: AtNetwork) => cells.find(({ poses }) => poses === SHOWN) as Cell;

/** The five scatters in the paper's order: the trained network stands beside its kernel. */
function scatters({ networks, trained }: Data5) {
	const all = networks.map((network) => {
		const { exactError, spectralError, correctCount } = shown(network);
		return { title: network.title, vertical: "exact", exactError, spectralError, correctCount };
	});
	const { trainedError, trainedCorrect, spectralError } = trained;
	const own = { exactError: trainedError, correctCount: trainedCorrect, spectralError };
	all.splice(1, 0, { title: "MLP, trained", vertical: "trained", ...own });
	return all;
}

function plot(data: Data5): PanelGroup[] {
	const { networks, trained } = data;
	const all = scatters(data);
	const domain = around(all.flatMap(({ exactError, spectralError }) => [...exactError, ...spectralError]));
	const { trainedError, trainedCorrect, kernelError } = trained;
	return [
		{
			title: `Spectral against exact error, N = ${SHOWN}`,
			caption: `Each mark is a pair of digits; ${all.map(({ spectralError }) => spectralError.length).join(", ")} in the order of the panels. The trained networks' error stands for the exact one in their panel. On the diagonal the formula is exact; dotted, the error of 1 at which a pose is lost. Logarithmic axes, the same in all panels.`,
			panels: all.map(({ title, vertical, spectralError, ...errors }) => ({
				title,
				svg: errorScatter(`${vertical} against spectral error, ${title}`, errors, ["spectral", spectralError], domain, {
					vertical,
				}),
			})),
			key: scatterKey,
			panelWidth: [150, 340],
		},
		{
			title: "Trained networks beside their kernel",
			caption: `${trained.pairs} pairs in ${trained.poses} poses each. Networks of width 512 are trained on all of A₀ B₀ A₁ B₁ … but the first, then but the last; the kernel's regression has the same points. Held-out poses right: ${percent(accuracy({ correctCount: trainedCorrect }))} by training, ${percent(accuracy({ correctCount: trained.kernelCorrect }))} by the kernel, ${percent(foretold(trained))} as the spectral error foretells.`,
			panels: [
				{
					title: "",
					svg: errorScatter(
						"Error of trained networks against the kernel's",
						{ exactError: trainedError, correctCount: trainedCorrect },
						["kernel's", kernelError],
						around([...trainedError, ...kernelError]),
						{ vertical: "trained" },
					),
				},
			],
			key: scatterKey,
			panelWidth: [200, 340],
		},
		{
			title: "Which architecture helps",
			caption: "Held-out poses that are read correctly, of all pairs that a network has. Dotted: chance.",
			panels: sharePanels(networks),
			key: shareKey(networks),
			panelWidth: [280, 420],
		},
	];
}

function describe(data: Data5): Article {
	const { networks, trained } = data;
	const { poses, trainedError, trainedCorrect } = trained;
	const own = { exactError: trainedError, correctCount: trainedCorrect };
	const rows = networks.flatMap(({ title, cells }) => cells.map((cell) => [title, ...comparedRow(cell.poses, cell)]));
	return {
		label: "Figure 5",
		title: "Does the formula hold for other networks, and does one of them learn the symmetry?",
		question: QUESTION,
		formula: FORMULA,
		insight: insight(data),
		table: {
			head: ["network", ...COMPARED],
			rows: [
				...rows,
				["MLP, trained", ...comparedRow(poses, { ...own, spectralError: trained.spectralError })],
				["MLP, trained, kernel", ...comparedRow(poses, { ...own, spectralError: trained.kernelError })],
			],
			note: TABLE_NOTE,
		},
		statements: statementsOf(data),
		provenance: [
			["pairs", `${data.pairs.length}, of different labels, seed ${data.seed}; a network has the first of them`],
			["prepared", "each pose without its mean and of unit norm"],
			["ridge", `${data.ridge.trace} × trace of each Gram, one number for both errors`],
			["precision", `${data.precision}; trainings ${trained.precision}`],
			[
				"trainings",
				`${trained.steps} steps on all samples, ${trained.loss} down to ${Math.max(...trained.lastLoss).toExponential(1)}, ${JSON.stringify(trained.optimizer)}, weights ${trained.init} in ±1/√fan-in, seeds from ${data.seed} on`,
			],
			...provenanceOf("5", data),
			...networks.map(({ title, network }): [string, string] => [title, JSON.stringify(network)]),
			["trained", JSON.stringify(trained.network)],
		],
	};
}

/** What the paper says, and from which numbers on it holds. */
function statementsOf({ networks, trained }: Data5): Statement[] {
	const [shallow, deep, flat, pooled] = networks as [AtNetwork, AtNetwork, AtNetwork, AtNetwork];
	const r = (compared: Compared) => correlationOf(compared);
	const evidence = (some: AtNetwork[]) => some.map((one) => `${one.title} ${r(shown(one)).toFixed(3)}`).join(", ");
	const exact = [shallow, deep, flat];
	const gains = deep.cells.map((cell, n) => accuracy(cell) - accuracy(shallow.cells[n] as Cell));
	const few = networks.map(({ title, cells }) => ({ title, share: accuracy(cells.find(isFew) as Cell) }));
	const ofTrained = r({ ...trained, exactError: trained.trainedError, correctCount: trained.trainedCorrect });
	return [
		{
			claim: "For perceptrons and CNN-Flatten the spectral error is close to the exact one (r ≥ 0.99).",
			holds: exact.every((one) => r(shown(one)) >= 0.99),
			evidence: evidence(exact),
		},
		{
			claim: "For CNN-GAP and turns it is a looser guide than for CNN-Flatten.",
			holds: r(shown(pooled)) < r(shown(flat)),
			evidence: evidence([flat, pooled]),
		},
		{
			claim: `${deep.title} are no better than ${shallow.title} (at no N by 3 points or more).`,
			holds: Math.max(...gains) < 0.03,
			evidence: gains
				.map((gain, n) => `${signed(100 * gain, 1)} points at N = ${(deep.cells[n] as Cell).poses}`)
				.join(", "),
		},
		{
			claim: `No network learns the symmetry: with ${FEW} poses none reads unseen ones well (≤ 60 %).`,
			holds: few.every(({ share }) => share <= 0.6),
			evidence: few.map(({ title, share }) => `${title} ${percent(share)}`).join(", "),
		},
		{
			claim: "The spectral error of the kernel tells that of trained networks (r ≥ 0.9).",
			holds: ofTrained >= 0.9,
			evidence: `r = ${ofTrained.toFixed(3)}, ${trained.pairs} pairs`,
		},
	];
}

const isFew = ({ poses }: { poses: number }) => poses === FEW;

/** The sentence that the numbers of this run allow. */
function insight({ networks, trained }: Data5): string {
	const at = networks.map((network) => ({ title: network.title, ...shown(network) }));
	const sorted = [...at].sort((one, two) => correlationOf(two) - correlationOf(one));
	const [closest, loosest] = [sorted[0], sorted.at(-1)] as [(typeof at)[number], (typeof at)[number]];
	const r = (one: Compared) => correlationOf(one).toFixed(3);
	const best = [...at].sort((one, two) => accuracy(two) - accuracy(one));
	const [most, least] = [best[0], best.at(-1)] as [(typeof at)[number], (typeof at)[number]];
	const factor = median(factorsApart(trained.trainedError, trained.kernelError));
	const same = trained.trainedCorrect.filter((count, k) => count === trained.kernelCorrect[k]).length;
	return (
		`At N = ${SHOWN} the spectral error goes most closely with the exact one for ${closest.title} (r ${r(closest)}), least for ` +
		`${loosest.title} (${r(loosest)}); of the unseen poses ${most.title} reads most correctly, ${percent(accuracy(most))}, and ${least.title} fewest, ` +
		`${percent(accuracy(least))}, where chance gives 50 %; trained networks get as many right as their kernel in ${same} of ${trained.pairs} ` +
		`pairs, with an error within a factor of ${factor.toPrecision(3)} of its in half of them.`
	);
}

const TABLE_NOTE = `${COMPARED_NOTE} The last rows hold the error of trained networks against the spectral, and against their kernel's in place of it.`;

const QUESTION = `If a network had the symmetry, or could learn it from the other poses, a pose that it never saw would be read like
those that it knows. Here are two perceptrons and two convolutional networks, all infinitely wide, and a perceptron of a width that
people use, trained by Adam. Convolutions know of shifts, not of turns: does one of these networks do better at turned digits, and does
the spectrum of its kernel tell its error (Perin and Deny, arXiv 2412.11521)?`;

const FORMULA = `${spectralFormula}
<p class="where">λ<sub><i>j</i></sub>: Fourier transform of the circulant Gram nearest to that of the points A₀ B₀ A₁ B₁ …, plus the ridge; the
kernel is each network's own neural tangent kernel.</p>`;

/** See the top of the file. */
export const figure5: Figure<Data5> = { unit: "pairs", compute, plot, describe };
