/**
 * Suites one after another: what one has measured is kept whatever becomes of the next.
 * @module
 */
import type { Options } from "./options.ts";
import { Report } from "./report.ts";
import type { Results } from "./results.ts";
import type { Suite } from "./suites.ts";

/** How a run is told about and kept. */
export interface Keeping {
	/** Gets all results after each suite. */
	save(results: Results): void;
	/** Gets each line. */
	print(line: string): void;
}

/**
 * Runs suites and adds each to the results as soon as it is there.
 *
 * @param names in their order
 * @throws what the first suite throws that fails; those before it are kept
 */
export async function runSuites(
	names: readonly string[],
	suites: Readonly<Record<string, Suite>>,
	results: Results,
	options: Options,
	{ save, print }: Keeping,
): Promise<void> {
	for (const [k, name] of names.entries()) {
		const suite = suites[name] as Suite;
		const report = new Report(name, suite.title, options.quick, print);
		await (await suite.load()).run(report, options);
		const measured = report.finish();
		results.suites.push(measured);
		save(results);
		print(`\n${name}: ${measured.seconds.toFixed(0)} s; ${k + 1} of ${names.length} suites are kept`);
	}
}

/** What a run that ended early lacks, in words. */
export function missing(names: readonly string[], { suites }: Results, file: string): string {
	const there = suites.map(({ name }) => name);
	const kept = there.length > 0 ? `${file} has ${there.join(", ")}` : "nothing is kept";
	return `${kept}; missing: ${names.filter((name) => !there.includes(name)).join(", ")}`;
}
