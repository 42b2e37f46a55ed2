/** What the orbit lab's views do when a reader points, drags and measures, in a real Chromium. */
import type { Page } from "playwright";
import { describe, expect, test } from "vitest";
import {
	circulantRow,
	embeddedDigits,
	gather,
	type Kernel,
	type Network,
	rbfKernel,
	rotations,
	type Tensor,
} from "../../dist/index.js";
import { inTurn } from "../../figures/orbit-pairs.ts";
import { toyOf } from "../../site/numbers.ts";
import { FIRST } from "../../site/state.ts";
import { short } from "../../site/views/words.ts";
import { expected } from "../support/lab.ts";
import { choose, mlp, rests, sees, slider, useLab, useLibrary, watchedOf } from "../support/lab-page.ts";

const { open } = useLab();
const { engine, seeds } = await useLibrary();

/** The page as it is first, when all has been computed and nothing moves any more. */
async function first(options: Parameters<typeof open>[1] = {}): Promise<Page> {
	const tab = await open("", options);
	await sees(tab, await expected(engine, mlp(1), seeds, rotations(8)));
	await rests(tab);
	return tab;
}

describe("the Gram", () => {
	/** What is read at an entry of eight poses, in the Gram and beside it, points being numbered A₀ B₀ A₁ …. */
	async function read(network: Network | Kernel, row: number, column: number): Promise<string[]> {
		const { data } = await engine.orbit(seeds, rotations(8));
		const points = gather({ data, shape: [16, 8, 8] }, inTurn(8, 8));
		const gram = (await engine.gram(network, points)).ntk as Tensor;
		const circulant = circulantRow(gram.data, 16)[(column - row + 16) % 16] as number;
		const [one, other] = [row, column].map((point) => `${point % 2 === 0 ? "A" : "B"}${"₀₁₂₃₄₅₆₇"[point >> 1]}`);
		return [gram.data[16 * row + column] as number, circulant].map(
			(value) => `${one}, ${other}: ${value.toPrecision(5)}`,
		);
	}
	const pictures = (tab: Page) => tab.getByRole("application", { name: "Kernel of all poses" });
	/** What both pictures say. */
	const says = (tab: Page, words: string[]) =>
		expect.poll(() => tab.locator(".kernel output").allInnerTexts()).toEqual(words);
	/** Rows and columns that are marked in both pictures. */
	const marked = (tab: Page) =>
		tab.evaluate(() =>
			Array.from(document.querySelectorAll(".pixels .mark"), (mark) => {
				const [own, all] = [mark, mark.parentElement as Element].map((one) => one.getBoundingClientRect());
				const at = (place: number, length: number) => Math.round((16 * place) / length);
				return own && all && [at(own.top - all.top, all.height), at(own.left - all.left, all.width)];
			}),
		);
	/** The middle of an entry. */
	const place = async (tab: Page, row: number, column: number) => {
		const bounds = (await pictures(tab).first().boundingBox()) as { x: number; y: number; width: number };
		const at = (index: number) => ((index + 0.5) * bounds.width) / 16;
		return [bounds.x + at(column), bounds.y + at(row)] as const;
	};

	test("an entry that is pointed at is read and marked in both pictures, and stays so as the kernel changes", async () => {
		const tab = await first();
		await tab.mouse.move(...(await place(tab, 0, 5)));
		await says(tab, await read(mlp(1), 0, 5));
		expect(await marked(tab)).toEqual([
			[0, 5],
			[0, 5],
		]);
		await choose(tab, "rows and columns", "A, then B");
		// B₂ is now the third after all of A.
		await expect
			.poll(() => marked(tab))
			.toEqual([
				[0, 10],
				[0, 10],
			]);
		await says(tab, await read(mlp(1), 0, 5));
		await choose(tab, "network", "Gaussian kernel");
		await says(tab, await read(rbfKernel({ gamma: 1 }), 0, 5));
		await slider(tab, "N, poses of each").fill("0");
		await expect.poll(() => tab.locator(".pixels .mark").count()).toBe(0);
		await choose(tab, "group", "symmetries of the square");
		await expect.poll(() => tab.locator(".kernel").innerText()).toContain("There is none");
	});

	test("keys go from entry to entry, around the edges, and only they are heard", async () => {
		const tab = await first();
		const heard = () => tab.locator(".kernel output").evaluateAll((all) => all.map((one) => one.ariaLive));
		await tab.mouse.move(...(await place(tab, 3, 0)));
		await says(tab, await read(mlp(1), 3, 0));
		expect(await heard()).toEqual(["off", "off"]);
		const second = pictures(tab).nth(1);
		// Both before the next frame.
		await second.evaluate((picture) => {
			for (const key of ["ArrowDown", "ArrowLeft"]) picture.dispatchEvent(new KeyboardEvent("keydown", { key }));
		});
		await says(tab, await read(mlp(1), 4, 15));
		expect(await heard()).toEqual(["off", "polite"]);
	});

	test("a finger reads as well", async () => {
		const tab = await first({ hasTouch: true, viewport: { width: 390, height: 844 } });
		await pictures(tab).first().scrollIntoViewIfNeeded();
		await tab.touchscreen.tap(...(await place(tab, 2, 7)));
		await says(tab, await read(mlp(1), 2, 7));
	});
});

