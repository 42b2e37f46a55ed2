/**
 * What a figure of the paper is: numbers first, then pictures and words made from the numbers alone.
 * @module
 */
import type { CallOptions, Engine, LabelledImages, Tensor } from "../ts/index.ts";

/** How large a run is: about a minute on two cores, or what the paper did. */
export type Scale = "quick" | "paper";

/** Labelled images and where they come from, in words. */
export interface Digits extends LabelledImages {
	source: string;
}

/** What numbers are computed from. */
export interface RunOptions extends CallOptions {
	engine: Engine;
	digits: Digits;
	/** Of the random choices, recorded with the results. */
	seed: number;
	/** The package's version, recorded with the results. */
	packageVersion: string;
}

/** What a figure is computed from, at a scale and in parts. */
export interface FigureOptions extends RunOptions {
	scale: Scale;
	/** Instead of the scale's number of pairs. */
	pairs?: number | undefined;
	/** Where what is finished of the figure is kept. */
	parts: Parts;
}

/** Finished parts of a figure by their names, so that a run that was ended goes on where it was. */
export interface Parts {
	read<Value>(name: string): Promise<Value | undefined>;
	write(name: string, value: unknown): Promise<void>;
}

/** What the stored numbers of every figure begin with; plain JSON. */
export interface FigureData {
	/** `orbit-kernels/figure-<name>`. */
	format: string;
	/** Of the format. */
	version: number;
	packageVersion: string;
	seed: number;
	/** Missing where a figure makes its own points. */
	data?: { source: string; images: number; size: number[] };
}

/** One SVG with what stands above it. */
export interface Panel {
	title: string;
	svg: string;
	/** Twice as wide as the others beside it, where there is room. */
	large?: boolean;
}

/** Panels with the same axes, and how to read them. */
export interface PanelGroup {
	title: string;
	/** HTML. */
	caption: string;
	panels: Panel[];
	key?: KeyEntry[];
	/** Least and greatest width of a panel in the page, in pixels: as many as fit stand side by side. */
	panelWidth: readonly [least: number, most: number];
}

/** What a colour, symbol or line means. */
export interface KeyEntry {
	label: string;
	/** A small SVG. */
	sample: string;
}

/** Cells as they are shown, and what the columns are. */
export interface Table {
	head: string[];
	rows: string[][];
	note: string;
}

/** A statement of the paper, and whether it holds here. */
export interface Statement {
	/** Such as "The spectral error is the exact one (r ≥ .99)". */
	claim: string;
	holds: boolean;
	/** The numbers that say so. */
	evidence: string;
}

/** What a figure says in words; HTML where it is stated. */
export interface Article {
	/** Such as "Figure 4 B". */
	label: string;
	title: string;
	/** What is asked, in HTML. */
	question: string;
	/** The mathematics of the answer, in HTML. */
	formula: string;
	/** One plain sentence about the numbers. */
	insight: string;
	table: Table;
	/** What the paper says of it, held against the numbers. */
	statements?: Statement[];
	/** What the numbers came from: names and values. */
	provenance: [name: string, value: string][];
}

/** A figure: `plot` and `describe` need nothing but what `compute` gave, or what was read back from its JSON. */
export interface Figure<Data extends FigureData = FigureData, Options extends RunOptions = FigureOptions> {
	/** What its progress counts. */
	unit: string;
	compute(options: Options): Promise<Data>;
	plot(data: Data): PanelGroup[];
	describe(data: Data): Article;
}

/** What stored numbers say of images. */
export function dataOf({ source, images }: { source: string; images: Tensor }): NonNullable<FigureData["data"]> {
	const [count, ...size] = images.shape as [number, ...number[]];
	return { source, images: count, size };
}

/** What all stored numbers say of the run. */
export function runOf({
	digits,
	seed,
	packageVersion,
}: RunOptions): Required<Pick<FigureData, "packageVersion" | "seed" | "data">> {
	return { packageVersion, seed, data: dataOf(digits) };
}

/** What every figure tells of where its numbers come from. */
export function provenanceOf(name: string, { data, packageVersion }: FigureData): Article["provenance"] {
	const images: Article["provenance"] = data
		? [["data", `${data.source}: ${data.images} images of ${data.size.join(" × ")}`]]
		: [];
	return [
		...images,
		["all numbers", `figure-${name}.json, beside this page`],
		["package", `orbit-kernels ${packageVersion}`],
	];
}
