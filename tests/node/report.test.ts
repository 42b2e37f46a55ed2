/** The report as people open it: from disk, without network. */
import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { type Browser, chromium } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchOptions } from "../support/chromium.ts";

const program = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
const run = promisify(execFile);
const PAIRS = 3;
const POSES = [2, 4, 8, 16, 32, 64];
const line = ["figure", "2", "3", "4", "--pairs", String(PAIRS), "--seed", "7", "--workers", "1"];

let folder: string;
let out: string;
let browser: Browser;
let output: { stdout: string; stderr: string };

/** Files of a report by their names, but for what differs from run to run. */
async function filesOf(report: string): Promise<Record<string, string>> {
	const names = (await readdir(report)).filter((name) => name !== "run.json");
	const texts = names.map(async (name) => [name, await readFile(join(report, name), "utf8")]);
	return Object.fromEntries(await Promise.all(texts));
}

/** Image and label files as MNIST has them. */
async function writeDigits(data: string, labels: number[], side: number): Promise<void> {
	const bytes = (magic: number[], sizes: number[], values: number[]) =>
		gzipSync(Buffer.from([...magic, ...sizes.flatMap((size) => [0, 0, 0, size]), ...values]));
	const pixels = Array.from(
		{ length: labels.length * side * side },
		(_, k) => Math.floor(128 * (1 + Math.sin(k * k))) % 256,
	);
	await mkdir(data);
	await writeFile(join(data, "t10k-images-idx3-ubyte.gz"), bytes([0, 0, 8, 3], [labels.length, side, side], pixels));
	await writeFile(join(data, "t10k-labels-idx1-ubyte.gz"), bytes([0, 0, 8, 1], [labels.length], labels));
}

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "orbit-kernels-report-"));
	out = join(folder, "report");
	output = await run(process.execPath, [program, ...line, "--out", out]);
	browser = await chromium.launch(launchOptions);
});

/** The files of a folder but its pictures. */
const textsIn = async (folder: string) => (await readdir(folder)).filter((name) => !/\.(svg|png)$/.test(name)).sort();

afterAll(async () => {
	await browser?.close();
	await rm(folder, { recursive: true });
});

test("prints tables and sentences, and no progress where there is no terminal", async () => {
	expect(output.stderr).toBe("");
	expect(output.stdout).toMatch(/^ *64 +\d+ % +\d+ % +\d+ % /m);
	const words = output.stdout.replaceAll("\n", " ");
	expect(words).toMatch(/With 2 poses of each digit an unseen pose is read .* whether they are read correctly/);
	for (const label of ["Figure 2", "Figure 3", "Figure 4"])
		expect(output.stdout).toMatch(new RegExp(`^${label} `, "m"));
	expect(output.stdout).toContain(join(out, "index.html"));
	const numbers = ["figure-2.json", "figure-3.json", "figure-4.json"];
	expect(await textsIn(out)).toEqual([...numbers, "index.html", "manifest.json", "run.json"]);
	expect(await readdir(folder)).toEqual(["report"]);
});

test("stores all numbers and what they came from", async () => {
	const data = JSON.parse(await readFile(join(out, "figure-4.json"), "utf8"));
	expect(data).toMatchObject({
		format: "orbit-kernels/figure-4",
		version: 1,
		packageVersion: expect.stringMatching(/^\d+\.\d+\.\d+/),
		seed: 7,
		ridge: { trace: 1e-10 },
		precision: "f64",
		data: { source: expect.stringContaining("UCI"), images: 1797, size: [28, 28] },
		hiddenLayers: 1,
		network: { type: "serial" },
	});
	expect(data.pairs).toHaveLength(PAIRS);
	for (const { labelA, labelB } of data.pairs) expect(labelA).not.toBe(labelB);
	expect(data.cells.map(({ poses }: { poses: number }) => poses)).toEqual(POSES);
	const nine = [
		...["deltaSquared", "spectralError", "exactError", "lastReciprocal", "meanReciprocalWithoutLast"],
		...["meanReciprocal", "projectedRadius", "meanWithinOrbitKernel", "correctCount"],
	];
	for (const cell of data.cells)
		for (const name of [...nine, "ridge"]) {
			expect(cell[name]).toHaveLength(PAIRS);
			for (const value of cell[name]) expect(value).toBeTypeOf("number");
		}
	const { images, principal } = data.shown;
	expect(images.images.map((image: number[]) => image.length)).toEqual(Array(16).fill(784));
	expect(principal.coordinates.map((component: number[]) => component.length)).toEqual([720, 720, 720]);
	expect(Math.max(...principal.shares)).toBe(principal.shares[0]);
});

