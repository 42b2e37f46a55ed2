/** `orbit-kernels poses` as people run it. */
import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createEngine, dense, pairs, relu, rotations, serial, shifts, writeNpy } from "../../dist/index.js";

const program = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
const network = serial(dense({ biasStd: 1 }), relu(), dense());
const pixels = Float64Array.from({ length: 5 * 64 }, (_, k) => Math.sin(k * k + 1));
const images = { data: pixels, shape: [5, 8, 8] };
const labels = [3, 3, 7, 7, 1];

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "orbit-kernels-poses-"));
	await writeFile(join(folder, "net.json"), JSON.stringify(network));
	await writeFile(join(folder, "s.npy"), writeNpy(images));
	await writeFile(join(folder, "l.npy"), writeNpy({ data: BigInt64Array.from(labels, BigInt), shape: [5] }));
	await writeFile(join(folder, "short.npy"), writeNpy({ data: Float64Array.of(1, 2), shape: [2] }));
	await writeFile(join(folder, "flat.npy"), writeNpy({ data: new Float64Array(5 * 64), shape: [5, 8, 8] }));
});
afterAll(() => rm(folder, { recursive: true }));

function cli(line: string): Promise<{ status: number | null; stdout: string; stderr: string }> {
	const child = spawn(process.execPath, [program, "poses", ...line.split(" ").filter(Boolean)], { cwd: folder });
	const ended = { stdout: "", stderr: "" };
	child.stdout.on("data", (data) => {
		ended.stdout += data;
	});
	child.stderr.on("data", (data) => {
		ended.stderr += data;
	});
	return new Promise((resolve) => child.on("close", (status) => resolve({ status, ...ended })));
}

const stored = async (name: string) => JSON.parse(await readFile(join(folder, name), "utf8"));

/** What the library gives for the same. */
async function expected(...[chosen, options]: [[number, number][], object]) {
	const engine = await createEngine({ workers: 0 });
	try {
		return JSON.parse(JSON.stringify(await engine.posesNeeded(network, images, chosen, options)));
	} finally {
		await engine.dispose();
	}
}

const files = "--network net.json --seeds s.npy --labels l.npy";

test("writes all curves of all pairs, where they are few", async () => {
	const { status, stdout, stderr } = await cli(`${files} --to 6 --workers 1 --out all.json`);
	expect([status, stderr]).toEqual([0, ""]);
	const found = await stored("all.json");
	const chosen = [...[2, 3, 4].map((b) => [0, b]), ...[2, 3, 4].map((b) => [1, b]), [2, 4], [3, 4]] as [
		number,
		number,
	][];
	expect(found).toEqual({
		format: "orbit-kernels/poses",
		version: 1,
		packageVersion: expect.stringMatching(/^\d+\.\d+\.\d+/),
		seed: 1,
		precision: "f64",
		network,
		action: "rotate",
		prepare: "center-unit",
		data: { source: "--seeds s.npy", images: 5, size: [8, 8] },
		...(await expected(chosen, { action: rotations, orders: [2, 3, 4, 5, 6] })),
	});
	expect(stdout).toMatch(/^ *N +right +right from N on +exact +spectral +block$/m);
	const at = (order: number) => [
		found.shareRight[found.orders.indexOf(order)] * 8,
		found.shareRightFrom[found.orders.indexOf(order)] * 8,
	];
	for (const order of [2, 4, 6])
		expect(stdout).toMatch(new RegExp(`^ *${order} +${at(order).join(" +")} +[\\d.]+ +[\\d.]+ +[\\d.]+$`, "m"));
	expect(stdout.replaceAll("\n", " ")).toMatch(/Half of all pairs \(8\) are right for good .* with fewer\./);
	expect(stdout).toMatch(/All curves: all\.json\n$/);
});

test("draws pairs by a seed, shifts by divisors, takes a ridge", async () => {
	const line = "--pairs 3 --seed 9 --action shift --ridge 1e-3 --prepare none --out drawn.json";
	expect(await cli(`${files} ${line}`)).toMatchObject({ status: 0, stderr: "" });
	const options = { action: shifts, orders: [2, 4, 8], ridge: 1e-3, prepare: "none" };
	expect(await stored("drawn.json")).toMatchObject({
		...{ seed: 9, action: "shift", prepare: "none" },
		...(await expected(pairs(labels, 3, 9), options)),
	});
});

test("needs no files", async () => {
	expect(await cli("--pairs 1 --from 3 --to 4 --out try.json")).toMatchObject({ status: 0, stderr: "" });
	expect(await stored("try.json")).toMatchObject({
		data: { source: expect.stringContaining("UCI"), images: 1797, size: [28, 28] },
		network: { type: "serial" },
		orders: [3, 4],
		pairs: [{ exactError: [expect.any(Number), expect.any(Number)] }],
	});
});

test.each([
	["", "orbit-kernels poses: --out is missing"],
	["--from 5 --to 4 --out x", "orbit-kernels poses: --from 5 --to 4: expected numbers of poses in ascending order"],
	["--from 0 --out x", "orbit-kernels poses: --from 0: expected an integer ≥ 1"],
	["--seeds s.npy --out x", "orbit-kernels poses: --seeds s.npy has no labels: expected --labels <l.npy>"],
	["--labels l.npy --out x", "orbit-kernels poses: --labels l.npy: expected --seeds <s.npy> with it"],
	["--seeds s.npy --labels l.npy --data . --out x", "orbit-kernels poses: --data . and --seeds s.npy: expected one"],
	["--seeds s.npy --labels l.npy --split a --out x", "orbit-kernels poses: --split a: expected --data <DIR> with it"],
	["--seeds s.npy --labels short.npy --out x", "orbit-kernels poses: --labels short.npy has shape (2): expected (5)"],
	["--seeds flat.npy --labels l.npy --out x", "orbit-kernels poses: --seeds flat.npy: seeds 0 and 2 in "],
	["--seeds l.npy --labels l.npy --out x", "orbit-kernels poses: --seeds l.npy: seeds: got [5]"],
	["--seeds s.npy --labels l.npy --action shift --from 3 --to 3 --out x", "orbit-kernels poses: --from 3 --to 3: exp"],
	["--action turn --out x", "orbit-kernels poses: --action turn: expected rotate or shift"],
	["--network missing.json --out x", "orbit-kernels poses: --network missing.json: no such file"],
])("refuses %s", async (line, message) => {
	const before = await readdir(folder);
	const { status, stdout, stderr } = await cli(line);
	expect([status, stdout]).toEqual([2, ""]);
	expect(stderr.startsWith(message), stderr).toBe(true);
	expect(await readdir(folder)).toEqual(before);
});
