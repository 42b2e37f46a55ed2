/**
 * Is the error of an unseen pose told better when each block of two orbits is made circulant, not the interleaved whole?
 * @module
 */
import { type Network, type PairQuantities, pairs } from "../ts/index.ts";
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
import { accuracy, type Cell, cells, type Pair, pairsOf, RIDGE } from "./orbit-pairs.ts";
import { errorScatter, scatterKey } from "./panels.ts";
import { counter } from "./parts.ts";
import { around } from "./plot.ts";
import { logCorrelation, median, rmse } from "./statistics.ts";
import { percent } from "./words.ts";

/** Poses of each digit; each number divides the last. */
const POSES = [4, 8, 16, 32];
const PAIRS = { quick: 300, paper: 300 };

const QUANTITIES = [
	"exactError",
	"spectralError",
	"blockError",
	"correctCount",
	"blockCorrectCount",
	"departure",
	"ridge",
] as const satisfies (keyof PairQuantities)[];

type BlockCell = Cell<(typeof QUANTITIES)[number]>;

/** The stored numbers. */
export interface DataBlock extends FigureData {
	ridge: typeof RIDGE;
	precision: "f64";
	network: Network;
	pairs: Pair[];
	cells: BlockCell[];
}

async function compute(options: FigureOptions): Promise<DataBlock> {
	const { digits, scale, seed } = options;
	const drawn = pairs(digits.labels, options.pairs ?? PAIRS[scale], seed);
	const network = mlp(1);
	const count = counter(options, drawn.length);
	return {
		format: "orbit-kernels/figure-block",
		version: 1,
		...runOf(options),
		ridge: RIDGE,
		precision: "f64",
		network,
		pairs: pairsOf(digits.labels, drawn),
		cells: await cells(options, "pair", { network, pairs: drawn, orders: POSES }, QUANTITIES, count),
	};
}

const FORMULAS = [
	{
		name: "spectral",
		field: "spectralError",
		title: "The whole made circulant: the paper's formula",
		caption: "The wrapped diagonals of the interleaved Gram A₀ B₀ A₁ B₁ … are averaged, across both orbits.",
	},
	{
		name: "block",
		field: "blockError",
		title: "Each block made circulant",
		caption: "Averaged are A with A, B with B and A with B, each for itself.",
	},
] as const;

function plot({ cells }: DataBlock): PanelGroup[] {
	return FORMULAS.map(({ name, field, title, caption }) => ({
		title,
		caption: `${caption} Each mark is a pair of digits. On the diagonal the formula is exact; dotted, the error of 1 at which a pose is lost. Logarithmic axes, the same in both rows.`,
		panels: cells.map((cell) => {
			const domain = around([...cell.exactError, ...cell.spectralError, ...cell.blockError]);
			const label = `Exact against ${name} error, ${cell.poses} poses`;
			return { title: `N = ${cell.poses}`, svg: errorScatter(label, cell, [name, cell[field]], domain) };
		}),
		key: scatterKey,
		panelWidth: [150, 340],
	}));
}

/** How far the two formulas are from the exact error. */
function measures({ exactError, spectralError, blockError }: BlockCell) {
	const [spectral, block] = [rmse(exactError, spectralError), rmse(exactError, blockError)];
	return {
		spectral,
		block,
		ratio: spectral / block,
		spectralCorrelation: logCorrelation(exactError, spectralError),
		blockCorrelation: logCorrelation(exactError, blockError),
	};
}

function describe(data: DataBlock): Article {
	const rows = data.cells.map((cell) => {
		const measured = measures(cell);
		const { spectral, block, ratio, spectralCorrelation, blockCorrelation } = measured;
		return [
			String(cell.poses),
			percent(accuracy(cell)),
			median(cell.exactError).toPrecision(3),
			spectral.toPrecision(3),
			block.toPrecision(3),
			isRounding(measured) ? "∞" : ratio.toPrecision(3),
			spectralCorrelation.toFixed(3),
			blockCorrelation.toFixed(5),
			median(cell.departure) < 1e-15 ? "0" : median(cell.departure).toExponential(1),
		];
	});
	return {
		label: "Beyond the paper",
		title: "Does the formula come closer when each orbit is taken for itself?",
		question: QUESTION,
		formula: FORMULA,
		insight: insight(data),
		table: {
			head: ["N", "correct", "exact", "rmse spectral", "rmse block", "ratio", "r spectral", "r block", "departure"],
			rows,
			note: TABLE_NOTE,
		},
		provenance: [
			["pairs", `${data.pairs.length}, of different labels, seed ${data.seed}`],
			["prepared", "each pose without its mean and of unit norm"],
			["ridge", `${data.ridge.trace} × trace of each Gram, one number for all three errors`],
			["precision", data.precision],
			...provenanceOf("block", data),
			["1 hidden layer", JSON.stringify(data.network)],
		],
	};
}

