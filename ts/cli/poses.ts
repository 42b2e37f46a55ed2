/**
 * The command that finds how many poses are needed.
 * @module
 */
import { dataOf } from "../../figures/figure.ts";
import { mlp } from "../../figures/networks.ts";
import { type Engine, type Network, type PosesNeeded, pairs, rotations, shifts, type Tensor } from "../index.ts";
import { command } from "./command.ts";
import { digitsOptions, readDigits } from "./digits.ts";
import { withEngine } from "./engine.ts";
import { naming, readArray, readNetwork } from "./input.ts";
import { integer, oneOf, required, ridge, text, usageError, withDefault, workers } from "./options.ts";
import { produce } from "./output.ts";
import { withProgress } from "./progress.ts";
import { emphasis, paragraph, textTable } from "./terminal.ts";

const ACTIONS = { rotate: rotations, shift: shifts } as const;
/** Pairs that are drawn where there are more. */
const PAIRS = 100;
/** The numbers of poses that the table shows, as far as they are there, with the least and the most. */
const SHOWN = [2, 4, 8, 16, 32, 64, 128, 256];

/** Samples, one label for each, and where they come from. */
interface Labelled {
	images: Tensor;
	labels: ArrayLike<number>;
	source: string;
}

export const poses = command({
	name: "poses",
	summary: "how many poses are needed until unseen ones are recognized",
	details:
		"Takes pairs of seeds with different labels, shows a network of infinite width N poses of each, all but one, and asks whether the one that is held out is read correctly, for every N: the error is not monotone. Writes all curves as JSON and prints how many pairs are right.",
	options: {
		network: text("net.json", "the network as JSON [default: one hidden layer, ReLU]"),
		seeds: text("s.npy", "images, n × H × W or n × H × W × C [default: those of --data]"),
		labels: text("l.npy", "their labels, n whole numbers"),
		...digitsOptions,
		pairs: integer(1, `pairs to draw [default: ${PAIRS}, or all where they are no more]`),
		seed: withDefault("1", integer(Number.MIN_SAFE_INTEGER, "of the random choice of pairs")),
		action: withDefault("rotate", oneOf(["rotate", "shift"], "turns, or shifts along columns (divisors of W)")),
		from: withDefault("2", integer(1, "least number of poses")),
		to: withDefault("64", integer(1, "greatest number of poses")),
		ridge: withDefault("trace:1e-10", ridge),
		prepare: withDefault("center-unit", oneOf(["none", "center-unit"], "each pose without its mean, of unit norm")),
		workers,
		out: required(text("poses.json", "all curves and their distribution")),
	},
	examples: [
		["orbit-kernels poses --out poses.json", "100 pairs of the digits that come along, turned"],
		["orbit-kernels poses --network net.json --data mnist --split t10k --out poses.json", "the same on MNIST"],
		["orbit-kernels poses --seeds s.npy --labels l.npy --action shift --out poses.json", "shifts of your own images"],
	],

	async run(options, { version, signal }) {
		const { seed, action, from, to, ridge, prepare, out } = options;
		if (from > to) throw usageError(`--from ${from} --to ${to}: expected numbers of poses in ascending order`);
		const network = options.network === undefined ? mlp(1) : await readNetwork("network", options.network);
		const labelledOf = await readLabelled(options);
		let found: PosesNeeded | undefined;
		await produce("out", [out], () =>
			withEngine(options.workers, signal, async (engine) => {
				const labelled = await labelledOf(engine);
				const { images, labels, source } = labelled;
				const drawn = drawPairs(labels, options.pairs, seed);
				const orders = ordersOf(action, from, to, images.shape);
				const sources = {
					network: `--network ${options.network}`,
					seeds: source,
					labels: `--labels ${options.labels}`,
				};
				const needed = await withProgress("poses", "Grams", (onProgress) =>
					naming(sources, () =>
						engine.posesNeeded(network as Network, images, drawn, {
							...{ action: ACTIONS[action], orders, ridge, prepare, signal, onProgress },
						}),
					),
				);
				found = needed;
				const data = dataOf(labelled);
				const head = { format: "orbit-kernels/poses", version: 1, packageVersion: version, seed, precision: "f64" };
				return [`${JSON.stringify({ ...head, network, action, prepare, data, ...needed })}\n`];
			}),
		);
		show(found as PosesNeeded);
		process.stdout.write(`${emphasis(process.stdout).dim("All curves:")} ${out}\n`);
	},
});

