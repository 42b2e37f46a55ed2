/**
 * What SIMD gives: the library against a build of the same sources without it, in one thread.
 * @module
 */
import { ratio } from "../harness.ts";
import { missing } from "../host/modules.ts";
import { compared } from "../operations.ts";
import type { Options } from "../options.ts";
import type { Report } from "../report.ts";

const SIMD = "with SIMD";
const PLAIN = "without SIMD";

/** Runs the suite. */
export async function run(report: Report, options: Options): Promise<void> {
	const why = await missing("plain");
	if (why) return report.fact(PLAIN, `not built: ${why}`);
	for (const result of await compared({ shipped: SIMD, plain: PLAIN }, options)) {
		report.contest(result);
		report.fact(`${result.title}: gain`, ratio(result, PLAIN, { [SIMD]: 1 }), "×");
	}
}