/** The sentence that the numbers of this run allow. */
function insight({ cells, pairs: drawn }: DataBlock): string {
	const all = cells.map((cell) => ({ poses: cell.poses, ...measures(cell) }));
	const [rounding, others] = [all.filter(isRounding), all.filter((one) => !isRounding(one))];
	const missed = (by: "block" | "spectral") => others.map((one) => one[by].toPrecision(2)).join(", ");
	const list = (some: typeof all) => some.map(({ poses }) => poses).join(", ");
	const least = Math.min(...others.map(({ ratio }) => ratio));
	const verdict = least > 1 ? `at least ${least.toPrecision(2)} times as much` : "not more at every N";
	const parts = [
		...(others.length > 0
			? [
					`the blocks miss the exact error by ${missed("block")} (root mean square) at N = ${list(others)}, the spectral formula by ${missed("spectral")}, ${verdict}`,
				]
			: []),
		...(rounding.length > 0
			? [`at N = ${list(rounding)}, where all turns only move pixels, the blocks are exact up to rounding`]
			: []),
	];
	return `Over ${drawn.length} pairs ${parts.join("; ")}.`;
}

/** Where the Gram is invariant, only rounding is left. */
const isRounding = ({ block }: ReturnType<typeof measures>) => block < 1e-9;

const TABLE_NOTE =
	"Poses of each digit; share of unseen poses read correctly; median exact error; root mean square deviations of the spectral and of the block error from the exact one, and their ratio (∞ where only rounding is left); correlations of logarithms with the exact error; median distance of the Gram from its block-circulant projection, relative to its norm.";

const QUESTION = `Turned digits give a Gram that is nearly, but not exactly, invariant: the corners of the image and the interpolation
break the symmetry. The spectral formula of Perin and Deny (arXiv 2412.11521)
makes the whole Gram of A₀ B₀ A₁ B₁ … circulant, which also takes orbit A to be as dense as orbit B. It is enough to make each block of two
orbits circulant: one 2 × 2 matrix for each frequency then gives the error of a held-out pose, for each orbit its own:`;

const FORMULA = `<math display="block"><msub><mi>ε</mi><mi>a</mi></msub><mo>=</mo><mfrac><msub><mrow><mo stretchy="false">[</mo><mover><mi>K</mi><mo>^</mo></mover><msup><mrow><mo stretchy="false">(</mo><mn>0</mn><mo stretchy="false">)</mo></mrow><mrow><mo>−</mo><mn>1</mn></mrow></msup><mi>t</mi><mo stretchy="false">]</mo></mrow><mi>a</mi></msub><mrow><mfrac><mn>1</mn><mi>N</mi></mfrac><munder><mo>∑</mo><mi>f</mi></munder><msub><mrow><mo stretchy="false">[</mo><mover><mi>K</mi><mo>^</mo></mover><msup><mrow><mo stretchy="false">(</mo><mi>f</mi><mo stretchy="false">)</mo></mrow><mrow><mo>−</mo><mn>1</mn></mrow></msup><mo stretchy="false">]</mo></mrow><mrow><mi>a</mi><mi>a</mi></mrow></msub></mrow></mfrac></math>
<p class="where"><i>K̂</i>(<i>f</i>): Fourier transforms of the averaged blocks AA, AB, BA, BB at frequency <i>f</i>, plus the ridge; <i>t</i> = (1, −1) the
labels. The block error is the mean of |ε<sub>A</sub>| and |ε<sub>B</sub>|. Where the orbits change places by half a step, it is the spectral error.</p>`;

/** See the top of the file. */
export const figureBlock: Figure<DataBlock> = { unit: "pairs", compute, plot, describe };
