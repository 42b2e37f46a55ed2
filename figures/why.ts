/**
 * Why is a pose that two orbits hold out read rightly or wrongly: class separation, orbit density, departure from the group, or width?
 *
 * Source: Perin & Deny, arXiv 2412.11521, sections 3 and 4, for the ratio of separation and density.
 * @module
 */
import {
	gather,
	inFlight,
	type Kernel,
	type Network,
	type PairCurves,
	type PairQuantities,
	rotations,
	type Tensor,
} from "../ts/index.ts";
import { blame, type Cause } from "./cause.ts";
import { type Article, type Figure, type FigureData, provenanceOf, type RunOptions, runOf } from "./figure.ts";
import { spectralFormula } from "./formula.ts";
import { finite } from "./networks.ts";
import { inTurn, labelInTurn, quantitiesOf, RIDGE } from "./orbit-pairs.ts";
import { counter, greys, posesOf } from "./parts.ts";
import { mean, standardError } from "./statistics.ts";
import { why } from "./why-panels.ts";

/** Poses that are shown at most. */
const SHOWN = 12;

/** What is asked about the two images of the options' digits. */
export interface Question {
	network: Network | Kernel;
	/** What A and B are, in words. */
	names: [string, string];
	/** Of each image; 2 or more. */
	poses: number;
	/** The greatest number of poses at which the error is computed. */
	most: number;
	/** Hidden units (or channels) of finite networks, and how many networks there are; none, or two or more. */
	width: number;
	networks: number;
}

/** The stored numbers. */
export interface DataWhy extends FigureData {
	ridge: typeof RIDGE;
	precision: "f64";
	network: Network | Kernel;
	names: [string, string];
	poses: number;
	/** Held-out errors of A and of B, each 1 − label · prediction: read rightly if below 1. */
	heldOut: [number, number];
	/** At `poses`, and at the least number from which on both are right; null: none. */
	at: PairQuantities;
	enough: ({ poses: number } & PairQuantities) | null;
	/** At every number of poses. */
	orders: number[];
	curves: PairCurves;
	/** Regression with the tangent kernel of networks at their random weights; null where there are none. */
	finite: {
		network: Network;
		width: number;
		parameterization: "ntk";
		seeds: number[];
		exactError: number[];
		correctCount: number[];
	} | null;
	/** The first poses of both orbits as grey values 0 … 255, for people. */
	orbits: { size: number[]; poses: number; degrees: number[]; images: number[][] };
}

async function compute(question: Question, options: RunOptions): Promise<DataWhy> {
	const { engine, digits, seed, signal } = options;
	const { network, names, poses, most, width } = question;
	const call = signal ? { signal } : {};
	const ridged = { ridge: RIDGE, ...call };
	// A kernel that is no network's has no width.
	const networks = network.type.endsWith("Kernel") ? 0 : question.networks;
	const count = counter(options, networks + 2);

	const orbits = await engine.orbit(digits.images, rotations(poses), call);
	const points = gather(posesOf(orbits), inTurn(poses, poses));
	const { ntk } = (await engine.gram(network, points, call)) as { ntk: Tensor };
	const at = await engine.pairQuantities(points, ntk, ridged);
	const labels = Array.from({ length: 2 * poses }, (_, k) => labelInTurn(k));
	const fit = await engine.regression(ntk, labels, { ...call, ridge: at.ridge });
	const [a, b] = (await fit.leaveOneOut([[0], [1]])).residual.data as unknown as [number, number];
	count();

	const orders = Array.from({ length: Math.max(most, poses) - 1 }, (_, k) => k + 2);
	const { pairs } = await engine.posesNeeded(network, digits.images, [[0, 1]], { orders, ...ridged });
	const curves = pairs[0] as PairCurves;
	const quantitiesAt = async (poses: number) => {
		const orbits = await engine.orbit(digits.images, rotations(poses), call);
		const [quantities] = await quantitiesOf(engine, network, orbits, [poses], ridged);
		return { poses, ...(quantities as PairQuantities) };
	};
	const enough = curves.rightFrom === null ? null : await quantitiesAt(curves.rightFrom);
	count();

	const narrow = networks > 0 ? finite(network as Network, width) : null;
	const seeds = Array.from({ length: networks }, (_, k) => seed + k);
	const drawn = await inFlight(engine.workers + 1, seeds, async (seed) => {
		const data = { x: points, targets: { data: new Float64Array(2 * poses), shape: [2 * poses, 1] } };
		const start = await engine.train(narrow as Network, data, {
			...{ steps: 0, seed, parameterization: "ntk", precision: "f64" },
			...call,
		});
		const { ntk } = (await (start as Exclude<typeof start, unknown[]>).kernels(points, call)) as { ntk: Tensor };
		const { exactError, correctCount } = await engine.pairQuantities(points, ntk, ridged);
		count();
		return { exactError, correctCount };
	});

	const shown = Math.min(poses, SHOWN);
	const seen = await engine.orbit(digits.images, rotations(poses), { ...call, prepare: "none" });
	const first = [0, poses].flatMap((start) => Array.from({ length: shown }, (_, k) => start + k));
	return {
		format: "orbit-kernels/figure-why",
		version: 1,
		...runOf(options),
		ridge: RIDGE,
		precision: "f64",
		network,
		names,
		poses,
		heldOut: [a, -b],
		at,
		enough,
		orders,
		curves,
		finite: narrow && {
			network: narrow,
			width,
			parameterization: "ntk",
			seeds,
			exactError: drawn.map(({ exactError }) => exactError),
			correctCount: drawn.map(({ correctCount }) => correctCount),
		},
		orbits: {
			size: points.shape.slice(1),
			poses: shown,
			degrees: Array.from({ length: shown }, (_, k) => (360 * k) / poses),
			images: greys(gather(posesOf(seen), first), rangeOf(digits.images)),
		},
	};
}

