/**
 * What results depend on, and their file.
 * @module
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { arch, availableParallelism, cpus, loadavg, platform, totalmem } from "node:os";
import { dirname } from "node:path";
import { UsageError } from "../options.ts";
import { resultsOf, type Source } from "../read.ts";
import type { Machine, Results } from "../results.ts";

/** This machine, now. */
export function machine(): Machine {
	return {
		cpu: cpus()[0]?.model.trim() ?? "unknown processor",
		processors: availableParallelism(),
		memory: totalmem(),
		system: `${platform()} ${arch()}`,
		load: loadavg()[0] as number,
		runtime: `Node ${process.versions.node}`,
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

/** Writes results as JSON: the whole file or, should the process end meanwhile, what was there before. */
export function save(file: string, results: Results): void {
	mkdirSync(dirname(file), { recursive: true });
	const partial = `${file}.partial`;
	writeFileSync(partial, `${JSON.stringify(results, null, "\t")}\n`);
	renameSync(partial, file);
}

/**
 * Reads results.
 *
 * @throws UsageError when the file can't be read or holds no results of this version
 */
export function load(file: string): Source {
	let text: string;
	try {
		text = readFileSync(file, "utf8");
	} catch (error) {
		throw new UsageError(`${file}: expected a file of results: ${(error as Error).message}`);
	}
	return resultsOf(text, file);
}
