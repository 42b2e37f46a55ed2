/** `orbit-kernels why` as people run it. */
import { execFile, spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { decode, encode } from "fast-png";
import { chromium } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
	createEngine,
	dense,
	gather,
	rbfKernel,
	relu,
	rotations,
	serial,
	type Tensor,
	type TrainingRun,
	writeNpy,
} from "../../dist/index.js";
import { causeOf } from "../../figures/why.ts";
import { launchOptions } from "../support/chromium.ts";

const program = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
const network = serial(dense({ biasStd: 1 }), relu(), dense());
const [H, W] = [9, 7];
const pixels = (seed: number) =>
	Uint8Array.from({ length: H * W }, (_, k) => Math.round(127 * (1 + Math.sin(seed + k * k * 0.37))));
const [a, b] = [pixels(1), pixels(2)];

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "orbit-kernels-why-"));
	const put = (name: string, bytes: Uint8Array | string) => writeFile(join(folder, name), bytes);
	await put("net.json", JSON.stringify(network));
	await put("rbf.json", JSON.stringify(rbfKernel({ gamma: 0.5 })));
	await put("a.npy", writeNpy({ data: a, shape: [H, W] }));
	await put("b.npy", writeNpy({ data: Float32Array.from(b), shape: [H, W] }));
	await put("b.png", encode({ width: W, height: H, data: b, channels: 1 }));
	// The same brightness in colour, nothing transparent, 16 bits.
	const colour = Uint16Array.from({ length: 4 * H * W }, (_, k) => (k % 4 === 3 ? 65535 : 257 * (b[k >> 2] as number)));
	await put("colour.png", encode({ width: W, height: H, data: colour, channels: 4, depth: 16 }));
	await put("small.npy", writeNpy({ data: a.slice(0, 36), shape: [6, 6] }));
	await put("flat.npy", writeNpy({ data: new Float64Array(H * W).fill(2), shape: [H, W] }));
	await put("flat.png", encode({ width: W, height: H, data: new Uint8Array(H * W), channels: 1 }));
	await put(
		"nan.npy",
		writeNpy({ data: Float64Array.from(a, (value, k) => (k === 5 ? Number.NaN : value)), shape: [H, W] }),
	);
	await put("three.npy", writeNpy({ data: new Float64Array(3 * H * W), shape: [3, H, W] }));
	const png = encode({ width: W, height: H, data: b, channels: 1 });
	await put("cut.png", png.slice(0, png.length - 20));
});
afterAll(() => rm(folder, { recursive: true }));

function cli(line: string): Promise<{ status: number | null; stdout: string; stderr: string }> {
	const child = spawn(process.execPath, [program, "why", ...line.split(" ").filter(Boolean)], { cwd: folder });
	const ended = { stdout: "", stderr: "" };
	for (const stream of ["stdout", "stderr"] as const)
		child[stream].on("data", (data) => {
			ended[stream] += data;
		});
	return new Promise((resolve) => child.on("close", (status) => resolve({ status, ...ended })));
}

const stored = async (out: string) => JSON.parse(await readFile(join(folder, out, "figure-why.json"), "utf8"));

