/**
 * Panels that several figures share.
 * @module
 */
import { areaY, axisX, axisY, dot, image, line, rect, ruleX, ruleY, type ScaleOptions, text } from "@observablehq/plot";
import type { KeyEntry } from "./figure.ts";
import { colours, type Domain, dotted, doublings, greyBitmap, logAxes, sample, svg } from "./plot.ts";

/** The two orbits of a pair, by colour and shape. */
export const ORBITS = [
	{ letter: "A", label: 1, fill: colours.good, symbol: "circle" },
	{ letter: "B", label: -1, fill: colours.middling, symbol: "square" },
] as const;

/** A sample of {@link ORBITS}, and of the ring of a held-out pose. */
export const orbitSamples = [
	sample(`<circle cx="14" cy="6" r="4.5" fill="${colours.good}"/>`),
	sample(`<rect x="10" y="2" width="8" height="8" fill="${colours.middling}"/>`),
] as const;
export const heldOutKey: KeyEntry = {
	label: "held out",
	sample: sample(`<circle cx="14" cy="6" r="5" fill="none" stroke="${colours.bad}" stroke-width="1.6"/>`),
};

/** By how many held-out poses are correct, from none to all; told apart by colour and by shape. */
const CORRECT = [
	{ symbol: "times", style: { stroke: colours.bad, strokeOpacity: 0.8 } },
	{ symbol: "triangle", style: { fill: colours.middling, fillOpacity: 0.75 } },
	{ symbol: "circle", style: { fill: colours.good, fillOpacity: 0.5 } },
] as const;

/** What the marks of {@link errorScatter} mean, from none correct to all. */
export const marksKey = (labels: readonly [string, string, string]): KeyEntry[] =>
	[
		`<path d="M10 2l8 8m0-8l-8 8" fill="none" stroke="${colours.bad}" stroke-width="1.5"/>`,
		`<path d="M14 1l5.5 9.5h-11z" fill="${colours.middling}"/>`,
		`<circle cx="14" cy="6" r="4" fill="${colours.good}"/>`,
	].map((mark, correct) => ({ label: labels[correct] as string, sample: sample(mark) }));

/** The key of {@link errorScatter} where two poses are held out. */
export const scatterKey = marksKey(["neither pose read correctly", "one of the two", "both"]);

/** The key of {@link overPoses}. */
export const curveKey: KeyEntry[] = [
	{
		label: "exact",
		sample: sample(
			`<path d="M1 6h26" stroke="${colours.good}" stroke-width="2"/><circle cx="14" cy="6" r="3" fill="${colours.good}"/>`,
		),
	},
	{
		label: "by the spectral formula",
		sample: sample(`<path d="M1 6h26" stroke="${colours.accent}" stroke-width="2" stroke-dasharray="4 3"/>`),
	},
];

/** Marks at x, y of pairs by how many of their held-out poses are correct: the many first, so that the few are seen. */
export function pairDots(points: readonly { x: number; y: number; correct: number }[], r: number) {
	return [...CORRECT.entries()].reverse().map(([correct, { symbol, style }]) =>
		dot(
			points.filter((point) => point.correct === correct),
			{ x: "x", y: "y", symbol, r, ...style },
		),
	);
}

/** How {@link errorScatter} differs from exact errors on logarithmic axes. */
export interface ScatterOptions {
	/** What the vertical axis shows; default "exact". */
	vertical?: string;
	/** Of both axes; default "log". Only a linear one shows errors of 0. */
	scale?: "log" | "linear";
	/** Width and height in pixels; default 200. */
	side?: number;
}

/**
 * A formula's against the exact, or another, error of pairs of orbits, with the diagonal and the errors at which a pose is lost.
 *
 * @param correctCount of each pair, from 0 (no held-out pose) to 2 (all)
 */
export function errorScatter(
	label: string,
	{ exactError, correctCount }: { exactError: number[]; correctCount: number[] },
	[formula, errors]: readonly [name: string, errors: number[]],
	domain: Domain,
	{ vertical = "exact", scale: type = "log", side = 200 }: ScatterOptions = {},
): string {
	const points = exactError.map((y, k) => ({ x: errors[k] as number, y, correct: correctCount[k] as number }));
	const lost = domain[0] < 1 && domain[1] > 1 ? [1] : [];
	const scale = { type, domain: [...domain] };
	const [across, up] = [`${formula} error →`, `↑ ${vertical} error`];
	const linear = { ticks: 5, labelArrow: "none" } as const;
	return svg(label, {
		width: side,
		height: side,
		x: scale,
		y: scale,
		marks: [
			...(type === "log"
				? logAxes([across, domain], [up, domain])
				: [axisX({ ...linear, label: across, labelAnchor: "center" }), axisY({ ...linear, label: up })]),
			ruleX(lost, dotted),
			ruleY(lost, dotted),
			line(
				domain.map((end) => [end, end] as [number, number]),
				{ stroke: colours.muted, strokeWidth: 1 },
			),
			// So large as to be seen, so small as not to hide each other.
			...pairDots(points, points.length > 100 ? 1.7 : 2.8),
		],
	});
}

/** What a panel of {@link overPoses} shows at one number of poses. */
export interface AtPoses {
	poses: number;
	exact: number;
	/** Ends of the band around `exact`. */
	band: [low: number, high: number];
	spectral: number;
}

const POSES_OF_DIGITS = "poses of each digit, N →";

