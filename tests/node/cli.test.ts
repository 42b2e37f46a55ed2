/** The program as people run it: dist/cli.js in a process of its own. */
import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEngine, dense, type Engine, rbfKernel, readNpy, relu, serial, writeNpy } from "../../dist/index.js";

const program = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
const network = serial(dense({ biasStd: 1 }), relu(), dense());

let folder: string;
let engine: Engine;

interface Ended {
	status: number | null;
	stdout: string;
	stderr: string;
}

/** Runs a command line; `whileRunning` sees the process. */
function cli(line: string, whileRunning?: (kill: (signal: NodeJS.Signals) => void) => void): Promise<Ended> {
	const child = spawn(process.execPath, [program, ...line.split(" ").filter(Boolean)], { cwd: folder });
	const ended: Ended = { status: null, stdout: "", stderr: "" };
	child.stdout.on("data", (data) => {
		ended.stdout += data;
	});
	child.stderr.on("data", (data) => {
		ended.stderr += data;
	});
	whileRunning?.((signal) => child.kill(signal));
	return new Promise((resolve) => child.on("close", (status) => resolve({ ...ended, status })));
}

const values = Array.from({ length: 60 }, (_, k) => Math.sin(k * k + 1));
const a = { data: Float64Array.from(values), shape: [20, 3] };
const b = { data: Float64Array.from(values.slice(0, 15)), shape: [5, 3] };
const targets = { data: Float64Array.from(values.slice(0, 20), Math.sign), shape: [20] };

const read = async (name: string) => readNpy(await readFile(join(folder, name)), name);

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "orbit-kernels-cli-"));
	engine = await createEngine({ workers: 0 });
	const arrays = {
		a,
		b,
		targets,
		a4: { data: Float32Array.from(values), shape: [20, 3] },
		labels: { data: BigInt64Array.from(values.slice(0, 20), (value) => BigInt(Math.sign(value))), shape: [20] },
		nan: { data: Float64Array.of(1, 2, Number.NaN, 4), shape: [2, 2] },
		wide: { data: new Float64Array(8).fill(1), shape: [2, 4] },
		ones: { data: new Float64Array(9).fill(1), shape: [3, 3] },
		skew: { data: Float64Array.of(2, 1, 0, 1, 2, 1, 0.5, 1, 2), shape: [3, 3] },
		three: { data: Float64Array.of(1, -1, 1), shape: [3] },
		tall: { data: new Float64Array(2_000_000), shape: [2_000_000, 1] },
		none: { data: new Float64Array(0), shape: [0, 3] },
	};
	for (const [name, array] of Object.entries(arrays)) await writeFile(join(folder, `${name}.npy`), writeNpy(array));
	await writeFile(join(folder, "cut.npy"), (await readFile(join(folder, "a.npy"))).subarray(0, 200));
	const networks = {
		net: network,
		rbf: rbfKernel({ gamma: 0.5 }),
		sum: { type: "sumKernel", kernels: [{ type: "rbfKernel", gamma: 0 }] },
		layer: { type: "serial", layers: [{ type: "dense" }, { type: "rellu" }] },
		field: { type: "serial", layers: [{ type: "dense", weightSdt: 1 }] },
		type: { type: "serial", layers: [{ type: "dense", weightStd: "large" }] },
	};
	for (const [name, json] of Object.entries(networks))
		await writeFile(join(folder, `${name}.json`), JSON.stringify(json));
	await writeFile(join(folder, "broken.json"), '{"type":');
});

afterAll(async () => {
	await engine.dispose();
	await rm(folder, { recursive: true });
});

