/**
 * The folder of a report: a page, all numbers, and what they came from.
 * @module
 */
import { cpus, release, totalmem, type } from "node:os";
import { join } from "node:path";
import { type Result, reportPage } from "../../figures/index.ts";
import { produce } from "./output.ts";

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
	const computed = results.flatMap((result) => ("failure" in result ? [] : [result]));
	const numbers = computed.map(({ name }) => `figure-${name}.json`);
	const manifest = {
		format: "orbit-kernels/report",
		version: 1,
		...settings,
		figures: computed.map(({ name, figure, data }) => {
			const { label, title, insight, table, statements = [] } = figure.describe(data);
			return { name, label, title, insight, numbers: `figure-${name}.json`, table, statements };
		}),
		failed: results.flatMap((result) => ("failure" in result ? [{ name: result.name, failure: result.failure }] : [])),
	};
	const files = ["index.html", "manifest.json", "run.json", ...numbers].map((file) => join(out, file));
	await produce("out", files, async () => [
		await reportPage(results),
		pretty(manifest),
		pretty(runOf(run)),
		...computed.map(({ data }) => `${JSON.stringify(data)}\n`),
	]);
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
