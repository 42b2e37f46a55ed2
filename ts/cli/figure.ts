/**
 * The command that computes figures of the paper.
 * @module
 */
import { join } from "node:path";
import { type FigureData, figures, reportPage } from "../../figures/index.ts";
import { command } from "./command.ts";
import { digitsOptions, readDigits } from "./digits.ts";
import { withEngine } from "./engine.ts";
import { integer, oneOf, text, usageError, withDefault, workers } from "./options.ts";
import { makeFolder, produce } from "./output.ts";
import { withProgress } from "./progress.ts";
import { emphasis, textTable, width, wrap } from "./terminal.ts";

const list = Object.entries(figures).map(([name, { title }]) => `${name} (${title})`);

export const figure = command({
	name: "figure",
	summary: "figures of the paper, with the numbers behind them",
	details: `Computes figures of "On the Ability of Deep Networks to Learn Symmetries from Data" (Perin & Deny, arXiv 2412.11521) and writes index.html and figure-NAME.json. A DIR of data holds <name>-images-idx3-ubyte[.gz] with <name>-labels-idx1-ubyte[.gz]. Figures: ${list.join(", ")}; or all.`,
	operands: "NAME…",
	options: {
		scale: withDefault("quick", oneOf(["quick", "paper"], "about a minute on two cores, or what the paper did")),
		pairs: integer(1, "pairs of images, instead of the scale's number"),
		...digitsOptions,
		seed: withDefault("1", integer(Number.MIN_SAFE_INTEGER, "of the random choice of pairs")),
		workers,
		out: withDefault("out/report", text("DIR", "where the page and the numbers go")),
	},
	examples: [
		["orbit-kernels figure 4b", "figure 4 B on the digits that come along, to out/report/index.html"],
		["orbit-kernels figure 4b --data mnist --split t10k --out report-mnist", "the same on MNIST"],
		["orbit-kernels figure all --pairs 32", "a first look at all figures"],
	],

	async run({ scale, pairs, data, split, seed, workers, out }, { version, signal }, operands) {
		const names = chosen(operands);
		const digitsOf = await readDigits(data, split);
		await makeFolder("out", out);
		const files = ["index.html", ...names.map((name) => `figure-${name}.json`)].map((file) => join(out, file));
		const done: Done[] = [];
		await produce("out", files, async () => {
			await withEngine(workers, signal, async (engine) => {
				const digits = await digitsOf(engine);
				for (const name of names) {
					const figure = await (figures[name] as (typeof figures)[string]).load();
					const computed = await withProgress(`figure ${name}`, figure.unit, (onProgress) =>
						figure.compute({ engine, digits, scale, pairs, seed, signal, onProgress, packageVersion: version }),
					);
					done.push({ figure, data: computed });
				}
			});
			return [await reportPage(done), ...done.map(({ data }) => `${JSON.stringify(data)}\n`)];
		});
		for (const entry of done) show(entry);
		process.stdout.write(`${emphasis(process.stdout).dim("The report:")} ${files[0]}\n`);
	},
});

interface Done {
	figure: Awaited<ReturnType<(typeof figures)[string]["load"]>>;
	data: FigureData;
}

function chosen(operands: string[]): string[] {
	const known = Object.keys(figures);
	const expected = `expected ${[...known, "all"].join(", ")}`;
	if (operands.length === 0) throw usageError(`the figure's name is missing: ${expected}`);
	const unknown = operands.find((name) => name !== "all" && !known.includes(name));
	if (unknown !== undefined) throw usageError(`unknown figure ${unknown}: ${expected}`);
	return operands.includes("all") ? known : [...new Set(operands)];
}

function show({ figure, data }: Done): void {
	const { bold, dim } = emphasis(process.stdout);
	const { label, title, insight, table } = figure.describe(data);
	const lines = (text: string) => wrap(text, Math.min(width(process.stdout), 100)).join("\n");
	const numbers = `${textTable(table.head, table.rows)}\n${dim(lines(table.note))}`;
	process.stdout.write(`${bold(label)}  ${title}\n\n${numbers}\n\n${lines(insight)}\n\n`);
}
