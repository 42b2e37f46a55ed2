import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { naiveConvKernels } from "../bench/reference/naive-conv.ts";
import {
	abs,
	avgPool,
	conv,
	createEngine,
	dense,
	type Engine,
	type Executor,
	embeddedDigits,
	flatten,
	globalAveragePool,
	leakyRelu,
	type Network,
	type Padding,
	relu,
	residual,
	serial,
	shifts,
	type Tensor,
} from "../dist/index.js";
import { expectClose } from "./support/close.ts";
import { loadArray } from "./support/files.ts";
import { fliplr, type Image, nested, noise, repeated, roll, rot90 } from "./support/images.ts";
import { randomNetwork } from "./support/random-network.ts";
import { imageCases, type KernelCase, kernelInputs, kernelsOf, layersOf, toleranceOf } from "./support/reference.ts";

const cases = await imageCases();
const KERNELS = ["nngp", "ntk"] as const;

/** The executors that can run a case, the one that is taken by default first; none reads what is flattened before all else. */
function executorsOf({ network }: KernelCase): Executor[] {
	const layers = layersOf(network);
	if (layers[0] === "flatten" || layers[0] === "dense") return [];
	const has = (...types: string[]) => layers.some((layer) => types.includes(layer));
	if (has("avgPool", "sumPool")) return ["covariance"];
	return has("globalAveragePool", "globalSumPool") ? ["offsets", "covariance"] : ["location", "offsets", "covariance"];
}

const cnn = (depth: number, padding: Padding, end: Network): Network => {
	const layers = Array.from({ length: depth }, () => [conv({ size: [3, 3], padding, biasStd: 0.3 }), relu()]);
	return serial(...layers.flat(), end, dense());
};
const gap = globalAveragePool();
/** A network for each executor. */
const networks = {
	location: cnn(2, "same", flatten()),
	offsets: cnn(2, "circular", gap),
	covariance: serial(conv({ size: [3, 3] }), relu(), avgPool({ size: [2, 2] }), cnn(1, "same", gap)),
} as const;

const values = (kernel: Tensor | undefined) => [...(kernel as Tensor).data];
const images = (...all: Image[]) => ({
	data: Float64Array.from(all.flat(2)),
	shape: [all.length, all[0]?.length as number, all[0]?.[0]?.length as number],
});
/** The executors that can't run the networks above. */
const refused = { location: [], offsets: ["location"], covariance: ["location", "offsets"] } as const;

