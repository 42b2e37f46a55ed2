/** The page of a run: all that it shows is in the results. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeDocument } from "../../bench/document/files.ts";
import { pageOf } from "../../bench/document/page.ts";
import { UsageError } from "../../bench/options.ts";
import { contestOf, growthOf, resultsOf, suite } from "../support/bench-results.ts";

const dense = suite("dense", {
	contests: [
		contestOf("Gram | n = 17", { "1 worker": [41, 43, 47], TypeScript: [410, 430, 470] }),
		contestOf("Gram of others", { "1 worker": [0.071, 0.073, 0.079], "a *peer*": [0.0355, 0.0365, 0.0395] }),
	],
	facts: [
		{ name: "peer", value: "9.8.7", unit: "" },
		{ name: "peer", value: "9.8.7", unit: "" },
		{ name: "peak", value: 61.25, unit: "GFLOP/s" },
	],
	aims: [
		{ name: "Gram: × TypeScript", aim: "≥ 2.5", measured: 10.01, met: true },
		{ name: "Gram: × <peer>", aim: "≥ 1.5", measured: 0.5, met: false },
	],
});
const growth = suite("growth", { growths: [growthOf("Gram with n", 1.875, 2), growthOf("time a worker", -0.625, -1)] });
const run = resultsOf([dense, growth]);
const browser = resultsOf(
	[suite("dense", { contests: [contestOf("Gram | n = 17", { "1 worker": [86, 86, 86], alone: [7, 7, 7] })] })],
	"Firefox 140.0.2",
);

/** The cells of all rows of tables of Markdown. */
const rowsOf = (markdown: string) =>
	markdown
		.split("\n")
		.filter((line) => line.startsWith("| "))
		.map((line) =>
			line
				.split(/(?<!\\)\|/)
				.slice(1, -1)
				.map((cell) => cell.trim()),
		);

/** The part of a page from a heading to the next of its kind. */
const sectionOf = (markdown: string, title: string) =>
	markdown.split(/^## /m).find((part) => part.startsWith(title)) as string;

test("begins with what the numbers depend on and with all aims", () => {
	const { markdown } = pageOf(run, [], {});
	const head = rowsOf(sectionOf(markdown, "This run"));
	expect(head).toContainEqual(["machine", "Some CPU, 4 processors, 8 GiB, linux x64"]);
	expect(head).toContainEqual(["runtime", "Node 20.1.2"]);
	expect(head).toContainEqual(["orbit-kernels", "1.2.3, commit abc1234"]);
	expect(head).toContainEqual(["date", "2025-01-02T03:04:05.678Z"]);
	expect(head).toContainEqual(["rounds", "5"]);
	const gain = sectionOf(markdown, "What you gain");
	expect(gain).toContain("1 of 2 aims are met.");
	expect(rowsOf(gain).slice(2)).toEqual([
		["Node 20.1.2", "dense", "Gram: × TypeScript", "10.0", "≥ 2.5", "met"],
		["Node 20.1.2", "dense", "Gram: × \\<peer\\>", "0.500", "≥ 1.5", "**missed**"],
	]);
	expect(markdown.indexOf("## What you gain")).toBeLessThan(markdown.indexOf("## dense"));
});

test("a suite's section has its text, its tables and its picture", () => {
	const { markdown, pictures } = pageOf(run, [], { dense: "Why it is fast.\n", other: "Not shown." });
	const section = sectionOf(markdown, "dense");
	expect(section).toMatch(/^dense: What dense is\n\nWhy it is fast\.\n\n!\[[^\]]+\]\(performance-dense\.svg\)\n\n\|/);
	expect(section).toContain("dense took 12.3 s.");
	expect(markdown).not.toContain("Not shown.");
	const rows = rowsOf(section);
	expect(rows.slice(2, 8)).toEqual([
		["**Gram \\| n = 17**", "", "", "", ""],
		["1 worker", "43", "41 … 47", "1", ""],
		["TypeScript", "430", "410 … 470", "10", ""],
		["**Gram of others**", "", "", "", ""],
		["1 worker", "0.0730", "0.0710 … 0.0790", "1", ""],
		["a \\*peer\\*", "0.0365", "0.0355 … 0.0395", "0.500", ""],
	]);
	expect(rows.slice(8)).toEqual([
		["what else", ""],
		["---", "--:"],
		["peer", "9.8.7"],
		["peak", "61.3 GFLOP/s"],
	]);
	const svg = pictures["performance-dense.svg"] as string;
	for (const text of ["Gram | n = 17", "TypeScript", "43 ms", "× 10", "× 0.500"]) expect(svg).toContain(`>${text}<`);
	expect(svg).toContain("prefers-color-scheme: dark");
});

