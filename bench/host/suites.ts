/**
 * What only Node can measure, by name: processes, files, browsers.
 * @module
 */
import type { Suite } from "../suites.ts";

/** In the order in which they run, after those of ../suites.ts. */
export const nodeSuites: Readonly<Record<string, Suite>> = {
	peak: { title: "The machine's peak in WebAssembly", load: () => import("../suites/peak.ts") },
	simd: { title: "What SIMD gives", load: () => import("../suites/simd.ts") },
	"inner-loops": { title: "Instructions of the inner loops", load: () => import("../suites/inner-loops.ts") },
	start: { title: "From the import to the first result", load: () => import("../suites/start.ts") },
	size: { title: "Bytes to download", load: () => import("../suites/size.ts") },
	lifecycle: { title: "Abort and memory", load: () => import("../suites/lifecycle.ts") },
	"conv-end": { title: "From images to a trained answer", apart: true, load: () => import("../suites/conv-end.ts") },
	relaxed: { title: "Relaxed SIMD", load: () => import("../suites/relaxed.ts") },
	precision: { title: "Digits that are right", apart: true, load: () => import("../suites/precision.ts") },
};
