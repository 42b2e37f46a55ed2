/**
 * npm run bench -- [NAME …] and what is made of the results.
 * @module
 */
import { parseArgs } from "node:util";
import { parts } from "./host/parts.ts";
import { load, machine, save } from "./host/results.ts";
import { type Options, UsageError } from "./options.ts";
import type { Results } from "./results.ts";
import { missing, runSuites } from "./run.ts";
import { suites } from "./suites.ts";

const USAGE = `npm run bench -- [NAME …] [--rounds n] [--quick] [--data DIR] [--peer-python PATH] [--out FILE]
npm run bench -- compare OLD.json NEW.json
npm run bench -- document RESULTS.json [--browser RESULTS.json]… [--out DIR]

${Object.entries(suites)
	.map(([name, { title, apart }]) => `  ${name.padEnd(12)}${title}${apart ? " (only by name)" : ""}`)
	.join("\n")}

See bench/README.md.`;

/** What begins with a word of its own; each gives the status of the process. */
const commands: Record<string, (args: string[]) => Promise<number>> = {
	async compare(args) {
		const { positionals } = parsed({ args, allowPositionals: true });
		const [before, after, ...more] = positionals;
		if (before === undefined || after === undefined || more.length > 0)
			throw new UsageError(`compare ${positionals.join(" ")}: expected two files, OLD.json NEW.json`);
		const { compare, inWords } = await import("./compare.ts");
		const sources = [load(before), load(after)] as const;
		for (const { file, results } of sources) console.log(`${file}: ${results.date}, ${results.machine.commit}`);
		const comparison = compare(...sources);
		console.log(inWords(comparison).join("\n"));
		return comparison.changes.some(({ verdict }) => verdict === "slower") ? 1 : 0;
	},
	async document(args) {
		const { values, positionals } = parsed({
			args,
			allowPositionals: true,
			options: { browser: { type: "string", multiple: true, default: [] }, out: { type: "string", default: "docs" } },
		});
		const [file, ...more] = positionals;
		if (file === undefined || more.length > 0)
			throw new UsageError(`document ${positionals.join(" ")}: expected one file, RESULTS.json`);
		const { writeDocument } = await import("./document/files.ts");
		for (const written of writeDocument(file, values.browser, values.out)) console.log(written);
		return 0;
	},
};

/** Runs suites. */
async function run(args: string[]): Promise<number> {
	const { values, positionals } = parsed({
		args,
		allowPositionals: true,
		options: {
			help: { type: "boolean", default: false },
			rounds: { type: "string", default: "5" },
			quick: { type: "boolean", default: false },
			data: { type: "string" },
			"peer-python": { type: "string" },
			out: { type: "string", default: "bench/results/results.json" },
		},
	});
	if (values.help) {
		console.log(USAGE);
		return 0;
	}
	const rounds = Number(values.rounds);
	if (!Number.isInteger(rounds) || rounds < 1)
		throw new UsageError(`--rounds ${values.rounds}: expected a positive integer`);
	const options: Options = { rounds, quick: values.quick, data: values.data, python: values["peer-python"] };
	const names = positionals.length > 0 ? positionals : Object.keys(suites).filter((name) => !suites[name]?.apart);
	const unknown = names.find((name) => !(name in suites));
	if (unknown !== undefined) throw new UsageError(`${unknown}: expected suites or a command\n\n${USAGE}`);

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
	const endedEarly = () => console.error(`\nEnded early: ${missing(names, results, values.out)}`);
	for (const [signal, status] of Object.entries({ SIGINT: 130, SIGTERM: 143 }))
		process.once(signal, () => {
			endedEarly();
			process.exit(status);
		});
	try {
		const keep = { save: (results: Results) => save(values.out, results), print: console.log };
		await runSuites(names, suites, results, options, keep);
	} catch (error) {
		endedEarly();
		throw error;
	}
	console.log(`\nEvery figure: ${values.out}`);
	return 0;
}

const parsed = ((config: Parameters<typeof parseArgs>[0]) => {
	try {
		return parseArgs(config);
	} catch (error) {
		throw new UsageError((error as Error).message);
	}
}) as typeof parseArgs;

async function main([first = "", ...rest]: string[]): Promise<void> {
	const part = parts[first];
	if (part) return (await part()).run(rest);
	const command = commands[first];
	process.exitCode = await (command ? command(rest) : run(process.argv.slice(2)));
}

main(process.argv.slice(2)).catch((error) => {
	const usage = error instanceof UsageError;
	console.error(usage ? error.message : error);
	process.exitCode = usage ? 2 : 1;
});
