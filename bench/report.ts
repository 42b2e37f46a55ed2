/**
 * The results of a benchmark: a table to read, a JSON file to keep.
 * @module
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { arch, availableParallelism, cpus, loadavg, platform, totalmem } from "node:os";
import { join } from "node:path";
import { type Contest, ratio } from "./harness.ts";

/** Something that the project wants to reach, and what it reached. */
interface Aim {
	name: string;
	/** The bound, as words. */
	aim: string;
	measured: number;
	met: boolean;
}

/** A number of the report that is no time of a contest. */
interface Fact {
	name: string;
	value: number | string;
	unit: string;
}

/** Collects what one benchmark measures and prints it as it comes. */
export class Report {
	readonly #name: string;
	readonly #options: { quick?: boolean };
	readonly #contests: Contest[] = [];
	readonly #facts: Fact[] = [];
	readonly #aims: Aim[] = [];
	readonly #machine = machine();

	/**
	 * @param name the benchmark's, and its JSON file's
	 * @param options what it was run with; with `quick`, no aims are judged
	 */
	constructor(name: string, options: { quick?: boolean }) {
		this.#name = name;
		this.#options = options;
		const { cpu, processors, node, load, commit } = this.#machine;
		console.log(`${name} · ${cpu}, ${processors} processors · Node ${node} · ${commit}`);
		if (load > 0.5) console.log(`The machine is busy (load ${load.toFixed(1)}): expect a wide spread.`);
	}

	/** Adds a contest; the column "×" is how much longer than the first entrant each takes. */
	contest(contest: Contest): void {
		this.#contests.push(contest);
		const first = contest.figures[0]?.name as string;
		const rows = contest.figures.map(({ name, median, min, max, difference }) => [
			name,
			milliseconds(median),
			milliseconds(min),
			milliseconds(max),
			ratio(contest, name, { [first]: 1 }).toFixed(2),
			difference === null ? "" : difference === 0 ? "none" : difference.toExponential(0),
		]);
		console.log(`\n${contest.title}`);
		table(["", "median", "min", "max", "×", "difference"], rows);
	}

	/** Adds a single number. */
	fact(name: string, value: number | string, unit = ""): void {
		this.#facts.push({ name, value, unit });
		console.log(`${name}: ${typeof value === "number" ? shorten(value) : value} ${unit}`.trimEnd());
	}

	/** States a number that shall be at least `bound`. */
	atLeast(name: string, measured: number, bound: number): void {
		this.#aim({ name, aim: `≥ ${bound}`, measured, met: measured >= bound });
	}

	/** States a number that shall be at most `bound`. */
	atMost(name: string, measured: number, bound: number): void {
		this.#aim({ name, aim: `≤ ${bound}`, measured, met: measured <= bound });
	}

	#aim(aim: Aim): void {
		// A small run says nothing about them.
		if (this.#options.quick) this.fact(aim.name, aim.measured);
		else this.#aims.push(aim);
	}

	/** Prints the aims and writes everything as JSON. */
	finish(): void {
		if (this.#aims.length > 0) {
			console.log("\nAims");
			table(
				["", "measured", "aim", ""],
				this.#aims.map(({ name, aim, measured, met }) => [name, shorten(measured), aim, met ? "met" : "missed"]),
			);
		}
		const folder = join("bench", "results");
		const file = join(folder, `${this.#name}.json`);
		mkdirSync(folder, { recursive: true });
		const report = {
			format: "orbit-kernels/bench",
			version: 1,
			name: this.#name,
			date: new Date().toISOString(),
			machine: this.#machine,
			options: this.#options,
			facts: this.#facts,
			contests: this.#contests,
			aims: this.#aims,
		};
		writeFileSync(file, `${JSON.stringify(report, null, "\t")}\n`);
		console.log(`\nEvery figure: ${file}`);
	}
}

/** What the numbers depend on. */
function machine() {
	return {
		cpu: cpus()[0]?.model.trim() ?? "unknown processor",
		processors: availableParallelism(),
		memory: totalmem(),
		system: `${platform()} ${arch()}`,
		/** Processes that wanted a processor in the last minute. */
		load: loadavg()[0] as number,
		node: process.versions.node,
		v8: process.versions.v8,
		version: JSON.parse(readFileSync("package.json", "utf8")).version as string,
		commit: commit(),
	};
}

function commit(): string {
	try {
		const git = (...args: string[]) => execFileSync("git", args, { encoding: "utf8", stdio: "pipe" }).trim();
		const changed = git("status", "--porcelain", "--untracked-files=no") === "" ? "" : " with changes";
		return `commit ${git("rev-parse", "--short", "HEAD")}${changed}`;
	} catch {
		return "no commit known";
	}
}

function table(head: string[], rows: string[][]): void {
	const lines = [head, ...rows];
	const widths = head.map((_, column) => Math.max(...lines.map((line) => (line[column] as string).length)));
	for (const line of lines) {
		const cells = line.map((cell, k) =>
			k === 0 ? cell.padEnd(widths[k] as number) : cell.padStart(widths[k] as number),
		);
		console.log(`  ${cells.join("  ").trimEnd()}`);
	}
}

const milliseconds = (value: number) => `${shorten(value)} ms`;

/** Three digits are more than a benchmark is worth. */
function shorten(value: number): string {
	return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
