/** The orbit lab as `orbit-kernels lab` serves it, in a real Chromium: the page against what the library says in Node. */
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import type { Page } from "playwright";
import { createServer, preview } from "vite";
import { describe, expect, test } from "vitest";
import {
	conv,
	dense,
	flatten,
	globalAveragePool,
	rbfKernel,
	relu,
	rotations,
	serial,
	shifts,
	squareSymmetries,
} from "../../dist/index.js";
import { expected, shown } from "../support/lab.ts";
import {
	choose,
	clamped,
	controls,
	mlp,
	rests,
	sees,
	slider,
	tellLongTasks,
	useLab,
	useLibrary,
	violations,
	watchedOf,
} from "../support/lab-page.ts";

const project = fileURLToPath(new URL("../..", import.meta.url));
const execute = promisify(execFile);

const filters = [conv({ size: [3, 3] }), relu()];
const gap = serial(...filters, globalAveragePool(), dense());

const lab = useLab();
const { open, problems } = lab;
const { engine, seeds } = await useLibrary();

test("the page opens with the library's verdict", async () => {
	const verdict = await expected(engine, mlp(1), seeds, rotations(8));
	// A page that says nothing else has not begun.
	expect(Number(verdict.exact[0])).toBeGreaterThan(0);
	const tab = await open();
	console.log(`The first verdict: after ${await sees(tab, verdict)} of waiting.`);
	expect(await tab.title()).toContain("Orbit lab");
});

describe("group, network and the unseen pose change, and with them the verdict", () => {
	test.each([
		["a deeper MLP", mlp(3), rotations(8), (tab: Page) => slider(tab, "hidden layers").fill("3")],
		[
			"a CNN that flattens",
			serial(...filters, flatten(), dense()),
			squareSymmetries(),
			async (tab: Page) => {
				await choose(tab, "group", "symmetries of the square");
				await choose(tab, "network", "CNN, flatten");
			},
		],
		[
			"a CNN that averages",
			gap,
			shifts(8),
			async (tab: Page) => {
				await choose(tab, "group", "shifts to the right");
				await choose(tab, "network", "CNN, average pool");
			},
		],
		[
			"a Gaussian kernel",
			rbfKernel({ gamma: 1 }),
			rotations(8),
			(tab: Page) => choose(tab, "network", "Gaussian kernel"),
		],
	])("%s", async (name, network, action, change) => {
		const verdict = await expected(engine, network, seeds, action);
		const tab = await open();
		await sees(tab, await expected(engine, mlp(1), seeds, rotations(8)));
		await change(tab);
		console.log(`${name}: ${await sees(tab, verdict)}`);
	});

	test("another pose, of the other orbit, by keys", async () => {
		const tab = await open();
		const ring = slider(tab, "The unseen pose");
		await ring.press("ArrowLeft");
		await ring.press("ArrowLeft");
		await ring.press(" ");
		const unseen = { of: "b", pose: 2 } as const;
		await sees(tab, await expected(engine, mlp(1), seeds, rotations(8), unseen));
		expect(new URL(tab.url()).hash).toContain("unseen=b2");
	});
});

