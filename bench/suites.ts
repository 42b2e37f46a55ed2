/**
 * All that can be measured, by name.
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

/** In the order in which they run. */
export const suites: Readonly<Record<string, Suite>> = {
	peak: { title: "The machine's peak in WebAssembly", load: () => import("./suites/peak.ts") },
	simd: { title: "What SIMD gives", load: () => import("./suites/simd.ts") },
	"inner-loops": { title: "Instructions of the inner loops", load: () => import("./suites/inner-loops.ts") },
	product: { title: "Matrix products", load: () => import("./suites/product.ts") },
	solve: { title: "Cholesky factorization and solves", load: () => import("./suites/solve.ts") },
	fft: { title: "Fourier transforms", load: () => import("./suites/fft.ts") },
	dense: { title: "NTK Grams of dense networks", load: () => import("./suites/dense.ts") },
	conv: { title: "NTK Grams of convolutional networks", load: () => import("./suites/conv.ts") },
	symmetry: { title: "Regression on orbits", load: () => import("./suites/symmetry.ts") },
	training: { title: "Training", load: () => import("./suites/training.ts") },
	lifecycle: { title: "Start, abort and memory", load: () => import("./suites/lifecycle.ts") },
	growth: { title: "How the cost grows", load: () => import("./suites/growth.ts") },
	"conv-end": { title: "From images to a trained answer", apart: true, load: () => import("./suites/conv-end.ts") },
	relaxed: { title: "Relaxed SIMD", apart: true, load: () => import("./suites/relaxed.ts") },
	precision: { title: "Digits that are right", apart: true, load: () => import("./suites/precision.ts") },
};
