/**
 * npm run bench -- NAME …, and what is made of the results.
 * @module
 */
import { parseArgs } from "node:util";
import { parts } from "./host/parts.ts";
import { load, machine, save } from "./host/results.ts";
import { type Options, UsageError } from "./options.ts";
import { chosen, runSuites } from "./run.ts";
import { suites } from "./suites.ts";

const USAGE = `npm run bench -- [NAME …] [--rounds n] [--quick] [--data DIR] [--peer-python PATH] [--out FILE]
npm run bench -- compare OLD.json NEW.json
npm run bench -- document RESULTS.json [--browser RESULTS.json]… [--out DIR]

${Object.entries(suites)
	.map(([name, { title, apart }]) => `  ${name.padEnd(12)}${title}${apart ? " (only by name)" : ""}`)
	.join("\n")}

See bench/README.md.`;

const OPTIONS = {
	help: { type: "boolean", default: false },
	rounds: { type: "string", default: "5" },
	quick: { type: "boolean", default: false },
	data: { type: "string" },
	"peer-python": { type: "string" },
	out: { type: "string", default: "bench/results/results.json" },
} as const;

/** What is made of results, by the word that it begins with; each gives the status of the process. */
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

/** Runs suites; what they measured is in the file as soon as each has ended. */
async function measure(args: string[]): Promise<number> {
	const { values, positionals } = parsed({ args, options: OPTIONS, allowPositionals: true });
	if (values.help) {
		console.log(USAGE);
		return 0;
	}
	const rounds = Number(values.rounds);
	if (!Number.isInteger(rounds) || rounds < 1)
		throw new UsageError(`--rounds ${values.rounds}: expected a positive integer`);
	const options: Options = { rounds, quick: values.quick, data: values.data, python: values["peer-python"] };
	const names = chosen(suites, positionals);

	let done: string[] = [];
	const endedEarly = () => {
		const kept = done.length > 0 ? `${values.out} has ${done.join(", ")}` : "nothing is kept";
		console.error(`\nEnded early: ${kept}; missing: ${names.slice(done.length).join(", ")}`);
	};
	for (const [signal, status] of Object.entries({ SIGINT: 130, SIGTERM: 143 }))
		process.once(signal, () => {
			endedEarly();
			process.exit(status);
		});
	try {
		await runSuites(suites, names, machine(), options, console.log, (results) => {
			save(values.out, results);
			done = results.suites.map(({ name }) => name);
		});
	} catch (error) {
		endedEarly();
		throw error;
	}
	console.log(`\nEvery figure: ${values.out}`);
	return 0;
}

/** Arguments; a wrong one is the user's. */
const parsed = ((config) => {
	try {
		return parseArgs(config);
	} catch (error) {
		throw new UsageError((error as Error).message);
	}
}) as typeof parseArgs;

async function main(args: string[]): Promise<void> {
	const [first = "", ...rest] = args;
	const part = parts[first];
	if (part) return (await part()).run(rest);
	process.exitCode = await (commands[first]?.(rest) ?? measure(args));
}

main(process.argv.slice(2)).catch((error) => {
	const usage = error instanceof UsageError;
	console.error(usage ? error.message : error);
	process.exitCode = usage ? 2 : 1;
});
