/** The benchmarks on their page in a real Chromium, from the build to the file of results. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Results } from "../../bench/results.ts";
import { buildBenchmarks } from "../../tools/bench.mjs";

const project = fileURLToPath(new URL("../..", import.meta.url));

/** Inside the project, whose packages the program imports. */
let folder: string;
beforeAll(async () => {
	await mkdir(join(project, ".tools"), { recursive: true });
	folder = await mkdtemp(join(project, ".tools", "test-"));
	await buildBenchmarks(join(folder, "bench"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const bench = (...args: string[]) =>
	promisify(execFile)(process.execPath, [join(folder, "bench", "main.js"), ...args], { cwd: project });

test("a suite runs in Chromium, and its results are checked there", async () => {
	const out = join(folder, "results.json");
	const { stdout } = await bench("conv", "--browser", "chromium", "--quick", "--rounds", "1", "--out", out);
	const results: Results = JSON.parse(await readFile(out, "utf8"));
	expect(results).toMatchObject({
		format: "orbit-kernels/bench",
		version: 2,
		machine: { runtime: expect.stringMatching(/^Chromium \d+\.\d+/), processors: expect.any(Number) },
		options: { rounds: 1, quick: true },
		suites: [{ name: "conv", aims: [] }],
	});
	const contests = results.suites[0]?.contests ?? [];
	expect(contests.length).toBeGreaterThan(0);
	for (const { title, figures } of contests) {
		// The page says what it keeps, as it comes.
		expect(stdout).toContain(title);
		expect(figures.map(({ name }) => name)).toContain("TypeScript");
		for (const [k, { rounds, difference }] of figures.entries()) {
			expect(rounds).toHaveLength(1);
			expect(difference).toEqual(k === 0 ? null : expect.any(Number));
		}
		// Other roundings: somebody else computed it.
		expect(figures.some(({ difference }) => difference !== null && difference > 0)).toBe(true);
	}
});

test("what only Node can measure is refused", async () => {
	const { code, stderr } = await bench("lifecycle", "--browser", "chromium").then(
		() => expect.fail("it ran"),
		(error) => error,
	);
	expect(code).toBe(2);
	expect(stderr).toMatch(/^lifecycle: expected one of /);
});
