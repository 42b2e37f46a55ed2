/**
 * What can be measured in Node and on a page, by name.
 * @module
 */
import type { Options } from "./options.ts";
import type { Report } from "./report.ts";

/** Something to measure. */
export interface Suite {
	/** In a few words. */
	title: string;
	/** Whether a run without names leaves it out: it takes long, or answers a question of one day. */
	apart?: true;
	load(): Promise<{ run(report: Report, options: Options): Promise<void> }>;
}

/** In the order in which they run; those that only Node can run are in host/suites.ts. */
export const suites: Readonly<Record<string, Suite>> = {
	product: { title: "Matrix products", load: () => import("./suites/product.ts") },
	solve: { title: "Cholesky factorization and solves", load: () => import("./suites/solve.ts") },
	fft: { title: "Fourier transforms", load: () => import("./suites/fft.ts") },
	dense: { title: "NTK Grams of dense networks", load: () => import("./suites/dense.ts") },
	conv: { title: "NTK Grams of convolutional networks", load: () => import("./suites/conv.ts") },
	symmetry: { title: "Regression on orbits", load: () => import("./suites/symmetry.ts") },
	training: { title: "Training", load: () => import("./suites/training.ts") },
	growth: { title: "How the cost grows", load: () => import("./suites/growth.ts") },
};
