/** Kernels of finite networks: exact gradients against neural-tangents, and means over draws against the limit of infinite width. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEngine, dense, type Engine, type Network, random, relu, serial, type Tensor } from "../dist/index.js";
import { expectClose, type Tolerance } from "./support/close.ts";
import { type LoadedArray, loadArray, loadManifest, type StoredArray } from "./support/files.ts";

let engine: Engine;
beforeAll(async () => {
	engine = await createEngine();
});
afterAll(() => engine.dispose());

interface EmpiricalCase {
	name: string;
	kind?: "empirical";
	network: Extract<Network, { type: "serial" }>;
	inputs: Record<string, StoredArray>;
	expected: Record<"outputs1" | "ntkFull" | "ntkTrace" | "nngp", StoredArray>;
	tolerance: Tolerance;
}

const manifest = await loadManifest<{ cases: EmpiricalCase[] }>("predict");
const cases = (manifest?.cases ?? []).filter(({ kind }) => kind === "empirical");
const load = async (stored: StoredArray) => (await loadArray("predict", stored)) as LoadedArray;

describe("reference/predict: empirical kernels", () => {
	test("all four cases are here", () => expect(cases.length).toBe(4));

	test.for(cases.map((one) => [one.name, one] as const))("%s", async ([, one]) => {
		// Their weights are numbered by layer, ours named by their place in the network.
		const init: Record<string, LoadedArray> = {};
		const places = one.network.layers.flatMap(({ type }, place) => (type === "dense" ? [place] : []));
		for (const [layer, place] of places.entries())
			for (const [letter, name] of [
				["W", "weight"],
				["b", "bias"],
			]) {
				const stored = one.inputs[`${letter}${layer}`];
				if (stored) init[`layers.${place}.${name}`] = await load(stored);
			}
		const [x1, x2] = [await load(one.inputs.x1 as StoredArray), await load(one.inputs.x2 as StoredArray)];
		const outputs = await load(one.expected.outputs1);
		const targets = { data: new Float64Array(outputs.data.length), shape: outputs.shape };
		const how = { steps: 0, parameterization: "ntk", precision: "f64", init } as const;
		const network = await engine.train(one.network, { x: x1, targets }, how);
		expectClose(await network.predict(x1), outputs, one.tolerance);
		const { ntk, nngp } = await network.kernels(x1, x2, { kernels: ["ntk", "nngp"] });
		expectClose(ntk as Tensor, await load(one.expected.ntkTrace), one.tolerance);
		expectClose(nngp as Tensor, await load(one.expected.nngp), one.tolerance);
		const all = await network.kernels(x1, x2, { outputs: "all" });
		expectClose(all.ntk as Tensor, await load(one.expected.ntkFull), one.tolerance);
	});
});

const next = random(7);
const samples = (count: number, size: number) => ({
	data: Float64Array.from({ length: count * size }, () => 2 * next() - 1),
	shape: [count, size],
});

const mlp = (width: number, outputs: number) =>
	serial(dense({ width, biasStd: 0.5 }), relu(), dense({ width: outputs, biasStd: 0.5 }));

test("a symmetric kernel has the entries of the rectangular one, also in many blocks", async () => {
	const x = samples(100, 3);
	const targets = new Uint8Array(100);
	const network = await engine.train(mlp(6, 2), { x, targets }, { loss: "crossEntropy", steps: 0, precision: "f64" });
	const own = await network.kernels(x, { kernels: ["ntk", "nngp"], outputs: "all" });
	const cross = await network.kernels(x, x, { kernels: ["ntk", "nngp"], outputs: "all" });
	for (const name of ["ntk", "nngp"] as const)
		expectClose(own[name] as Tensor, cross[name] as Tensor, { rtol: 1e-12, atol: 1e-12 });
});

test("means of wide networks come within four standard errors of the infinite one", async () => {
	const x = samples(5, 4);
	// The NNGP is a mean over outputs: it needs many to be known.
	const network = mlp(4096, 16);
	const analytic = await engine.gram(network, x, { kernels: ["nngp", "ntk"] });
	const estimates = await engine.monteCarlo(network, x, { draws: 48, seed: 3, kernels: ["nngp", "ntk"] });
	for (const name of ["nngp", "ntk"] as const) {
		const { mean, standardError } = estimates[name] as { mean: Tensor; standardError: Tensor };
		const expected = analytic[name] as Tensor;
		for (const [k, value] of expected.data.entries()) {
			const error = standardError.data[k] as number;
			expect(error).toBeGreaterThan(0);
			// Small enough to tell something.
			expect(error / Math.abs(expected.data[0] as number)).toBeLessThan(0.1);
			expect(Math.abs((mean.data[k] as number) - value) / error).toBeLessThan(4);
		}
	}
});

test("the linearized network is the network at its start, and moves with its weights", async () => {
	const [x, y] = [samples(12, 3), samples(12, 1)];
	const how = { parameterization: "ntk", precision: "f64", optimizer: { type: "sgd", rate: 0.5 } } as const;
	const start = await engine.train(mlp(512, 1), { x, targets: y }, { ...how, steps: 0 });
	const end = await engine.train(mlp(512, 1), { x, targets: y }, { ...how, steps: 20 });
	expectClose(await start.linearized(x, start), await start.predict(x), { atol: 1e-12 });
	const [moved, linear] = [await end.predict(x), await end.linearized(x, start)];
	const before = await start.predict(x);
	const distance = (a: Tensor, b: Tensor) => Math.hypot(...Array.from(a.data, (v, k) => v - (b.data[k] as number)));
	expect(distance(moved, linear)).toBeLessThan(0.2 * distance(moved, before));
	expect(distance(moved, linear)).toBeGreaterThan(0);
});
