/**
 * Lazy or rich: how far do the kernels of trained networks move, and which kernel tells their errors, that of the start, of the end,
 * or of infinite width?
 *
 * Source: Chizat, Oyallon & Bach 2019, arXiv 1812.07956, for lazy training; Perin & Deny, arXiv 2412.11521, figure 5, for trained pairs.
 * @module
 */
import { gather, pairs, type Tensor } from "../ts/index.ts";
import { bandedCurves, type Curve, estimate } from "./curves.ts";
import {
	type Article,
	type Figure,
	type FigureData,
	type FigureOptions,
	type PanelGroup,
	provenanceOf,
	runOf,
	type Scale,
} from "./figure.ts";
import { type By, HOW, type Measured, measure, PARAMETERIZATIONS, POSES, type Training } from "./lazy-training.ts";
import { type Pair, pairsOf, RIDGE, sameVerdict } from "./orbit-pairs.ts";
import { errorScatter, lineKey, scatterKey } from "./panels.ts";
import { counter, keptEach } from "./parts.ts";
import { around, colours, logScale } from "./plot.ts";
import { logCorrelation, mean, rmse } from "./statistics.ts";
import { percent } from "./words.ts";

/** What is trained. */
export interface Sizes {
	pairs: number;
	widths: readonly number[];
	/** Steps at which kernels are measured; the last are the training's. */
	steps: readonly number[];
}

export const SIZES: Record<Scale, Sizes> = {
	quick: { pairs: 8, widths: [32, 128], steps: [1, 3, 10, 30, 100, 300, 1000] },
	paper: { pairs: 512, widths: [128, 512], steps: [1, 3, 10, 30, 100, 300, 1000, 2000] },
};

const KERNELS = {
	start: "before training",
	end: "after training",
	limit: "of infinite width",
} as const satisfies Record<By, string>;
const BY = Object.keys(KERNELS) as By[];

/** Networks of one kind; a value for each pair. */
interface Setting extends Training {
	width: number;
	pairs: Measured[];
}

/** The stored numbers. */
export interface DataLazy extends FigureData {
	/** Of the trainings and their kernels; those of infinite width are f64. */
	precision: "f32";
	ridge: typeof RIDGE;
	poses: number;
	/** At which kernels are measured; the last are the training's. */
	steps: number[];
	pairs: Pair[];
	settings: Setting[];
}

/** See the top of the file; `sizes` instead of those of the scale. */
export async function compute(options: FigureOptions, sizes = SIZES[options.scale]): Promise<DataLazy> {
	const { engine, digits, seed, signal } = options;
	const call = signal ? { signal } : {};
	const { widths, steps } = sizes;
	const drawn = pairs(digits.labels, options.pairs ?? sizes.pairs, seed);
	const [, ...size] = digits.images.shape;
	const pixels = size.reduce((product, side) => product * side, 1);
	// All poses have unit norm, and so one diagonal.
	const pose = await engine.prepare(gather(digits.images, [drawn[0]?.[0] as number]), call);
	const count = counter(options, widths.length * PARAMETERIZATIONS.length * drawn.length);
	const settings: Setting[] = [];
	for (const width of widths)
		for (const parameterization of PARAMETERIZATIONS) {
			const how = HOW[parameterization];
			const limit = how.limit(pixels);
			const { ntk } = await engine.diagonal(limit, pose, call);
			const training: Training = {
				...{ parameterization, limit, init: how.init },
				network: how.network(width, pixels),
				optimizer: how.optimizer((ntk as Tensor).data[0] as number),
			};
			const measured = await keptEach(
				options,
				`${parameterization}-${width}`,
				drawn,
				(pair, k) => measure(options, training, pair, steps, seed + k),
				count,
			);
			settings.push({ width, ...training, pairs: measured });
		}
	return {
		format: "orbit-kernels/figure-lazy",
		version: 1,
		...runOf(options),
		precision: "f32",
		ridge: RIDGE,
		poses: POSES,
		steps: [...steps],
		pairs: pairsOf(digits.labels, drawn),
		settings,
	};
}

/** Of each parameterization the widest networks. */
const widest = (settings: readonly Setting[]) => settings.filter(({ width }) => width === settings.at(-1)?.width);

/** Lines of a setting: colours for parameterizations, dashes for all widths but the last. */
function lineOf(setting: Setting, settings: readonly Setting[]) {
	const stroke = setting.parameterization === "standard" ? colours.bad : colours.good;
	return { stroke, ...(!widest(settings).includes(setting) && { dashes: "5 3" }) };
}

const nameOf = ({ parameterization, width }: Setting) => `${HOW[parameterization].label}, width ${width}`;

