/**
 * The command that computes figures of the paper.
 * @module
 */
import { join } from "node:path";
import { dataOf } from "../../figures/figure.ts";
import { type FigureData, figures, type Result } from "../../figures/index.ts";
import { OrbitKernelsError } from "../index.ts";
import { command } from "./command.ts";
import { digitsOptions, readDigits } from "./digits.ts";
import { withEngine } from "./engine.ts";
import { integer, oneOf, text, usageError, withDefault, workers } from "./options.ts";
import { makeFolder } from "./output.ts";
import { withProgress } from "./progress.ts";
import { type FigureTime, showResult, writeReport } from "./report.ts";
import { openStore, type Store } from "./store.ts";
import { SystemFailure } from "./system.ts";
import { emphasis } from "./terminal.ts";

const list = Object.entries(figures).map(([name, { title }]) => `${name} (${title})`);

export const figure = command({
	name: "figure",
	summary: "figures of the paper, with the numbers behind them",
	details: `Computes figures of "On the Ability of Deep Networks to Learn Symmetries from Data" (Perin & Deny, arXiv 2412.11521) and writes a report: index.html, its pictures as figure-NAME-1.svg and .png, -2 …, all numbers as figure-NAME.json, what belongs together in manifest.json, and wall times, host and dates in run.json. Ended early, the same line goes on where it was, and gives the same files: what is finished is kept in <out>.parts until the report is there. A DIR of data holds <name>-images-idx3-ubyte[.gz] with <name>-labels-idx1-ubyte[.gz]. Figures: ${list.join(", ")}; or all.`,
	operands: "NAME…",
	options: {
		scale: withDefault("quick", oneOf(["quick", "paper"], "minutes on two cores, or what the paper did")),
		pairs: integer(1, "pairs of images, instead of the scale's number"),
		...digitsOptions,
		seed: withDefault("1", integer(0, "of all that is random: pairs, weights, the order of samples")),
		workers,
		out: withDefault("out/report", text("DIR", "where the page and the numbers go")),
	},
	examples: [
		["orbit-kernels figure 4", "figure 4 on the digits that come along, to out/report/index.html"],
		["orbit-kernels figure 4 --data mnist --split t10k --out report-mnist", "the same on MNIST"],
		["orbit-kernels figure all --scale paper --out report", "everything, for hours; ended, the same line goes on"],
	],

	async run({ scale, pairs, data, split, seed, workers, out }, { version, signal }, operands) {
		const names = chosen(operands);
		const digitsOf = await readDigits(data, split);
		await makeFolder("out", out);
		const started = new Date();
		const results: Result[] = [];
		const times: Record<string, FigureTime> = {};
		let used = 0;
		let store: Store | undefined;
		let settings: Record<string, unknown> = {};
		await withEngine(workers, signal, async (engine) => {
			used = engine.workers;
			const digits = await digitsOf(engine);
			settings = { packageVersion: version, scale, pairs, seed, data: dataOf(digits), names };
			store = await openStore(out, settings);
			for (const name of names) {
				const { load } = figures[name] as (typeof figures)[string];
				const figure = await load();
				const start = performance.now();
				const parts = partsOf(store, name);
				try {
					const data = await withProgress(`figure ${name}`, figure.unit, (onProgress) =>
						parts.whole(() =>
							figure.compute({
								...{ engine, digits, scale, pairs, seed, signal, onProgress, packageVersion: version },
								parts: parts.each,
							}),
						),
					);
					results.push({ name, figure, data });
				} catch (error) {
					// Others may still be computed, but not when this process is to end.
					if (signal.aborted || !(error instanceof OrbitKernelsError)) throw error;
					results.push({ name, failure: error.message });
				}
				times[name] = { seconds: (performance.now() - start) / 1000, partsFromBefore: parts.found() };
			}
		});
		await writeReport(out, results, settings, { started, workers: used, times });
		for (const result of results) showResult(result);
		process.stdout.write(`${emphasis(process.stdout).dim("The report:")} ${join(out, "index.html")}\n`);
		const failed = results.flatMap((result) => ("failure" in result ? [result.name] : []));
		if (failed.length > 0)
			throw new SystemFailure(`failed: figure ${failed.join(", ")}; the same line tries again and keeps the others`);
		await store?.remove();
	},
});

/** What is kept of one figure, and how many parts of it were found. */
function partsOf(store: Store, figure: string) {
	let found = 0;
	async function read<Value>(name: string): Promise<Value | undefined> {
		const value = await store.read<Value>(name);
		if (value !== undefined) found++;
		return value;
	}
	return {
		found: () => found,
		each: {
			read: <Value>(name: string) => read<Value>(`${figure}.${name}`),
			write: (name: string, value: unknown) => store.write(`${figure}.${name}`, value),
		},
		async whole(compute: () => Promise<FigureData>): Promise<FigureData> {
			const before = await read<FigureData>(figure);
			if (before !== undefined) return before;
			const data = await compute();
			await store.write(figure, data);
			return data;
		},
	};
}

function chosen(operands: string[]): string[] {
	const known = Object.keys(figures);
	const expected = `expected ${[...known, "all"].join(", ")}`;
	if (operands.length === 0) throw usageError(`the figure's name is missing: ${expected}`);
	const unknown = operands.find((name) => name !== "all" && !known.includes(name));
	if (unknown !== undefined) throw usageError(`unknown figure ${unknown}: ${expected}`);
	return operands.includes("all") ? known : [...new Set(operands)];
}