/** A quantity against the number of poses: exact with its band, and by the spectral formula. */
export function overPoses(label: string, rows: readonly AtPoses[], y: ScaleOptions, reference: number): string {
	return svg(label, {
		width: 250,
		height: 220,
		marginLeft: 40,
		x: doublings(
			POSES_OF_DIGITS,
			rows.map(({ poses }) => poses),
		),
		y: { labelArrow: "none", ...y },
		marks: [
			ruleY([reference], dotted),
			areaY(rows, {
				x: "poses",
				y1: (row: AtPoses) => row.band[0],
				y2: (row: AtPoses) => row.band[1],
				fill: colours.good,
				fillOpacity: 0.18,
			}),
			line(rows, { x: "poses", y: "exact", stroke: colours.good, strokeWidth: 2, marker: "dot" }),
			line(rows, { x: "poses", y: "spectral", stroke: colours.accent, strokeWidth: 2, strokeDasharray: "4 3" }),
		],
	});
}

/** How a line is drawn. */
export interface LineStyle {
	stroke: string;
	/** Default 2. */
	width?: number;
	dashes?: string;
	opacity?: number;
}

/** A line's style as a mark has it. */
export const strokeOf = ({ stroke, width = 2, dashes = "none", opacity = 1 }: LineStyle) => ({
	...{ stroke, strokeWidth: width, strokeDasharray: dashes, strokeOpacity: opacity },
});

/** A line of {@link linesOverPoses}. */
export interface PosesLine extends LineStyle {
	/** At the panel's numbers of poses; a line may end before the last. */
	values: readonly number[];
}

/** Numbers of poses that have room for their names on an axis. */
const MOST_TICKS = 6;

/** Quantities against the number of poses, one line each. */
export function linesOverPoses(
	label: string,
	orders: readonly number[],
	lines: readonly PosesLine[],
	y: ScaleOptions,
	reference: number,
): string {
	const powers = [2, 4, 8, 16, 32, 64].filter((tick) => tick >= Math.min(...orders) && tick <= Math.max(...orders));
	const ticks = orders.length <= MOST_TICKS ? orders : powers;
	return svg(label, {
		width: 300,
		height: 220,
		x: doublings(POSES_OF_DIGITS, ticks),
		y: { labelArrow: "none", ...y },
		marks: [
			ruleY([reference], dotted),
			...lines.map(({ values, ...style }) =>
				line(
					values.map((value, n) => [orders[n] as number, value] as [number, number]),
					strokeOf(style),
				),
			),
		],
	});
}

/** What a line of a style means. */
export const lineKey = (label: string, { stroke, width = 2, dashes = "none", opacity = 1 }: LineStyle): KeyEntry => ({
	label,
	sample: sample(
		`<path d="M1 6h26" stroke="${stroke}" stroke-width="${width}" stroke-dasharray="${dashes}" stroke-opacity="${opacity}"/>`,
	),
});

/** Lines of the exact error and of two that foretell it. */
export const errorLines = {
	// Wide and pale: what it agrees with lies on it.
	exact: { stroke: colours.good, width: 5, opacity: 0.4 },
	block: { stroke: colours.accent, dashes: "6 3" },
	spectral: { stroke: colours.bad, dashes: "2 3" },
} as const satisfies Record<string, LineStyle>;

/** The key of {@link errorLines}. */
export const errorLinesKey = [
	lineKey("exact regression", errorLines.exact),
	lineKey("block by block", errorLines.block),
	lineKey("spectral formula", errorLines.spectral),
];

/** Orbits of images as people see them, one in a row, with the poses framed that are held out. */
export function orbitStrip(
	label: string,
	{
		images,
		poses,
		size,
		degrees = Array.from({ length: poses }, (_, pose) => (360 * pose) / poses),
	}: { images: number[][]; poses: number; size: readonly number[]; degrees?: readonly number[] },
): string {
	const [height, width] = size as [number, number];
	const pictures = images.map((values, k) => ({
		src: greyBitmap(values, width, height),
		pose: k % poses,
		orbit: Math.floor(k / poses),
	}));
	const names = [...new Set(pictures.map(({ orbit }) => orbit))];
	const side = 60;
	// A few poses are no larger than many.
	const columns = Math.max(poses, 8);
	return svg(label, {
		width: side * columns + 20,
		height: side * names.length + 16,
		marginTop: 16,
		marginRight: 0,
		marginBottom: 0,
		marginLeft: 20,
		x: { axis: null, domain: [-0.5, columns - 0.5] },
		y: { axis: null, domain: [names.length - 0.5, -0.5] },
		marks: [
			image(pictures, { x: "pose", y: "orbit", src: "src", width: side - 6, height: side - 6 }),
			rect(names, {
				x1: -0.47,
				x2: 0.47,
				y1: (orbit: number) => orbit - 0.47,
				y2: (orbit: number) => orbit + 0.47,
				stroke: colours.bad,
				strokeWidth: 2.5,
			}),
			text(pictures.slice(0, poses), {
				x: "pose",
				text: ({ pose }: { pose: number }) => `${Math.round(10 * (degrees[pose] as number)) / 10}°`,
				frameAnchor: "top",
				dy: -14,
			}),
			text(names, {
				y: (orbit: number) => orbit,
				text: (orbit: number) => String.fromCharCode(65 + orbit),
				frameAnchor: "left",
				dx: -16,
				fontSize: 13,
				fontWeight: "bold",
			}),
		],
	});
}
