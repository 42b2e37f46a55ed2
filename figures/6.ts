/**
 * Figure 6: does the spectral formula still tell when classes have several seeds, and when there are ten of them?
 *
 * Source: Perin & Deny, arXiv 2412.11521, figure 6; A: 13 seeds a class, 50 tests, N = 8; B: 10 classes of 13 seeds.
 * @module
 */
import { type Network, random } from "../ts/index.ts";
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
import { classesMlp, mlp } from "./networks.ts";
import { foretold, RIDGE } from "./orbit-pairs.ts";
import { errorScatter, lineKey, linesOverPoses, marksKey } from "./panels.ts";
import { counter, kept, keptEach } from "./parts.ts";
import { colours, shares } from "./plot.ts";
import { correlation, mean, median, rmse } from "./statistics.ts";
import {
	classesOf,
	drawSeeds,
	drawTests,
	type MultiClass,
	type MultiSeed,
	multiClass,
	multiSeed,
	pick,
	recognized,
	type Seeds,
	TRAINING,
} from "./ten-classes.ts";
import { percent } from "./words.ts";

/** Of each class, or all where it has fewer. */
const SEEDS = 13;
const TESTS = { quick: { tests: 20, poses: [8] }, paper: { tests: 50, poses: [4, 8] } };
/** Of how many classes upright poses are held out from trainings, one class at a time. */
const CLASSES = {
	quick: { poses: [4, 16], heldOut: 2, epochs: 40 },
	paper: { poses: [2, 4, 8, 16, 32, 64], heldOut: 10, epochs: 100 },
};

/** Two classes at a time; each array has a value for each test. */
interface SeedsPart {
	network: Network;
	tests: Seeds[];
	cells: ({ poses: number } & Record<keyof MultiSeed, number[]>)[];
}

/** All classes; shares of upright poses that are recognized. */
interface ClassesPart {
	network: Network;
	trained: typeof TRAINING & { epochs: number; heldOut: number[] };
	seeds: Seeds;
	/** By class, exact and spectral of all, trained (with the known poses) of those that are held out. */
	cells: ({ poses: number; trained: number[]; known: number[] } & MultiClass)[];
}

/** The stored numbers. */
export interface Data6 extends FigureData {
	ridge: typeof RIDGE;
	/** Of kernels. */
	precision: "f64";
	multiSeed: SeedsPart;
	multiClass: ClassesPart;
}

async function compute(options: FigureOptions): Promise<Data6> {
	const { digits, scale, seed } = options;
	const sizes = { ...TESTS[scale], ...(options.pairs && { tests: options.pairs }) };
	const tests = drawTests(digits.labels, sizes.tests, SEEDS, seed);
	const next = random(seed);
	const classes = classesOf(digits.labels);
	const seeds = drawSeeds(digits.labels, classes, SEEDS, next);
	const { poses, epochs, heldOut: count } = CLASSES[scale];
	const heldOut = pick(classes, count, next).sort((a, b) => a - b);
	const done = counter(options, tests.length * sizes.poses.length + poses.length * (1 + heldOut.length));

	const ofTests: SeedsPart["cells"] = [];
	for (const poses of sizes.poses) {
		const work = (test: Seeds) => multiSeed(options, test, poses, RIDGE);
		const results = await keptEach(options, `seeds-${poses}`, tests, work, done);
		const column = (name: keyof MultiSeed) => results.map((result) => result[name]);
		ofTests.push({
			poses,
			exactError: column("exactError"),
			spectralError: column("spectralError"),
			correctShare: column("correctShare"),
		});
	}
	const ofClasses: ClassesPart["cells"] = [];
	for (const order of poses) {
		const rules = await kept(options, `classes-${order}`, () => multiClass(options, seeds, order, RIDGE));
		done();
		const train = (label: number) =>
			recognized(options, seeds, label, { poses: order, epochs, seed: seed + classes.indexOf(label) });
		const shares = await keptEach(options, `trained-${order}`, heldOut, train, done);
		const trained = shares.map(({ unseen }) => unseen);
		ofClasses.push({ poses: order, ...rules, trained, known: shares.map(({ known }) => known) });
	}
	return {
		format: "orbit-kernels/figure-6",
		version: 1,
		...runOf(options),
		ridge: RIDGE,
		precision: "f64",
		multiSeed: { network: mlp(1), tests, cells: ofTests },
		multiClass: { network: classesMlp, trained: { ...TRAINING, epochs, heldOut }, seeds, cells: ofClasses },
	};
}

