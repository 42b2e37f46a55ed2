/**
 * The house style: Observable Plot without a browser, in colours that follow the page.
 * @module
 */
import { axisX, axisY, type PlotOptions, plot, type ScaleOptions } from "@observablehq/plot";
import { encode } from "fast-png";
import { parseHTML } from "linkedom";
import { colour } from "./palette.ts";

const { document } = parseHTML("<!doctype html><html><body></body></html>");

/** Those of marks and lines. */
export const colours = {
	good: colour("good"),
	middling: colour("middling"),
	bad: colour("bad"),
	accent: colour("accent"),
	muted: colour("muted"),
	grid: colour("grid"),
	/** Behind everything. */
	paper: colour("paper"),
} as const;

/** Keeps text apart from what it stands on. */
export const halo = { fill: "currentColor", stroke: colours.paper, strokeWidth: 3 } as const;

/** Of lines at values to compare with: an error at which a pose is lost, or chance. */
export const dotted = { stroke: colours.muted, strokeDasharray: "1 3" } as const;

/** Draws a plot as an SVG that scales with its place. */
export function svg(label: string, options: PlotOptions): string {
	const drawn = plot({
		document,
		width: 200,
		height: 200,
		marginTop: 20,
		marginRight: 8,
		marginBottom: 32,
		marginLeft: 34,
		style: { background: "none", color: "currentColor", fontFamily: "system-ui, sans-serif", fontSize: "10px" },
		...options,
	} as PlotOptions) as unknown as Element;
	drawn.setAttribute("xmlns", "http://www.w3.org/2000/svg");
	drawn.setAttribute("role", "img");
	drawn.setAttribute("aria-label", label);
	// Its place decides about the size.
	drawn.removeAttribute("width");
	drawn.removeAttribute("height");
	// As does its style: rules in it would hold for all that stands in the same page or picture.
	drawn.querySelector("style")?.remove();
	drawn.removeAttribute("class");
	return drawn.outerHTML;
}

/** The ends of an axis. */
export type Domain = readonly [least: number, most: number];

/** The least and the greatest of some positive values, with a little room on a logarithmic axis. */
export const around = (values: readonly number[], room = 1.1): Domain => [
	Math.min(...values) / room,
	Math.max(...values) * room,
];

/** Ticks of a logarithmic axis that people can read: 1, or finer where those are few. */
export function logTicks([least, most]: Domain): number[] {
	const first = Math.floor(Math.log10(least));
	const decades = Array.from({ length: Math.ceil(Math.log10(most)) - first + 1 }, (_, k) => k + first);
	const within = (steps: readonly number[]) =>
		decades
			.flatMap((decade) => steps.map((step) => Number(`${step}e${decade}`)))
			.filter((tick) => tick >= least && tick <= most);
	const choices = [[1], [1, 3], [1, 2, 5], [1, 1.5, 2, 3, 5], [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8]].map(within);
	return choices.find((ticks) => ticks.length >= 3) ?? (choices.at(-1) as number[]);
}

/** A logarithmic scale of an axis whose ticks are few. */
export const logScale = (label: string, domain: Domain): ScaleOptions => ({
	...{ type: "log", domain: [...domain], ticks: logTicks(domain), tickFormat: String },
	...{ label, labelArrow: "none" },
});

/** A scale of doublings, for the horizontal axis. */
export const doublings = (label: string, ticks: readonly number[]): ScaleOptions => ({
	...{ type: "log", base: 2, ticks, tickFormat: String },
	...{ label, labelAnchor: "center", labelArrow: "none" },
});

/** A scale from 0 to 1, in percent. */
export const shares = (label: string): ScaleOptions => ({ domain: [0, 1], label, tickFormat: "%", ticks: 5 });

/** A label of an axis, and its ends. */
type AxisOf = readonly [label: string, domain: Domain];

/** Horizontal and vertical axes of logarithmic scales with a label at each tick: scales of their own accord would drop some. */
export function logAxes([x, domainX]: AxisOf, [y, domainY]: AxisOf) {
	const ticks = { text: String, labelArrow: "none" } as const;
	return [
		axisX(logTicks(domainX), { ...ticks, label: x, labelAnchor: "center" }),
		axisY(logTicks(domainY), { ...ticks, label: y }),
	];
}

/** A small sample of a mark, for a key. */
export function sample(mark: string): string {
	return `<svg viewBox="0 0 28 12" width="28" height="12" aria-hidden="true">${mark}</svg>`;
}

/** A grey image as the address of a bitmap: row-major whole values from 0 (black) to 255. */
export function greyBitmap(values: readonly number[], width: number, height: number): string {
	const png = encode({ width, height, data: Uint8Array.from(values), channels: 1 });
	return `data:image/png;base64,${btoa(Array.from(png, (byte) => String.fromCharCode(byte)).join(""))}`;
}
