/**
 * Cyclic shifts: convolutional networks with the symmetry half built in (Flatten), and built in (global average pooling).
 *
 * Source: Perin & Deny, arXiv 2412.11521; the paper shows N = 2, 4, 7, 14 and 28 shifts along x.
 * @module
 */
import { pairs, shifts } from "../ts/index.ts";
import { COMPARED, COMPARED_NOTE, comparedRow, type NetworkCells, shareKey, sharePanels } from "./compared.ts";
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
import { cnn } from "./networks.ts";
import { accuracy, cells, type Pair, pairsOf, QUANTITIES, RIDGE } from "./orbit-pairs.ts";
import { errorScatter, scatterKey } from "./panels.ts";
import { counter } from "./parts.ts";
import { mean } from "./statistics.ts";
import { percent } from "./words.ts";

const NETWORKS = [
	{ name: "cnn-flatten", title: "CNN-Flatten", network: cnn(false) },
	{ name: "cnn-gap", title: "CNN-GAP", network: cnn(true) },
];
const PAIRS = { quick: 64, paper: 512 };

/** With 1 where all poses of both orbits are one point to the kernel. */
const NAMES = [...QUANTITIES, "collapsed"] as const;

type AtNetwork = NetworkCells<(typeof NAMES)[number]>;
type ShiftCell = AtNetwork["cells"][number];

/** The stored numbers. */
export interface DataShifts extends FigureData {
	ridge: typeof RIDGE;
	precision: "f64";
	pairs: Pair[];
	networks: AtNetwork[];
}

/** All numbers of shifts of one length that images of a width have, but one: its divisors. */
export const ordersOf = (width: number) =>
	Array.from({ length: width }, (_, k) => k + 1).filter((order) => order > 1 && width % order === 0);

async function compute(options: FigureOptions): Promise<DataShifts> {
	const { digits, scale, seed } = options;
	const drawn = pairs(digits.labels, options.pairs ?? PAIRS[scale], seed);
	const orders = ordersOf(digits.images.shape[2] as number);
	const count = counter(options, drawn.length * NETWORKS.length);
	const networks: AtNetwork[] = [];
	for (const { name, title, network } of NETWORKS) {
		const run = { network, pairs: drawn, orders, action: shifts };
		networks.push({
			...{ name, title, network, pairs: drawn.length },
			cells: await cells(options, name, run, NAMES, count),
		});
	}
	return {
		format: "orbit-kernels/figure-shifts",
		version: 1,
		...runOf(options),
		ridge: RIDGE,
		precision: "f64",
		pairs: pairsOf(digits.labels, drawn),
		networks,
	};
}

const collapsedOf = ({ collapsed }: ShiftCell) => collapsed.filter(Boolean).length;

/** What is to be said where errors are 0. */
function collapseOf({ pairs, cells }: AtNetwork): string {
	const count = cells.reduce((sum, cell) => sum + collapsedOf(cell), 0);
	if (count === 0) return "No orbit has collapsed to a point.";
	const errors = cells.flatMap(({ collapsed, exactError, spectralError }) =>
		[exactError, spectralError].flatMap((each) => each.filter((_, k) => collapsed[k])),
	);
	const share = count === pairs * cells.length ? "All pairs have" : `${count} of ${pairs * cells.length} pairs have`;
	return `${share} collapsed: to the kernel all poses of a digit are one point, so that a held-out pose is known by the others and its error is 0, but for the ridge (at most ${Math.max(...errors).toExponential(0)}); these marks lie on each other at the origin.`;
}

function plot({ networks }: DataShifts): PanelGroup[] {
	const domainAt = (n: number) => {
		const errors = networks.flatMap(({ cells }) => [
			...(cells[n] as ShiftCell).exactError,
			...(cells[n] as ShiftCell).spectralError,
		]);
		// Marks at the origin are seen as a whole.
		return [-0.03 * Math.max(...errors), 1.05 * Math.max(...errors)] as const;
	};
	const scatters = networks.map((network): PanelGroup => {
		const { title, cells } = network;
		return {
			title: `Spectral against exact error, ${title}`,
			caption: `Each mark is a pair of digits. On the diagonal the formula is exact; dotted, the error of 1 at which a pose is lost. Linear axes, for each N the same with both networks. ${collapseOf(network)}`,
			panels: cells.map((cell, n) => {
				const label = `Exact against spectral error, ${title}, ${cell.poses} shifts`;
				const count = collapsedOf(cell);
				return {
					title: `N = ${cell.poses}${count > 0 ? `, ${count} collapsed` : ""}`,
					svg: errorScatter(label, cell, ["spectral", cell.spectralError], domainAt(n), { scale: "linear" }),
				};
			}),
			key: scatterKey,
			panelWidth: [150, 340],
		};
	});
	return [
		...scatters,
		{
			title: "How many shifts it takes",
			caption: "Held-out poses that are read correctly. Dotted: chance.",
			panels: sharePanels(networks),
			key: shareKey(networks),
			panelWidth: [280, 420],
		},
	];
}

