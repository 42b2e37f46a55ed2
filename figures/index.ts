/**
 * The figures of "On the Ability of Deep Networks to Learn Symmetries from Data" (Perin & Deny,
 * arXiv 2412.11521) and what goes beyond them, loaded when they are wanted.
 * @module
 */
import type { Figure, FigureData, RunOptions } from "./figure.ts";
import type { Question } from "./why.ts";

export type { Article, Digits, Figure, FigureData, FigureOptions, Parts, Scale, Statement, Table } from "./figure.ts";
export type { Question } from "./why.ts";

/** A figure's one-line title, and how to get it. */
export interface FigureEntry {
	title: string;
	load(): Promise<Figure>;
}

/** All figures by name: the paper's in its order, then others. */
export const figures: Readonly<Record<string, FigureEntry>> = {
	1: {
		title: "trained networks that never saw one digit upright, by epoch and number of poses",
		load: async () => (await import("./1.ts")).figure1 as Figure,
	},
	2: {
		title: "the error of an unseen point as a ratio of two areas, two circles",
		load: async () => (await import("./2.ts")).figure2 as Figure,
	},
	3: {
		title: "the error and its two parts as orbits move apart or take more points, two circles",
		load: async () => (await import("./3.ts")).figure3 as Figure,
	},
	4: {
		title: "exact and spectral error of an unseen pose, pairs of rotated digits",
		load: async () => (await import("./4.ts")).figure4 as Figure,
	},
	5: {
		title: "the same for other networks, infinitely wide and trained",
		load: async () => (await import("./5.ts")).figure5 as Figure,
	},
	6: {
		title: "several seeds of two classes, and ten classes",
		load: async () => (await import("./6.ts")).figure6 as Figure,
	},
	shifts: {
		title: "the same for shifts, with networks that have the symmetry half or all built in",
		load: async () => (await import("./shifts.ts")).figureShifts as Figure,
	},
	block: {
		title: "the same error made invariant orbit by orbit, against the paper's formula",
		load: async () => (await import("./block.ts")).figureBlock as Figure,
	},
	poses: {
		title: "how many poses of two digits are needed",
		load: async () => (await import("./poses.ts")).figurePoses as Figure,
	},
	longer: {
		title: "whether much longer training helps with the unseen pose",
		load: async () => (await import("./longer.ts")).figureLonger as Figure,
	},
	lazy: {
		title: "how far kernels of trained networks move, and which kernel tells their errors",
		load: async () => (await import("./lazy.ts")).figureLazy as Figure,
	},
	wide: {
		title: "how far wide trained networks are from their kernel",
		load: async () => (await import("./wide.ts")).figureWide as Figure,
	},
};

/** The figure of a single pair of images: why a pose that they hold out is read rightly or wrongly. */
export const loadWhy = async (question: Question) =>
	(await import("./why.ts")).figureWhy(question) as Figure<FigureData, RunOptions>;

/** A figure that was asked for: what was computed, or why it was not. */
export type Result = { name: string } & ({ figure: Figure; data: FigureData } | { failure: string });

/** A panel group as a picture that stands for itself. */
export interface Picture {
	/** The name of the figure. */
	figure: string;
	title: string;
	/** Plain text. */
	caption: string;
	/** In light and dark. */
	svg: string;
	/** In the light alone, for programs that know no style sheets. */
	light: string;
}

/** What figures look like: a page that is complete in itself, and their pictures. */
export interface Report {
	page: string;
	pictures: Picture[];
}

/** Draws figures, and words their page. */
export async function report(results: readonly Result[]): Promise<Report> {
	const [{ page }, { inLight, sheet }, { plainText }] = await Promise.all([
		import("./report.ts"),
		import("./sheet.ts"),
		import("./words.ts"),
	]);
	const entries = results.map((result) => {
		if ("failure" in result) return result;
		const { name, figure, data } = result;
		return { name, ...figure.describe(data), groups: figure.plot(data) };
	});
	const pictures = entries.flatMap((entry) => {
		if ("failure" in entry) return [];
		return entry.groups.map((group) => {
			const svg = sheet(group);
			return { figure: entry.name, title: group.title, caption: plainText(group.caption), svg, light: inLight(svg) };
		});
	});
	return { page: page(entries), pictures };
}