test("a pose is chosen by a click on it, not by the right button", async () => {
	const tab = await first();
	const ring = slider(tab, "The unseen pose");
	const { width } = (await ring.boundingBox()) as { width: number };
	// A₂ is on the left.
	const position = { x: 0.08 * width, y: 0.5 * width };
	await ring.click({ position, button: "right" });
	await ring.press("ArrowLeft");
	await expect.poll(() => tab.url()).toMatch(/#unseen=a1$/);
	await ring.click({ position });
	await sees(tab, await expected(engine, mlp(1), seeds, rotations(8), { of: "a", pose: 2 }));
	expect(tab.url()).toMatch(/#unseen=a2$/);
});

test("curves are turned by keys: the address says how, and nothing is computed", async () => {
	const tab = await first();
	const { asked } = await watchedOf(tab);
	const dots = () => tab.locator(".space .dot").evaluateAll((all) => all.map((dot) => dot.getAttribute("d")));
	const before = await dots();
	const curves = tab.getByRole("application", { name: "curves in space" });
	await curves.press("ArrowLeft");
	await curves.press("ArrowDown");
	await expect.poll(() => decodeURIComponent(tab.url())).toMatch(/#view=35,30$/);
	expect(await dots()).not.toEqual(before);
	expect((await watchedOf(tab)).asked).toEqual(asked);
});

test("a circle is dragged: its distance, the numbers and the address follow", async () => {
	const tab = await first();
	const circle = tab.locator(".circles .ring-a");
	await circle.scrollIntoViewIfNeeded();
	const bounds = await circle.boundingBox();
	const { x, y, width, height } = bounds as NonNullable<typeof bounds>;
	const [right, down] = [x + width / 2, y + height / 2];
	await tab.mouse.move(right, down);
	await tab.mouse.down();
	await tab.mouse.move(right - 40, down, { steps: 4 });
	await tab.mouse.up();
	const delta = Number(await slider(tab, "Δ, distance").inputValue());
	expect(delta).toBeGreaterThan(FIRST.toy.delta);
	await expect.poll(() => decodeURIComponent(tab.url())).toMatch(new RegExp(`#circles=6,${delta},1$`));
	const source = { engine, digits: await embeddedDigits() };
	const call = { signal: new AbortController().signal, onProgress: () => {} };
	const { quantities } = await toyOf(source, { ...FIRST.toy, delta }, call);
	const numbers = [quantities.lastReciprocal, quantities.meanReciprocal, quantities.spectralError].map(short);
	await expect.poll(() => tab.locator(".toy .ratio strong").allInnerTexts()).toEqual(numbers);
});

test("canvases have the colours of the system as it turns dark, in the dialog too", async () => {
	const painted = (tab: Page) =>
		tab.locator("canvas").evaluateAll((all) => all.map((one) => (one as HTMLCanvasElement).toDataURL()));
	const [light, dark] = [await first({ colorScheme: "light" }), await first({ colorScheme: "dark" })];
	for (const tab of [light, dark]) await tab.getByRole("button", { name: "choose A" }).click();
	const wanted = await painted(dark);
	expect(wanted.length).toBeGreaterThan(50);
	for (const [k, before] of (await painted(light)).entries()) expect(before).not.toBe(wanted[k]);
	await light.emulateMedia({ colorScheme: "dark" });
	await expect.poll(() => painted(light)).toEqual(wanted);
});

describe("speed", () => {
	const button = (tab: Page, name: string) => tab.locator(".speed").getByRole("button", { name });

	test("is measured in both precisions, and its results agree", async () => {
		const tab = await open();
		await button(tab, "Measure").click();
		await button(tab, "Measure again").waitFor();
		const tables = tab.locator(".speed table");
		expect(await tables.locator("caption").allInnerTexts()).toEqual(["double precision", "single precision"]);
		for (const table of await tables.all()) {
			const names = await table.getByRole("rowheader").allInnerTexts();
			expect(names[0]).toBe("WebAssembly, 1 worker");
			expect(names.at(-1)).toBe("TypeScript");
			const cells = await table.locator("td:nth-child(2)").allInnerTexts();
			for (const milliseconds of cells) expect(Number(milliseconds)).toBeGreaterThan(0);
			expect(cells).toHaveLength(names.length);
		}
		const [, difference] = /first, is ([\d.e-]+) of/.exec(await tab.innerText(".speed")) ?? [];
		expect(Number(difference)).toBeLessThan(1e-5);
	});

	test("stopped before it begins, it asks for nothing", async () => {
		const tab = await first();
		const { asked, alive } = await watchedOf(tab);
		await button(tab, "Measure").evaluate((element: HTMLButtonElement) => {
			element.click();
			element.click();
		});
		await button(tab, "Measure").waitFor();
		await tab.waitForTimeout(300);
		expect(await watchedOf(tab)).toMatchObject({ asked, alive });
	});

	test("stopped later, it ends its threads and shows nothing", async () => {
		const tab = await first();
		const { alive } = await watchedOf(tab);
		await button(tab, "Measure").click();
		await expect.poll(async () => (await watchedOf(tab)).alive, { interval: 5 }).toBeGreaterThan(alive);
		await button(tab, "Stop").click();
		await button(tab, "Measure").waitFor();
		await expect.poll(async () => (await watchedOf(tab)).alive).toBe(alive);
		expect(await tab.locator(".speed [role=alert], .speed table").count()).toBe(0);
	});
});