/** The least and the greatest of some values and of 0, the ground. */
function rangeOf({ data }: Tensor): [number, number] {
	let [least, most] = [0, 0];
	for (const value of data) [least, most] = [Math.min(least, value), Math.max(most, value)];
	return [least, most];
}

/** Why both held-out poses are read rightly, or what is to blame that one is not, the width of networks first. */
export function causeOf({ at, enough, finite }: Pick<DataWhy, "at" | "enough" | "finite">): Cause | "width" {
	const cause = blame(at.correctCount === 2, at.blockCorrectCount === 2, enough !== null);
	return cause === "right" && finite && mean(finite.correctCount.map(both)) < 0.5 ? "width" : cause;
}

const both = (correctCount: number) => Number(correctCount === 2);

function describe(data: DataWhy): Article {
	const { at, enough, finite, heldOut, poses, orders, names } = data;
	const other = enough && enough.poses !== poses ? enough : null;
	const row = (label: string, value: (at: PairQuantities) => string) => [
		label,
		value(at),
		...(other ? [value(other)] : []),
	];
	const alone = (label: string, value: string) => [label, value, ...(other ? [""] : [])];
	return {
		label: "Beyond the paper",
		title: "Why is the unseen pose read so?",
		question: QUESTION,
		formula: `${spectralFormula}\n${WHERE}`,
		insight: insight(data),
		table: {
			head: ["", `N = ${poses}`, ...(other ? [`N = ${other.poses}`] : [])],
			rows: [
				row("class separation Δ²", (at) => digits(at.deltaSquared)),
				row("numerator λ_N⁻¹", (at) => digits(at.lastReciprocal)),
				row("orbit density 1/ρ", (at) => digits(1 / at.projectedRadius)),
				row("denominator, mean λ⁻¹", (at) => digits(at.meanReciprocal)),
				row("spectral error", (at) => digits(at.spectralError)),
				row("block error", (at) => digits(at.blockError)),
				row("exact error", (at) => digits(at.exactError)),
				alone("of A, of B", heldOut.map(digits).join(", ")),
				row("departure", (at) => (at.departure < 1e-15 ? "0" : at.departure.toExponential(1))),
				...(finite ? [alone(`width ${finite.width}`, uncertain(finite.exactError))] : []),
			],
			note: TABLE_NOTE,
		},
		provenance: [
			["A", names[0]],
			["B", names[1]],
			["poses", `turns of 360°/N; N = ${poses}, and every N from ${orders[0]} to ${orders.at(-1)}`],
			["prepared", "each pose without its mean and of unit norm"],
			["ridge", `${data.ridge.trace} × trace of each Gram, one number for all errors`],
			["precision", data.precision],
			...provenanceOf("why", data),
			["network", JSON.stringify(data.network)],
			...(finite
				? ([
						["of finite width", `seeds ${finite.seeds.join(", ")}, parameterization ${finite.parameterization}`],
						["", JSON.stringify(finite.network)],
					] as Article["provenance"])
				: []),
		],
	};
}

/** Three digits that count. */
const digits = (value: number) => String(Number(value.toPrecision(3)));

