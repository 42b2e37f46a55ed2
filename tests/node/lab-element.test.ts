/** `<orbit-spectrum>` in a page of its own, as `orbit-kernels lab` serves one, in a real Chromium: its numbers are those of Node. */
import type { Page } from "playwright";
import { expect, test } from "vitest";
import {
	type Action,
	conv,
	dense,
	embeddedDigits,
	gather,
	globalAveragePool,
	type Kernel,
	type Network,
	relu,
	rotations,
	serial,
	shifts,
} from "../../dist/index.js";
import type { Ready } from "../../site/embed/orbit-spectrum.ts";
import { expected } from "../support/lab.ts";
import { mlp, useLab, useLibrary, violations } from "../support/lab-page.ts";

const { open } = useLab();
const { engine } = await useLibrary();
const seeds = gather((await embeddedDigits()).images, [4, 7]);

const gap = serial(conv({ size: [3, 3] }), relu(), globalAveragePool(), dense());

/** What the element says of A's upright pose. */
async function ready(network: Network | Kernel, action: Action): Promise<Ready> {
	const { exact, predicted } = await expected(engine, network, seeds, action);
	return { error: Number(exact[0]), predicted: Number(predicted[0]) };
}

/** What the page writes below an element when that is ready. */
const sentence = ({ error, predicted }: Ready) => `The element says: error ${error}, predicted ${predicted}.`;
const says = (tab: Page, k: number) => tab.locator("orbit-spectrum + p").nth(k).innerText();

/** Changes an attribute of the first element. */
const change = (tab: Page, name: string, value: string) =>
	tab
		.locator("orbit-spectrum")
		.first()
		.evaluate((element, [name, value]) => element.setAttribute(name, value), [name, value] as const);

test("two elements show and tell the library's numbers, and axe finds no violations", async () => {
	const tab = await open("embed.html");
	for (const [k, network] of [mlp(1), gap].entries()) {
		const wanted = await ready(network, rotations(8));
		await expect.poll(() => says(tab, k), { timeout: 30_000 }).toBe(sentence(wanted));
		const element = tab.locator("orbit-spectrum").nth(k);
		const shown = await element.locator("p[role=status]").innerText();
		expect(shown).toBe(
			`A’s unseen pose is ${wanted.error < 1 ? "recognized" : "not recognized"}: its error is ${Number(wanted.error.toPrecision(3))}, predicted ${Number(wanted.predicted.toPrecision(3))}.`,
		);
		// A bar for each frequency.
		expect(await element.locator("rect.bar").count()).toBeGreaterThanOrEqual(16);
	}
	expect(await violations(tab)).toEqual([]);
});

test("other attributes, other numbers; while they are computed none are stated", async () => {
	const tab = await open("embed.html");
	const first = sentence(await ready(mlp(1), rotations(8)));
	await expect.poll(() => says(tab, 0), { timeout: 30_000 }).toBe(first);
	const status = tab.locator("orbit-spectrum").first().locator("p[role=status]");
	/** What it states while it is busy with shifts. */
	const stated = await tab
		.locator("orbit-spectrum")
		.first()
		.evaluate(async (element) => {
			const root = element.shadowRoot as ShadowRoot;
			const texts: (string | null | undefined)[] = [];
			const note = () => {
				if (root.querySelector("section")?.ariaBusy === "true")
					texts.push(root.querySelector("[role=status]")?.textContent);
			};
			new MutationObserver(note).observe(root, {
				subtree: true,
				childList: true,
				attributes: true,
				characterData: true,
			});
			const done = new Promise((resolve) => element.addEventListener("orbit-spectrum-ready", resolve));
			element.setAttribute("group", "shifts");
			await done;
			return texts;
		});
	expect([...new Set(stated)]).toEqual(["\u00a0"]);
	await expect.poll(() => says(tab, 0)).toBe(sentence(await ready(mlp(1), shifts(8))));
	expect(await status.innerText()).toContain("A’s unseen pose is");
	// The same number, written as people may.
	await change(tab, "depth", "02.0");
	await expect.poll(() => says(tab, 0)).toBe(sentence(await ready(mlp(2), shifts(8))));
});

test("an attribute that can't be is refused, and nothing is told", async () => {
	const tab = await open("embed.html");
	const first = sentence(await ready(mlp(1), rotations(8)));
	await expect.poll(() => says(tab, 0), { timeout: 30_000 }).toBe(first);
	const element = tab.locator("orbit-spectrum").first();
	for (const [name, value, refusal] of [
		["depth", "1.5", 'depth="1.5" can’t be; what can be is such as depth="2"'],
		["depth", "", 'depth="" can’t be; what can be is such as depth="1"'],
		["inverselength", "1", 'inverseLength="1": this network has no such parameter'],
	] as const) {
		await change(tab, name, value);
		await expect.poll(() => element.getByRole("alert").innerText()).toBe(refusal);
		expect(await element.locator("rect").count()).toBe(0);
		await element.evaluate((one, name) => one.removeAttribute(name), name);
		await expect.poll(() => element.getByRole("alert").count()).toBe(0);
	}
	expect(await says(tab, 0)).toBe(first);
});
