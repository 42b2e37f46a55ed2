import { afterAll, beforeAll, expect, test } from "vitest";
import {
	avgPool,
	conv,
	createEngine,
	dense,
	type Engine,
	flatten,
	globalAveragePool,
	type Network,
	rbfKernel,
	relu,
	serial,
} from "../dist/index.js";

const pooled = serial(conv({ size: [3, 3] }), relu(), globalAveragePool(), dense());
const mlp = serial(dense(), relu(), dense());

let engine: Engine;
beforeAll(async () => {
	engine = await createEngine({ workers: 2 });
});
afterAll(() => engine.dispose());

test.each([
	["a dense network", mlp, [10, 4], "dense"],
	["a dense network at images", mlp, [10, 28, 28], "dense"],
	["a classical kernel", rbfKernel({ gamma: 1 }), [10, 28, 28], "classical"],
	["flattened locations", serial(conv({ size: [3, 3] }), relu(), flatten(), dense()), [10, 28, 28], "location"],
	["global pooling", pooled, [10, 28, 28, 3], "offsets"],
	["windows", serial(avgPool({ size: [2, 2] }), pooled), [10, 28, 28], "covariance"],
	[
		"a stride that does not divide a circle, and a circle after it",
		serial(conv({ size: [3, 3], stride: [2, 2] }), relu(), pooled),
		[10, 7, 7],
		"covariance",
	],
] as const)("tells how %s is computed", async (_, network, shape, executor) => {
	const explanation = await engine.explain(network, shape);
	expect(explanation.executor).toBe(executor);
	expect(JSON.parse(JSON.stringify(explanation))).toEqual(explanation);
	const { flops, bytes, pair, sample } = explanation;
	expect(flops).toBe(10 * sample.flops + 55 * pair.flops);
	expect(bytes).toBeGreaterThanOrEqual(10 * 10 * 8 + 2 * (10 * sample.bytes + pair.bytes));
});

test("steps have their places, and are most of an entry", async () => {
	const { steps, pair } = await engine.explain(pooled, [1, 28, 28]);
	expect(steps.map(({ layer }) => layer)).toContain("layers[0]");
	const first = steps.find(({ layer }) => layer === "layers[0]");
	expect(first).toMatchObject({ type: "conv", locations: 784 ** 2 });
	const sum = steps.reduce((flops, step) => flops + step.flops, 0);
	expect(sum).toBeGreaterThan(pair.flops / 2);
	expect(sum).toBeLessThan(2 * pair.flops);
});

test("offsets hold little, the whole covariance much", async () => {
	const shape = [100, 28, 28];
	const offsets = await engine.explain(pooled, shape);
	const covariance = await engine.explain(pooled, shape, { executor: "covariance" });
	expect(covariance.executor).toBe("covariance");
	expect(offsets.pair.bytes).toBeLessThan(2 ** 20);
	expect(covariance.pair.bytes).toBeGreaterThan(8 * 784 ** 2);
	// Each worker keeps to its budget, however many the images are.
	const many = await engine.explain(pooled, [100_000, 28, 28]);
	expect(many.bytes - 8 * 100_000 ** 2).toBeLessThanOrEqual(2 * (64 * 2 ** 20 + many.pair.bytes));
});

test("nothing that needs more memory than there is gets started", async () => {
	const small = await createEngine({ workers: 0, maxBytes: 2 ** 20 });
	const call = small.gram(pooled, { data: new Float64Array(784), shape: [1, 28, 28] }, { executor: "covariance" });
	await expect(call).rejects.toMatchObject({ code: "memory", path: "maxBytes" });
	await small.dispose();
});

test.each<[string, unknown, unknown, object, object]>([
	["no shape", pooled, undefined, {}, { code: "shape", path: "shape" }],
	["a number", pooled, 28, {}, { code: "shape", path: "shape" }],
	["no samples", pooled, [0, 28, 28], {}, { code: "shape", path: "shape" }],
	["one dimension", pooled, [28], {}, { code: "shape", path: "shape" }],
	["a fraction", pooled, [1, 2.5, 2], {}, { code: "shape", path: "shape" }],
	[
		"a layer that is none",
		serial({ type: "cnov" } as never),
		[1, 2, 2],
		{},
		{ code: "network", path: "layers[0].type" },
	],
	["vectors where images are read", pooled, [1, 784], {}, { code: "network", path: "layers[0]" }],
	["an executor that can't", pooled, [1, 28, 28], { executor: "location" }, { code: "network" }],
	["one that is none", pooled, [1, 28, 28], { executor: "dense" }, { code: "usage", path: "options.executor" }],
	["a precision", pooled, [1, 28, 28], { precision: "f16" }, { code: "usage", path: "options.precision" }],
	["a spelling", pooled, [1, 28, 28], { executer: "location" }, { code: "usage", path: "options.executer" }],
])("refuses %s", async (_, network, shape, options, expected) => {
	await expect(engine.explain(network as Network, shape as number[], options)).rejects.toMatchObject(expected);
});
