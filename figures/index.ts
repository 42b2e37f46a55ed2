/**
 * The figures of "On the Ability of Deep Networks to Learn Symmetries from Data" (Perin & Deny,
 * arXiv 2412.11521) and what goes beyond them, loaded when they are wanted.
 * @module
 */
import type { Figure } from "./figure.ts";

export type { Article, Digits, Figure, FigureData, FigureOptions, Scale, Table } from "./figure.ts";

/** A figure's one-line title, and how to get it. */
export interface FigureEntry {
	title: string;
	load(): Promise<Figure>;
}

/** All figures by name: the paper's in its order, then others. */
export const figures: Readonly<Record<string, FigureEntry>> = {
	"4b": {
		title: "exact and spectral error of an unseen pose, pairs of rotated digits",
		load: async () => (await import("./4b.ts")).figure4b as Figure,
	},
	block: {
		title: "the same error made invariant orbit by orbit, against the paper's formula",
		load: async () => (await import("./block.ts")).figureBlock as Figure,
	},
	poses: {
		title: "how many poses of two digits are needed",
		load: async () => (await import("./poses.ts")).figurePoses as Figure,
	},
	trained: {
		title: "errors of trained networks beside the kernel's",
		load: async () => (await import("./trained.ts")).figureTrained as Figure,
	},
	wide: {
		title: "how far wide trained networks are from their kernel",
		load: async () => (await import("./wide.ts")).figureWide as Figure,
	},
};

/** The page that shows figures, complete in itself. */
export async function reportPage(
	shown: readonly { figure: Figure; data: Parameters<Figure["plot"]>[0] }[],
): Promise<string> {
	const { page } = await import("./report.ts");
	return page(shown.map(({ figure, data }) => ({ ...figure.describe(data), groups: figure.plot(data) })));
}
