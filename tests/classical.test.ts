import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { naiveClassical } from "../bench/reference/classical.ts";
import {
	arcCosineKernel,
	createEngine,
	dense,
	type Engine,
	type Kernel,
	maternKernel,
	periodicKernel,
	polynomialKernel,
	productKernel,
	random,
	rbfKernel,
	relu,
	serial,
	sumKernel,
	type Tensor,
	twoCircles,
} from "../dist/index.js";
import { expectClose, type Tolerance } from "./support/close.ts";
import { failure } from "./support/failure.ts";
import { type LoadedArray, loadArray, loadManifest, type StoredArray } from "./support/files.ts";
import { classicalKernels } from "./support/reference.ts";

/** The toy's circles, their Gram by the paper's function, and one of the points from all others. */
interface CirclesCase {
	name: string;
	inputs: { N: number; d: number; r: number; L: number; reg: number };
	expected: { removedIndex: number; mean: number; variance: number } & Partial<
		Record<"points" | "kernel" | "kernelRow", StoredArray>
	>;
	tolerance: Tolerance;
}

const manifest = await loadManifest<{ cases: CirclesCase[] }>("symmetry");
const circles = (manifest?.cases ?? []).filter(({ name }) => name.startsWith("circles-N"));

/** Seeded samples between −1 and 1. */
function uniform(count: number, dimension: number, seed: number): Tensor<Float64Array> {
	const next = random(seed);
	return { data: Float64Array.from({ length: count * dimension }, () => 2 * next() - 1), shape: [count, dimension] };
}

const rows = ({ data, shape: [, size = 0] }: Tensor, from: number, to: number) => ({
	data: data.slice(from * size, to * size),
	shape: [to - from, size],
});

const named = classicalKernels.map((kernel) => [JSON.stringify(kernel), kernel] as const);