function plot(data: DataLazy): PanelGroup[] {
	return [drifts(data), ...widest(data.settings).map(scatters)];
}

function drifts({ settings, steps }: DataLazy): PanelGroup {
	const curvesOf = (name: "drift" | "alignment") =>
		settings.map(
			(setting): Curve => ({
				...lineOf(setting, settings),
				at: steps,
				estimates: steps.map((_, k) => estimate(setting.pairs.map((pair) => pair[name][k] as number))),
			}),
		);
	const [first, last] = [steps[0] as number, steps.at(-1) as number];
	const x = { ...logScale("steps →", [first, last]), tickFormat: "," };
	const [moved, aligned] = [curvesOf("drift"), curvesOf("alignment")];
	const centres = moved.flatMap(({ estimates }) => estimates.map(({ centre }) => centre));
	const domain = around(centres, 1.2);
	const y = logScale("↑ distance", domain);
	return {
		title: "How far the kernels move",
		caption:
			"Distance of a network's kernel from the one it had before training, relative to that one's norm, and the cosine between the two, during training. Means over pairs; bands: 95 % confidence.",
		panels: [
			{
				title: "relative distance",
				svg: bandedCurves("Relative distance of kernels against steps", moved, { x, y, bounds: domain }),
			},
			{
				title: "alignment",
				svg: bandedCurves("Alignment of kernels against steps", aligned, {
					...{ x, y: { label: "↑ cosine", nice: true }, bounds: [-1, 1] },
				}),
			},
		],
		key: settings.map((setting) => lineKey(nameOf(setting), lineOf(setting, settings))),
		panelWidth: [260, 380],
	};
}

function scatters(setting: Setting): PanelGroup {
	const { pairs } = setting;
	const trainedError = pairs.map((pair) => pair.trainedError);
	const trained = { exactError: trainedError, correctCount: pairs.map((pair) => pair.trainedCorrect) };
	const errors = [...trainedError, ...pairs.flatMap(({ spectral }) => Object.values(spectral))];
	const domain = around(errors);
	return {
		title: `Errors of trained networks: ${nameOf(setting)}`,
		caption:
			"Each mark is a pair of digits, of which the upright pose of the one and of the other is held out. On the diagonal the spectral error on that kernel is that of the trained networks; dotted, the error of 1 at which a pose is lost. Logarithmic axes.",
		panels: BY.map((by) => ({
			title: `kernel ${KERNELS[by]}`,
			svg: errorScatter(
				`Trained against spectral error, ${nameOf(setting)}, kernel ${KERNELS[by]}`,
				trained,
				["spectral", pairs.map(({ spectral }) => spectral[by])],
				domain,
				{ vertical: "trained" },
			),
		})),
		key: scatterKey,
		panelWidth: [180, 340],
	};
}

/** How well errors on one kernel tell those of the trained networks. */
function measures({ pairs }: Setting, kind: "spectral" | "regression", by: By) {
	const [trained, told] = [pairs.map(({ trainedError }) => trainedError), pairs.map((pair) => pair[kind][by])];
	const agreed = sameVerdict({ spectralError: told, correctCount: pairs.map(({ trainedCorrect }) => trainedCorrect) });
	return { r: logCorrelation(trained, told), rmse: rmse(trained, told), agreed };
}

/** At the end of training, over all pairs. */
const atEnd = ({ pairs }: Setting, name: "drift" | "alignment") =>
	mean(pairs.map((pair) => pair[name].at(-1) as number));

function describe(data: DataLazy): Article {
	const { settings, pairs, steps, poses } = data;
	return {
		label: "Beyond the paper",
		title: "Do trained networks keep their kernel, and which kernel tells their errors?",
		question: QUESTION,
		formula: FORMULA,
		insight: insight(data),
		table: {
			head: ["weights", "width", "kernel", "distance", "cosine", "r", "rmse", "agrees", "r regr.", "rmse regr."],
			rows: settings.flatMap((setting) =>
				BY.map((by) => {
					const [spectral, regression] = [measures(setting, "spectral", by), measures(setting, "regression", by)];
					return [
						...[HOW[setting.parameterization].label, String(setting.width), KERNELS[by]],
						...(by === "end"
							? [atEnd(setting, "drift").toPrecision(2), atEnd(setting, "alignment").toFixed(3)]
							: ["–", "–"]),
						...[spectral.r.toFixed(3), spectral.rmse.toFixed(3), percent(spectral.agreed)],
						...[regression.r.toFixed(3), regression.rmse.toFixed(3)],
					];
				}),
			),
			note: TABLE_NOTE,
		},
		provenance: [
			[
				"pairs",
				`${pairs.length}, of different labels, in ${poses} poses, seed ${data.seed}; networks have the seeds from it on`,
			],
			["prepared", "each pose without its mean and of unit norm"],
			[
				"training",
				`${steps.at(-1)} steps on all known poses, mse, targets ±1 added to what the network says at the start`,
			],
			["ridge", `${data.ridge.trace} × trace of each Gram`],
			["precision", `${data.precision}; kernels of infinite width f64`],
			...provenanceOf("lazy", data),
			...settings.flatMap((setting): [string, string][] => [
				[
					nameOf(setting),
					`${JSON.stringify(setting.optimizer)}, ${setting.init} weights; largest loss at the end ${lossOf(setting)}; ${JSON.stringify(setting.network)}`,
				],
				["its infinite width", JSON.stringify(setting.limit)],
			]),
		],
	};
}

