/**
 * The house style: Observable Plot without a browser, in colours that follow the page.
 * @module
 */
import { type PlotOptions, plot } from "@observablehq/plot";
import { parseHTML } from "linkedom";

const { document } = parseHTML("<!doctype html><html><body></body></html>");

/**
 * Colours that people of all kinds of sight tell apart (Okabe & Ito 2008), each a variable that a
 * page may set, with what holds where none does.
 */
export const colours = {
	good: "var(--good, #0072b2)",
	middling: "var(--middling, #c98a00)",
	bad: "var(--bad, #c44e00)",
	accent: "var(--accent, #00795c)",
	muted: "var(--muted, #767676)",
	grid: "var(--grid, #dddddd)",
	/** Behind everything. */
	paper: "var(--paper, #ffffff)",
} as const;

/** Keeps text apart from what it stands on. */
export const halo = { fill: "currentColor", stroke: colours.paper, strokeWidth: 3 } as const;

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
	return drawn.outerHTML;
}

/** Ticks of a logarithmic axis that people can read: 1, or finer where those are few. */
export function logTicks([least, most]: readonly [number, number]): number[] {
	const first = Math.floor(Math.log10(least));
	const decades = Array.from({ length: Math.ceil(Math.log10(most)) - first + 1 }, (_, k) => k + first);
	const within = (steps: readonly number[]) =>
		decades
			.flatMap((decade) => steps.map((step) => Number(`${step}e${decade}`)))
			.filter((tick) => tick >= least && tick <= most);
	const choices = [[1], [1, 3], [1, 2, 5], [1, 1.5, 2, 3, 5], [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8]].map(within);
	return choices.find((ticks) => ticks.length >= 3) ?? (choices.at(-1) as number[]);
}

/** A small sample of a mark, for a key. */
export function sample(mark: string): string {
	return `<svg viewBox="0 0 28 12" width="28" height="12" aria-hidden="true">${mark}</svg>`;
}

/** An 8-bit grey image as the address of a bitmap: row-major values from 0 (black) to 255. */
export function greyBitmap(values: readonly number[], width: number, height: number): string {
	const stride = Math.ceil(width / 4) * 4;
	const start = 54 + 4 * 256;
	const bytes = new Uint8Array(start + stride * height);
	const view = new DataView(bytes.buffer);
	bytes.set([0x42, 0x4d]); // "BM"
	view.setUint32(2, bytes.length, true);
	view.setUint32(10, start, true);
	view.setUint32(14, 40, true); // size of the header from here on
	view.setInt32(18, width, true);
	view.setInt32(22, -height, true); // negative: the first row is on top
	view.setUint16(26, 1, true); // planes
	view.setUint16(28, 8, true); // bits a pixel
	for (let grey = 0; grey < 256; grey++) bytes.fill(grey, 54 + 4 * grey, 57 + 4 * grey);
	for (let row = 0; row < height; row++) bytes.set(values.slice(row * width, (row + 1) * width), start + row * stride);
	return `data:image/bmp;base64,${btoa(String.fromCharCode(...bytes))}`;
}
