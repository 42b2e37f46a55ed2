/**
 * The figures of "On the Ability of Deep Networks to Learn Symmetries from Data" (Perin & Deny,
 * arXiv 2412.11521) and what goes beyond them, loaded when they are wanted.
 * @module
 */
import type { Figure, FigureData } from "./figure.ts";

export type { Article, Digits, Figure, FigureData, FigureOptions, Parts, Scale, Table } from "./figure.ts";

/** A figure's one-line title, and how to get it. */
export interface FigureEntry {
	title: string;
	load(): Promise<Figure>;
}

/** All figures by name: the paper's in its order, then others. */
export const figures: Readonly<Record<string, FigureEntry>> = {
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
	wide: {
		title: "how far wide trained networks are from their kernel",
		load: async () => (await import("./wide.ts")).figureWide as Figure,
	},
};

/** A figure that was asked for: what was computed, or why it was not. */
export type Result = { name: string } & ({ figure: Figure; data: FigureData } | { failure: string });

/** The page that shows figures, complete in itself. */
export async function reportPage(results: readonly Result[]): Promise<string> {
	const { page } = await import("./report.ts");
	return page(
		results.map((result) => {
			if ("failure" in result) return result;
			const { name, figure, data } = result;
			return { name, ...figure.describe(data), groups: figure.plot(data) };
		}),
	);
}