describe.each([0, 1, 2])("with %i workers", (workers) => {
	let engine: Engine;
	beforeAll(async () => {
		engine = await createEngine({ workers });
	});
	afterAll(() => engine.dispose());

	/** The one matrix of a kernel. */
	const gram = async (kernel: Kernel, x: Tensor, other?: Tensor): Promise<LoadedArray> => {
		const { ntk } = other ? await engine.gram(kernel, x, other) : await engine.gram(kernel, x);
		return ntk as LoadedArray;
	};

	test.each(named)("%s is its formula", async (_, kernel) => {
		const [x, other] = [uniform(40, 7, 1), uniform(9, 7, 2)];
		expectClose((await gram(kernel, x)).data, naiveClassical(kernel, x), { rtol: 1e-12, atol: 1e-15 });
		const cross = await gram(kernel, x, other);
		expect(cross.shape).toEqual([40, 9]);
		expectClose(cross.data, naiveClassical(kernel, x, other), { rtol: 1e-12, atol: 1e-15 });
		const { ntk } = await engine.gram(kernel, x, { precision: "f32" });
		expect(ntk?.data).toBeInstanceOf(Float32Array);
		expectClose(ntk?.data ?? [], naiveClassical(kernel, x), { rtol: 1e-5, atol: 1e-6 });
	});

	test.each(named)("%s over many tiles: symmetric, the same bits as rectangular and diagonal", async (_, kernel) => {
		const x = uniform(300, 3, 3);
		for (const precision of ["f64", "f32"] as const) {
			const { ntk } = await engine.gram(kernel, x, { precision });
			const k = ntk?.data as Float64Array;
			const mirrored = k.every((value, at) => value === k[(at % 300) * 300 + Math.floor(at / 300)]);
			expect(mirrored).toBe(true);
			const cross = await engine.gram(kernel, rows(x, 290, 300), rows(x, 120, 170), { precision });
			const part = Array.from({ length: 500 }, (_, at) => k[(290 + Math.floor(at / 50)) * 300 + 120 + (at % 50)]);
			expect([...(cross.ntk?.data ?? [])]).toEqual(part);
			const diagonal = await engine.diagonal(kernel, x, { precision });
			expect(diagonal.ntk?.shape).toEqual([300]);
			expect([...(diagonal.ntk?.data ?? [])]).toEqual(Array.from({ length: 300 }, (_, i) => k[i * 301]));
		}
	});

	test.each(named)("%s is positive semidefinite", async (name, kernel) => {
		// The periodic kernel is so for samples of one number only.
		const x = uniform(60, name.includes("periodic") ? 1 : 4, 4);
		await engine.regression(await gram(kernel, x), Array(60).fill(1), { ridge: { trace: 1e-13 } });
	});

	test("one matrix under each name that is asked for", async () => {
		const [kernel, x] = [rbfKernel({ gamma: 2 }), uniform(5, 2, 5)];
		const both = await engine.gram(kernel, x, { kernels: ["nngp", "ntk"] });
		expect(both.nngp).toEqual(both.ntk);
		expect(Object.keys(await engine.gram(kernel, x, { kernels: ["nngp"] }))).toEqual(["nngp"]);
		expect(Object.keys(await engine.diagonal(kernel, x))).toEqual(["ntk"]);
		const over = await engine.gram(kernel, uniform(300, 2, 5), { kernels: ["nngp", "ntk"] });
		expect(over.nngp).toEqual(over.ntk);
	});

	test("sums and products are those of their kernels", async () => {
		const x = uniform(20, 4, 6);
		const [a, b] = [maternKernel({ nu: 2.5, length: 0.7 }), polynomialKernel({ degree: 2, offset: 0.3, scale: 0.5 })];
		const [ka, kb] = [(await gram(a, x)).data, (await gram(b, x)).data];
		expect((await gram(sumKernel(a, b), x)).data).toEqual(ka.map((value, at) => value + (kb[at] as number)));
		expect((await gram(productKernel(a, b), x)).data).toEqual(ka.map((value, at) => value * (kb[at] as number)));
		expect((await gram(sumKernel(a), x)).data).toEqual(ka);
		expect((await gram(productKernel(sumKernel(productKernel(a))), x)).data).toEqual(ka);
		// A product of exponentials is one of the sum.
		const [narrow, wide] = [rbfKernel({ gamma: 1.5 }), rbfKernel({ gamma: 0.5 })];
		expectClose(await gram(productKernel(narrow, wide), x), await gram(rbfKernel({ gamma: 2 }), x), { rtol: 1e-14 });
	});

	test("equal samples are at distance 0, nearly equal ones keep their digits", async () => {
		const near = 1 + 2 ** -40;
		const k = await gram(rbfKernel({ gamma: 2 ** 80 }), {
			data: Float64Array.of(1, 1e3, 1, 1e3, near, 1e3),
			shape: [3, 2],
		});
		expect([...k.data.slice(0, 2)]).toEqual([1, 1]);
		expectClose([k.data[2] as number], [Math.exp(-1)], { rtol: 1e-15 });
	});

	test("arc-cosine: equal, opposite and zero samples; degree 1 is twice ReLU", async () => {
		const samples = { data: Float64Array.of(3, 4, -3, -4, 0, 0), shape: [3, 2] };
		expect([...(await gram(arcCosineKernel({ degree: 0 }), samples)).data]).toEqual([
			1, 0, 0.5, 0, 1, 0.5, 0.5, 0.5, 0.5,
		]);
		expect([...(await gram(arcCosineKernel({ degree: 1 }), samples)).data]).toEqual([25, 0, 0, 0, 25, 0, 0, 0, 0]);
		const x = uniform(50, 6, 7);
		const { nngp } = await engine.gram(serial(dense(), relu()), x, { kernels: ["nngp"] });
		// A dense layer divides the product by the dimension.
		const twice = Array.from(nngp?.data ?? [], (value) => 2 * 6 * value);
		expectClose((await gram(arcCosineKernel({ degree: 1 }), x)).data, twice, { rtol: 1e-13, atol: 1e-14 });
	});

	test.each(circles.map((one) => [one.name, one] as const))(
		"reference: %s",
		async (_, { inputs, expected, tolerance }) => {
			const { N, d, r, L, reg } = inputs;
			const points = twoCircles(N, { delta: d, radius: r });
			const kernel = rbfKernel({ gamma: L ** 2 });
			const k = await gram(kernel, points);
			for (const [actual, stored] of [
				[points, expected.points],
				[k, expected.kernel],
				[{ data: k.data.slice(0, 2 * N), shape: [2 * N] }, expected.kernelRow],
			] as const)
				if (stored) expectClose(actual, (await loadArray("symmetry", stored)) as LoadedArray, tolerance);

			const removed = rows(points, expected.removedIndex, expected.removedIndex + 1);
			const others = Array.from({ length: 2 * N }, (_, i) => i).filter((i) => i !== expected.removedIndex);
			const rest = others.map((i) => [...rows(points, i, i + 1).data]);
			const { ntk } = await engine.gram(kernel, rest);
			const labels = others.map((i) => (i % 2 === 0 ? -1 : 1));
			const fit = await engine.regression(ntk as LoadedArray, labels, { ridge: { trace: reg } });
			const { ntk: cross } = await engine.gram(kernel, removed, rest);
			const { ntk: own } = await engine.diagonal(kernel, removed);
			const { mean, variance } = await fit.predict(cross as LoadedArray, own as LoadedArray);
			expectClose(mean.data, [expected.mean], tolerance);
			expectClose(variance?.data ?? [], [expected.variance], tolerance);
		},
	);

	const one = rbfKernel({ gamma: 1 });
	test.each([
		["an unknown type", { type: "rbfKernl", gamma: 1 }, "type", "rbfKernl"],
		["an unknown field", { ...one, length: 1 }, "length", 1],
		["a missing one", { type: "rbfKernel" }, "gamma", null],
		["a parameter of 0", rbfKernel({ gamma: 0 }), "gamma", 0],
		["a nested one", sumKernel(one, productKernel(one, rbfKernel({ gamma: -1 }))), "kernels[1].kernels[1].gamma", -1],
		["a smoothness without a formula", maternKernel({ nu: 1 as 0.5, length: 1 }), "nu", 1],
		["a degree that is no count", polynomialKernel({ degree: 1.5 }), "degree", 1.5],
		["a negative offset", sumKernel(polynomialKernel({ degree: 1, offset: -1 })), "kernels[0].offset", -1],
		["a period that is not finite", periodicKernel({ period: Number.POSITIVE_INFINITY, length: 1 }), "period", null],
		["a degree without a formula", arcCosineKernel({ degree: 3 as 2 }), "degree", 3],
		["no kernels", sumKernel(), "kernels", []],
		["a network among kernels", productKernel(one, relu() as unknown as Kernel), "kernels[1].type", "relu"],
		["a kernel among layers", serial(dense(), one as never), "layers[1].type", "rbfKernel"],
	])("network: %s", async (_, bad, path, value) => {
		const error = await failure(() => engine.gram(bad as Kernel, [[1, 2]]));
		expect(error).toMatchObject({ code: "network", path, value });
		expect(error.message).toContain(path);
		expect(error.expected).toBeTruthy();
	});

	test("value: samples whose kernel no number can hold, by their index", async () => {
		const x = { data: new Float64Array(600).fill(1), shape: [300, 2] };
		x.data[2 * 290] = 1e100;
		const cube = polynomialKernel({ degree: 3 });
		expect((await gram(cube, rows(x, 0, 290))).data[0]).toBe(8);
		x.data[2 * 290] = 1e110;
		const error = await failure(() => gram(cube, x));
		expect(error).toMatchObject({ code: "value", index: 290 });
		expect(error.message).toContain("sample 290");
		const single = () => engine.gram(one, x, { precision: "f32" });
		expect(await failure(single)).toMatchObject({ code: "value", index: 290 });
	});
});