describe.each([0, 1, 2])("with %i workers", (workers) => {
	let engine: Engine;
	beforeAll(async () => {
		engine = await createEngine({ workers });
	});
	afterAll(() => engine.dispose());

	test("all cases are here", () => {
		const named = (start: RegExp) => cases.filter(({ family, name }) => family === "structure" && start.test(name));
		expect(cases.filter(({ family }) => family === "conv").length).toBe(107);
		expect(named(/^(conv|pool|flatten)-/).length).toBe(21);
		expect(named(/^dense-/).length).toBe(13);
	});

	test.for(cases.map((one) => [one.name, one] as const))("%s", async ([, one], { skip }) => {
		const inputs = (await kernelInputs(one.family, one)) ?? skip("made from MNIST's pixels, which are not there");
		const kernels = await kernelsOf(engine, one, inputs);
		for (const name of KERNELS) {
			const expected = (await loadArray(one.family, one.expected[name])) ?? skip("made from MNIST's pixels");
			expectClose(kernels[name] ?? [], expected, toleranceOf(one.tolerance, name));
		}
		const executors = executorsOf(one);
		const { executor: chosen } = await engine.explain(one.network, inputs[0].shape);
		expect(chosen).toBe(executors[0] ?? "dense");
		for (const executor of executors) {
			const forced = await kernelsOf(engine, one, inputs, { executor });
			for (const name of KERNELS) expectClose(forced[name] ?? [], kernels[name] ?? [], { rtol: 1e-12 });
		}
	});

	describe.each(["location", "offsets", "covariance"] as const)("%s", (executor) => {
		const network = networks[executor];
		const x = noise(7, 6, 6);
		const options = { kernels: KERNELS } as const;

		test("is what is chosen, and refused where it can't be", async () => {
			expect((await engine.explain(network, x.shape)).executor).toBe(executor);
			for (const other of refused[executor])
				await expect(engine.gram(network, x, { executor: other })).rejects.toMatchObject({ code: "network" });
		});

		test("symmetric to the last bit, the diagonal its own, rectangular the same", async () => {
			for (const precision of ["f64", "f32"] as const) {
				const gram = await engine.gram(network, x, { ...options, precision });
				const diagonal = await engine.diagonal(network, x, { ...options, precision });
				const other = { data: x.data.slice(2 * 36), shape: [5, 6, 6] };
				const cross = await engine.gram(network, x, other, { ...options, precision });
				for (const name of KERNELS) {
					const k = values(gram[name]);
					expect(k).toEqual(k.map((_, e) => k[(e % 7) * 7 + Math.floor(e / 7)]));
					expect(values(diagonal[name])).toEqual(k.filter((_, e) => e % 8 === 0));
					const part = k.filter((_, e) => e % 7 >= 2);
					expectClose(values(cross[name]), part, { rtol: precision === "f64" ? 1e-13 : 1e-5 });
				}
			}
		});

		test("single precision is near", async () => {
			const exact = await engine.gram(network, x, options);
			const single = await engine.gram(network, x, { ...options, precision: "f32" });
			for (const name of KERNELS) {
				expect(single[name]?.data).toBeInstanceOf(Float32Array);
				expectClose(values(single[name]), values(exact[name]), { atol: 1e-4 * Math.max(...values(exact[name])) });
			}
		});

		test("one channel can be left out, in other too", async () => {
			const withChannel = { data: x.data, shape: [...x.shape, 1] };
			const { ntk } = await engine.gram(network, x);
			expect((await engine.gram(network, withChannel)).ntk?.data).toEqual(ntk?.data);
			const cross = await engine.gram(network, x, withChannel);
			expect((await engine.gram(network, withChannel, x)).ntk?.data).toEqual(cross.ntk?.data);
		});

		test("entries do not depend on the tiles they are in", async () => {
			const many = noise(300, 3, 5, 2);
			const network =
				executor === "covariance" ? serial(avgPool({ size: [2, 2] }), networks.offsets) : networks[executor];
			const seen: number[] = [];
			const { ntk } = await engine.gram(network, many, {
				onProgress({ done, total }) {
					expect(total).toBe((300 * 301) / 2);
					seen.push(done);
				},
			});
			expect(seen).toEqual([...seen].sort((a, b) => a - b));
			expect(seen.at(-1)).toBe((300 * 301) / 2);
			const rows = [0, 1, 127, 128, 299];
			const some = { data: new Float64Array(5 * 30), shape: [5, 3, 5, 2] };
			for (const [k, row] of rows.entries()) some.data.set(many.data.subarray(row * 30, (row + 1) * 30), k * 30);
			const alone = values((await engine.gram(network, some)).ntk);
			expect(alone).toEqual(rows.flatMap((i) => rows.map((j) => ntk?.data[i * 300 + j])));
		});
	});

	describe("global pooling forgets", () => {
		const image = nested({ data: noise(36).data, shape: [6, 6] });
		const other = nested({ data: noise(36).data, shape: [6, 6] });
		const alike = async (network: Network, ...poses: Image[]) => {
			const { nngp, ntk } = await engine.gram(network, images(...poses, other), { kernels: KERNELS });
			const size = poses.length + 1;
			for (const kernel of [nngp, ntk]) {
				const k = values(kernel);
				const first = k.slice(0, size);
				// All poses are one point: among each other, and as others see them.
				for (let i = 0; i < poses.length; i++) {
					expectClose(k.slice(i * size, i * size + poses.length), Array(poses.length).fill(k[0]), { rtol: 1e-10 });
					expectClose([k[i * size + size - 1] as number], [first.at(-1) as number], { rtol: 1e-10 });
				}
			}
		};

		test("shifts, where the edges are glued", async () => {
			const poses = [0, 1, 3].flatMap((down) =>
				[0, 2, 5].map((right) => roll(image, down).map((row) => roll(row, right))),
			);
			await alike(cnn(2, "circular", gap), ...poses);
		});

		test.each(["circular", "same", "valid"] as const)(
			"quarter turns and mirror images of square filters: %s",
			async (padding) => {
				// Of both images together: a turned image is another one.
				const network = cnn(2, padding, gap);
				const expected = await engine.gram(network, images(image, other), { kernels: KERNELS });
				for (const turn of [0, 1, 2, 3].flatMap((times) => [0, 1].map((flips) => ({ times, flips })))) {
					const pose = (one: Image) => repeated(turn.flips, fliplr, repeated(turn.times, rot90, one));
					const { nngp, ntk } = await engine.gram(network, images(pose(image), pose(other)), { kernels: KERNELS });
					expectClose(values(nngp), values(expected.nngp), { rtol: 1e-12 });
					expectClose(values(ntk), values(expected.ntk), { rtol: 1e-12 });
				}
			},
		);
	});

	test("dense layers read images flattened, as flatten gives them", async () => {
		const x = noise(5, 3, 4, 2);
		const mlp = [dense({ biasStd: 1 }), relu(), dense()];
		const { ntk } = await engine.gram(serial(...mlp), x);
		expect((await engine.gram(serial(...mlp), { data: x.data, shape: [5, 24] })).ntk?.data).toEqual(ntk?.data);
		expectClose(values((await engine.gram(serial(flatten(), ...mlp), x)).ntk), values(ntk), { rtol: 1e-13 });
		// Vectors of as many numbers are the same samples.
		const cross = await engine.gram(serial(...mlp), x, { data: x.data, shape: [5, 24] });
		expectClose(values(cross.ntk), values(ntk), { rtol: 1e-13 });
	});

	test("what is built means the same as its parts", async () => {
		const x = noise(3, 4, 4);
		const start = conv({ size: [3, 3] });
		const gram = async (...layers: Network[]) =>
			values((await engine.gram(serial(start, ...layers, gap, dense()), x)).ntk);
		expectClose(await gram(abs()), await gram({ type: "abRelu", a: -1, b: 1 }), { rtol: 1e-13 });
		expectClose(await gram(leakyRelu({ alpha: 0 })), await gram(relu()), { rtol: 1e-13 });
		const body = serial(relu(), start);
		const parts = [
			{ type: "fanOut", count: 2 },
			{ type: "parallel", layers: [body, { type: "identity" }] },
			{ type: "fanInSum" },
		] as const;
		expect(await gram(residual(body), relu())).toEqual(await gram(...parts, relu()));
	});

	test("orbits keep the shape of their seeds", async () => {
		const { images } = await embeddedDigits();
		const seeds = { data: images.data.slice(0, 2 * 64), shape: [2, 8, 8] };
		const flat = await engine.symmetry(cnn(1, "circular", flatten()), { seeds, labels: [0, 1], action: shifts(4) });
		expect(flat).toMatchObject({ invariant: true });
		// Each orbit is one point: what the held-out pose is told by are its equals.
		const pooled = await engine.symmetry(cnn(1, "circular", gap), { seeds, labels: [0, 1], action: shifts(4) });
		expect(pooled).toMatchObject({ invariant: true });
		for (const { exactError } of pooled.orbits) expectClose([exactError as number], [0], { atol: 1e-5 });
		const { orders, pairs } = await engine.posesNeeded(cnn(1, "same", gap), seeds, [0, 1], { orders: [2, 4] });
		expect(pairs[0]?.exactError.length).toBe(orders.length);
	});
});