test("stores what the library computes of two images, and writes a page with its picture", async () => {
	const line = "a.npy b.png --network net.json --poses 6 --to 9 --width 32 --networks 3 --seed 5 --workers 1 --out own";
	const { status, stdout, stderr } = await cli(line);
	expect([status, stderr]).toEqual([0, ""]);
	expect((await readdir(join(folder, "own"))).sort()).toEqual(
		["figure-why-1.png", "figure-why-1.svg", "figure-why.json", "index.html", "manifest.json", "run.json"].sort(),
	);
	const found = await stored("own");
	expect(found).toMatchObject({
		format: "orbit-kernels/figure-why",
		...{ version: 1, seed: 5, precision: "f64", network, names: ["a.npy", "b.png"], poses: 6 },
		data: { source: expect.stringMatching(/^a\.npy, b\.png \(SHA-256 [0-9a-f]{16}\)$/), images: 2, size: [H, W] },
		orders: [2, 3, 4, 5, 6, 7, 8, 9],
	});

	const engine = await createEngine({ workers: 0 });
	try {
		const images = { data: Float64Array.from([...a, ...Array.from(b, (value) => value / 255)]), shape: [2, H, W] };
		const ridge = { trace: 1e-10 };
		const orbits = await engine.orbit(images, rotations(6));
		const inTurn = Array.from({ length: 12 }, (_, k) => (k % 2) * 6 + Math.floor(k / 2));
		const points = gather({ data: orbits.data, shape: [12, H, W] }, inTurn);
		const gram = (await engine.gram(network, points)).ntk as Tensor;
		const plain = (value: unknown) => JSON.parse(JSON.stringify(value));
		expect(found.at).toEqual(plain(await engine.pairQuantities(points, gram, { ridge })));
		const orders = [2, 3, 4, 5, 6, 7, 8, 9];
		const { pairs } = await engine.posesNeeded(network, images, [[0, 1]], { orders, ridge });
		expect(found.curves).toEqual(plain(pairs[0]));
		expect(found.enough?.poses ?? null).toBe(pairs[0]?.rightFrom);

		// Errors of A and of B, each held out on its own.
		const labels = Float64Array.from({ length: 12 }, (_, k) => (k % 2 === 0 ? 1 : -1));
		for (const [k, error] of found.heldOut.entries()) {
			const known = inTurn.map((_, index) => index).filter((index) => index !== k);
			const part = gather({ data: gram.data, shape: [12, 12] }, known);
			const square = { data: part.data.filter((_, at) => at % 12 !== k), shape: [11, 11] };
			const targets = { data: labels.filter((_, index) => index !== k), shape: [11] };
			const fit = await engine.regression(square, targets, { ridge: found.at.ridge });
			const cross = {
				data: gram.data.filter((_, at) => Math.floor(at / 12) === k && at % 12 !== k),
				shape: [1, 11],
			};
			const [prediction] = (await fit.predict(cross)).mean.data;
			expect(error).toBeCloseTo(1 - (labels[k] as number) * (prediction as number), 6);
		}
		expect((Math.abs(found.heldOut[0]) + Math.abs(found.heldOut[1])) / 2).toBeCloseTo(found.at.exactError, 10);

		expect(found.finite).toMatchObject({ width: 32, parameterization: "ntk", seeds: [5, 6, 7] });
		const narrow = serial(dense({ biasStd: 1, width: 32 }), relu(), dense({ width: 1 }));
		expect(found.finite.network).toEqual(narrow);
		const targets = { data: new Float64Array(12), shape: [12, 1] };
		for (const [k, seed] of [5, 6, 7].entries()) {
			const how = { steps: 0, seed, parameterization: "ntk", precision: "f64" } as const;
			const start = (await engine.train(narrow, { x: points, targets }, how)) as TrainingRun;
			const ntk = (await start.kernels(points)).ntk as Tensor;
			const { exactError, correctCount } = await engine.pairQuantities(points, ntk, { ridge });
			expect([found.finite.exactError[k], found.finite.correctCount[k]]).toEqual([exactError, correctCount]);
		}
	} finally {
		await engine.dispose();
	}

	const manifest = JSON.parse(await readFile(join(folder, "own", "manifest.json"), "utf8"));
	expect(manifest).toMatchObject({ poses: 6, most: 9, width: 32, networks: 3, network, names: ["a.npy", "b.png"] });
	const [{ insight, pictures }] = manifest.figures;
	expect(pictures).toMatchObject([{ svg: "figure-why-1.svg", png: "figure-why-1.png" }]);
	expect(stdout.replaceAll(/\s+/g, " ")).toContain(insight);
	expect(insight).toMatch(/^With 6 poses of each .*; at width 32: the tangent kernels of \d of 3 networks read both/);
});

