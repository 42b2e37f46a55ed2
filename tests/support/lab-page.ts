/**
 * The orbit lab in a real Chromium, and what all its tests do there.
 * @module
 */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import {
	createEngine,
	dense,
	type Engine,
	embeddedDigits,
	gather,
	type Network,
	relu,
	serial,
	type Tensor,
} from "../../dist/index.js";
import { FIRST } from "../../site/state.ts";
import { launchOptions } from "./chromium.ts";
import { type Lab, type Shown, serveLab, shown } from "./lab.ts";

/** What a page of the tests knows of itself. */
export interface Watched {
	/** Tasks that blocked it for over 50 ms. */
	tasks: string[];
	/** What its workers were asked, and where a control was moved, in this order; `gram` tells one Gram from another. */
	asked: { name: string; gram: number | undefined }[];
	/** Its workers. */
	alive: Set<unknown>;
}

/** Serves the lab to a real Chromium for the tests of a file; a test fails where a page of it had problems. */
export function useLab() {
	let lab: Lab;
	let browser: Browser;
	/** What went wrong on any page of a test. */
	const problems: string[] = [];
	beforeAll(async () => {
		lab = await serveLab();
		browser = await chromium.launch(launchOptions);
	});
	afterEach(async () => {
		await Promise.all(browser.contexts().map((context) => context.close()));
		expect(problems.splice(0)).toEqual([]);
	});
	afterAll(async () => {
		await browser?.close();
		expect(await lab?.end()).toBe(0);
	});
	return {
		problems,
		get address() {
			return lab.address;
		},
		/** An empty tab whose problems are its own. */
		newTab: () => browser.newPage(),
		/** Opens the page, or one whose address goes on from the lab's, in a tab that is watched. */
		async open(rest = "", options: BrowserContextOptions = {}, address = lab.address): Promise<Page> {
			const tab = await browser.newPage(options);
			tab.on("pageerror", ({ message }) => problems.push(message));
			tab.on("console", (message) => {
				if (["error", "warning"].includes(message.type())) problems.push(message.text());
			});
			tab.on("response", (response) => {
				if (!response.ok()) problems.push(`${response.status()} ${response.url()}`);
			});
			await tab.addInitScript(watch);
			await tab.goto(address + rest);
			return tab;
		},
	};
}

/** Begins to watch, before the page begins; evaluated in it. */
function watch(): void {
	const watched: Watched = { tasks: [], asked: [], alive: new Set() };
	const { tasks, asked, alive } = watched;
	new PerformanceObserver((list) => {
		for (const { startTime, duration } of list.getEntries())
			tasks.push(`${duration.toFixed(0)} ms at ${startTime.toFixed(0)} ms`);
	}).observe({ type: "longtask", buffered: true });
	// Before the page hears of it.
	addEventListener("input", () => asked.push({ name: "input", gram: undefined }), { capture: true });
	const Watched = class extends Worker {
		constructor(...how: ConstructorParameters<typeof Worker>) {
			super(...how);
			alive.add(this);
		}
		override postMessage(message: unknown, ...rest: unknown[]) {
			// As Comlink writes calls.
			const { argumentList = [] } = message as { argumentList?: { value: unknown }[] };
			const [name, request] = argumentList.map(({ value }) => value) as [string?, { gram?: { id: number } }?];
			asked.push({ name: name ?? "", gram: request?.gram?.id });
			super.postMessage(message, ...(rest as [Transferable[]]));
		}
		override terminate() {
			alive.delete(this);
			super.terminate();
		}
	};
	Object.assign(globalThis, { Worker: Watched, watched });
}

/** What a page knows of itself by now. */
export const watchedOf = (tab: Page) =>
	tab.evaluate(() => {
		const { tasks, asked, alive } = (globalThis as unknown as { watched: Watched }).watched;
		return { tasks, asked, alive: alive.size };
	});

/** Prints how long the page could not answer: on a busy machine also because others ran. */
export async function tellLongTasks(tab: Page): Promise<void> {
	console.log(`Tasks over 50 ms: ${(await watchedOf(tab)).tasks.join(", ") || "none"}`);
}

/** Waits for a verdict; how long it took, in words. */
export async function sees(tab: Page, verdict: Shown): Promise<string> {
	const start = performance.now();
	await expect.poll(() => tab.evaluate(shown), { timeout: 30_000, interval: 10 }).toEqual(verdict);
	return `${(performance.now() - start).toFixed(0)} ms`;
}

/** Waits until all has been computed. */
export async function rests(tab: Page): Promise<void> {
	await expect.poll(() => tab.locator(".others td:is(.right, .wrong)").count(), { timeout: 30_000 }).toBe(4);
}

export const choose = (tab: Page, name: string, label: string) =>
	tab.getByRole("combobox", { name, exact: true }).selectOption({ label });

export const slider = (tab: Page, name: string) => tab.getByRole("slider", { name });

/** What all controls say, and where the orbits are seen. */
export const controls = (tab: Page) =>
	tab.evaluate(() => [
		...Array.from(document.querySelectorAll("select, input"), (one) => (one as HTMLInputElement).value),
		...Array.from(document.querySelectorAll(".space .dot"), (dot) => dot.getAttribute("d")),
	]);

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** What axe finds on the page: rules with the elements that break them. */
export async function violations(tab: Page): Promise<string[][]> {
	await tab.addScriptTag({ content: await readFile(axe, "utf8") });
	return tab.evaluate(async () => {
		const { violations } = await (globalThis as unknown as { axe: typeof import("axe-core") }).axe.run();
		return violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]);
	});
}

/** The library in Node for the tests of a file, and the two digits that the lab shows first. */
export async function useLibrary(): Promise<{ engine: Engine; seeds: Tensor<Float64Array> }> {
	const engine = await createEngine();
	afterAll(() => engine.dispose());
	const pair = [FIRST.a, FIRST.b].map((picture) => (picture as { digit: number }).digit);
	return { engine, seeds: gather((await embeddedDigits()).images, pair) as Tensor<Float64Array> };
}

/** The MLP of the lab as it is first, but for its depth. */
export const mlp = (hidden: number): Network =>
	serial(...Array.from({ length: hidden }, () => [dense({ biasStd: 1 }), relu()]).flat(), dense({ biasStd: 1 }));

/** As the page makes other sizes. */
export const clamped = ({ data, shape }: Tensor): Tensor<Float64Array> => ({
	data: Float64Array.from(data, (value) => Math.min(1, Math.max(0, value))),
	shape,
});