test("a manifest says what belongs together, and run.json what differs from run to run", async () => {
	const manifest = JSON.parse(await readFile(join(out, "manifest.json"), "utf8"));
	expect(manifest).toMatchObject({
		...{ format: "orbit-kernels/report", version: 1, scale: "quick", pairs: PAIRS, seed: 7, names: ["2", "3", "4"] },
		data: { source: expect.stringContaining("UCI"), images: 1797, size: [28, 28] },
		failed: [],
	});
	const names = ["2", "3", "4"];
	const entries = names.map((name) => ({ name, label: `Figure ${name}`, numbers: `figure-${name}.json` }));
	expect(manifest.figures).toMatchObject(entries);
	const times = JSON.parse(await readFile(join(out, "run.json"), "utf8"));
	expect(times).toMatchObject({ format: "orbit-kernels/run", version: 1, node: process.version, workers: 1 });
	expect(Date.parse(times.finished)).toBeGreaterThanOrEqual(Date.parse(times.started));
	const none = { seconds: expect.any(Number), partsFromBefore: 0 };
	expect(times.figures).toEqual({ 2: none, 3: none, 4: none });
});

test.each(["light", "dark"] as const)("opens from disk without network, %s", async (colorScheme) => {
	const context = await browser.newContext({ colorScheme, offline: true, viewport: { width: 390, height: 844 } });
	const page = await context.newPage();
	const complaints: string[] = [];
	page.on("console", (message) => complaints.push(message.text()));
	page.on("pageerror", (error) => complaints.push(error.message));
	page.on("request", (request) => {
		if (!/^(data|file):/.test(request.url())) complaints.push(request.url());
	});
	await page.goto(pathToFileURL(join(out, "index.html")).href);

	const pictures = (name: string) => page.locator(`[id="${name}"] figure svg[role=img]`).count();
	// The pair, three views of it, six numbers of poses, three panels of the error's parts, and two curves.
	expect([await pictures("2"), await pictures("3"), await pictures("4")]).toEqual([6, 6, 1 + 3 + 6 + 3 + 2]);
	expect(await page.locator("[id='4'] tbody tr").count()).toBe(6);
	const dots = "svg[aria-label^='Exact against spectral'] [aria-label=dot]";
	expect(await page.locator(`${dots} path, ${dots} circle`).count()).toBe(6 * PAIRS);
	expect(await page.locator("[id='4'] .insight").textContent()).toContain("With 2 poses of each digit");
	const { wide, ink } = await page.evaluate(() => ({
		wide: document.documentElement.scrollWidth > innerWidth,
		ink: getComputedStyle(document.body).color,
	}));
	expect(wide).toBe(false);
	expect(ink).toMatch(colorScheme === "light" ? /rgb\(\d\d, / : /rgb\(2\d\d, /);
	const image = await page.screenshot({ fullPage: true });
	expect(image.length).toBeGreaterThan(10_000);
	expect(complaints).toEqual([]);
	await context.close();
});

test("killed again and again, the same line ends with the same bytes", async () => {
	const killed = join(folder, "killed");
	const parts = () => readdir(`${killed}.parts`).catch(() => []);
	// The settings are there with the first part, a figure as a whole with its last one.
	for (const least of [2, 3, 5]) {
		const child = spawn(process.execPath, [program, ...line, "--out", killed]);
		const end = new Promise<number | null>((resolve) => child.on("close", resolve));
		while ((await parts()).length <= least && child.exitCode === null) await new Promise((next) => setTimeout(next, 2));
		// At some moment of what it does next.
		await new Promise((next) => setTimeout(next, 40 * Math.random()));
		child.kill("SIGKILL");
		expect(await end).toBeNull();
		expect(existsSync(join(killed, "index.html"))).toBe(false);
	}
	// Once more while the report itself is written.
	const last = spawn(process.execPath, [program, ...line, "--out", killed]);
	const end = new Promise<number | null>((resolve) => last.on("close", resolve));
	const isWriting = async () => (await readdir(killed)).some((name) => name.endsWith(".partial"));
	while (!(await isWriting()) && last.exitCode === null) await new Promise((next) => setTimeout(next, 1));
	last.kill("SIGKILL");
	expect(await end).toBeNull();
	const { stderr } = await run(process.execPath, [program, ...line, "--out", killed]);
	expect(stderr).toBe("");
	expect(await filesOf(killed)).toEqual(await filesOf(out));
	const { figures } = JSON.parse(await readFile(join(killed, "run.json"), "utf8"));
	for (const name of [2, 3, 4]) expect(figures[name].partsFromBefore).toBe(1);
	expect(await parts()).toEqual([]);
});

test("a figure that fails does not stop the others", async () => {
	const data = join(folder, "one-class");
	await writeDigits(data, [3, 3, 3], 12);
	const failing = join(folder, "failing");
	const again = () =>
		run(process.execPath, [program, "figure", "2", "4", "3", "--data", data, "--out", failing]).catch((error) => error);
	const { code, stdout, stderr } = await again();
	expect(code).toBe(1);
	expect(stderr).toBe("orbit-kernels figure: failed: figure 4; the same line tries again and keeps the others\n");
	expect(stdout).toMatch(/^Figure 3 /m);
	const names = ["figure-2.json", "figure-3.json", "index.html", "manifest.json", "run.json"];
	expect(await textsIn(failing)).toEqual(names);
	const why = "pairs need images of at least two different labels";
	const before = await filesOf(failing);
	const { figures, failed } = JSON.parse(before["manifest.json"] as string);
	expect(figures.map(({ name }: { name: string }) => name)).toEqual(["2", "3"]);
	expect(failed).toEqual([{ name: "4", failure: why }]);
	expect(before["index.html"]).toContain(why);

	expect((await again()).code).toBe(1);
	expect(await filesOf(failing)).toEqual(before);
	const times = JSON.parse(await readFile(join(failing, "run.json"), "utf8")).figures;
	expect([times[2].partsFromBefore, times[3].partsFromBefore]).toEqual([1, 1]);
});

test("takes images in the files of MNIST", async () => {
	const [labels, side] = [[0, 1, 2, 0, 1, 2], 12];
	const data = join(folder, "data");
	await writeDigits(data, labels, side);
	const other = join(folder, "other");
	await run(process.execPath, [program, "figure", "4", "block", "--pairs", "2", "--data", data, "--out", other]);
	for (const name of ["4", "block"]) {
		const stored = JSON.parse(await readFile(join(other, `figure-${name}.json`), "utf8"));
		const source = expect.stringContaining("t10k-images");
		expect(stored.data).toEqual({ source, images: labels.length, size: [side, side] });
	}
});

test("goes beyond the paper: blocks, and every number of poses", async () => {
	const beyond = join(folder, "beyond");
	const line = ["figure", "block", "poses", "--pairs", String(PAIRS), "--seed", "7", "--workers", "1", "--out", beyond];
	const { stdout, stderr } = await run(process.execPath, [program, ...line]);
	expect(stderr).toBe("");
	const words = stdout.replaceAll("\n", " ");
	expect(words).toMatch(
		/Over 3 pairs the blocks miss .* at N = 8, 16, 32, .*; at N = 4, where all turns only move pixels/,
	);
	expect(words).toMatch(/Half of all pairs need .* is foretold by the spectral formula in [\d.]+ % of all cases/);

	const block = JSON.parse(await readFile(join(beyond, "figure-block.json"), "utf8"));
	expect(block).toMatchObject({
		format: "orbit-kernels/figure-block",
		...{ version: 1, seed: 7, ridge: { trace: 1e-10 }, precision: "f64", network: { type: "serial" } },
	});
	expect(block.cells.map(({ poses }: { poses: number }) => poses)).toEqual([4, 8, 16, 32]);
	for (const { poses, ...cell } of block.cells)
		for (const values of Object.values(cell)) expect(values).toHaveLength(PAIRS);
	// Quarter turns leave the kernel invariant, so that the blocks are exact.
	for (const [k, exact] of block.cells[0].exactError.entries())
		expect(block.cells[0].blockError[k]).toBeCloseTo(exact, 10);

	const poses = JSON.parse(await readFile(join(beyond, "figure-poses.json"), "utf8"));
	expect(poses).toMatchObject({ format: "orbit-kernels/figure-poses", version: 1, seed: 7, precision: "f64" });
	expect(poses.ridge).toEqual({ trace: 1e-10 });
	for (const { orders, pairs } of poses.networks) {
		expect(orders).toEqual(Array.from({ length: 63 }, (_, k) => k + 2));
		expect(pairs).toHaveLength(PAIRS);
		for (const { exactError, blockError } of pairs) expect([exactError.length, blockError.length]).toEqual([63, 63]);
	}

	const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
	await page.goto(pathToFileURL(join(beyond, "index.html")).href);
	expect(await page.locator("article").count()).toBe(2);
	// Two formulas × four numbers of poses, and three kinds of curves at two depths.
	expect(await page.locator("figure svg[role=img]").count()).toBe(8 + 6);
	expect(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)).toBe(false);
	await page.close();
});

test("loads nothing from elsewhere", async () => {
	const page = await readFile(join(out, "index.html"), "utf8");
	expect(page).not.toMatch(/<script|@import|<link[^>]+stylesheet|(src|href)="(?!data:|#|run\.json")|url\((?!#|data:)/);
});