const uncertain = (values: readonly number[]) => `${digits(mean(values))} ± ${standardError(values).toPrecision(2)}`;

/** The sentence that the numbers of this run allow. */
function insight(data: DataWhy): string {
	return `${verdict(data)}: ${reason(data)}${ofWidth(data)}.`;
}

function verdict({ poses, heldOut: [a, b] }: DataWhy): string {
	const start = `With ${poses} poses of each the held-out ones`;
	const [rightA, rightB] = [a < 1, b < 1];
	if (rightA === rightB)
		return `${start} are both read ${rightA ? "rightly" : "wrongly"} (errors ${digits(a)} and ${digits(b)})`;
	const read = (right: boolean) => (right ? "rightly" : "wrongly");
	return `${start} are read ${read(rightA)} (A, error ${digits(a)}) and ${read(rightB)} (B, ${digits(b)})`;
}

const ratio = ({ lastReciprocal, meanReciprocal, spectralError }: PairQuantities) =>
	`λ_N⁻¹ / mean λ⁻¹ = ${digits(lastReciprocal)} / ${digits(meanReciprocal)} = ${digits(spectralError)}`;

function reason(data: DataWhy): string {
	const { at, enough, poses, orders } = data;
	const most = orders.at(-1);
	const forGood = enough
		? `from N = ${enough.poses} on both are right`
		: `at no N up to ${most} are both right for good`;
	switch (causeOf(data)) {
		case "departure":
			return `the kernel is not invariant under the turns (departure ${at.departure.toExponential(1)}); made invariant orbit by orbit it reads both rightly, and ${forGood}`;
		case "density": {
			const { lastReciprocal, meanReciprocal, exactError } = enough as PairQuantities;
			const then = `${digits(lastReciprocal)} / ${digits(meanReciprocal)}, error ${digits(exactError)}`;
			return `the poses are too few for how near the classes are, ${ratio(at)}; ${forGood} (${then})`;
		}
		case "separation":
			return `the classes are too close (Δ² = ${digits(at.deltaSquared)}), ${ratio(at)}, and ${forGood}`;
		case "width":
		case "right": {
			const luck =
				at.blockCorrectCount < 2
					? "only because the kernel is not invariant under the turns"
					: "the poses are dense enough for how far the classes are apart";
			const since = !enough
				? `, but ${forGood}`
				: enough.poses <= poses
					? `, as at every N from ${enough.poses} on`
					: `, but only ${forGood} throughout`;
			return `${luck}, ${ratio(at)}${since}`;
		}
	}
}

function ofWidth(data: DataWhy): string {
	const { finite } = data;
	if (!finite) return "";
	const { width, exactError, correctCount } = finite;
	const right = correctCount.filter((count) => count === 2).length;
	const narrow = causeOf(data) === "width" ? `width ${width} is too narrow` : `at width ${width}`;
	return `; ${narrow}: the tangent kernels of ${right} of ${correctCount.length} networks read both rightly (error ${uncertain(exactError)})`;
}

const TABLE_NOTE =
	"Errors are means of A and B but where they are told apart: below 1 a pose is read rightly. Departure: distance of the Gram from its block-circulant projection, relative to its norm. Width: regression with the tangent kernels of networks at random weights, mean and its standard error.";

const QUESTION = `Two images are shown to an infinitely wide network in <i>N</i> turns each, all but one: the upright pose of A or of B is held
out. An error is named by the first of these that holds. Both poses are read rightly by the kernel, but not by half of the networks of finite
width: <b>width</b>. One is not, but both would be if the Gram were made invariant orbit by orbit: <b>departure</b> from the group. They are from some larger
<i>N</i> on: the <b>density</b> of the orbits, the denominator, is too small. None of these: the <b>separation</b> of the classes is, so that the
numerator is too large.`;

const WHERE = `<p class="where">λ<sub><i>j</i></sub>: Fourier transform of the circulant Gram nearest to that of the points A₀ B₀ A₁ B₁ …, plus the ridge. The numerator
falls with the distance Δ of the orbits' centres, the denominator grows as poses move together, with 1/<i>ρ</i>, <i>ρ</i> the distance of a pose from
its orbit's centre. Below 1, the pose is read rightly.</p>`;

/** The figure of one pair of images. */
export const figureWhy = (question: Question): Figure<DataWhy, RunOptions> => ({
	unit: "steps",
	compute: (options) => compute(question, options),
	plot: (data) => [why(data)],
	describe,
});
