/**
 * The panels of figure 2.
 * @module
 */
import { barY, cell, dot, line, ruleY, text } from "@observablehq/plot";
import type { Circles } from "./circles.ts";
import type { KeyEntry } from "./figure.ts";
import { heldOutKey, ORBITS, orbitSamples } from "./panels.ts";
import { colours, halo, sample, svg } from "./plot.ts";
import { signed } from "./words.ts";

const orbitOf = (index: number) => ORBITS[index % 2] as (typeof ORBITS)[number];
const nameOf = (index: number) =>
	`${orbitOf(index).letter}${Array.from(String(Math.floor(index / 2)), (digit) => String.fromCharCode(0x2080 + Number(digit))).join("")}`;

export const orbitKey: KeyEntry[] = [
	...ORBITS.map(({ letter, label }, orbit) => ({
		label: `orbit ${letter}, label ${signed(label, 0)}`,
		sample: orbitSamples[orbit] as string,
	})),
	heldOutKey,
];

const SIZE = { width: 260, height: 250 };

/** Points on the two circles, from the side and a little from above; what is behind is paler. */
export function circlesSeen(points: readonly number[][], { delta, radius }: Circles, heldOut: number): string {
	const seen = ([x, y, z]: readonly number[]) => ({ x: x as number, y: (z as number) + 0.34 * (y as number) });
	const places = points.map((point, index) => ({ index, behind: (point[1] as number) > 1e-9, ...seen(point) }));
	const angles = Array.from({ length: 73 }, (_, k) => (2 * Math.PI * k) / 72);
	const [top, bottom] = [delta / 2, -delta / 2];
	const lines = [
		...[top, bottom].map((z) => angles.map((angle) => [radius * Math.cos(angle), radius * Math.sin(angle), z])),
		[
			[0, 0, top],
			[0, 0, bottom],
		],
		[
			[0, 0, top],
			[radius, 0, top],
		],
	];
	const names = [
		{ name: "Δ", ...seen([0.1 * radius, 0, 0]) },
		{ name: "r", ...seen([radius / 2, 0, top + 0.09 * radius]) },
	];
	return svg("Points of two orbits on two circles, from the side", {
		...SIZE,
		margin: 4,
		x: { axis: null, domain: [-1.2 * radius, 1.2 * radius] },
		y: { axis: null, domain: [bottom - 0.6 * radius, top + 0.6 * radius] },
		marks: [
			...lines.map((places, k) =>
				line(places.map(seen), {
					...{ x: "x", y: "y", stroke: colours.muted, strokeWidth: 1 },
					...(k > 1 && { strokeDasharray: "2 3" }),
				}),
			),
			text(names, { x: "x", y: "y", text: "name", fontStyle: "italic", fontSize: 12 }),
			...ORBITS.flatMap(({ fill, symbol }, orbit) => {
				const own = places.filter(({ index }) => index % 2 === orbit);
				return [
					dot(own, { x: "x", y: "y", symbol, r: 5, fill, fillOpacity: ({ behind }) => (behind ? 0.5 : 1) }),
					text(own, {
						x: "x",
						y: "y",
						text: ({ index }) => nameOf(index),
						...halo,
						fontSize: 11,
						dy: orbit === 0 ? -15 : 16,
					}),
				];
			}),
			dot([places[heldOut]], { x: "x", y: "y", r: 8, stroke: colours.bad, strokeWidth: 2 }),
		],
	});
}

/** A square matrix of all points as a picture: the larger an entry the fuller its colour. */
export function matrix(label: string, rows: readonly number[][], fill: string): string {
	const largest = Math.max(...rows.flat());
	const cells = rows.flatMap((row, i) => row.map((value, j) => ({ i, j, value: value / largest })));
	const axis = { tickFormat: nameOf, tickSize: 0, label: null };
	return svg(label, {
		width: 260,
		height: 260,
		margin: 22,
		marginRight: 4,
		marginBottom: 4,
		x: { ...axis, axis: "top", padding: 0.06 },
		y: { ...axis, padding: 0.06 },
		marks: [
			cell(cells, { x: "j", y: "i", stroke: colours.grid, strokeWidth: 0.5 }),
			cell(cells, { x: "j", y: "i", fill, fillOpacity: ({ value }) => value }),
		],
	});
}

