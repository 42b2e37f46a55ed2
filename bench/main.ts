/**
 * npm run bench -- NAME …
 * @module
 */
import { parseArgs } from "node:util";
import { parts } from "./host/parts.ts";
import { machine, save } from "./host/results.ts";
import { type Options, UsageError } from "./options.ts";
import { Report } from "./report.ts";
import type { Results } from "./results.ts";
import { suites } from "./suites.ts";

const OPTIONS = {
	rounds: { type: "string", default: "5" },
	quick: { type: "boolean", default: false },
	data: { type: "string" },
	"peer-python": { type: "string" },
	out: { type: "string", default: "bench/results/results.json" },
} as const;

async function main(args: string[]): Promise<void> {
	const part = parts[args[0] ?? ""];
	if (part) return (await part()).run(args.slice(1));
	const { values, positionals } = parsed(args);
	const rounds = Number(values.rounds);
	if (!Number.isInteger(rounds) || rounds < 1)
		throw new UsageError(`--rounds ${values.rounds}: expected a positive integer`);
	const options: Options = { rounds, quick: values.quick, data: values.data, python: values["peer-python"] };
	const names = positionals.length > 0 ? positionals : Object.keys(suites).filter((name) => !suites[name]?.apart);
	const unknown = names.find((name) => !(name in suites));
	if (unknown !== undefined)
		throw new UsageError(`${unknown}: expected one of ${Object.keys(suites).join(", ")} (see bench/README.md)`);

	const results: Results = {
		format: "orbit-kernels/bench",
		version: 2,
		date: new Date().toISOString(),
		machine: machine(),
		options: { rounds, quick: options.quick },
		suites: [],
	};
	const { cpu, processors, runtime, load, commit } = results.machine;
	console.log(`${cpu}, ${processors} processors · ${runtime} · ${commit}`);
	if (load > 0.5) console.log(`The machine is busy (load ${load.toFixed(1)}): expect a wide spread.`);
	for (const name of names) {
		const suite = suites[name] as (typeof suites)[string];
		const report = new Report(name, suite.title, options.quick);
		await (await suite.load()).run(report, options);
		results.suites.push(report.finish());
	}
	save(values.out, results);
	console.log(`\nEvery figure: ${values.out}`);
}

function parsed(args: string[]) {
	try {
		return parseArgs({ args, options: OPTIONS, allowPositionals: true });
	} catch (error) {
		throw new UsageError((error as Error).message);
	}
}

main(process.argv.slice(2)).catch((error) => {
	const usage = error instanceof UsageError;
	console.error(usage ? error.message : error);
	process.exitCode = usage ? 2 : 1;
});
