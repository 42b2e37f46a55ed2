/** `orbit-kernels held-out` as people run it, and as they end it. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dense, relu, serial } from "../../dist/index.js";

const program = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
const network = serial(dense({ width: 32, biasStd: 0 }), relu(), dense({ width: 10 }));

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "orbit-kernels-held-out-"));
	await writeFile(join(folder, "net.json"), JSON.stringify(network));
	await writeFile(join(folder, "gap.json"), JSON.stringify(serial(dense(), relu(), dense())));
});
afterAll(() => rm(folder, { recursive: true }));

function start(line: string) {
	const child = spawn(process.execPath, [program, "held-out", ...line.split(" ")], { cwd: folder });
	const ended = { stdout: "", stderr: "" };
	child.stdout.on("data", (data) => {
		ended.stdout += data;
	});
	child.stderr.on("data", (data) => {
		ended.stderr += data;
	});
	const end = new Promise<{ status: number | null; stdout: string; stderr: string }>((resolve) =>
		child.on("close", (status) => resolve({ status, ...ended })),
	);
	return { child, end };
}
const cli = (line: string) => start(line).end;

/** What is stored, without the times. */
async function stored(name: string) {
	const text = await readFile(join(folder, name), "utf8");
	return JSON.parse(text, (key, value) => (key === "seconds" ? typeof value : value));
}

const small = "--network net.json --poses 2,4 --held-out 3,7 --images 60 --epochs 5 --batch 32 --workers 1";

test("writes a curve of each network, number of poses and class, with all settings", async () => {
	const { status, stdout, stderr } = await cli(`${small} --out all.json`);
	expect([status, stderr]).toEqual([0, ""]);
	expect(stdout).toMatch(/net\.json +2 +[\d.]+ % +[\d.]+ % +[\d.]+ %/);
	const { runs, ...settings } = await stored("all.json");
	expect(settings).toMatchObject({
		...{ format: "orbit-kernels/held-out", version: 1, seed: 1, epochs: 5, batch: 32, poses: [2, 4], heldOut: [3, 7] },
		...{ data: { images: 60, size: [28, 28] }, networks: { "net.json": { type: "serial" } } },
	});
	expect(runs.map((run: Record<string, unknown>) => [run.name, run.poses, run.heldOut])).toEqual(
		[2, 4].flatMap((poses) => [3, 7].map((digit) => ["net.json", poses, digit])),
	);
	for (const { curve, counts, seconds, settings } of runs) {
		expect(curve.map(({ epoch }: { epoch: number }) => epoch)).toEqual([0, 1, 2, 3, 4, 5]);
		expect(counts.train + counts.testIn + counts.testOut).toBe(60 * settings.poses);
		expect(seconds).toBe("number");
		expect(settings).toMatchObject({ loss: "crossEntropy", init: "uniform", optimizer: { type: "adam", rate: 1e-3 } });
	}
	expect(existsSync(join(folder, "all.json.parts"))).toBe(false);
});

test("killed again and again, the same line ends with the same numbers", async () => {
	for (const after of [1, 2]) {
		const { child, end } = start(`${small} --out killed.json`);
		// When so many parts and the settings are there, whatever it is doing.
		for (;;) {
			const parts = await readdir(join(folder, "killed.json.parts")).catch(() => []);
			if (parts.length > after || child.exitCode !== null) break;
			await new Promise((resolve) => setTimeout(resolve, 5));
		}
		child.kill("SIGKILL");
		expect((await end).status).toBeNull();
		expect(existsSync(join(folder, "killed.json"))).toBe(false);
	}
	const others = await cli(`${small.replace("--epochs 5", "--epochs 6")} --out killed.json`);
	expect(others.status).toBe(2);
	expect(others.stderr).toMatch(/killed\.json\.parts holds parts of a run with epochs: 5: expected the same settings/);
	expect((await cli(`${small} --out killed.json`)).status).toBe(0);
	expect(await stored("killed.json")).toEqual(await stored("all.json"));
	expect(existsSync(join(folder, "killed.json.parts"))).toBe(false);
});

test.each([
	["--network mlq --out x.json", /--network mlq: expected mlp, cnn, vit or a file of JSON/],
	["--network no-such.json --out x.json", /--network no-such\.json: no such file/],
	["--network gap.json --images 50 --held-out 1 --out x.json", /--network gap\.json: .*width/],
	["--poses 1 --out x.json", /--poses 1: expected integers ≥ 2/],
	["--held-out 3,3 --out x.json", /--held-out 3,3: expected integers ≥ 0 with commas between them, each once/],
	["--held-out 10 --out x.json", /--held-out 10: expected classes of the images: 0, 1, /],
	["--images 5000 --out x.json", /--images 5000: expected at most 1797/],
	["--out no-folder/x.json", /there is no folder no-folder/],
])("bad input: %s", async (line, message) => {
	const { status, stderr } = await cli(line);
	expect(stderr).toMatch(message);
	expect(stderr.trim().split("\n")).toHaveLength(1);
	expect(status).toBe(2);
	expect(existsSync(join(folder, "x.json"))).toBe(false);
});