test("kernels are plain frozen objects, with their defaults", () => {
	const parts = [
		rbfKernel({ gamma: 0.7 }),
		...([0.5, 1.5, 2.5] as const).map((nu) => maternKernel({ nu, length: 0.8 })),
		polynomialKernel({ degree: 3, offset: 0.5, scale: 0.2 }),
		periodicKernel({ period: 3, length: 0.9 }),
		...([0, 1, 2] as const).map((degree) => arcCosineKernel({ degree })),
	] as const;
	const built = [...parts, sumKernel(parts[0], productKernel(parts[4] as Kernel, parts[6] as Kernel))];
	expect(built).toEqual(classicalKernels);
	for (const kernel of built) {
		expect(Object.isFrozen(kernel)).toBe(true);
		if ("kernels" in kernel) expect(Object.isFrozen(kernel.kernels)).toBe(true);
	}
	expect(polynomialKernel({ degree: 2 })).toEqual({ type: "polynomialKernel", degree: 2, offset: 0, scale: 1 });
});

test("circles: their parameters", () => {
	expect(twoCircles(1, { delta: 2, radius: 3 }).shape).toEqual([2, 3]);
	expectClose(twoCircles(1, { delta: 2, radius: 3 }).data, [3, 0, 1, -3, 0, -1], { atol: 1e-15 });
	for (const [order, options, path] of [
		[0, { delta: 1 }, "order"],
		[1.5, { delta: 1 }, "order"],
		[3, { delta: Number.NaN }, "delta"],
		[3, { delta: 1, radius: Number.POSITIVE_INFINITY }, "radius"],
	] as const)
		expect(() => twoCircles(order, options)).toThrow(expect.objectContaining({ code: "value", path }));
});