describe("by the definitions", () => {
	let engine: Engine;
	beforeAll(async () => {
		engine = await createEngine({ workers: 0 });
	});
	afterAll(() => engine.dispose());

	/** Of one list of samples, whose diagonal has equal ones, and of two. */
	const compare = async (network: Network, shape: [number, number, number?], executors: (Executor | undefined)[]) => {
		const [x, other] = [noise(2, ...(shape as number[])), noise(1, ...(shape as number[]))];
		const own = naiveConvKernels(network, x);
		const mixed = naiveConvKernels(network, x, other);
		for (const executor of executors) {
			const options = { kernels: KERNELS, ...(executor && { executor }) };
			const [gram, cross] = [await engine.gram(network, x, options), await engine.gram(network, x, other, options)];
			for (const name of KERNELS) {
				expectClose(values(gram[name]), own[name], { rtol: 1e-10, atol: 1e-14 });
				expectClose(values(cross[name]), mixed[name], { rtol: 1e-10, atol: 1e-14 });
			}
		}
	};

	test("a circle whose stride does not divide it, and another one: offsets mix", async () => {
		const strided = conv({ size: [3, 3], stride: [2, 2], biasStd: 0.3 });
		const network = serial(strided, relu(), strided, relu(), gap, dense());
		expect((await engine.explain(network, [1, 7, 7])).executor).toBe("covariance");
		const forced = engine.gram(network, noise(1, 7, 7), { executor: "offsets" });
		await expect(forced).rejects.toMatchObject({ code: "network", path: expect.stringContaining("layers[") });
		await compare(network, [7, 7], [undefined, "covariance"]);
	});

	test("the last circle may have any stride", async () => {
		const network = serial(conv({ size: [3, 3], stride: [2, 2], biasStd: 0.3 }), relu(), gap, dense());
		expect((await engine.explain(network, [1, 7, 7])).executor).toBe("offsets");
		await compare(network, [7, 7], ["offsets", "covariance"]);
	});

	test.each<[number, number, number?]>([
		[1, 1],
		[1, 7],
		[5, 3],
		[2, 3, 4],
		[9, 2],
	])("images of %i × %i", async (...shape) => {
		for (const padding of ["circular", "same"] as const)
			for (const end of [flatten(), gap]) await compare(cnn(2, padding, end), shape, [undefined, "covariance"]);
	});

	test.for(Array.from({ length: 24 }, (_, seed) => seed))("random network %i", async (seed) => {
		const { network, shape } = randomNetwork(seed);
		await compare(network, shape, [undefined, "covariance"]);
	});
});

test("an entry that takes long is cut off by an abort", async () => {
	const engine = await createEngine({ workers: 1 });
	const x = noise(4, 40, 40);
	const options = { executor: "covariance" } as const;
	const { pair } = await engine.explain(cnn(5, "same", gap), x.shape, options);
	expect(pair.flops).toBeGreaterThan(2e8);
	const abort = new AbortController();
	const call = engine.gram(cnn(5, "same", gap), x, { ...options, signal: abort.signal });
	setTimeout(() => abort.abort(), 50);
	await expect(call).rejects.toMatchObject({ code: "aborted" });
	expect((await engine.gram(networks.location, noise(1, 3, 3))).ntk?.shape).toEqual([1, 1]);
	await engine.dispose();
});
