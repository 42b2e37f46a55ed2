/**
 * npm run bench -- NAME …, and npm run bench:browser -- NAME …
 * @module
 */
import { parseArgs } from "node:util";
import { onPage } from "./browser.ts";
import { BROWSERS, type BrowserName } from "./host/browsers.ts";
import { servePages } from "./host/pages.ts";
import { parts } from "./host/parts.ts";
import { machine, save } from "./host/results.ts";
import { nodeSuites } from "./host/suites.ts";
import { type Options, UsageError } from "./options.ts";
import type { Results } from "./results.ts";
import { chosen, runSuites } from "./run.ts";
import { suites } from "./suites.ts";

const OPTIONS = {
	rounds: { type: "string", default: "5" },
	quick: { type: "boolean", default: false },
	data: { type: "string" },
	"peer-python": { type: "string" },
	browser: { type: "string" },
	serve: { type: "boolean", default: false },
	out: { type: "string", default: "bench/results/results.json" },
} as const;

async function main(args: string[]): Promise<void> {
	const part = parts[args[0] ?? ""];
	if (part) return (await part()).run(args.slice(1));
	const { values, positionals } = parsed(args);
	if (values.serve) return console.log(`The benchmarks: ${(await servePages()).address} (Ctrl-C ends it)`);
	const rounds = Number(values.rounds);
	if (!Number.isInteger(rounds) || rounds < 1)
		throw new UsageError(`--rounds ${values.rounds}: expected a positive integer`);
	const options: Options = { rounds, quick: values.quick, data: values.data, python: values["peer-python"] };
	const { browser } = values;
	if (browser !== undefined && !(browser in BROWSERS))
		throw new UsageError(`--browser ${browser}: expected ${Object.keys(BROWSERS).join(" or ")}`);

	const available = browser ? suites : { ...suites, ...nodeSuites };
	const names = chosen(available, positionals);
	const keep = (results: Results) => save(values.out, results);
	if (browser) keep(await onPage(browser as BrowserName, names, options));
	else await runSuites(available, names, machine(), options, console.log, keep);
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
