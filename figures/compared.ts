/**
 * Several networks side by side: how many unseen poses each reads correctly, and how well the spectral error tells it.
 * @module
 */
import type { Network } from "../ts/index.ts";
import type { KeyEntry, Panel } from "./figure.ts";
import { accuracy, type Cell, foretold } from "./orbit-pairs.ts";
import { lineKey, linesOverPoses } from "./panels.ts";
import { colours, shares } from "./plot.ts";
import { logCorrelation, median, rmse } from "./statistics.ts";
import { percent } from "./words.ts";

/** An error, what is told of it, and how many of two held-out poses are right, pair by pair. */
export interface Compared {
	exactError: number[];
	spectralError: number[];
	correctCount: number[];
}

/** What pairs of orbits give for one network. */
export interface NetworkCells<Name extends string = keyof Compared> {
	/** Also of its parts. */
	name: string;
	title: string;
	network: Network;
	/** How many of the figure's pairs it has: the first. */
	pairs: number;
	cells: Cell<Name>[];
}

/** Of the logarithms of both errors. */
export const correlationOf = ({ exactError, spectralError }: Compared) => logCorrelation(exactError, spectralError);

/** The columns of {@link comparedRow}. */
export const COMPARED = ["N", "pairs", "correct", "foretold", "error", "formula", "r", "rmse"];

/** What the columns are. */
export const COMPARED_NOTE =
	"Poses of each digit; pairs; share of unseen poses read correctly, and as foretold by an error below 1; median errors; correlation of their logarithms; root mean square of their difference.";

/** A row of a table. */
export function comparedRow(poses: number, compared: Compared): string[] {
	const { exactError, spectralError } = compared;
	return [
		String(poses),
		String(exactError.length),
		percent(accuracy(compared)),
		percent(foretold(compared)),
		median(exactError).toPrecision(3),
		median(spectralError).toPrecision(3),
		correlationOf(compared).toFixed(3),
		rmse(exactError, spectralError).toFixed(3),
	];
}

/** Told apart by colour and by dashes, whatever is left out. */
const STYLES = [
	{ stroke: colours.good },
	{ stroke: colours.accent, dashes: "6 3" },
	{ stroke: colours.middling, dashes: "8 2 2 2" },
	{ stroke: colours.bad, dashes: "2 3" },
];
const styleOf = (index: number) => STYLES[index % STYLES.length] as (typeof STYLES)[number];

/** Shares of unseen poses that are right against the number of poses, a line for each network: by regression, and as foretold. */
export function sharePanels(networks: readonly NetworkCells[]): Panel[] {
	const orders = [...new Set(networks.flatMap(({ cells }) => cells.map(({ poses }) => poses)))].sort((a, b) => a - b);
	const y = shares("↑ unseen poses right");
	const panel = (title: string, share: (cell: Compared) => number) => {
		const lines = networks.map(({ cells }, k) => ({ ...styleOf(k), values: cells.map(share) }));
		return { title, svg: linesOverPoses(`Unseen poses right, ${title.toLowerCase()}`, orders, lines, y, 0.5) };
	};
	return [panel("By regression", accuracy), panel("As the formula foretells", foretold)];
}

/** The key of {@link sharePanels}. */
export const shareKey = (networks: readonly NetworkCells[]): KeyEntry[] =>
	networks.map(({ title }, k) => lineKey(title, styleOf(k)));
