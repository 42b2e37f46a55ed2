/** The orbit lab as `orbit-kernels lab` serves it, in a real Chromium: the page against what the library says in Node. */
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { encode } from "fast-png";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright";
import { createServer, preview } from "vite";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import {
	conv,
	createEngine,
	dense,
	type Engine,
	embeddedDigits,
	flatten,
	gather,
	globalAveragePool,
	rbfKernel,
	relu,
	rotations,
	serial,
	shifts,
	squareSymmetries,
	type Tensor,
} from "../../dist/index.js";
import { decodePicture } from "../../site/pictures.ts";
import { FIRST } from "../../site/state.ts";
import { launchOptions } from "../support/chromium.ts";
import { expected, type Lab, type Shown, serveLab, shown } from "../support/lab.ts";

const project = fileURLToPath(new URL("../..", import.meta.url));
const execute = promisify(execFile);

const mlp = (hidden: number) =>
	serial(...Array.from({ length: hidden }, () => [dense({ biasStd: 1 }), relu()]).flat(), dense({ biasStd: 1 }));
const filters = [conv({ size: [3, 3] }), relu()];
const gap = serial(...filters, globalAveragePool(), dense());

let lab: Lab;
let browser: Browser;
let engine: Engine;
/** The digits that are seen first. */
let seeds: Tensor<Float64Array>;

beforeAll(async () => {
	lab = await serveLab();
	browser = await chromium.launch(launchOptions);
	engine = await createEngine();
	const pair = [FIRST.a, FIRST.b].map((picture) => (picture as { digit: number }).digit);
	seeds = gather((await embeddedDigits()).images, pair) as Tensor<Float64Array>;
});
afterAll(async () => {
	await Promise.all([browser?.close(), engine?.dispose()]);
	expect(await lab?.end()).toBe(0);
});

/** What went wrong on any page of a test. */
const problems: string[] = [];
afterEach(async () => {
	await Promise.all(browser.contexts().map((context) => context.close()));
	expect(problems.splice(0)).toEqual([]);
});

/** Opens the page in a tab that collects problems and tasks that block it for over 50 ms. */
async function open(hash = "", options: BrowserContextOptions = {}, address = lab.address): Promise<Page> {
	const tab = await browser.newPage(options);
	tab.on("pageerror", ({ message }) => problems.push(message));
	tab.on("console", (message) => {
		if (["error", "warning"].includes(message.type())) problems.push(message.text());
	});
	tab.on("response", (response) => {
		if (!response.ok()) problems.push(`${response.status()} ${response.url()}`);
	});
	await tab.addInitScript(() => {
		const tasks: string[] = [];
		Object.assign(globalThis, { tasks });
		new PerformanceObserver((list) => {
			for (const { startTime, duration } of list.getEntries())
				tasks.push(`${duration.toFixed(0)} ms at ${startTime.toFixed(0)} ms`);
		}).observe({ type: "longtask", buffered: true });
	});
	await tab.goto(address + hash);
	return tab;
}

/** Prints how long the page could not answer: on a busy machine also because others ran. */
async function tellLongTasks(tab: Page): Promise<void> {
	const tasks = await tab.evaluate(() => (globalThis as unknown as { tasks: string[] }).tasks);
	console.log(`Tasks over 50 ms: ${tasks.join(", ") || "none"}`);
}

/** Waits for a verdict; how long it took, in words. */
async function sees(tab: Page, verdict: Shown): Promise<string> {
	const start = performance.now();
	await expect.poll(() => tab.evaluate(shown), { timeout: 30_000, interval: 10 }).toEqual(verdict);
	return `${(performance.now() - start).toFixed(0)} ms`;
}

const choose = (tab: Page, name: string, label: string) =>
	tab.getByRole("combobox", { name, exact: true }).selectOption({ label });
const slider = (tab: Page, name: string) => tab.getByRole("slider", { name });

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
/** What axe finds on the page: rules with the elements that break them. */
async function violations(tab: Page): Promise<string[][]> {
	await tab.addScriptTag({ content: await readFile(axe, "utf8") });
	return tab.evaluate(async () => {
		const { violations } = await (globalThis as unknown as { axe: typeof import("axe-core") }).axe.run();
		return violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]);
	});
}

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

