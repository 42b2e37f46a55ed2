/** How pictures are chosen in the orbit lab, in a real Chromium: the verdict on them is the library's. */
import { encode } from "fast-png";
import type { Page } from "playwright";
import { describe, expect, test } from "vitest";
import { embeddedDigits, gather, rotations } from "../../dist/index.js";
import { decodePicture } from "../../site/pictures.ts";
import { FIRST } from "../../site/state.ts";
import { expected } from "../support/lab.ts";
import { clamped, mlp, rests, sees, tellLongTasks, useLab, useLibrary, violations } from "../support/lab-page.ts";

const { open } = useLab();
const { engine, seeds } = await useLibrary();

describe("pictures", () => {
	/** The verdict on A being what the address says, 28 × 28, and B the digit that is seen first. */
	const ofAddress = async (tab: Page) => {
		const text = new URLSearchParams(new URL(tab.url()).hash.slice(1)).get("a") as string;
		const own = { data: decodePicture(text) as Float64Array, shape: [1, 28, 28] };
		const pixels = [...clamped(await engine.resize(own, [8, 8])).data, ...seeds.data.slice(64)];
		return expected(engine, mlp(1), { data: Float64Array.from(pixels), shape: [2, 8, 8] }, rotations(8));
	};
	/** Opens the dialog for A, when nothing behind it is being computed. */
	const chooser = async (tab: Page, way: string) => {
		await rests(tab);
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

	test("a file that is decoded late changes nothing when the dialog was closed, or another file came after it", async () => {
		const tab = await open();
		await tab.evaluate(() => {
			const decode = createImageBitmap;
			Object.assign(globalThis, {
				/** Each is decoded when it is called by its name. */
				createImageBitmap: async (file: File) => {
					await new Promise((resolve) => addEventListener(file.name, resolve, { once: true }));
					return decode(file);
				},
			});
		});
		const dialog = tab.getByRole("dialog");
		const take = (name: string) => {
			const data = Uint8Array.from({ length: 40 * 40 }, (_, k) => 6 * (k % 40));
			const buffer = Buffer.from(encode({ width: 40, height: 40, data, channels: 1 }));
			return dialog.locator("input[type=file]").setInputFiles({ name, mimeType: "image/png", buffer });
		};
		const decode = (name: string) => tab.evaluate((name) => dispatchEvent(new Event(name)), name);
		const openFiles = async (letter: string) => {
			await tab.getByRole("button", { name: `choose ${letter}` }).click();
			await tab.getByRole("tab", { name: "a file" }).click();
		};
		await openFiles("A");
		await take("one");
		await tab.keyboard.press("Escape");
		await expect.poll(() => dialog.count()).toBe(0);
		await openFiles("B");
		await take("two");
		await take("three");
		await decode("one");
		await decode("two");
		await tab.waitForTimeout(300);
		expect(await dialog.count()).toBe(1);
		expect(new URL(tab.url()).hash).toBe("");
		await decode("three");
		await expect.poll(() => tab.url()).toMatch(/#b=[\w-]{784}$/);
	});
});
