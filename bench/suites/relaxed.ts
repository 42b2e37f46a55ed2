/**
 * Whether the library should have relaxed SIMD: what it gains, and what becomes of the bits.
 * @module
 */
import { type Contest, ratio } from "../harness.ts";
import { missing, moduleSize, withRelaxedSimd } from "../host/modules.ts";
import { RELAXED, SHIPPED } from "../operations.ts";
import type { Options } from "../options.ts";
import type { Report } from "../report.ts";

/** From which gain on the dense Gram in double precision it is worth two modules. */
const WORTH = 1.15;

/** Runs the suite. */
export async function run(report: Report, { rounds, quick }: Options): Promise<void> {
	const why = await missing("relaxed");
	if (why) return report.fact(RELAXED, `not built: ${why}`);
	for (const [build, name] of [
		["shipped", SHIPPED],
		["relaxed", RELAXED],
	] as const) {
		const { raw, gzipped } = await moduleSize(build);
		report.fact(`${name}: module`, raw / 1024, "KiB");
		report.fact(`${name}: module, gzipped`, gzipped / 1024, "KiB");
	}
	const contests = await withRelaxedSimd<Contest[]>("relaxed-contests", String(rounds), quick ? "quick" : "full");
	if (!contests) return report.fact(RELAXED, "not available in this runtime");
	for (const result of contests) {
		report.contest(result);
		const gain = ratio(result, SHIPPED, { [RELAXED]: 1 });
		const difference = result.figures.find(({ name }) => name === RELAXED)?.difference;
		report.fact(`${result.title}: gain`, gain, "×");
		report.fact(
			`${result.title}: bits`,
			difference === 0 ? "the same" : `differ by up to ${difference?.toExponential(1)}`,
		);
		if (result.title.startsWith("dense") && result.title.endsWith("f64"))
			report.fact("worth a second module", gain > WORTH ? "yes" : "no", `(from ${WORTH} × on)`);
	}
}