describe("pictures", () => {
	/** The verdict on A being what the address says, 28 × 28, and B the digit that is seen first. */
	const ofAddress = async (tab: Page) => {
		const text = new URLSearchParams(new URL(tab.url()).hash.slice(1)).get("a") as string;
		const own = { data: decodePicture(text) as Float64Array, shape: [1, 28, 28] };
		const pixels = [...clamped(await engine.resize(own, [8, 8])).data, ...seeds.data.slice(64)];
		return expected(engine, mlp(1), { data: Float64Array.from(pixels), shape: [2, 8, 8] }, rotations(8));
	};
	/** Opens the dialog for A. */
	const chooser = async (tab: Page, way: string) => {
		await tab.getByRole("button", { name: "choose A" }).click();
		await tab.getByRole("tab", { name: way }).click();
		return tab.getByRole("dialog");
	};
	const hasOwn = (tab: Page) => expect.poll(() => tab.url().length).toBeGreaterThan(28 * 28);

	test("one is drawn", async () => {
		const tab = await open();
		const dialog = await chooser(tab, "draw one");
		expect(await violations(tab)).toEqual([]);
		const pad = await dialog.getByRole("application").boundingBox();
		const { x, y, width, height } = pad as NonNullable<typeof pad>;
		// A seven.
		const stroke = [
			[0.3, 0.2],
			[0.7, 0.2],
			[0.45, 0.8],
		] as const;
		for (const [k, [right, down]] of stroke.entries()) {
			await tab.mouse.move(x + right * width, y + down * height, { steps: 8 });
			if (k === 0) await tab.mouse.down();
		}
		await tab.mouse.up();
		await dialog.getByRole("button", { name: "take this drawing" }).click();
		await hasOwn(tab);
		console.log(`After a drawing: ${await sees(tab, await ofAddress(tab))}`);
		await tellLongTasks(tab);
	});

	test("one is drawn by keys, and undone", async () => {
		const tab = await open();
		const dialog = await chooser(tab, "draw one");
		const pad = dialog.getByRole("application");
		for (let k = 0; k < 6; k++) await pad.press("Shift+ArrowUp");
		for (let k = 0; k < 4; k++) await pad.press("ArrowRight");
		await pad.press(" ");
		await dialog.getByRole("button", { name: "undo" }).click();
		await dialog.getByRole("button", { name: "take this drawing" }).click();
		await hasOwn(tab);
		await sees(tab, await ofAddress(tab));
	});

	test("one of the digits", async () => {
		const tab = await open();
		const dialog = await chooser(tab, "a digit");
		expect(await violations(tab)).toEqual([]);
		await dialog.getByRole("button", { name: "3", exact: true }).click();
		await dialog
			.getByRole("button", { name: /^digit 3, number/ })
			.first()
			.click();
		await expect.poll(() => tab.url()).toMatch(/#a=3$/);
		const { images } = await embeddedDigits();
		const pair = gather(images, [3, (FIRST.b as { digit: number }).digit]);
		await sees(tab, await expected(engine, mlp(1), pair, rotations(8)));
	});

	test("from a file, if it is one", async () => {
		const tab = await open();
		const dialog = await chooser(tab, "a file");
		expect(await violations(tab)).toEqual([]);
		const input = dialog.locator("input[type=file]");
		await input.setInputFiles({ name: "words.png", mimeType: "image/png", buffer: Buffer.from("no picture") });
		await expect.poll(() => dialog.getByRole("alert").innerText()).toContain("words.png");
		const data = Uint8Array.from({ length: 60 * 40 }, (_, k) => (k % 60) * 4);
		const picture = Buffer.from(encode({ width: 60, height: 40, data, channels: 1 }));
		await input.setInputFiles({ name: "ramp.png", mimeType: "image/png", buffer: picture });
		await hasOwn(tab);
		await sees(tab, await ofAddress(tab));
	});
});

describe("the address", () => {
	/** What all controls say. */
	const controls = (tab: Page) =>
		tab.evaluate(() =>
			Array.from(document.querySelectorAll("select, input"), (one) => (one as HTMLInputElement).value),
		);

	test("shared or reloaded, it gives the same page", async () => {
		const tab = await open();
		await choose(tab, "group", "shifts to the right");
		await choose(tab, "network", "MLP");
		await slider(tab, "hidden layers").fill("2");
		await slider(tab, "deviation of biases").fill("0.5");
		await choose(tab, "pixels", "16 × 16");
		await slider(tab, "The unseen pose").press("ArrowLeft");
		const large = await engine.resize(seeds, [16, 16]);
		const biased = [dense({ biasStd: 0.5 }), relu()];
		const network = serial(...biased, ...biased, dense({ biasStd: 0.5 }));
		const unseen = { of: "a", pose: 1 } as const;
		const verdict = await expected(engine, network, clamped(large), shifts(8), unseen);
		await sees(tab, verdict);
		const state = await controls(tab);
		expect(state.length).toBeGreaterThan(6);

		const shared = await open(new URL(tab.url()).hash);
		await sees(shared, verdict);
		expect(await controls(shared)).toEqual(state);
		await tab.reload();
		await sees(tab, verdict);
		expect(await controls(tab)).toEqual(state);
		expect(tab.url()).toBe(shared.url());
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
		const tab = await open("#a=-1&size=9&group=none&poses=1e9&network=__proto__&unseen=c&view=x&circles=,,");
		const verdict = await expected(engine, mlp(1), seeds, rotations(8));
		await sees(tab, verdict);
	});
});

/** As the page makes other sizes. */
const clamped = ({ data, shape }: Tensor): Tensor<Float64Array> => ({
	data: Float64Array.from(data, (value) => Math.min(1, Math.max(0, value))),
	shape,
});

test("a slider that moves on ends what it began: the last verdict is there, and no error", async () => {
	const tab = await open("#network=gap&size=16&poses=2");
	const poses = slider(tab, "N, poses of each");
	await poses.focus();
	for (let n = 3; n <= 24; n++) await tab.keyboard.press("ArrowRight");
	const large = clamped(await engine.resize(seeds, [16, 16]));
	const verdict = await expected(engine, gap, large, rotations(24));
	console.log(`The last of many: ${await sees(tab, verdict)}`);
	await tellLongTasks(tab);
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
		const networks = tab.locator(".others td:is(.right, .wrong)");
		await expect.poll(() => networks.count(), { timeout: 30_000 }).toBe(4);
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

test("a browser without SIMD is told so", async () => {
	const tab = await browser.newPage();
	await tab.addInitScript(() => {
		WebAssembly.validate = () => false;
	});
	await tab.goto(lab.address);
	await expect.poll(() => tab.innerText("body")).toContain("WebAssembly with SIMD");
	expect(await tab.evaluate(shown)).toBeUndefined();
});