test("the page and its picture open without network, light and dark, on a phone", async () => {
	const browser = await chromium.launch(launchOptions);
	try {
		for (const colorScheme of ["light", "dark"] as const) {
			const context = await browser.newContext({ colorScheme, offline: true, viewport: { width: 390, height: 844 } });
			const page = await context.newPage();
			const complaints: string[] = [];
			page.on("pageerror", (error) => complaints.push(error.message));
			page.on("request", (request) => {
				if (!/^(data|file):/.test(request.url())) complaints.push(request.url());
			});
			await page.goto(pathToFileURL(join(folder, "own", "index.html")).href);
			expect(await page.locator("figure svg[role=img]").count()).toBe(4);
			// Half of the spectrum of twelve points, with both ends.
			expect(await page.locator("svg[aria-label^='The reciprocal'] [aria-label=bar] rect").count()).toBe(7);
			expect(await page.locator("svg[aria-label^='The poses'] image").count()).toBe(12);
			expect(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)).toBe(false);
			await page.goto(pathToFileURL(join(folder, "own", "figure-why-1.svg")).href);
			expect(await page.locator("svg svg[role=img]").count()).toBe(4);
			expect(complaints).toEqual([]);
			await context.close();
		}
	} finally {
		await browser.close();
	}
});

test("reads colour and 16 bits as brightness, and arrays in any scale", async () => {
	const rest = "--poses 3 --to 3 --networks 0 --workers 0 --out";
	for (const second of ["b.png", "colour.png", "b.npy"])
		expect(await cli(`a.npy ${second} ${rest} as-${second}`)).toMatchObject({ status: 0, stderr: "" });
	const [grey, colour, array] = await Promise.all(["b.png", "colour.png", "b.npy"].map((name) => stored(`as-${name}`)));
	for (const other of [colour, array]) {
		for (const name of ["exactError", "spectralError", "deltaSquared", "meanReciprocal"])
			expect(other.at[name] / grey.at[name]).toBeCloseTo(1, 6);
	}
	expect(grey.finite).toBeNull();
});

test("needs no files; a kernel has no width; the same bytes each time", async () => {
	const line = "--network rbf.json --pair 4,9 --poses 4 --to 12 --out";
	for (const out of ["one", "two"]) expect(await cli(`${line} ${out}`)).toMatchObject({ status: 0, stderr: "" });
	const one = await stored("one");
	expect(one).toMatchObject({
		names: ["image 4 (label 4)", "image 9 (label 9)"],
		data: { source: expect.stringContaining("UCI"), images: 2, size: [28, 28] },
		finite: null,
	});
	// Quarter turns leave the kernel invariant.
	expect(one.at.departure).toBeLessThan(1e-14);
	expect(one.at.blockError).toBeCloseTo(one.at.exactError, 8);
	for (const name of ["index.html", "manifest.json", "figure-why.json", "figure-why-1.svg", "figure-why-1.png"]) {
		const [first, second] = await Promise.all(["one", "two"].map((out) => readFile(join(folder, out, name))));
		expect(first?.equals(second as Buffer), name).toBe(true);
	}
});

test("a PNG shows the images, and frames what is held out", async () => {
	const { data, channels } = decode(await readFile(join(folder, "one", "figure-why-1.png")));
	const pixels = data.length / channels;
	const share = (matches: (colour: number[]) => boolean) =>
		Array.from({ length: pixels }, (_, k) => k * channels).filter((at) =>
			matches(Array.from(data.subarray(at, at + 3))),
		).length / pixels;
	expect(share(([red, green, blue]) => red === 196 && green === 78 && blue === 0)).toBeGreaterThan(0.002);
	// Letters and lines are no wider than a few pixels: most of what is dark and grey is of digits.
	const dark = (colour: number[]) => (colour[0] as number) < 60 && colour[0] === colour[1] && colour[1] === colour[2];
	expect(share(dark)).toBeGreaterThan(0.01);
});