describe("gram", () => {
	test("writes what the library computes", async () => {
		const { status, stdout, stderr } = await cli("gram --network net.json --x a.npy --out k.npy --workers 2");
		expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "k.npy: ntk, 20 × 20, f64\n", stderr: "" });
		expect(await read("k.npy")).toEqual((await engine.gram(network, a)).ntk);
	});

	test("rectangular, the other kernel, single precision, in the main thread", async () => {
		const options = "--y b.npy --kernel nngp --precision f32 --workers 0 --out c.npy";
		expect(await cli(`gram --network net.json --x a4.npy ${options}`)).toMatchObject({ status: 0, stderr: "" });
		const expected = await engine.gram(network, a, b, { kernels: ["nngp"], precision: "f32" });
		const found = await read("c.npy");
		expect(found.data).toBeInstanceOf(Float32Array);
		expect(found).toEqual(expected.nngp);
	});

	test("a classical kernel", async () => {
		expect(await cli("gram --network rbf.json --x a.npy --out k.npy")).toMatchObject({ status: 0, stderr: "" });
		expect(await read("k.npy")).toEqual((await engine.gram(rbfKernel({ gamma: 0.5 }), a)).ntk);
	});
});

describe("regress", () => {
	const kernels = async () => {
		const [{ ntk: k }, { ntk: cross }] = [await engine.gram(network, a), await engine.gram(network, b, a)];
		await writeFile(join(folder, "known.npy"), writeNpy(k as NonNullable<typeof k>));
		await writeFile(join(folder, "cross.npy"), writeNpy(cross as NonNullable<typeof cross>));
		const fit = await engine.regression(k as NonNullable<typeof k>, targets, { ridge: { meanDiagonal: 1e-3 } });
		return { fit, cross: cross as NonNullable<typeof cross> };
	};
	const common = "regress --gram known.npy --ridge mean:1e-3 --out p.npy --workers 0";

	test("predicts new points", async () => {
		const { fit, cross } = await kernels();
		const { status, stdout } = await cli(`${common} --targets targets.npy --cross cross.npy`);
		expect([status, stdout]).toEqual([0, `p.npy: 5 predictions of new points, ridge ${fit.ridge}\n`]);
		expect(await read("p.npy")).toEqual((await fit.predict(cross)).mean);
	});

	test("predicts each point from all others, targets of any type", async () => {
		const { fit } = await kernels();
		expect(await cli(`${common} --targets labels.npy --leave-one-out`)).toMatchObject({ status: 0, stderr: "" });
		expect(await read("p.npy")).toEqual((await fit.leaveOneOut()).prediction);
	});

	test("predicts the known points without either", async () => {
		const { fit } = await kernels();
		expect(await cli(`${common} --targets targets.npy`)).toMatchObject({ status: 0, stderr: "" });
		expect(await read("p.npy")).toEqual((await fit.predict((await engine.gram(network, a)).ntk as never)).mean);
	});
});

