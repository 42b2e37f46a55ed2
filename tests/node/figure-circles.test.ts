/** Figures 2 and 3 as the command stores them, against the paper's own toy programs. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createEngine, rbfKernel, twoCircles } from "../../dist/index.js";
import type { Data2 } from "../../figures/2.ts";
import type { Data3 } from "../../figures/3.ts";
import { expectClose, type Tolerance } from "../support/close.ts";
import { type LoadedArray, loadArray, loadManifest, type StoredArray } from "../support/files.ts";

const program = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

interface Case {
	name: string;
	inputs: Record<string, unknown>;
	expected: Record<string, StoredArray>;
	tolerance: Tolerance;
}

let folder: string;
let cases: Case[];
let figure2: Data2;
let figure3: Data3;
let printed: string;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "orbit-kernels-circles-"));
	const line = ["figure", "2", "3", "--workers", "1", "--out", folder];
	printed = (await promisify(execFile)(process.execPath, [program, ...line])).stdout.replaceAll("\n", " ");
	const stored = async (name: string) => JSON.parse(await readFile(join(folder, name), "utf8"));
	[figure2, figure3] = [await stored("figure-2.json"), await stored("figure-3.json")];
	cases = (await loadManifest<{ cases: Case[] }>("symmetry"))?.cases ?? [];
});
afterAll(() => rm(folder, { recursive: true }));

const caseOf = (name: string) => cases.find((one) => one.name === name) as Case;
const load = async (stored: StoredArray | undefined) =>
	((await loadArray("symmetry", stored as StoredArray)) as LoadedArray).data;

test("figure 2: points, distances, kernel, a row and the reciprocal spectrum", async () => {
	const { inputs, expected, tolerance } = caseOf("spectrum-sketch-paper");
	const { poses, delta, radius, inverseLength } = figure2.circles;
	expect({ N: poses, D: delta, R: radius, L: inverseLength }).toEqual(inputs);
	const { points, distances, gram, reciprocalSpectrum, meanReciprocal } = figure2;
	expectClose(points.flat(), await load(expected.points), tolerance);
	expectClose(
		distances.flat().map((distance) => distance ** 2),
		await load(expected.distanceSquared),
		tolerance,
	);
	expectClose(gram.flat(), await load(expected.kernel), tolerance);
	expectClose(gram[poses] as number[], await load(expected.kernelRow), tolerance);
	const largest = Math.max(...reciprocalSpectrum);
	const relative = reciprocalSpectrum.slice(0, poses + 1).map((value) => value / largest);
	expectClose(relative, await load(expected.inverseSpectrum), tolerance);
	expectClose([reciprocalSpectrum.reduce((sum, value) => sum + value, 0)], [2 * poses * meanReciprocal], {
		rtol: 1e-14,
	});
	// The identity of the paper: a Gram that is circulant has this error at each of its points.
	expectClose([figure2.spectralError], [(reciprocalSpectrum[poses] as number) / meanReciprocal], { rtol: 1e-15 });
	expectClose([figure2.exactError], [figure2.spectralError], { rtol: 1e-12 });
	expect(printed).toContain(`their ratio ${figure2.spectralError.toPrecision(3)} is the error of a held-out point`);
});

test.each([
	["separation", "toy-sweep-delta-paper", 0.85],
	["density", "toy-sweep-N-paper", 1.4],
] as const)("figure 3: %s", async (name, reference, inverseLength) => {
	const { inputs, expected, tolerance } = caseOf(reference);
	const sweep = figure3.sweeps.find((one) => one.name === name) as Data3["sweeps"][number];
	const varied = sweep.circles.map((circles) => circles[sweep.of]);
	expectClose(varied, name === "density" ? (inputs.Ns as number[]) : await load(inputs.ds as StoredArray), {
		rtol: 1e-14,
	});
	for (const circles of sweep.circles)
		expect(circles).toMatchObject({ radius: 1, inverseLength, ...(name === "density" ? { delta: 1 } : { poses: 6 }) });
	expect(sweep.heldOut).toEqual(sweep.circles.map(({ poses }) => Math.floor(poses / 2)));

	expectClose(sweep.spectralError, await load(expected.spectralErrors), tolerance);
	// The paper's regression has a ridge of its own, of the trace without the held-out point.
	expectClose(sweep.exactErrorOwnTrace, await load(expected.errors), tolerance);
	// With one ridge the formula is exact.
	expectClose(sweep.exactError, sweep.spectralError, { rtol: 1e-10 });
	expectClose(
		sweep.ridge,
		sweep.circles.map(({ poses }) => 2e-5 * poses),
		{ rtol: 1e-14 },
	);
	expectClose(
		sweep.lastReciprocal.map((last, k) => last / (sweep.meanReciprocal[k] as number)),
		sweep.spectralError,
		{ rtol: 1e-15 },
	);
});

test("separation lowers the numerator, density raises the denominator", () => {
	expect(printed).toMatch(/From Δ = 0 to 10 the error falls [\d.]+-fold, mostly by its numerator/);
	expect(printed).toMatch(/from N = 4 to 48 the error falls [\d.]+-fold, mostly by its denominator/);
});

test("toy values, and the first of the figure", async () => {
	const engine = await createEngine({ workers: 0 });
	const errors = [];
	for (const delta of [0, 1, 3]) {
		const points = twoCircles(6, { delta });
		const { ntk } = await engine.gram(rbfKernel({ gamma: 0.85 ** 2 }), points);
		errors.push((await engine.pairQuantities(points, ntk as LoadedArray, { ridge: 12e-5 })).exactError);
	}
	await engine.dispose();
	// Six digits are given.
	expectClose(errors, [7.51603, 0.397726, 0.235887], { rtol: 2e-6 });
	expectClose([figure3.sweeps[0]?.exactError[0] as number], [errors[0] as number], { rtol: 1e-10 });
});