const lossOf = ({ pairs }: Setting) => Math.max(...pairs.map(({ loss }) => loss)).toExponential(1);

/** The sentence that the numbers of this run allow. */
function insight({ settings }: DataLazy): string {
	const parts = widest(settings).map((setting) => {
		const all = BY.map((by) => ({ by, ...measures(setting, "spectral", by) }));
		const [ranks] = [...all].sort((a, b) => b.r - a.r) as [(typeof all)[number]];
		const [near] = [...all].sort((a, b) => a.rmse - b.rmse) as [(typeof all)[number]];
		const others = (name: "r" | "rmse", best: By) =>
			all
				.filter(({ by }) => by !== best)
				.map((one) => `${one[name].toFixed(2)} ${KERNELS[one.by]}`)
				.join(", ");
		return (
			`the kernel of ${HOW[setting.parameterization].label} networks moves by ${atEnd(setting, "drift").toPrecision(2)} times its norm; the spectral error ` +
			`orders their errors best on the kernel ${KERNELS[ranks.by]} (r ${ranks.r.toFixed(2)}; ${others("r", ranks.by)}) and is ` +
			`nearest to them on that ${KERNELS[near.by]} (rmse ${near.rmse.toFixed(2)}; ${others("rmse", near.by)}), and regression with ` +
			`the kernel after training has r ${measures(setting, "regression", "end").r.toFixed(3)}`
		);
	});
	return `At width ${settings.at(-1)?.width}, ${parts.join("; ")}.`;
}

const TABLE_NOTE =
	"Parameterization, width, and the kernel on which errors are told; how far the kernel has moved after training, relative to its norm, and its cosine with what it was; of the spectral error on that kernel: correlation of logarithms with the trained networks' error, root mean square of their difference, share of held-out poses that are right or wrong as an error below 1 foretells; the same of regression with that kernel. A kernel after training treats the poses that it was trained on otherwise than the held-out one; the spectral formula averages over both, regression does not.";

const QUESTION = `Kernel regression describes networks that learn lazily: their neural tangent kernel stays what it was before training.
Networks of the widths and learning rates that people use also learn features: their kernel moves. Two digits are shown in <i>N</i> poses each,
and the upright pose of the one or of the other is held out. How far does the kernel move, and is the error of the trained network told by
the spectral error on its kernel before training, on its kernel after training, or on that of infinite width? Networks with standard weights
are trained by Adam, as in figure 5; those in the NTK parameterization by gradient descent, as theory has it.`;

const FORMULA = `<math display="block"><mtext>distance</mtext><mo>=</mo><mfrac><mrow><mo>‖</mo><msub><mi>K</mi><mi>t</mi></msub><mo>−</mo><msub><mi>K</mi><mn>0</mn></msub><mo>‖</mo></mrow><mrow><mo>‖</mo><msub><mi>K</mi><mn>0</mn></msub><mo>‖</mo></mrow></mfrac></math>
<math display="block"><mtext>cosine</mtext><mo>=</mo><mfrac><mrow><mo>⟨</mo><msub><mi>K</mi><mi>t</mi></msub><mo>,</mo><msub><mi>K</mi><mn>0</mn></msub><mo>⟩</mo></mrow><mrow><mo>‖</mo><msub><mi>K</mi><mi>t</mi></msub><mo>‖</mo><mo>‖</mo><msub><mi>K</mi><mn>0</mn></msub><mo>‖</mo></mrow></mfrac></math>
<p class="where"><i>K</i><sub><i>t</i></sub>: the network's neural tangent kernel on all poses of the pair after <i>t</i> steps.</p>`;

/** See the top of the file. */
export const figureLazy: Figure<DataLazy> = { unit: "pairs", compute, plot, describe };