describe("bad usage and bad input: one line, status 2, nothing written", () => {
	const gram = "gram --network net.json";
	const regress = "regress --gram ones.npy --targets three.npy --out o.npy";
	test.each([
		[
			"frobnicate",
			"orbit-kernels: unknown command frobnicate: expected figure, gram, held-out, lab, poses, regress, symmetry, why, --help, --version",
		],
		[
			"--frobnicate",
			"orbit-kernels: unknown option --frobnicate: expected figure, gram, held-out, lab, poses, regress, symmetry, why, --help, --version",
		],
		[
			`${gram} --z a.npy`,
			"orbit-kernels gram: unknown option --z: expected --network, --x, --y, --kernel, --precision, --workers, --out, --help",
		],
		[`${gram} --x a.npy`, "orbit-kernels gram: --out is missing: expected --out <k.npy>"],
		[`${gram} --x --out o.npy`, "orbit-kernels gram: --x has no value: expected --x <a.npy>"],
		[`${gram} --x a.npy --x b.npy --out o.npy`, "orbit-kernels gram: --x is given twice"],
		[`${gram} a.npy`, "orbit-kernels gram: unexpected argument a.npy: expected options only"],
		[`${gram} --x a.npy --kernel mlp --out o.npy`, "orbit-kernels gram: --kernel mlp: expected ntk or nngp"],
		[`${gram} --x a.npy --workers 1.5 --out o.npy`, "orbit-kernels gram: --workers 1.5: expected an integer ≥ 0"],
		[
			"gram --network layer.json --x a.npy --out o.npy",
			'orbit-kernels gram: --network layer.json: layers[1].type: unknown type: got "rellu", expected one of serial, fanOut, parallel, fanInSum, dense, conv, relu, leakyRelu, abRelu, abs, erf, avgPool, sumPool, globalAveragePool, globalSumPool, flatten, layerNorm, dropout, identity, gelu, maxPool, patches, classToken, positionalEmbedding, attention, takeToken',
		],
		[
			"gram --network sum.json --x a.npy --out o.npy",
			"orbit-kernels gram: --network sum.json: kernels[0].gamma: wrong parameter: got 0, expected a finite number > 0",
		],
		[
			"gram --network field.json --x a.npy --out o.npy",
			"orbit-kernels gram: --network field.json: layers[0].weightSdt: unknown field: got 1, expected only the fields type, width, weightStd, biasStd",
		],
		[
			"gram --network type.json --x a.npy --out o.npy",
			'orbit-kernels gram: --network type.json: layers[0].weightStd: wrong parameter: got "large", expected a finite number ≥ 0',
		],
		[
			"gram --network broken.json --x a.npy --out o.npy",
			"orbit-kernels gram: --network broken.json is not JSON: Unexpected end of JSON input",
		],
		[
			`${gram} --x nan.npy --out o.npy`,
			"orbit-kernels gram: --x nan.npy: x holds NaN at index 2: expected finite numbers",
		],
		[
			`${gram} --x none.npy --out o.npy`,
			"orbit-kernels gram: --x none.npy: x.shape: got [0,3], expected positive integers: an array must not be empty",
		],
		[
			`${gram} --x a.npy --y wide.npy --out o.npy`,
			"orbit-kernels gram: --y wide.npy: other: got [2,4], expected samples of 3 numbers, as x has",
		],
		[`${gram} --x nowhere.npy --out o.npy`, "orbit-kernels gram: --x nowhere.npy: no such file or folder"],
		[
			`${gram} --x cut.npy --out o.npy`,
			"orbit-kernels gram: --x cut.npy is truncated: shape (20, 3) of <f8 takes 480 bytes, found 72",
		],
		[
			`${gram} --x net.json --out o.npy`,
			"orbit-kernels gram: --x net.json is not a .npy file: its magic number is wrong",
		],
		[
			`${gram} --x a.npy --out nowhere/o.npy`,
			"orbit-kernels gram: --out nowhere/o.npy can't be written: there is no folder nowhere",
		],
		[`${gram} --x a.npy --out .`, "orbit-kernels gram: --out . can't be written: it is a folder"],
		[`${regress}`, /^orbit-kernels regress: --gram ones.npy: .*not positive at pivot 1\b/],
		[
			`${regress} --ridge -1`,
			"orbit-kernels regress: --ridge -1: expected a number ≥ 0, mean:<number> or trace:<number>",
		],
		[
			`${regress} --ridge max:1`,
			"orbit-kernels regress: --ridge max:1: expected a number ≥ 0, mean:<number> or trace:<number>",
		],
		[
			`${regress} --ridge 1 --cross wide.npy`,
			"orbit-kernels regress: --cross wide.npy: cross: got [2,4], expected new points × known points: (m, 3)",
		],
		[
			"regress --gram ones.npy --targets targets.npy --out o.npy",
			"orbit-kernels regress: --targets targets.npy: targets: got [20], expected shape (3) or (3, t), as many as the Gram has rows",
		],
		["regress --gram skew.npy --targets three.npy --out o.npy", /^orbit-kernels regress: --gram skew.npy: .*symmetric/],
		[
			`${regress} --leave-one-out --cross wide.npy`,
			"orbit-kernels regress: --leave-one-out and --cross wide.npy: expected one of them: known points or new ones",
		],
		[`${regress} --leave-one-out=yes`, "orbit-kernels regress: --leave-one-out=yes: expected no value"],
		[
			"figure",
			"orbit-kernels figure: the figure's name is missing: expected 1, 2, 3, 4, 5, 6, shifts, block, poses, longer, lazy, wide, all",
		],
		[
			"figure 4a",
			"orbit-kernels figure: unknown figure 4a: expected 1, 2, 3, 4, 5, 6, shifts, block, poses, longer, lazy, wide, all",
		],
		["figure 4 --pairs 0", "orbit-kernels figure: --pairs 0: expected an integer ≥ 1"],
		["figure 4 --scale huge", "orbit-kernels figure: --scale huge: expected quick or paper"],
		["figure 4 --split train", "orbit-kernels figure: --split train: expected --data <DIR> with it"],
		["figure 4 --data nowhere", "orbit-kernels figure: --data nowhere: no such file or folder"],
		["figure 4 --data .", "orbit-kernels figure: --data .: no images <name>-images-idx3-ubyte[.gz]"],
		["figure 4 --pairs 1 --out a.npy", "orbit-kernels figure: --out a.npy can't be written: a file is in its place"],
	])("%s", async (line, message) => {
		const before = await readdir(folder);
		const { status, stdout, stderr } = await cli(line);
		expect({ status, stdout, lines: stderr.split("\n").length }).toEqual({ status: 2, stdout: "", lines: 2 });
		expect(stderr.trimEnd()).toEqual(typeof message === "string" ? message : expect.stringMatching(message));
		expect(await readdir(folder)).toEqual(before);
	});

	test("a result that does not fit: its size, before any work", async () => {
		const { status, stderr } = await cli(`${gram} --x tall.npy --out o.npy`);
		expect(status).toBe(2);
		expect(stderr).toMatch(/^orbit-kernels gram: --x tall.npy: the Gram needs 29\.1 TiB: expected at most .*\n$/);
	});

	test("a truncated IDX file", async () => {
		const images = Buffer.alloc(100);
		images.set([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 28, 0, 0, 0, 28]);
		await writeFile(join(folder, "train-images-idx3-ubyte"), images);
		await writeFile(join(folder, "train-labels-idx1-ubyte"), Buffer.from([0, 0, 8, 1, 0, 0, 0, 2, 3, 4]));
		expect(await cli("figure 4 --data .")).toEqual({
			status: 2,
			stdout: "",
			stderr:
				"orbit-kernels figure: --data .: train-images-idx3-ubyte is truncated: 2 × 28 × 28 elements take 1568 bytes, found 84\n",
		});
	});
});

