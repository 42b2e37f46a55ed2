/** The pictures of a report as files: what they hold, in light and dark, and that they are the same each time. */
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { initWasm, Resvg } from "@resvg/resvg-wasm";
import { decode } from "fast-png";
import { chromium } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchOptions } from "../support/chromium.ts";

const program = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
const packageFile = (name: string) => readFile(createRequire(import.meta.url).resolve(name));

interface Picture {
	title: string;
	caption: string;
	svg: string;
	png: string;
}

let folder: string;
let pictures: Picture[];
/** How many panels each group of the page has. */
let panels: number[];
const read = (name: string) => readFile(join(folder, name));
const text = (name: string) => readFile(join(folder, name), "utf8");

async function run(out: string) {
	const line = ["figure", "block", "poses", "--pairs", "2", "--workers", "1", "--out", out];
	await promisify(execFile)(process.execPath, [program, ...line]);
}

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "orbit-kernels-pictures-"));
	await run(folder);
	const manifest = JSON.parse(await text("manifest.json")) as { figures: { pictures: Picture[] }[] };
	pictures = manifest.figures.flatMap(({ pictures }) => pictures);
	const sections = (await text("index.html")).split("<section>").slice(1);
	panels = sections.map((section) => section.match(/<figure[ >]/g)?.length as number);
});

afterAll(() => rm(folder, { recursive: true }));

test("the manifest lists one picture for each group of panels, twice", async () => {
	const page = await text("index.html");
	const titles = Array.from(page.matchAll(/<section>\s*<h3>([^<]*)/g), ([, title]) => title);
	expect(pictures.map(({ title }) => title)).toEqual(titles);
	const files = pictures.flatMap(({ svg, png }) => [svg, png]);
	const count = (figure: string) => pictures.filter(({ svg }) => svg.startsWith(`figure-${figure}-`)).length;
	expect(files).toEqual(
		["block", "poses"].flatMap((name) =>
			Array.from({ length: count(name) }, (_, k) => [
				`figure-${name}-${k + 1}.svg`,
				`figure-${name}-${k + 1}.png`,
			]).flat(),
		),
	);
	expect((await readdir(folder)).sort()).toEqual(
		["figure-block.json", "figure-poses.json", "index.html", "manifest.json", "run.json", ...files].sort(),
	);
	for (const { caption } of pictures) expect(caption).toMatch(/^[^<>]{20,}$/);
});

test.each(["light", "dark"] as const)("an SVG stands for itself, %s", async (colorScheme) => {
	const browser = await chromium.launch(launchOptions);
	try {
		const context = await browser.newContext({ colorScheme, offline: true });
		for (const [k, { svg, title }] of pictures.entries()) {
			const page = await context.newPage();
			const requests: string[] = [];
			page.on("request", (request) => requests.push(request.url()));
			const address = pathToFileURL(join(folder, svg)).href;
			await page.goto(address);
			expect(requests.filter((url) => !url.startsWith("data:"))).toEqual([address]);
			const found = await page.evaluate(() => {
				const root = document.documentElement;
				const box = root.getBoundingClientRect();
				// Words must not leave the picture, nor lie on one another.
				const texts = [...root.querySelectorAll("text")].map((one) => one.getBoundingClientRect());
				return {
					name: root.localName,
					ground: getComputedStyle(root.querySelector("rect") as Element).fill,
					ink: getComputedStyle(root.querySelector("text") as Element).fill,
					title: root.querySelector("text")?.textContent,
					panels: root.querySelectorAll(":scope > svg[role=img]").length,
					styles: root.querySelectorAll("style").length,
					outside: texts.filter(
						({ left, right, top, bottom }) =>
							left < box.left || right > box.right || top < box.top || bottom > box.bottom,
					).length,
				};
			});
			expect(found).toEqual({
				...{ name: "svg", title, styles: 1, outside: 0 },
				panels: panels[k],
				ground: colorScheme === "light" ? "rgb(255, 255, 255)" : "rgb(27, 30, 34)",
				ink: colorScheme === "light" ? "rgb(28, 29, 32)" : "rgb(230, 230, 227)",
			});
			await page.close();
		}
	} finally {
		await browser.close();
	}
});

test("a PNG is the picture on white, twice as large", async () => {
	for (const { svg, png } of pictures) {
		const [, width, height] = / width="(\d+)" height="(\d+)"/.exec(await text(svg)) ?? [];
		const image = decode(await read(png));
		expect([image.width, image.height]).toEqual([2 * Number(width), 2 * Number(height)]);
		const colours = new Map<string, number>();
		for (let k = 0; k < image.data.length; k += image.channels) {
			const colour = image.data.slice(k, k + 3).join();
			colours.set(colour, (colours.get(colour) ?? 0) + 1);
		}
		const pixels = image.width * image.height;
		expect(colours.get("255,255,255")).toBeGreaterThan(0.8 * pixels);
		// Letters.
		expect(colours.get("28,29,32")).toBeGreaterThan(1000);
	}
});

test("the letters of PNGs have all characters of the pictures, and those of formulas", async () => {
	await initWasm(await packageFile("@resvg/resvg-wasm/index_bg.wasm"));
	const fonts = await Promise.all(
		["400Regular/Inter_400Regular", "600SemiBold/Inter_600SemiBold"].map((name) =>
			packageFile(`@expo-google-fonts/inter/${name}.ttf`),
		),
	);
	const svgs = await Promise.all(pictures.map(({ svg }) => text(svg)));
	const written = svgs.flatMap((svg) => Array.from(svg.matchAll(/<text[^>]*>([^<]*)/g), ([, words]) => words));
	const characters = new Set([...written.join(""), ..."↑→λεΔρθŷ−×±⁻¹²³₀₁₂½√∞≤≥≈·°…–“”"]);
	const draw = (character: string, fontWeight: number) => {
		const label = `<text x="10" y="40" font-size="40" font-weight="${fontWeight}" font-family="sans-serif">${character}</text>`;
		const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="60" height="60">${label}</svg>`;
		const font = { fontBuffers: fonts, sansSerifFamily: "Inter" };
		return Buffer.from(new Resvg(svg, { font }).render().pixels).toString("base64");
	};
	for (const weight of [400, 600]) {
		const [missing, blank] = [draw("\u{f8f0}", weight), draw(" ", weight)];
		const without = [...characters].filter((character) => character.trim() && !/[&<>]/.test(character));
		expect(without.filter((character) => [missing, blank].includes(draw(character, weight)))).toEqual([]);
	}
});

test("what draws them is among the notices, with its licences", async () => {
	const notices = await readFile(new URL("../../dist/THIRD-PARTY-NOTICES.txt", import.meta.url), "utf8");
	const sections = notices.split(/\n-{80}\n\n/);
	const of = (name: string) => sections.find((section) => section.startsWith(`${name} `));
	expect(of("@expo-google-fonts/inter")).toContain("SIL OPEN FONT LICENSE Version 1.1");
	expect(of("@resvg/resvg-wasm")).toMatch(/MPL-2\.0.*Source: .*resvg-js/s);
});

test("the same files each time", async () => {
	const other = join(folder, "again");
	await run(other);
	const names = pictures.flatMap(({ svg, png }) => [svg, png]);
	for (const name of [...names, "index.html", "manifest.json"])
		expect((await readFile(join(other, name))).equals(await read(name)), name).toBe(true);
});
