/**
 * Figure 3: what separation of the orbits and density of their points do to the error of an unseen one, on two circles.
 *
 * Source: Perin & Deny, arXiv 2412.11521, figure 3.
 * @module
 */
import { axisX, axisY, dot, line, ruleY } from "@observablehq/plot";
import { type Circles, errorWithout, quantitiesOfCircles, RIDGE } from "./circles.ts";
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
import { curveKey } from "./panels.ts";
import { counter } from "./parts.ts";
import { colours, dotted, logTicks, svg } from "./plot.ts";
import { logCorrelation, mean, rmse } from "./statistics.ts";
import { percent } from "./words.ts";

const RADIUS = 1;

/** n numbers from 10^first to 10^last, evenly apart in their logarithms. */
const logspace = (first: number, last: number, n: number) =>
	Array.from({ length: n }, (_, k) => 10 ** (first + ((last - first) * k) / (n - 1)));

const SWEEPS = [
	{
		name: "separation",
		of: "delta",
		circles: [0, ...logspace(-2, 1, 20)].map((delta) => ({ poses: 6, delta, radius: RADIUS, inverseLength: 0.85 })),
	},
	{
		name: "density",
		of: "poses",
		circles: Array.from({ length: 12 }, (_, k) => ({
			...{ poses: 4 * (k + 1), delta: 1, radius: RADIUS, inverseLength: 1.4 },
		})),
	},
] as const;

/** Errors and the two parts of the spectral one; each array has a value for each of `circles`. */
interface Sweep {
	name: string;
	/** What of the circles is varied. */
	of: "delta" | "poses";
	circles: readonly Circles[];
	/** Index of the held-out point of A₀ B₀ A₁ B₁ …. */
	heldOut: number[];
	/** As absolute numbers. */
	ridge: number[];
	exactError: number[];
	spectralError: number[];
	/** The exact error where the regression's ridge is that part of the trace of its own Gram, without the point. */
	exactErrorOwnTrace: number[];
	lastReciprocal: number[];
	meanReciprocal: number[];
}

/** The stored numbers. */
export interface Data3 extends FigureData {
	precision: "f64";
	ridge: typeof RIDGE;
	sweeps: Sweep[];
}

async function compute(options: FigureOptions): Promise<Data3> {
	const { data: _, ...run } = runOf(options);
	const count = counter(
		options,
		SWEEPS.reduce((sum, { circles }) => sum + circles.length, 0),
	);
	const sweeps: Sweep[] = [];
	for (const { name, of, circles } of SWEEPS) {
		const rows: Awaited<ReturnType<typeof errorsOf>>[] = [];
		for (const one of circles) {
			rows.push(await errorsOf(options, one));
			count();
		}
		const column = (field: keyof (typeof rows)[number]) => rows.map((row) => row[field]);
		sweeps.push({
			...{ name, of, circles },
			heldOut: column("heldOut"),
			ridge: column("ridge"),
			exactError: column("exactError"),
			spectralError: column("spectralError"),
			exactErrorOwnTrace: column("exactErrorOwnTrace"),
			lastReciprocal: column("lastReciprocal"),
			meanReciprocal: column("meanReciprocal"),
		});
	}
	return { format: "orbit-kernels/figure-3", version: 1, ...run, precision: "f64", ridge: RIDGE, sweeps };
}

async function errorsOf(options: FigureOptions, circles: Circles) {
	const { gram, quantities } = await quantitiesOfCircles(options, circles, RIDGE);
	const { ridge, spectralError, lastReciprocal, meanReciprocal } = quantities;
	const heldOut = Math.floor(circles.poses / 2);
	return {
		...{ heldOut, ridge, spectralError, lastReciprocal, meanReciprocal },
		exactError: await errorWithout(options, gram, heldOut, ridge),
		exactErrorOwnTrace: await errorWithout(options, gram, heldOut, RIDGE),
	};
}

/** The error and its two parts, by the paper's letters. */
const PARTS = [
	{ letters: { delta: "A", poses: "D" }, name: "The error", field: "spectralError", label: "error" },
	{ letters: { delta: "B", poses: "E" }, name: "Its numerator", field: "lastReciprocal", label: "last 1/λ" },
	{ letters: { delta: "C", poses: "F" }, name: "Its denominator", field: "meanReciprocal", label: "mean of 1/λ" },
] as const;

const VARIED = {
	delta: { title: "Farther apart", axis: "distance of the orbits, Δ →", ticks: [0, 0.01, 0.1, 1, 10] },
	poses: { title: "More poses", axis: "poses of each orbit, N →", ticks: [4, 8, 16, 32, 48] },
} as const;