test("an interrupt ends long work with status 130 and leaves nothing", async () => {
	await writeFile(join(folder, "many.npy"), writeNpy({ data: new Float64Array(6000 * 50).fill(1), shape: [6000, 50] }));
	const before = await readdir(folder);
	let running = true;
	const ended = cli("gram --network net.json --x many.npy --precision f32 --workers 1 --out big.npy", async (kill) => {
		// The partial file shows that the work has begun.
		while (running && !(await readdir(folder)).some((name) => name.endsWith(".partial")))
			await new Promise((resolve) => setTimeout(resolve, 10));
		kill("SIGINT");
	});
	expect(await ended).toEqual({
		status: 130,
		stdout: "",
		stderr: "orbit-kernels gram: stopped; nothing was written\n",
	});
	running = false;
	expect(await readdir(folder)).toEqual(before);
});

describe("help", () => {
	test.each(["", "--help", "-h"])("orbit-kernels %s", async (line) => {
		const { status, stdout, stderr } = await cli(line);
		expect([status, stderr]).toEqual([0, ""]);
		expect(stdout.replace(/ [0-9.]+ /, " VERSION ")).toMatchInlineSnapshot(`
			"orbit-kernels VERSION · neural kernels (NNGP, NTK) and their symmetry theory

			Usage
			  orbit-kernels <command> [options]

			Commands
			  figure     figures of the paper, with the numbers behind them
			  gram       the kernel matrix of a network or kernel
			  held-out   trains networks on digits of which one is never seen upright
			  lab        the orbit lab: is an unseen pose recognized, and why?
			  poses      how many poses are needed until unseen ones are recognized
			  regress    predictions of kernel regression
			  symmetry   whether a network generalizes to poses that it has not seen
			  why        why unseen poses of two images are read rightly or wrongly

			Options
			  -h, --help      this help, or that of a command
			  -V, --version   the version

			Examples
			  # figure 4 on the digits that come along, to out/report/index.html
			  orbit-kernels figure 4

			  # the NTK between all samples of a.npy
			  orbit-kernels gram --network net.json --x a.npy --out k.npy

			  # the paper's perceptron on the digits that come along, ten trainings
			  orbit-kernels held-out --out held-out.json

			  # the page, at http://127.0.0.1:8000
			  orbit-kernels lab

			  # 100 pairs of the digits that come along, turned
			  orbit-kernels poses --out poses.json

			  # predict new points, with a ridge of a millionth of the mean diagonal
			  orbit-kernels regress --gram k.npy --targets y.npy --cross c.npy --ridge mean:1e-6 --out p.npy

			  # is one of eight poses of each image recognized from the others?
			  orbit-kernels symmetry --network net.json --seeds s.npy --labels l.npy --action rotate:8 --out report.json

			  # two of the digits that come along, to out/why/index.html
			  orbit-kernels why --pair 4,9

			orbit-kernels <command> --help tells all about a command.
			Exit status: 0 done, 1 failed, 2 bad usage or bad input.
			"
		`);
	});

	test("of a command, whatever else is there", async () => {
		const { status, stdout } = await cli("regress --nonsense --help");
		expect(status).toBe(0);
		expect(stdout).toMatchInlineSnapshot(`
			"orbit-kernels regress · predictions of kernel regression

			Usage
			  orbit-kernels regress --gram <k.npy> --targets <y.npy> --out <p.npy> [options]

			Fits targets by kernel regression and writes predictions: of new points with
			--cross, of each known point from all others with --leave-one-out, else of the
			known points. Arrays are NumPy files.

			Options
			  --gram <k.npy>               the kernel of the known points, n × n
			  --targets <y.npy>            their targets, n or n × t
			  --cross <c.npy>              the kernel of new with known points, m × n
			  --ridge <r|mean:r|trace:r>   added to the diagonal, or r times its mean or the
			                               trace [default: 0]
			  --leave-one-out              predict each known point from all others
			  --workers <n>                threads; 0: the main one
			                               [default: one a processor]
			  --out <p.npy>                the predictions, f8
			  -h, --help                   this help

			Examples
			  # predict new points, with a ridge of a millionth of the mean diagonal
			  orbit-kernels regress --gram k.npy --targets y.npy --cross c.npy --ridge mean:1e-6 --out p.npy

			  # how well each point follows from the others
			  orbit-kernels regress --gram k.npy --targets y.npy --leave-one-out --out p.npy
			"
		`);
	});

	test("version", async () => {
		const { version } = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8"));
		expect(await cli("--version")).toEqual({ status: 0, stdout: `${version}\n`, stderr: "" });
	});

	test("fits its lines into 80 columns, but for examples", async () => {
		for (const command of ["figure", "gram", "lab", "poses", "regress", "why"]) {
			const { stdout } = await cli(`${command} --help`);
			const lines = stdout.split("Examples")[0]?.split("\n") as string[];
			expect(lines.filter((line) => line.length > 80)).toEqual([]);
		}
	});
});
