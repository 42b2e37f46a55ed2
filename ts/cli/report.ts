/**
 * The folder of a report: a page, its pictures, all numbers, and what they came from.
 * @module
 */
import { cpus, release, totalmem, type } from "node:os";
import { join } from "node:path";
import { type Result, report } from "../../figures/index.ts";
import { produce } from "./output.ts";
import { png } from "./png.ts";
import { emphasis, paragraph, textTable } from "./terminal.ts";

/** Of one figure in this process; parts that an earlier one left were read, not computed. */
export interface FigureTime {
	seconds: number;
	partsFromBefore: number;
}

/** What differs from run to run. */
export interface Run {
	started: Date;
	workers: number;
	times: Record<string, FigureTime>;
}

/** Writes all files, or none; only run.json differs between two runs of the same settings. */
export async function writeReport(
	out: string,
	results: readonly Result[],
	settings: Readonly<Record<string, unknown>>,
	run: Run,
): Promise<void> {
	const { page, pictures } = await report(results);
	const computed = results.flatMap((result) => ("failure" in result ? [] : [result]));
	const failed = results.flatMap((result) => ("failure" in result ? [result] : []));
	const files = new Map<string, Uint8Array | string>([["index.html", page]]);
	const figures: unknown[] = [];
	for (const { name, figure, data } of computed) {
		const { label, title, insight, table, statements = [] } = figure.describe(data);
		const numbers = `figure-${name}.json`;
		files.set(numbers, `${JSON.stringify(data)}\n`);
		const drawn: { title: string; caption: string; svg: string; png: string }[] = [];
		for (const { title, caption, svg, light } of pictures.filter(({ figure }) => figure === name)) {
			const stem = `figure-${name}-${drawn.length + 1}`;
			files.set(`${stem}.svg`, svg).set(`${stem}.png`, await png(light));
			drawn.push({ title, caption, svg: `${stem}.svg`, png: `${stem}.png` });
		}
		figures.push({ name, label, title, insight, numbers, table, statements, pictures: drawn });
	}
	const manifest = { format: "orbit-kernels/report", version: 1, ...settings, figures, failed };
	files.set("manifest.json", pretty(manifest)).set("run.json", pretty(runOf(run)));
	const paths = [...files.keys()].map((file) => join(out, file));
	await produce("out", paths, async () => [...files.values()]);
}

/** Prints a figure's table and its sentence. */
export function showResult(result: Result): void {
	if ("failure" in result) return;
	const { figure, data } = result;
	const { bold, dim } = emphasis(process.stdout);
	const { label, title, insight, table } = figure.describe(data);
	const numbers = `${textTable(table.head, table.rows)}\n${dim(paragraph(table.note))}`;
	process.stdout.write(`${bold(label)}  ${title}\n\n${numbers}\n\n${paragraph(insight)}\n\n`);
}

function runOf({ started, workers, times }: Run) {
	const [cpu] = cpus();
	return {
		format: "orbit-kernels/run",
		version: 1,
		started: started.toISOString(),
		finished: new Date().toISOString(),
		host: { system: `${type()} ${release()}`, processor: cpu?.model, threads: cpus().length, memoryBytes: totalmem() },
		node: process.version,
		workers,
		figures: times,
	};
}

const pretty = (value: unknown) => `${JSON.stringify(value, null, "\t")}\n`;