function describe(data: DataShifts): Article {
	const { networks } = data;
	const rows = networks.flatMap(({ title, cells }) =>
		cells.map((cell) => {
			const row = comparedRow(cell.poses, cell);
			// Of errors that are nothing but the ridge's, a correlation says nothing.
			if (collapsedOf(cell) > 0) row[COMPARED.indexOf("r")] = "–";
			return [title, ...row, String(collapsedOf(cell))];
		}),
	);
	return {
		label: "Figure 5, shifts",
		title: "What if the symmetry is built in?",
		question: QUESTION,
		formula: FORMULA,
		insight: insight(data),
		table: {
			head: ["network", ...COMPARED, "collapsed"],
			rows,
			note: `${COMPARED_NOTE} Collapsed: pairs of which all poses of each digit are one point to the kernel.`,
		},
		statements: statementsOf(data),
		provenance: [
			["pairs", `${data.pairs.length}, of different labels, seed ${data.seed}`],
			["shifts", "along x, cyclic, by multiples of the width / N: all N above 1 that divide it"],
			["prepared", "each pose without its mean and of unit norm"],
			["ridge", `${data.ridge.trace} × trace of each Gram, one number for both errors`],
			["precision", data.precision],
			...provenanceOf("shifts", data),
			...networks.map(({ title, network }): [string, string] => [title, JSON.stringify(network)]),
		],
	};
}

/** What the paper says, and from which numbers on it holds. */
function statementsOf({ networks }: DataShifts): Statement[] {
	const [flat, pooled] = networks as [AtNetwork, AtNetwork];
	const few = flat.cells[0] as ShiftCell;
	const all = pooled.pairs * pooled.cells.length;
	const points = pooled.cells.reduce((sum, cell) => sum + collapsedOf(cell), 0);
	const right = mean(pooled.cells.map(accuracy));
	return [
		{
			claim: `An invariant network (${pooled.title}) reads every shift: orbits are points, the error is 0.`,
			holds: points === all && right === 1,
			evidence: `${points} of ${all} pairs of orbits collapse, ${percent(right)} of the unseen shifts are right`,
		},
		{
			claim: `An equivariant one (${flat.title}) does not: at N = ${few.poses} it is no better than chance (≤ 55 %).`,
			holds: accuracy(few) <= 0.55,
			evidence: `${percent(accuracy(few))} of the unseen shifts`,
		},
	];
}

/** The sentence that the numbers of this run allow. */
function insight({ networks }: DataShifts): string {
	const parts = networks.map(({ title, pairs, cells }) => {
		const [few, many] = [cells[0], cells.at(-1)] as [ShiftCell, ShiftCell];
		const shares = cells.map(accuracy);
		const constant = shares.every((share) => share === shares[0]);
		const right = constant
			? `${percent(accuracy(few))} of the unseen shifts at every N`
			: `${percent(accuracy(few))} of the unseen shifts at N = ${few.poses} and ${percent(accuracy(many))} at N = ${many.poses}`;
		const share = mean(cells.map((cell) => collapsedOf(cell) / pairs));
		const points =
			share === 0 ? "no orbit" : share === 1 ? "every orbit" : `both orbits of ${percent(share)} of the pairs`;
		return `${title}, which takes ${points} for a point, reads ${right}`;
	});
	return `${parts.join("; ")}.`;
}

const QUESTION = `The filters of both networks are the same at all places of an image that wraps around. The one puts what they find side by
side (Flatten), the other takes the mean over all places (GAP), which a shift does not change. Two digits are shown in <i>N</i> cyclic shifts
along <i>x</i> each, all but one: is the unseen one read correctly? An equivariant network alone need not know; an invariant one must, and
the formula of Perin and Deny (arXiv 2412.11521) should say both:`;

const FORMULA = `${spectralFormula}
<p class="where">λ<sub><i>j</i></sub>: Fourier transform of the circulant Gram nearest to that of the points A₀ B₀ A₁ B₁ …, plus the ridge. Where
all poses of an orbit are one point, all λ but the first and λ<sub><i>N</i></sub> are 0: the denominator has no bound but the ridge's, and ε<sub><i>s</i></sub> is 0.</p>`;

/** See the top of the file. */
export const figureShifts: Figure<DataShifts> = { unit: "pairs", compute, plot, describe };
