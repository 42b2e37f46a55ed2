/**
 * A run: suites one after the other.
 * @module
 */
import { type Options, UsageError } from "./options.ts";
import { Report } from "./report.ts";
import { isBusy, type Machine, type Results } from "./results.ts";
import type { Suite } from "./suites.ts";

/** Suites by name. */
export type Suites = Readonly<Record<string, Suite>>;

/**
 * The names of what shall run: the asked ones, or all that are not apart.
 *
 * @throws UsageError for a name that is none
 */
export function chosen(suites: Suites, asked: string[]): string[] {
	const unknown = asked.find((name) => !(name in suites));
	if (unknown !== undefined)
		throw new UsageError(`${unknown}: expected one of ${Object.keys(suites).join(", ")} (see bench/README.md)`);
	return asked.length > 0 ? asked : Object.keys(suites).filter((name) => !suites[name]?.apart);
}

/**
 * Runs suites on this engine.
 *
 * @param print gets each line
 * @param keep gets the results after each suite, so that they are not lost when a later one fails
 * @throws what a suite throws
 */
export async function runSuites(
	suites: Suites,
	names: string[],
	machine: Machine,
	options: Options,
	print: (line: string) => void = console.log,
	keep: (results: Results) => void = () => {},
): Promise<Results> {
	const { rounds, quick } = options;
	const results: Results = {
		format: "orbit-kernels/bench",
		version: 2,
		date: new Date().toISOString(),
		machine,
		options: { rounds, quick },
		suites: [],
	};
	const { cpu, processors, runtime, load, commit } = machine;
	print(`${cpu}, ${processors} processors · ${runtime} · ${commit}`);
	if (isBusy(machine)) print(`The machine is busy (load ${load.toFixed(1)}): expect a wide spread.`);
	for (const name of names) {
		const suite = suites[name] as Suite;
		const report = new Report(name, suite.title, quick, print);
		await (await suite.load()).run(report, options);
		const measured = report.finish();
		results.suites.push(measured);
		keep(results);
		print(`\n${name}: ${measured.seconds.toFixed(0)} s; ${results.suites.length} of ${names.length} suites are done`);
	}
	return results;
}
