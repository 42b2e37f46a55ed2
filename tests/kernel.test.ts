import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEngine, dense, type Engine, erf, identity, type Network, random, relu, serial } from "../dist/index.js";
import { expectClose } from "./support/close.ts";
import { loadArray } from "./support/files.ts";
import { bitsOf, kernelCases, kernelInputs, kernelsOf, toleranceOf } from "./support/reference.ts";

const families = {
	dense: { count: 78, cases: await kernelCases("dense") },
	activations: { count: 35, cases: await kernelCases("activations") },
} as const;

/** A network of `depth` ReLU layers with biases. */
const mlp = (depth: number): Network =>
	serial(...Array.from({ length: depth }, () => [dense({ biasStd: 1 }), relu()]).flat(), dense({ biasStd: 1 }));

/** Seeded numbers between −1 and 1. */
function uniform(shape: number[], seed: number) {
	const next = random(seed);
	const data = Float64Array.from({ length: shape.reduce((a, b) => a * b) }, () => 2 * next() - 1);
	return { data, shape };
}

describe.each([0, 1, 2])("with %i workers", (workers) => {
	let engine: Engine;
	beforeAll(async () => {
		engine = await createEngine({ workers });
	});
	afterAll(() => engine.dispose());

	describe.each(["dense", "activations"] as const)("reference/%s", (family) => {
		const { count, cases } = families[family];
		test("all cases are here, but those of MNIST's pixels", () => {
			expect(cases.filter(({ name }) => !name.startsWith("mnist")).length).toBeGreaterThanOrEqual(
				count - (family === "dense" ? 13 : 0),
			);
			expect(cases.length).toBeLessThanOrEqual(count);
		});

		test.for(cases.map((one) => [one.name, one] as const))("%s", async ([, one], { skip }) => {
			const inputs = (await kernelInputs(family, one)) ?? skip("made from MNIST's pixels, which are not there");
			const kernels = await kernelsOf(engine, one, inputs);
			for (const name of ["nngp", "ntk"] as const) {
				const expected = (await loadArray(family, one.expected[name])) ?? skip("made from MNIST's pixels");
				expectClose(kernels[name] ?? [], expected, toleranceOf(one.tolerance, name));
			}
		});
	});

	test("the same bits as one thread of Node", async () => {
		const inNode = globalThis.process?.versions?.node;
		// A variable keeps what only Node has out of the browser's bundle.
		const nodeOnly = "./support/node-bits.ts";
		const expected = inNode
			? await (await import(/* @vite-ignore */ nodeOnly)).nodeBits()
			: await (await fetch("/node-bits")).text();
		expect(await bitsOf(engine)).toBe(expected);
	});

	test("many tiles: symmetric, and the same entries as rectangular and one by one", async () => {
		const x = uniform([700, 5], 1);
		const { nngp, ntk } = await engine.gram(mlp(2), x, { kernels: ["nngp", "ntk"] });
		for (const kernel of [nngp, ntk]) {
			const k = kernel?.data as Float64Array;
			for (let i = 0; i < 700; i += 7) for (let j = 0; j < i; j += 3) expect(k[i * 700 + j]).toBe(k[j * 700 + i]);
		}
		const other = { data: x.data.slice(5 * 100, 5 * 500), shape: [400, 5] };
		const cross = await engine.gram(mlp(2), x, other);
		for (const i of [0, 99, 100, 333, 699])
			for (const j of [0, 1, 127, 128, 399])
				expectClose([cross.ntk?.data[i * 400 + j] as number], [ntk?.data[i * 700 + j + 100] as number], {
					rtol: 1e-13,
				});
	});

	test("the diagonal is that of the Gram, bit for bit", async () => {
		const x = uniform([300, 7], 2);
		for (const precision of ["f64", "f32"] as const) {
			const options = { kernels: ["nngp", "ntk"], precision } as const;
			const gram = await engine.gram(mlp(3), x, options);
			const diagonal = await engine.diagonal(mlp(3), x, options);
			for (const name of ["nngp", "ntk"] as const) {
				expect(diagonal[name]?.shape).toEqual([300]);
				expect([...(diagonal[name]?.data ?? [])]).toEqual(
					Array.from({ length: 300 }, (_, i) => gram[name]?.data[i * 301]),
				);
			}
		}
	});

	test("only the kernels that are asked for, in the precision that is asked for", async () => {
		const x = [
			[1, 2],
			[3, 4],
		];
		expect(Object.keys(await engine.gram(mlp(1), x))).toEqual(["ntk"]);
		expect(Object.keys(await engine.gram(mlp(1), x, { kernels: ["nngp"] }))).toEqual(["nngp"]);
		const { ntk } = await engine.gram(mlp(1), x, { precision: "f32" });
		expect(ntk?.data).toBeInstanceOf(Float32Array);
	});

	test("single precision stays within its stated error", async () => {
		const x = uniform([300, 50], 3);
		for (const depth of [1, 5]) {
			const [exact, single] = await Promise.all([
				engine.gram(mlp(depth), x),
				engine.gram(mlp(depth), x, { precision: "f32" }),
			]);
			expectClose(single.ntk?.data ?? [], exact.ntk?.data ?? [], { rtol: 1e-5 });
		}
	});

	test("inputs stay as they are", async () => {
		const x = uniform([300, 4], 4);
		const before = x.data.slice();
		await engine.gram(mlp(1), x, x);
		expect(x.data).toEqual(before);
	});

	test("equal, parallel and opposite inputs are exact", async () => {
		const { nngp } = await engine.gram(
			serial(dense(), relu(), dense()),
			[
				[3, 4],
				[6, 8],
				[-3, -4],
				[0, 0],
			],
			{
				kernels: ["nngp"],
			},
		);
		// ½·√(qq') for parallel inputs of variances q = 25/2 and 4q, 0 for opposite ones.
		expect([...(nngp?.data ?? [])]).toEqual([6.25, 12.5, 0, 0, 12.5, 25, 0, 0, 0, 0, 6.25, 0, 0, 0, 0, 0]);
	});

	test("images are read flattened", async () => {
		const flat = uniform([4, 6], 5);
		const images = { data: flat.data, shape: [4, 2, 3] };
		expect((await engine.gram(mlp(1), images)).ntk?.data).toEqual((await engine.gram(mlp(1), flat)).ntk?.data);
	});

	test("identity and nested serial change nothing", async () => {
		const x = uniform([5, 3], 6);
		const plain = await engine.gram(serial(dense(), erf(), dense()), x);
		const nested = await engine.gram(serial(serial(dense(), identity()), erf(), identity(), serial(dense())), x);
		expect(nested.ntk?.data).toEqual(plain.ntk?.data);
	});
});