describe("the address", () => {
	test("shared or reloaded, it gives the same page", async () => {
		const tab = await open();
		await choose(tab, "group", "shifts to the right");
		await choose(tab, "network", "MLP");
		await slider(tab, "hidden layers").fill("2");
		await slider(tab, "deviation of biases").fill("0.5");
		await choose(tab, "pixels", "16 × 16");
		await slider(tab, "The unseen pose").press("ArrowLeft");
		await choose(tab, "rows and columns", "A, then B");
		await tab.getByRole("application", { name: "curves in space" }).press("ArrowUp");
		await slider(tab, "Δ, distance").fill("2.5");
		const large = await engine.resize(seeds, [16, 16]);
		const biased = [dense({ biasStd: 0.5 }), relu()];
		const network = serial(...biased, ...biased, dense({ biasStd: 0.5 }));
		const unseen = { of: "a", pose: 1 } as const;
		const verdict = await expected(engine, network, clamped(large), shifts(8), unseen);
		await sees(tab, verdict);
		const state = await controls(tab);
		expect(state).toContain("2.5");
		const named = [...new URLSearchParams(new URL(tab.url()).hash.slice(1)).keys()];
		expect(named).toEqual(["size", "group", "unseen", "depth", "bias", "gram", "view", "circles"]);

		const shared = await open(new URL(tab.url()).hash);
		await sees(shared, verdict);
		expect(await controls(shared)).toEqual(state);
		await tab.reload();
		await sees(tab, verdict);
		expect(await controls(tab)).toEqual(state);
		expect(tab.url()).toBe(shared.url());
	});

	test("reloaded before it is written, it gives the last state", async () => {
		const tab = await open();
		const depth = slider(tab, "hidden layers");
		// More often than addresses are written: the last is still to be.
		for (let k = 0; k < 20; k++) await depth.press(k % 2 === 0 ? "ArrowRight" : "ArrowLeft");
		await depth.press("End");
		await tab.reload();
		await expect.poll(() => slider(tab, "hidden layers").inputValue()).toBe("10");
		await expect.poll(() => tab.url()).toMatch(/#depth=10$/);
	});

	test("holds a picture of one's own", async () => {
		const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
		const levels = Array.from({ length: 28 * 28 }, (_, k) => ((k % 28) * 7 + (k >> 5) * 3) % 64);
		const text = levels.map((level) => digits[level]).join("");
		const own = { data: Float64Array.from(levels, (level) => level / 63), shape: [1, 28, 28] };
		const pixels = [...clamped(await engine.resize(own, [8, 8])).data, ...seeds.data.slice(64)];
		const verdict = await expected(engine, mlp(1), { data: Float64Array.from(pixels), shape: [2, 8, 8] }, rotations(8));
		await sees(await open(`#a=${text}`), verdict);
	});

	test("of no sense, it gives the first page", async () => {
		const verdict = await expected(engine, mlp(1), seeds, rotations(8));
		const images = "a=-1&b=&size=9&group=none&poses=1e9&unseen=c";
		const tab = await open(`#${images}&network=__proto__&depth=&bias=9&gram=none&view=x&circles=,,`);
		await sees(tab, verdict);
		const first = await open();
		await sees(first, verdict);
		expect(await controls(tab)).toEqual(await controls(first));
	});

	test("another one in the same tab gives its page", async () => {
		const tab = await open();
		await sees(tab, await expected(engine, mlp(1), seeds, rotations(8)));
		const hash = "#group=shifts&poses=4&unseen=b1&network=gap&gram=byClass&view=0,60&circles=4,2,1.5";
		await tab.evaluate((next) => {
			location.hash = next;
		}, hash);
		const verdict = await expected(engine, gap, seeds, shifts(4), { of: "b", pose: 1 });
		await sees(tab, verdict);
		const other = await open(hash);
		await sees(other, verdict);
		expect(await controls(tab)).toEqual(await controls(other));
	});
});

test("a slider that moves on ends what it began: the last verdict is there, no error, and nothing goes on for the others", async () => {
	const tab = await open("#network=gap&size=16&poses=24&depth=8");
	const depth = slider(tab, "hidden layers");
	for (let layers = 7; layers > 1; layers--) await depth.press("ArrowLeft");
	/** Tiles that were asked for before the slider was moved for the last time, and since. */
	const tiles = async () => {
		const { asked } = await watchedOf(tab);
		const last = asked.findLastIndex(({ name }) => name === "input");
		const ofTiles = (some: typeof asked) => some.filter(({ name }) => name === "tile").map(({ gram }) => gram);
		return { before: ofTiles(asked.slice(0, last)), since: ofTiles(asked.slice(last)) };
	};
	// The last but one is being computed.
	await expect.poll(async () => (await tiles()).since.length, { interval: 5 }).toBeGreaterThan(0);
	await depth.press("ArrowLeft");
	const large = clamped(await engine.resize(seeds, [16, 16]));
	const verdict = await expected(engine, gap, large, rotations(24));
	console.log(`The last of many: ${await sees(tab, verdict)}`);
	await tellLongTasks(tab);
	const { before, since } = await tiles();
	expect(since.length).toBeGreaterThan(0);
	expect(since.filter((gram) => before.includes(gram))).toEqual([]);
	// Nothing that comes late takes its place.
	await tab.waitForTimeout(500);
	expect(await tab.evaluate(shown)).toEqual(verdict);
});

test("a run through the controls: how long the page was blocked", async () => {
	const tab = await open();
	await sees(tab, await expected(engine, mlp(1), seeds, rotations(8)));
	for (const network of ["CNN, flatten", "CNN, average pool", "Gaussian kernel", "MLP"]) {
		await choose(tab, "network", network);
		for (const n of [4, 16, 32]) await slider(tab, "N, poses of each").fill(String(n - 2));
	}
	await sees(tab, await expected(engine, mlp(1), seeds, rotations(32)));
	await tellLongTasks(tab);
});

describe("accessibility", () => {
	test.each([
		["light", 1440, 900],
		["dark", 1440, 900],
		["light", 390, 844],
	] as const)("%s, %i × %i: axe finds no violations", async (colorScheme, width, height) => {
		const tab = await open("", { colorScheme, viewport: { width, height } });
		await sees(tab, await expected(engine, mlp(1), seeds, rotations(8)));
		// All that comes later is there too.
		await rests(tab);
		expect(await violations(tab)).toEqual([]);
		// Nothing is wider than the screen.
		expect(await tab.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
	});
});

describe("from another place", () => {
	test("as static files, anywhere, below 1 MB", async () => {
		const root = await mkdtemp(join(tmpdir(), "orbit-kernels-lab-"));
		const folder = join(root, "some", "where");
		const said = await execute(process.execPath, [join(project, "tools", "lab.mjs"), folder]);
		console.log(said.stdout.trim());
		const entries = await readdir(folder, { recursive: true, withFileTypes: true });
		const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
		const sizes = await Promise.all(files.map(async (file) => gzipSync(await readFile(file)).length));
		expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(1_000_000);
		const names = files.map((file) => relative(folder, file));
		expect(names.filter((name) => /cli|training|figure|Inter|\.d\.ts/.test(name))).toEqual([]);
		const notices = await readFile(join(folder, "THIRD-PARTY-NOTICES.txt"), "utf8");
		expect(notices).toContain("lit-html");

		const shared = { root, configFile: false, logLevel: "warn", build: { outDir: "some" } } as const;
		const server = await preview({ ...shared, preview: { port: 0, host: "127.0.0.1" } });
		try {
			const tab = await open("", {}, `${server.resolvedUrls?.local[0]}where/`);
			await sees(tab, await expected(engine, mlp(1), seeds, rotations(8)));
			await tab.close();
		} finally {
			await server.close();
			await rm(root, { recursive: true });
		}
	});

	test("from its sources, as npm run lab serves it", async () => {
		const configFile = join(project, "site", "vite.config.mjs");
		const server = await createServer({ configFile, logLevel: "warn", server: { port: 0, host: "127.0.0.1" } });
		try {
			await server.listen();
			const tab = await open("", {}, server.resolvedUrls?.local[0]);
			await sees(tab, await expected(engine, mlp(1), seeds, rotations(8)));
			await tab.close();
			expect(problems.splice(0)).toEqual([expect.stringContaining("Lit is in dev mode")]);
		} finally {
			await server.close();
		}
	});
});

describe("a page that cannot start says why", () => {
	test("without SIMD", async () => {
		const tab = await lab.newTab();
		await tab.addInitScript(() => {
			WebAssembly.validate = () => false;
		});
		await tab.goto(lab.address);
		await expect.poll(() => tab.innerText("body")).toContain("WebAssembly with SIMD");
		expect(await tab.evaluate(shown)).toBeUndefined();
	});

	test("where the library cannot be loaded, as in browsers without import maps", async () => {
		const tab = await lab.newTab();
		await tab.route("**/orbit-kernels/index.js", (route) => route.abort());
		await tab.goto(lab.address);
		await tab.getByText("a browser since 2023").waitFor();
		expect(await tab.evaluate(shown)).toBeUndefined();
	});

	test("where the digits cannot be loaded", async () => {
		const tab = await lab.newTab();
		await tab.route("**/chunk-digits*", (route) => route.abort());
		await tab.goto(lab.address);
		await expect.poll(() => tab.innerText("body")).toMatch(/^The page could not start: .*digits/);
	});
});