test("growths are told with both exponents, and drawn", () => {
	const { markdown, pictures } = pageOf(run, [], {});
	expect(rowsOf(sectionOf(markdown, "growth")).slice(2)).toEqual([
		["Gram with n", "n = 64, 128, 256", "1.88", "2"],
		["time a worker", "n = 64, 128, 256", "−0.63", "−1"],
	]);
	expect(Object.keys(pictures)).toEqual(["performance-dense.svg", "performance-growth-growth.svg"]);
	const svg = pictures["performance-growth-growth.svg"] as string;
	for (const text of ["exponent 1.88, expected 2", "exponent −0.63, expected −1", "64", "256"])
		expect(svg).toContain(`>${text}<`);
});

test("other results make another page, the same ones the same bytes", () => {
	const page = pageOf(run, [browser], {});
	expect(pageOf(structuredClone(run), [structuredClone(browser)], {})).toEqual(page);
	const slower = structuredClone(run);
	Object.assign(
		slower.suites[0]?.contests[0] ?? {},
		contestOf("Gram | n = 17", { "1 worker": [1, 2, 3], ts: [7, 7, 7] }),
	);
	const other = pageOf(slower, [browser], {});
	expect(other.markdown).not.toBe(page.markdown);
	expect(other.pictures["performance-dense.svg"]).not.toBe(page.pictures["performance-dense.svg"]);
	expect(other.pictures["performance-growth-growth.svg"]).toBe(page.pictures["performance-growth-growth.svg"]);
});

test("a browser's section compares with Node where both have a line", () => {
	const section = sectionOf(pageOf(run, [browser], {}).markdown, "In Firefox 140.0.2");
	const rows = rowsOf(section);
	expect(rows).toContainEqual(["", "median [ms]", "least … greatest", "×", "difference", "× Node 20.1.2"]);
	expect(rows).toContainEqual(["1 worker", "86", "86 … 86", "1", "", "2"]);
	expect(rows).toContainEqual(["alone", "7", "7 … 7", "0.0814", "", ""]);
});

test("many lines are folded", () => {
	const contests = Array.from({ length: 20 }, (_, k) => contestOf(`number ${k}`, { a: [1, 2, 3], b: [2, 3, 4] }));
	const { markdown } = pageOf(resultsOf([suite("many", { contests })]), [], {});
	expect(markdown).toMatch(/<details>\n<summary>All times of 20 contests<\/summary>\n\n\|/);
	expect(pageOf(run, [], {}).markdown).not.toContain("<details>");
});

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "orbit-kernels-document-"));
});
afterAll(() => rm(folder, { recursive: true }));

test("writes the page, its pictures and the results as they are, in place of an earlier page", async () => {
	const [file, other] = ["results.json", "firefox.json"].map((name) => join(folder, name)) as [string, string];
	const text = JSON.stringify(run);
	await writeFile(file, text);
	await writeFile(other, JSON.stringify(browser));
	const docs = join(folder, "docs");
	await mkdir(docs);
	for (const name of ["performance-gone.svg", "performance-chromium.json", "kernels.md"])
		await writeFile(join(docs, name), "");

	const written = writeDocument(file, [other], docs);
	const names = ["performance-dense.svg", "performance-firefox.json", "performance-growth-growth.svg"];
	expect((await readdir(docs)).sort()).toEqual(["kernels.md", ...names, "performance.json", "performance.md"]);
	expect(written.sort()).toEqual([...names, "performance.json", "performance.md"].map((name) => join(docs, name)));
	expect(await readFile(join(docs, "performance.json"), "utf8")).toBe(text);
	const page = await readFile(join(docs, "performance.md"), "utf8");
	expect(page).toContain("[performance-firefox.json](performance-firefox.json)");
	// The text of the suite that is in the repository.
	expect(page).toContain((await readFile("bench/document/dense.md", "utf8")).trim());

	// The page can be made anew from its own files.
	expect(writeDocument(join(docs, "performance.json"), [join(docs, "performance-firefox.json")], docs)).toHaveLength(5);
	expect(await readFile(join(docs, "performance.md"), "utf8")).toBe(page);

	expect(() => writeDocument(file, [other, other], docs)).toThrow(UsageError);
	expect(() => writeDocument(file, [file], docs)).toThrow(
		`results.json: machine.runtime is "Node 20.1.2": expected another engine than that of ${file}`,
	);
	expect(() => writeDocument(join(folder, "none.json"), [], docs)).toThrow("none.json: expected a file of results");
});