/** What was typed about samples, read; the digits that come along need an engine. */
async function readLabelled(options: {
	seeds: string | undefined;
	labels: string | undefined;
	data: string | undefined;
	split: string | undefined;
}): Promise<(engine: Engine) => Promise<Labelled>> {
	const { seeds, labels, data, split } = options;
	if (seeds === undefined) {
		if (labels !== undefined) throw usageError(`--labels ${labels}: expected --seeds <s.npy> with it`);
		return readDigits(data, split);
	}
	if (labels === undefined) throw usageError(`--seeds ${seeds} has no labels: expected --labels <l.npy>`);
	if (data !== undefined) throw usageError(`--data ${data} and --seeds ${seeds}: expected one of the two`);
	if (split !== undefined) throw usageError(`--split ${split}: expected --data <DIR> with it`);
	const images = await readArray("seeds", seeds);
	const classes = await readArray("labels", labels);
	if (classes.shape.length !== 1 || classes.shape[0] !== images.shape[0])
		throw usageError(`--labels ${labels} has shape (${classes.shape.join(", ")}): expected (${images.shape[0]})`);
	return async () => ({ images, labels: classes.data, source: `--seeds ${seeds}` });
}

/** As many random pairs as are wanted, or all where they are few. */
function drawPairs(labels: ArrayLike<number>, count: number | undefined, seed: number): [number, number][] {
	if (count !== undefined) return pairs(labels, count, seed);
	const all: [number, number][] = [];
	for (let a = 0; a < labels.length; a++)
		for (let b = a + 1; b < labels.length && all.length <= PAIRS; b++) if (labels[a] !== labels[b]) all.push([a, b]);
	return all.length > PAIRS || all.length === 0 ? pairs(labels, PAIRS, seed) : all;
}

function ordersOf(action: keyof typeof ACTIONS, from: number, to: number, shape: readonly number[]): number[] {
	const columns = shape[2] ?? 0;
	const orders = Array.from({ length: to - from + 1 }, (_, k) => from + k);
	if (action === "rotate") return orders;
	const divisors = orders.filter((order) => columns % order === 0);
	if (divisors.length > 0) return divisors;
	throw usageError(`--from ${from} --to ${to}: expected divisors of the ${columns} columns between them`);
}

function show(needed: PosesNeeded): void {
	const { orders, pairs, shareRight, shareRightFrom } = needed;
	const { dim } = emphasis(process.stdout);
	const ends = [orders[0], orders.at(-1)];
	const rows = orders.flatMap((order, n) => {
		if (!SHOWN.includes(order) && !ends.includes(order)) return [];
		const inAll = (share: number | undefined) => String(Math.round((share as number) * pairs.length));
		const median = (errors: number[]) => [...errors].sort((a, b) => a - b)[(errors.length - 1) >> 1] as number;
		const errors = (["exactError", "spectralError", "blockError"] as const).map((name) =>
			median(pairs.map((curve) => curve[name][n] as number)).toPrecision(3),
		);
		return [[String(order), inAll(shareRight[n]), inAll(shareRightFrom[n]), ...errors]];
	});
	const table = textTable(["N", "right", "right from N on", "exact", "spectral", "block"], rows);
	process.stdout.write(`${table}\n${dim(paragraph(TABLE_NOTE))}\n\n${paragraph(sentence(needed))}\n\n`);
}

const TABLE_NOTE =
	"Poses of each sample; pairs whose held-out poses are both right, and those for which that holds at every larger N too; median held-out errors: of the regression, by the spectral formula, and block by block.";

/** What the numbers say, in words. */
function sentence({ orders, pairs, rightFrom: { quartiles, never }, firstRight }: PosesNeeded): string {
	const from = (order: number | null) => (order === null ? `at no N up to ${orders.at(-1)}` : `from N = ${order} on`);
	const [quarter, half, threeQuarters] = quartiles;
	const lost = pairs.filter((pair) => pair.firstRight !== null && pair.firstRight !== pair.rightFrom).length;
	return (
		`Half of all pairs (${pairs.length}) are right for good ${from(half)}, a quarter ${from(quarter)}, three quarters ${from(threeQuarters)}; ` +
		`${never} are still wrong at N = ${orders.at(-1)}, ${firstRight.never} are never right, and ${lost} lose a pose again ` +
		"after they had it right with fewer."
	);
}