function plot({ sweeps }: Data3): PanelGroup[] {
	return sweeps.map((sweep) => {
		const [{ poses, delta, inverseLength }] = sweep.circles as [Circles];
		const fixed = sweep.of === "delta" ? `<i>N</i> = ${poses} poses` : `Δ = ${delta}`;
		const kernel = `a kernel exp(−<i>L</i>²<i>d</i>²) with <i>L</i> = ${inverseLength}`;
		const zero = sweep.of === "delta" ? " At the left, apart from the axis: Δ = 0." : "";
		// As many decades in each, so that the slopes of A are those of B without those of C.
		const spans = PARTS.map(({ field }) => Math.log10(Math.max(...sweep[field]) / Math.min(...sweep[field])));
		const span = 1.08 * Math.max(...spans);
		return {
			title: VARIED[sweep.of].title,
			caption: `Two circles with ${fixed} and ${kernel}. The error is the numerator through the denominator; all axes are logarithmic, decades as high in all three.${zero}`,
			panels: PARTS.map((part) => ({
				title: `${part.letters[sweep.of]} · ${part.name}`,
				svg: panel(sweep, part, span),
			})),
			key: curveKey,
			panelWidth: [250, 400],
		};
	});
}

function panel(sweep: Sweep, { name, field, label }: (typeof PARTS)[number], span: number): string {
	const { axis, ticks } = VARIED[sweep.of];
	const values = sweep[field];
	const positive = sweep.circles.map((circles) => circles[sweep.of]).filter((x) => x > 0);
	// What is 0 stands apart, left of a logarithmic axis.
	const apart = Math.min(...positive) / 2.2;
	const place = (x: number) => (x > 0 ? x : apart);
	const [least, most] = [place(ticks[0]), Math.max(...positive)];
	const middle = (Math.log10(Math.max(...values)) + Math.log10(Math.min(...values))) / 2;
	const domain = [10 ** (middle - span / 2), 10 ** (middle + span / 2)] as const;
	const points = sweep.circles.map((circles, k) => ({
		x: circles[sweep.of],
		formula: values[k] as number,
		exact: sweep.exactError[k] as number,
	}));
	const formula = points.flatMap(({ x, formula }) =>
		x > 0
			? [{ x, formula, piece: "axis" }]
			: [1.25, 1 / 1.25].map((step) => ({ x: apart * step, formula, piece: "0" })),
	);
	const text = { text: String, labelArrow: "none" } as const;
	return svg(`${name} against ${axis.replace(" →", "")}`, {
		width: 260,
		height: 230,
		marginLeft: 46,
		marginBottom: 36,
		x: { type: "log", domain: [least / 1.3, most * 1.15] },
		y: { type: "log", domain: [...domain] },
		marks: [
			axisX(ticks.map(place), { ...text, text: (_, k) => String(ticks[k]), label: axis, labelAnchor: "center" }),
			axisY(logTicks(domain), { ...text, label: `↑ ${label}` }),
			...(field === "spectralError"
				? [
						ruleY(domain[0] < 1 && domain[1] > 1 ? [1] : [], dotted),
						dot(points, { x: ({ x }) => place(x), y: "exact", r: 3, fill: colours.good }),
					]
				: []),
			line(formula, {
				...{ x: "x", y: "formula", z: "piece", stroke: colours.accent, strokeWidth: 2 },
				strokeDasharray: "4 3",
			}),
		],
	});
}

/** How the spectral error and the exact one agree. */
function agreement({ exactError, spectralError, exactErrorOwnTrace }: Sweep) {
	const apart = (others: number[]) =>
		Math.max(...exactError.map((exact, k) => Math.abs((others[k] as number) / exact - 1)));
	return {
		r: logCorrelation(exactError, spectralError),
		rmse: rmse(exactError, spectralError),
		apart: apart(spectralError),
		ownTrace: apart(exactErrorOwnTrace),
		sameVerdict: mean(exactError.map((exact, k) => Number(exact < 1 === (spectralError[k] as number) < 1))),
	};
}

function describe(data: Data3): Article {
	const { sweeps } = data;
	const ends = (values: number[]) =>
		`${(values[0] as number).toPrecision(3)} … ${(values.at(-1) as number).toPrecision(3)}`;
	return {
		label: "Figure 3",
		title: "What do separation and density do to the error?",
		question: QUESTION,
		formula: `${spectralFormula}${WHERE}`,
		insight: insight(data),
		table: {
			head: ["varied", "points", "exact", "last 1/λ", "mean 1/λ", "r", "rmse", "apart", "verdict", "own ridge"],
			rows: sweeps.map((sweep) => {
				const { r, rmse, apart, sameVerdict, ownTrace } = agreement(sweep);
				return [
					sweep.of === "delta" ? "Δ" : "N",
					String(sweep.circles.length),
					...[sweep.exactError, sweep.lastReciprocal, sweep.meanReciprocal].map(ends),
					r.toFixed(6),
					rmse.toExponential(1),
					apart.toExponential(1),
					percent(sameVerdict),
					ownTrace.toExponential(1),
				];
			}),
			note: TABLE_NOTE,
		},
		statements: statementsOf(data),
		provenance: [
			...sweeps.map(({ of, circles }): [string, string] => {
				const [{ poses, delta, radius, inverseLength }] = circles as [Circles];
				const values = circles.map((one) => Number(one[of].toPrecision(3))).join(", ");
				const [name, fixed] = of === "delta" ? ["Δ", `N = ${poses}`] : ["N", `Δ = ${delta}`];
				return [`${name} varied`, `radius ${radius}, L = ${inverseLength}, ${fixed}, ${name} = ${values}`];
			}),
			["held out", "the point of index ⌊N/2⌋ of A₀ B₀ A₁ B₁ …, predicted by a regression on all others"],
			["ridge", `${data.ridge.trace} × trace of each Gram, one number for both errors`],
			["precision", data.precision],
			...provenanceOf("3", data),
		],
	};
}