/** Tests by the share of upright poses that are right. */
const THIRDS = marksKey(["less than a third of the poses read correctly", "less than two thirds", "more"]);
const thirdOf = (share: number) => Math.min(2, Math.floor(3 * share));

const LINES = {
	trained: { stroke: colours.good },
	exact: { stroke: colours.middling, dashes: "6 3" },
	spectral: { stroke: colours.bad, dashes: "2 3" },
} as const;
type By = keyof typeof LINES;
const NAMES: Record<By, string> = {
	trained: "trained network",
	exact: "kernel, one class against the rest",
	spectral: "spectral formula, against each other class",
};
const WAYS = Object.keys(LINES) as By[];

function plot({ multiSeed, multiClass }: Data6): PanelGroup[] {
	const { cells } = multiClass;
	const orders = cells.map(({ poses }) => poses);
	const lines = WAYS.map((by) => ({ values: cells.map((cell) => mean(cell[by])), ...LINES[by] }));
	const y = shares("↑ unseen poses recognized");
	const held = multiClass.trained.heldOut;
	return [
		{
			title: "A. Two classes of several seeds",
			caption: `Each mark is a test: ${seedsOf(multiSeed.tests.flat())} digits of each of two classes in N poses each, and all upright poses of the one, then of the other held out together. Exact: mean over the held-out poses of 1 − <i>y</i>·<i>ŷ</i>. Spectral: mean over all pairs of their orbits. Dotted: the error of 1 at which the mean pose is lost.`,
			panels: multiSeed.cells.map(({ poses, exactError, spectralError, correctShare }) => {
				const errors = [...exactError, ...spectralError];
				return {
					title: `N = ${poses}`,
					svg: errorScatter(
						`Exact against spectral error of classes, ${poses} poses`,
						{ exactError, correctCount: correctShare.map(thirdOf) },
						["spectral", spectralError],
						[Math.min(0, ...errors), 1.05 * Math.max(...errors)],
						{ scale: "linear" },
					),
				};
			}),
			key: THIRDS,
			panelWidth: [240, 340],
		},
		{
			title: "B. Ten classes",
			caption: `${seedsOf(multiClass.seeds)} digits of each of ${multiClass.seeds.length} classes in N poses each; of one class at a time no digit is known upright. Regression and formula: mean over all classes; networks are trained without the upright poses of ${inList(held)}, one at a time. Dotted: chance.`,
			panels: [
				{
					title: "",
					svg: linesOverPoses("Unseen poses recognized", orders, lines, y, 1 / multiClass.seeds.length),
				},
			],
			key: WAYS.map((by) => lineKey(NAMES[by], LINES[by])),
			panelWidth: [280, 420],
		},
	];
}

/** How many seeds classes have. */
function seedsOf(seeds: Seeds): string {
	const counts = seeds.map(({ images }) => images.length);
	const [least, most] = [Math.min(...counts), Math.max(...counts)];
	return least === most ? String(most) : `${least} to ${most}`;
}

const inList = (labels: readonly number[]) => labels.join(", ");

function describe(data: Data6): Article {
	const { multiSeed, multiClass } = data;
	const tests = multiSeed.cells.map(({ poses, exactError, spectralError, correctShare }) => [
		"A",
		String(poses),
		percent(mean(correctShare)),
		percent(foretold({ spectralError })),
		"–",
		median(exactError).toPrecision(3),
		median(spectralError).toPrecision(3),
		correlation(exactError, spectralError).toFixed(3),
		rmse(exactError, spectralError).toFixed(3),
	]);
	const classes = multiClass.cells.map((cell) => [
		"B",
		String(cell.poses),
		percent(mean(cell.exact)),
		percent(mean(cell.spectral)),
		percent(mean(cell.trained)),
		"–",
		"–",
		"–",
		"–",
	]);
	const { trained } = multiClass;
	return {
		label: "Figure 6",
		title: "Does the formula tell with several seeds, and with ten classes?",
		question: QUESTION,
		formula: FORMULA,
		insight: insight(data),
		table: {
			head: ["", "N", "correct", "foretold", "trained", "error", "formula", "r", "rmse"],
			rows: [...tests, ...classes],
			note: TABLE_NOTE,
		},
		statements: statementsOf(data),
		provenance: [
			["tests", `${multiSeed.tests.length}, each with digits of its own, seed ${data.seed}`],
			["digits", `${seedsOf(multiSeed.tests.flat())} of each class in A, ${seedsOf(multiClass.seeds)} in B`],
			["prepared", "each pose without its mean and of unit norm"],
			["ridge", `${data.ridge.trace} × trace of the Gram of all poses, one number for both errors`],
			["precision", `${data.precision}; trainings ${trained.precision}`],
			[
				"trainings",
				`without upright ${inList(trained.heldOut)}, one at a time; ${trained.epochs} epochs of steps on ${trained.batch} samples, ${trained.loss}, ${JSON.stringify(trained.optimizer)}, weights ${trained.init} in ±1/√fan-in, seeds from ${data.seed} on`,
			],
			...provenanceOf("6", data),
			["A, kernel", JSON.stringify(multiSeed.network)],
			["B, kernel", JSON.stringify(multiClass.network)],
			["B, trained", JSON.stringify(trained.network)],
		],
	};
}