/** The kernel of one point with all. */
export function oneRow(values: readonly number[]): string {
	const bars = values.map((value, index) => ({ index, value }));
	return svg("One row of the kernel", {
		...SIZE,
		marginBottom: 36,
		x: { tickFormat: nameOf, tickSize: 0, label: "point", labelAnchor: "center", labelArrow: "none", padding: 0.25 },
		y: { label: "↑ kernel with A₀", labelArrow: "none", ticks: 5 },
		marks: [
			barY(bars, { x: "index", y: "value", fill: ({ index }) => orbitOf(index).fill }),
			ruleY([0], { stroke: "currentColor" }),
		],
	});
}

/** The reciprocal spectrum, λ_j^-1 for j = 0 … 2N − 1, and its mean. */
interface Spectrum {
	reciprocals: readonly number[];
	mean: number;
}

export const spectrumKey: KeyEntry[] = [
	{ label: "at the last frequency, N", sample: sample(`<rect x="8" width="12" height="12" fill="${colours.bad}"/>`) },
	{ label: "at all others", sample: sample(`<rect x="8" width="12" height="12" fill="${colours.muted}"/>`) },
	{
		label: "mean of all",
		sample: sample(`<path d="M1 6h26" stroke="${colours.accent}" stroke-width="2" stroke-dasharray="5 3"/>`),
	},
];

/** From the lowest frequency to the last, N: −1 stands for 2N − 1. */
function barsOf(reciprocals: readonly number[]) {
	const last = reciprocals.length / 2;
	return reciprocals.map((value, index) => {
		const frequency = index > last ? index - 2 * last : index;
		return { frequency, value, fill: frequency === last ? colours.bad : colours.muted };
	});
}

const frequencyAxis = {
	tickSize: 0,
	label: "frequency j",
	labelAnchor: "center",
	labelArrow: "none",
	padding: 0.15,
	tickFormat: (frequency: number) => signed(frequency, 0),
} as const;

/** Bars of the reciprocal spectrum, with the last frequency and the mean marked. */
export function spectrumBars({ reciprocals, mean }: Spectrum): string {
	return svg("Reciprocals of the spectrum", {
		...SIZE,
		marginBottom: 36,
		x: frequencyAxis,
		y: { label: "↑ 1/λ", labelArrow: "none", ticks: 5 },
		marks: [
			barY(barsOf(reciprocals), { x: "frequency", y: "value", fill: "fill" }),
			ruleY([mean], { stroke: colours.accent, strokeWidth: 2, strokeDasharray: "5 3" }),
			ruleY([0], { stroke: "currentColor" }),
		],
	});
}

/** The spectral error as a fraction: the last bar drawn out over all frequencies, above all bars. */
export function fractionOfAreas({ reciprocals }: Spectrum): string {
	const bars = barsOf(reciprocals);
	const last = reciprocals[reciprocals.length / 2] as number;
	const areas = [
		...bars.map((bar) => ({ ...bar, part: "above", value: last, fill: colours.bad })),
		...bars.map((bar) => ({ ...bar, part: "below" })),
	];
	return svg("The error as a ratio of two areas", {
		...SIZE,
		marginBottom: 36,
		// Bars that touch: areas.
		x: { ...frequencyAxis, padding: 0 },
		y: { label: "↑ 1/λ", labelArrow: "none", ticks: 3 },
		fy: { axis: null, padding: 0.24 },
		marks: [
			// The stroke closes the seams between bars.
			barY(areas, { fy: "part", x: "frequency", y: "value", fill: "fill", stroke: "fill", strokeWidth: 0.5 }),
			ruleY([0], { stroke: "currentColor" }),
		],
	});
}