/** By which factors the exact error and the two parts change from the first value to the last, and which part does more. */
function change(sweep: Sweep) {
	const factor = (values: number[]) => (values.at(-1) as number) / (values[0] as number);
	const [numerator, denominator] = [factor(sweep.lastReciprocal), factor(sweep.meanReciprocal)];
	const mostly = Math.abs(Math.log(numerator)) > Math.abs(Math.log(denominator)) ? "numerator" : "denominator";
	const [first, last] = [sweep.circles[0], sweep.circles.at(-1)].map((circles) => circles?.[sweep.of]);
	const name = sweep.of === "delta" ? "Δ" : "N";
	return {
		error: factor(sweep.exactError),
		numerator,
		denominator,
		mostly,
		from: `${name} = ${first}`,
		to: String(last),
	};
}

function statementsOf({ sweeps }: Data3): Statement[] {
	const [separation, density] = sweeps as [Sweep, Sweep];
	const apart = Math.max(...sweeps.map((sweep) => agreement(sweep).apart));
	// Where all orbits are as good as infinitely far apart only rounding is left.
	const falls = ({ exactError }: Sweep) =>
		exactError.every((error, k) => k === 0 || error <= (exactError[k - 1] as number) * (1 + 1e-9));
	const parts = (sweep: Sweep) => {
		const { error, numerator, denominator, from, to } = change(sweep);
		return `from ${from} to ${to} the error ${changes(error)}, the numerator ${changes(numerator)}, the denominator ${changes(denominator)}`;
	};
	return [
		{
			claim: "The spectral error is the exact one (but for rounding, 1e-9).",
			holds: apart < 1e-9,
			evidence: `apart by at most ${apart.toExponential(1)} of the error`,
		},
		{
			claim: "The farther the classes are apart the smaller is the error, mostly by its numerator.",
			holds: falls(separation) && change(separation).mostly === "numerator",
			evidence: parts(separation),
		},
		{
			claim: "The denser the orbits are the smaller is the error, mostly by its denominator.",
			holds: falls(density) && change(density).mostly === "denominator",
			evidence: parts(density),
		},
	];
}

/** The sentence that the numbers of this run allow. */
function insight({ sweeps }: Data3): string {
	const sentences = sweeps.map((sweep) => {
		const { error, numerator, denominator, mostly, from, to } = change(sweep);
		return (
			`from ${from} to ${to} the error ${changes(error)}, mostly by its ${mostly}: ` +
			`the last 1/λ ${changes(numerator)}, the mean of all ${changes(denominator)}`
		);
	});
	const apart = Math.max(...sweeps.map((sweep) => agreement(sweep).apart));
	const [start, ...rest] = sentences.join("; ");
	return `${start?.toUpperCase()}${rest.join("")}. The formula and the regression differ by at most ${apart.toExponential(1)} of the error.`;
}

/** What a quantity does that ends at so many times where it began. */
function changes(factor: number): string {
	const times = Math.max(factor, 1 / factor);
	const digits = times.toPrecision(times < 10 ? 2 : 3);
	return times < 1.05 ? "stays as it is" : `${factor < 1 ? "falls" : "grows"} ${Number(digits)}-fold`;
}

const TABLE_NOTE =
	"What is varied; how many values; the exact error, the last reciprocal eigenvalue and the mean of all, at the first and the last value; correlation of the logarithms of spectral and exact errors, root mean square and largest relative difference; share of points that both call right, or both wrong; largest relative difference that a ridge relative to the trace without the held-out point makes to the exact error, as in the paper's program.";

const QUESTION = `The error of a held-out point on two circles has two parts: a numerator, of the frequency with which the labels
alternate, and a denominator, the mean over all frequencies. What moves the first, and what the second? The orbits are moved apart
(A–C), or take more points (D–F). The exact error is that of a regression on all other points:`;

const WHERE = `<p class="where">λ<sub><i>j</i></sub>: Fourier transform of a row of the kernel on the points A₀ B₀ A₁ B₁ …, plus the
ridge; λ<sub><i>N</i></sub>: at the frequency with which the labels alternate.</p>`;

/** See the top of the file. */
export const figure3: Figure<Data3> = { unit: "errors", compute, plot, describe };