/** What the paper says, and from which numbers on it holds. */
function statementsOf({ multiSeed, multiClass }: Data6): Statement[] {
	const ofTests = multiSeed.cells.map(({ poses, exactError, spectralError }) => {
		const r = correlation(exactError, spectralError);
		return {
			claim: `With several seeds the mean spectral error goes with the exact one at N = ${poses} (r ≥ 0.9).`,
			holds: r >= 0.9,
			evidence: `r = ${r.toFixed(3)}, ${exactError.length} tests`,
		};
	});
	const [few, many] = [multiClass.cells[0], multiClass.cells.at(-1)] as [
		ClassesPart["cells"][number],
		ClassesPart["cells"][number],
	];
	return [
		...ofTests,
		{
			claim:
				"With ten classes unseen poses are lost at few poses and recognized at many, by trained networks as by the kernel and the formula.",
			holds: WAYS.every((by) => mean(few[by]) < 0.5 && mean(many[by]) > mean(few[by])),
			evidence: WAYS.map(
				(by) =>
					`${NAMES[by]} ${percent(mean(few[by]))} at N = ${few.poses}, ${percent(mean(many[by]))} at N = ${many.poses}`,
			).join("; "),
		},
	];
}

/** The sentence that the numbers of this run allow. */
function insight({ multiSeed, multiClass }: Data6): string {
	const seeds = multiSeed.cells.map(({ poses, exactError, spectralError }) => {
		const above = mean(spectralError.map((spectral, k) => Number(spectral > (exactError[k] as number))));
		return `at N = ${poses} the mean spectral error of two classes goes with the exact one (r ${correlation(exactError, spectralError).toFixed(2)}), and is the larger of the two in ${percent(above)} of the tests`;
	});
	const classes = multiClass.cells.map((cell) => {
		const share = (by: By) => percent(mean(cell[by]));
		return `at N = ${cell.poses} trained networks recognize ${share("trained")} of the unseen poses and ${percent(mean(cell.known))} of the known, the kernel ${share("exact")}, and the formula foretells ${share("spectral")}`;
	});
	const sentence = `${seeds.join("; ")}; with ${multiClass.seeds.length} classes, ${classes.join("; ")}.`;
	return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}`;
}

const TABLE_NOTE =
	"A: two classes; B: all. Poses of each digit; share of held-out upright poses that are right by regression (in B one class against the rest), of tests, or poses, that the formula foretells to be right, and of poses that trained networks recognize (in B, mean over the held-out classes); median errors of the tests, their correlation, and root mean square difference.";

const QUESTION = `A class of real data is not one orbit. Here each class has several digits, all of them in <i>N</i> poses, and none of one
class is known upright: other digits of its class do not help with the pose either. The formula of Perin and Deny (arXiv 2412.11521) is
about two orbits; with several seeds <i>a</i>, <i>b</i> of two classes its errors are averaged, and of many classes the one is right that
wins against each other on average:`;

const FORMULA = `${spectralFormula}
<math display="block"><mrow><mi>ε</mi><mo>=</mo><munder><mi>mean</mi><mrow><mi>a</mi><mo>,</mo><mi>b</mi></mrow></munder><mspace width="0.3em"></mspace><msub><mi>ε</mi><mi>s</mi></msub><mo stretchy="false">(</mo><mi>a</mi><mo>,</mo><mi>b</mi><mo stretchy="false">)</mo></mrow></math>
<p class="where">λ<sub><i>j</i></sub>: Fourier transform of the circulant Gram nearest to that of the points A₀ B₀ A₁ B₁ …, plus the ridge. Of ten classes,
seed <i>a</i> is right if for each other class the mean over its seeds <i>b</i> of 1 − ε<sub><i>s</i></sub>(<i>a</i>, <i>b</i>) is positive.</p>`;

/** See the top of the file. */
export const figure6: Figure<Data6> = { unit: "parts", compute, plot, describe };
