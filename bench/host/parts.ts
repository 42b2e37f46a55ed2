/**
 * What suites start themselves, in other processes and threads: `main.ts NAME`.
 * @module
 */

/** By name. */
export const parts: Record<string, () => Promise<{ run(args: string[]): Promise<void> }>> = {
	fresh: () => import("./fresh.ts"),
	"fresh-conv": () => import("./fresh-conv.ts"),
	"fresh-orbits": () => import("./fresh-orbits.ts"),
	"fused-peaks": () => import("./fused-peaks.ts"),
	"relaxed-contests": () => import("./relaxed-contests.ts"),
	typescript: () => import("./thread.ts"),
};