test("the cause is named by the first rule that holds", () => {
	const at = (correctCount: number, blockCorrectCount: number) => ({ correctCount, blockCorrectCount }) as never;
	const finite = (...correctCount: number[]) => ({ correctCount }) as never;
	const enough = { poses: 12 } as never;
	expect(causeOf({ at: at(2, 2), enough, finite: null })).toBe("right");
	expect(causeOf({ at: at(2, 2), enough, finite: finite(2, 2, 1) })).toBe("right");
	expect(causeOf({ at: at(2, 2), enough, finite: finite(2, 1, 0) })).toBe("width");
	expect(causeOf({ at: at(1, 2), enough, finite: finite(2, 2, 2) })).toBe("departure");
	expect(causeOf({ at: at(1, 1), enough, finite: null })).toBe("density");
	expect(causeOf({ at: at(0, 0), enough: null, finite: null })).toBe("separation");
});

test("two images of one class are too close at any number of poses", async () => {
	const near = Float64Array.from(a, (value, k) => value + (k === 30 ? 1 : 0));
	await writeFile(join(folder, "near.npy"), writeNpy({ data: near, shape: [H, W] }));
	const { stdout } = await cli("a.npy near.npy --poses 4 --to 8 --networks 0 --workers 0 --out near");
	expect(stdout.replaceAll(/\s+/g, " ")).toMatch(/the classes are too close \(Δ² = [\d.e-]+\), .* at no N up to 8/);
});

test.each([
	["a.npy", "a.npy: expected two images, A and B, or none"],
	["a.npy b.npy b.png", "a.npy b.npy b.png: expected two images, A and B, or none"],
	["a.npy small.npy", "a.npy is 9 × 7, small.npy 6 × 6: expected images of one size"],
	["a.npy flat.npy", "flat.npy is constant: expected an image that shows something"],
	["flat.png a.npy", "flat.png is constant: expected an image that shows something"],
	["a.npy nan.npy", "nan.npy holds numbers that are not finite: expected finite ones"],
	["a.npy three.npy", "three.npy has shape (3, 9, 7): expected one image, (H, W)"],
	["a.npy net.json", "net.json is not a .npy file: its magic number is wrong"],
	["a.npy cut.png", "cut.png is a damaged PNG: "],
	["a.npy nowhere.png", "nowhere.png: no such file or folder"],
	["a.npy b.npy --poses 1", "--poses 1: expected an integer ≥ 2"],
	["a.npy b.npy --pair 1,2", "a.npy b.npy and --pair 1,2: expected one of the two"],
	["a.npy b.npy --data .", "a.npy b.npy and --data .: expected one of the two"],
	["--pair 1", "--pair 1: expected two different integers ≥ 0 with a comma between them"],
	["--pair 3,3", "--pair 3,3: expected two different integers ≥ 0 with a comma between them"],
	["--pair 3,1797", "--pair 3,1797: expected indices of the 1797 images"],
	["a.npy b.npy --networks 1", "--networks 1: expected 0, or 2 or more, whose error can be estimated"],
	["a.npy b.npy --network missing.json", "--network missing.json: no such file or folder"],
	["--split train", "--split train: expected --data <DIR> with it"],
])("refuses %s", async (line, message) => {
	const { status, stdout, stderr } = await cli(`${line} --out refused`);
	expect({ status, stdout, lines: stderr.split("\n").length }).toEqual({ status: 2, stdout: "", lines: 2 });
	expect(stderr.startsWith(`orbit-kernels why: ${message}`), stderr).toBe(true);
	expect(await readdir(folder)).not.toContain("refused");
});

test("its help fits into 80 columns", async () => {
	const { stdout } = await promisify(execFile)(process.execPath, [program, "why", "--help"]);
	expect(stdout).toContain("orbit-kernels why [A B] [options]");
	expect((stdout.split("Examples")[0] as string).split("\n").filter((line) => line.length > 80)).toEqual([]);
});
