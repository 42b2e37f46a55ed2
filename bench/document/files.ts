/**
 * The page's files: docs/performance.md, its pictures, and the results that it is made of.
 * @module
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { load } from "../host/results.ts";
import { UsageError } from "../options.ts";
import { requireAlike } from "../read.ts";
import { fileOf, pageOf } from "./page.ts";

const PROSE = "bench/document";

/**
 * Writes the page of a run in Node and runs in browsers into a folder, in place of what an earlier page had there.
 *
 * @returns the names of the files written
 * @throws UsageError when a file holds no results, when quick runs are mixed with full ones, or when two are of one engine
 */
export function writeDocument(file: string, browsers: readonly string[], folder: string): string[] {
	const [run, ...others] = [file, ...browsers].map((name) => ({ ...load(name), text: readFileSync(name) }));
	if (!run) return [];
	const files = new Map([[fileOf(run.results), run]]);
	for (const other of others) {
		requireAlike(run, other);
		const name = fileOf(other.results);
		const same = files.get(name);
		const { runtime } = other.results.machine;
		if (same)
			throw new UsageError(
				`${other.file}: machine.runtime is "${runtime}": expected another engine than that of ${same.file}`,
			);
		files.set(name, other);
	}
	const page = pageOf(
		run.results,
		others.map(({ results }) => results),
		prose(),
	);
	const contents = {
		"performance.md": page.markdown,
		...page.pictures,
		...Object.fromEntries([...files].map(([name, { text }]) => [name, text])),
	};
	mkdirSync(folder, { recursive: true });
	// Pictures of suites that are there no more, and results of other browsers.
	for (const name of readdirSync(folder))
		if (/^performance(-.*)?\.(svg|json|md)$/.test(name)) rmSync(join(folder, name));
	for (const [name, content] of Object.entries(contents)) writeFileSync(join(folder, name), content);
	return Object.keys(contents).map((name) => join(folder, name));
}

/** Texts about causes, by the names of the suites. */
const prose = (): Record<string, string> =>
	Object.fromEntries(
		readdirSync(PROSE)
			.filter((name) => name.endsWith(".md"))
			.map((name) => [basename(name, ".md"), readFileSync(join(PROSE, name), "utf8")]),
	);
