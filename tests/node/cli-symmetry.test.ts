/** The command `symmetry` as people run it. */
import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
	createEngine,
	cyclic,
	dense,
	type Engine,
	permutationAction,
	relu,
	rotations,
	serial,
	writeNpy,
} from "../../dist/index.js";

const program = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
const network = serial(dense({ biasStd: 1 }), relu(), dense());

let folder: string;
let engine: Engine;

function cli(line: string): Promise<{ status: number | null; stdout: string; stderr: string }> {
	const child = spawn(process.execPath, [program, ...line.split(" ").filter(Boolean)], { cwd: folder });
	const ended = { status: null as number | null, stdout: "", stderr: "" };
	child.stdout.on("data", (data) => {
		ended.stdout += data;
	});
	child.stderr.on("data", (data) => {
		ended.stderr += data;
	});
	return new Promise((resolve) => child.on("close", (status) => resolve({ ...ended, status })));
}

const values = (count: number) => Float64Array.from({ length: count }, (_, k) => Math.sin(k * k + 1));
const images = { data: values(4 * 64), shape: [4, 8, 8] };
const vectors = { data: values(12), shape: [4, 3] };
const rolls = [
	[0, 1, 2],
	[2, 0, 1],
	[1, 2, 0],
];
const targets = { data: values(4), shape: [4] };

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "orbit-kernels-symmetry-"));
	engine = await createEngine({ workers: 1 });
	const arrays = {
		images,
		vectors,
		targets,
		labels: { data: BigInt64Array.of(4n, 7n, 4n, 7n), shape: [4] },
		three: { data: Float64Array.of(1, 2, 3), shape: [3] },
		varying: { data: Float64Array.from({ length: 32 }, (_, k) => k % 3), shape: [4, 8] },
		rolls: { data: Float64Array.from(rolls.flat()), shape: [3, 3] },
		swaps: { data: Float64Array.of(0, 1, 2, 1, 0, 2, 0, 2, 1), shape: [3, 3] },
	};
	for (const [name, array] of Object.entries(arrays)) await writeFile(join(folder, `${name}.npy`), writeNpy(array));
	await writeFile(join(folder, "net.json"), JSON.stringify(network));
});
afterAll(async () => {
	await engine.dispose();
	await rm(folder, { recursive: true });
});

const read = async () => JSON.parse(await readFile(join(folder, "report.json"), "utf8"));

describe("symmetry", () => {
	const rotated = "symmetry --network net.json --seeds images.npy --labels labels.npy --action rotate:8";

	test("writes the report of the library, and says what it means", async () => {
		const { status, stdout, stderr } = await cli(`${rotated} --ridge 1e-3 --out report.json`);
		expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
		const report = await read();
		const options = { seeds: images, labels: [4, 7, 4, 7], action: rotations(8), ridge: 1e-3 };
		expect(report).toEqual(await engine.symmetry(network, options));
		const { version } = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8"));
		expect(report).toMatchObject({ format: "orbit-kernels/symmetry", version: 1, packageVersion: version });
		expect(stdout).toMatch(/seed +label +exact error +block formula +variance +correct\n/);
		expect(stdout.match(/ (yes|no)\n/g)).toHaveLength(4);
		expect(stdout.replaceAll("\n", " ")).toMatch(/The network .* unseen poses, \d of 4 orbits are right; .*\. /);
		expect(stdout).toMatch(/report\.json: ridge 0\.001\n$/);
	});

	test("takes targets, permutations, elements to hold out and the other kernel", async () => {
		const line =
			"symmetry --network net.json --seeds vectors.npy --targets targets.npy --action permute:rolls.npy --group cyclic:3";
		const { status, stdout } = await cli(`${line} --hold-out 1,2 --kernel nngp --workers 0 --out report.json`);
		expect(status).toBe(0);
		const action = permutationAction(rolls, cyclic(3));
		const options = { seeds: vectors, targets, action, holdOut: [1, 2], kernel: "nngp" } as const;
		expect(await read()).toEqual(await engine.symmetry(network, options));
		expect(stdout).toMatch(/seed +target +exact error +group formula +variance\n/);
		expect(stdout).toContain("the kernel is invariant");
	});

	test.each([
		[
			"symmetry --network net.json --seeds images.npy --action rotate:8",
			"--labels and --targets are missing: expected one of them",
		],
		[`${rotated} --targets targets.npy`, "--labels labels.npy and --targets targets.npy: expected one of them"],
		[`${rotated} --hold-out 8`, "--hold-out: holdOut[0]: got 8, expected an integer from 0 to 7"],
		[`${rotated} --hold-out x`, "--hold-out x: expected integers ≥ 0 with commas between them"],
		[
			rotated.replace("labels.npy", "three.npy"),
			"--labels three.npy: labels: got [3], expected (4), one for each seed, or (4, 8), one for each pose",
		],
		[
			rotated.replace("labels.npy", "varying.npy"),
			"--labels varying.npy: labels[0][1]: got 1, expected 0: one label for all poses of an orbit",
		],
		[
			rotated.replace("rotate:8", "shift:3"),
			"--action: action: got 3, expected shifts whose number divides the 8 columns of the images",
		],
	])("%s: one line, status 2", async (line, message) => {
		const before = await readdir(folder);
		expect(await cli(`${line} --out other.json`)).toEqual({
			status: 2,
			stdout: "",
			stderr: `orbit-kernels symmetry: ${message}\n`,
		});
		expect(await readdir(folder)).toEqual(before);
	});

	test("its help fits a terminal of 80 columns", async () => {
		const { status, stdout } = await cli("symmetry --help");
		expect(status).toBe(0);
		const options = stdout.slice(stdout.indexOf("Options"), stdout.indexOf("Examples")).split("\n");
		expect(Math.max(...options.map((line) => line.length))).toBeLessThanOrEqual(80);
		expect(options.length).toBeLessThan(45);
	});

	test("what does not act is said to fail", async () => {
		const { status, stderr } = await cli(
			"symmetry --network net.json --seeds vectors.npy --targets targets.npy --action permute:swaps.npy --group cyclic:3 --out other.json",
		);
		expect(status).toBe(2);
		expect(stderr).toMatch(
			/^orbit-kernels symmetry: --action permute:swaps\.npy: action: g·\(h·x\) differs from \(gh\)·x .*\n$/,
		);
	});
});
