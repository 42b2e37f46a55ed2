/** The report as people open it: from disk, without network. */
import { execFile } from "node:child_process";
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
const PAIRS = 3;
const POSES = [2, 4, 8, 16, 32, 64];

let folder: string;
let browser: Browser;
let output: { stdout: string; stderr: string };

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "orbit-kernels-report-"));
	const line = ["figure", "4b", "--pairs", String(PAIRS), "--seed", "7", "--workers", "1", "--out", folder];
	output = await promisify(execFile)(process.execPath, [program, ...line]);
	browser = await chromium.launch(launchOptions);
});

afterAll(async () => {
	await browser?.close();
	await rm(folder, { recursive: true });
});

test("prints a table and one sentence, and no progress where there is no terminal", async () => {
	expect(output.stderr).toBe("");
	expect(output.stdout).toMatch(/^ +1 +64 +\d+ % +\d+ % /m);
	expect(output.stdout.replaceAll("\n", " ")).toMatch(
		/With 2 poses of each digit an unseen pose is read .* in half of all cases\./,
	);
	expect(output.stdout).toContain(join(folder, "index.html"));
	expect((await readdir(folder)).sort()).toEqual(["figure-4b.json", "index.html"]);
});

test("stores all numbers and what they came from", async () => {
	const data = JSON.parse(await readFile(join(folder, "figure-4b.json"), "utf8"));
	expect(data).toMatchObject({
		format: "orbit-kernels/figure-4b",
		version: 1,
		packageVersion: expect.stringMatching(/^\d+\.\d+\.\d+/),
		seed: 7,
		ridge: { trace: 1e-10 },
		precision: "f64",
		data: { source: expect.stringContaining("UCI"), images: 1797, size: [28, 28] },
		networks: [{ hiddenLayers: 1, network: { type: "serial" } }, { hiddenLayers: 5 }],
	});
	expect(data.seconds).toBeGreaterThan(0);
	expect(data.pairs).toHaveLength(PAIRS);
	for (const { labelA, labelB } of data.pairs) expect(labelA).not.toBe(labelB);
	expect(
		data.cells.map(({ hiddenLayers, poses }: { hiddenLayers: number; poses: number }) => [hiddenLayers, poses]),
	).toEqual([1, 5].flatMap((layers) => POSES.map((poses) => [layers, poses])));
	const nine = [
		...["deltaSquared", "spectralError", "exactError", "lastReciprocal", "meanReciprocalWithoutLast"],
		...["meanReciprocal", "projectedRadius", "meanWithinOrbitKernel", "correctCount"],
	];
	for (const cell of data.cells)
		for (const name of [...nine, "ridge"]) {
			expect(cell[name]).toHaveLength(PAIRS);
			for (const value of cell[name]) expect(value).toBeTypeOf("number");
		}
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
	await page.goto(pathToFileURL(join(folder, "index.html")).href);

	// The pair, two depths × six numbers of poses, and four curves.
	expect(await page.locator("figure svg[role=img]").count()).toBe(1 + 12 + 4);
	expect(await page.locator("tbody tr").count()).toBe(12);
	const dots = "svg[aria-label^='Exact against spectral'] [aria-label=dot]";
	expect(await page.locator(`${dots} path, ${dots} circle`).count()).toBe(12 * PAIRS);
	expect(await page.locator(".insight").textContent()).toContain("With 2 poses of each digit");
	const { wide, ink } = await page.evaluate(() => ({
		wide: document.documentElement.scrollWidth > innerWidth,
		ink: getComputedStyle(document.body).color,
	}));
	expect(wide).toBe(false);
	expect(ink).toMatch(colorScheme === "light" ? /rgb\(\d\d, / : /rgb\(2\d\d, /);
	const image = await page.screenshot({ fullPage: true, path: join(folder, `${colorScheme}.png`) });
	expect(image.length).toBeGreaterThan(10_000);
	expect(complaints).toEqual([]);
	await context.close();
});

test("takes images in the files of MNIST", async () => {
	const [count, side] = [6, 12];
	const bytes = (magic: number[], sizes: number[], values: number[]) =>
		gzipSync(Buffer.from([...magic, ...sizes.flatMap((size) => [0, 0, 0, size]), ...values]));
	const pixels = Array.from({ length: count * side * side }, (_, k) => Math.floor(128 * (1 + Math.sin(k * k))) % 256);
	const data = join(folder, "data");
	await mkdir(data);
	await writeFile(join(data, "t10k-images-idx3-ubyte.gz"), bytes([0, 0, 8, 3], [count, side, side], pixels));
	await writeFile(join(data, "t10k-labels-idx1-ubyte.gz"), bytes([0, 0, 8, 1], [count], [0, 1, 2, 0, 1, 2]));
	const out = join(folder, "other");
	await promisify(execFile)(process.execPath, [program, "figure", "all", "--pairs", "2", "--data", data, "--out", out]);
	const stored = JSON.parse(await readFile(join(out, "figure-4b.json"), "utf8"));
	expect(stored.data).toEqual({ source: expect.stringContaining("t10k-images"), images: count, size: [side, side] });
});

test("goes beyond the paper: blocks, and every number of poses", async () => {
	const out = join(folder, "beyond");
	const line = ["figure", "block", "poses", "--pairs", String(PAIRS), "--seed", "7", "--workers", "1", "--out", out];
	const { stdout, stderr } = await promisify(execFile)(process.execPath, [program, ...line]);
	expect(stderr).toBe("");
	const words = stdout.replaceAll("\n", " ");
	expect(words).toMatch(
		/Over 3 pairs the blocks miss .* at N = 8, 16, 32, .*; at N = 4, where all turns only move pixels/,
	);
	expect(words).toMatch(/Half of all pairs need .* is foretold by the spectral formula in [\d.]+ % of all cases/);

	const block = JSON.parse(await readFile(join(out, "figure-block.json"), "utf8"));
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

	const poses = JSON.parse(await readFile(join(out, "figure-poses.json"), "utf8"));
	expect(poses).toMatchObject({ format: "orbit-kernels/figure-poses", version: 1, seed: 7, precision: "f64" });
	for (const { orders, pairs, shareRight, ridge } of poses.networks) {
		expect(ridge).toEqual({ trace: 1e-10 });
		expect(orders).toEqual(Array.from({ length: 63 }, (_, k) => k + 2));
		expect([pairs.length, shareRight.length]).toEqual([PAIRS, 63]);
		for (const { exactError, blockError } of pairs) expect([exactError.length, blockError.length]).toEqual([63, 63]);
	}

	const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
	await page.goto(pathToFileURL(join(out, "index.html")).href);
	expect(await page.locator("article").count()).toBe(2);
	// Two formulas × four numbers of poses, and three kinds of curves at two depths.
	expect(await page.locator("figure svg[role=img]").count()).toBe(8 + 6);
	expect(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)).toBe(false);
	await page.close();
});

test("loads nothing from elsewhere", async () => {
	const page = await readFile(join(folder, "index.html"), "utf8");
	expect(page).not.toMatch(/<script|@import|<link[^>]+stylesheet|(src|href)="(?!data:|#)|url\((?!#|data:)/);
});
