import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
	avgPool,
	conv,
	createEngine,
	dense,
	dropout,
	type Engine,
	fanInSum,
	fanOut,
	flatten,
	globalAveragePool,
	identity,
	layerNorm,
	type Network,
	parallel,
	relu,
	residual,
	rotations,
	serial,
} from "../dist/index.js";
import { failure } from "./support/failure.ts";

const network = serial(dense(), relu(), dense());
const gram = [
	[2, 1],
	[1, 2],
];

describe.each([0, 2])("with %i workers", (workers) => {
	let engine: Engine;
	beforeAll(async () => {
		engine = await createEngine({ workers });
	});
	afterAll(() => engine.dispose());

	const wrong = (layer: unknown) => serial(dense(), layer as Network);
	test.each([
		["an unknown layer", wrong({ type: "rely" }), "layers[1].type", "rely"],
		["an unknown field", wrong({ type: "dense", wightStd: 2 }), "layers[1].wightStd", 2],
		[
			"a nested one",
			wrong(serial(dense(), wrong({ type: "relu", alpha: 1 }))),
			"layers[1].layers[1].layers[1].alpha",
			1,
		],
		["a parameter of the wrong type", wrong({ type: "dense", weightStd: "1" }), "layers[1].weightStd", "1"],
		["a negative parameter", wrong({ type: "dense", biasStd: -1 }), "layers[1].biasStd", -1],
		["a parameter that is not a number", wrong({ type: "erf", a: Number.NaN }), "layers[1].a", null],
		["a width that is no count", wrong({ type: "dense", width: 0 }), "layers[1].width", 0],
		["a layer that is no object", wrong(7), "layers[1]", 7],
		["layers that are no list", { type: "serial", layers: "dense" }, "layers", "dense"],
		["a nonlinearity without a dense layer before it", serial(relu()), "layers[0]", "relu"],
		["two nonlinearities in a row", serial(dense(), relu(), relu()), "layers[2]", "relu"],
	])("network: %s", async (_, bad, path, value) => {
		const error = await failure(() => engine.gram(bad as Network, [[1, 2]]));
		expect(error).toMatchObject({ code: "network", path, value });
		expect(error.message).toContain(path);
		expect(error.expected).toBeTruthy();
	});

	const filter = conv({ size: [3, 3] });
	test.each([
		["vectors in a convolution", [filter, relu(), flatten(), dense()], [2, 9], "layers[0]"],
		["vectors in a pool", [avgPool({ size: [2, 2] }), flatten(), dense()], [2, 9], "layers[0]"],
		["a dense layer at images", [filter, relu(), dense()], [2, 4, 4], "layers[2]"],
		["a convolution of what is flattened", [filter, relu(), flatten(), filter], [2, 4, 4], "layers[3]"],
		["a nonlinearity at pixels", [relu(), filter, flatten()], [2, 4, 4], "layers[0]"],
		["a nonlinearity after pooling", [filter, relu(), globalAveragePool(), relu(), dense()], [2, 4, 4], "layers[3]"],
		[
			"a filter that is too large",
			[conv({ size: [3, 5], padding: "valid" }), relu(), flatten()],
			[2, 4, 4],
			"layers[0]",
		],
		["a window that is too large", [filter, relu(), avgPool({ size: [5, 1] }), flatten()], [2, 4, 4], "layers[2]"],
		[
			"a normalization without channels",
			[filter, layerNorm({ axis: [1, 2] }), relu(), flatten()],
			[2, 4, 4],
			"layers[1]",
		],
		["an axis that is not there", [filter, layerNorm({ axis: [3, 4] }), relu(), flatten()], [2, 4, 4], "layers[1]"],
		["the axis of samples", [filter, layerNorm({ axis: [0, 3] }), relu(), flatten()], [2, 4, 4], "layers[1]"],
		["a size of nothing", [conv({ size: [0, 3] }), relu(), flatten()], [2, 4, 4], "layers[0].size"],
		["a size of one number", [conv({ size: [3] as never }), relu(), flatten()], [2, 4, 4], "layers[0].size"],
		["a stride of nothing", [conv({ size: [3, 3], stride: [1, 0] }), relu(), flatten()], [2, 4, 4], "layers[0].stride"],
		["a padding", [conv({ size: [3, 3], padding: "zero" as never }), flatten()], [2, 4, 4], "layers[0].padding"],
		["a share of nothing", [filter, relu(), dropout({ keepRate: 0 }), flatten()], [2, 4, 4], "layers[2].keepRate"],
		["a share above one", [filter, relu(), dropout({ keepRate: 1.5 }), flatten()], [2, 4, 4], "layers[2].keepRate"],
		["a sum without branches", [filter, fanInSum(), relu(), flatten()], [2, 4, 4], "layers[1]"],
		["branches without copies", [filter, parallel(relu(), identity()), fanInSum(), flatten()], [2, 4, 4], "layers[1]"],
		[
			"another number of branches",
			[filter, fanOut(3), parallel(identity(), relu()), fanInSum()],
			[2, 4, 4],
			"layers[2]",
		],
		["a layer at branches", [filter, fanOut(2), relu(), flatten()], [2, 4, 4], "layers[2]"],
		[
			"a sum of images of different sizes",
			[filter, fanOut(2), parallel(conv({ size: [3, 3], stride: [2, 2] }), identity()), fanInSum(), flatten()],
			[2, 4, 4],
			"layers[3]",
		],
		["a place inside a branch", [filter, residual(serial(relu(), dense())), relu(), flatten()], [2, 4, 4], "layers[1]"],
	] as [string, Network[], number[], string][])("network: %s", async (_, layers, shape, path) => {
		const x = { data: new Float64Array(shape.reduce((a, b) => a * b)).fill(0.5), shape };
		const error = await failure(() => engine.gram(serial(...layers), x));
		expect(error.code).toBe("network");
		expect(error.path?.startsWith(path)).toBe(true);
		expect(error.expected).toBeTruthy();
		const explained = await failure(() => engine.explain(serial(...layers), shape));
		expect(explained).toMatchObject({ code: "network", path: error.path });
	});

	test("network: images at the end", async () => {
		const error = await failure(() =>
			engine.gram(serial(filter, relu()), { data: new Float64Array(9), shape: [1, 3, 3] }),
		);
		expect(error).toMatchObject({ code: "network" });
	});

	test("network: nothing at all", async () => {
		expect(await failure(() => engine.gram(undefined as never, [[1]]))).toMatchObject({ code: "network" });
	});

	test.each([
		[
			"NaN",
			[
				[1, 2],
				[Number.NaN, 4],
			],
			2,
			Number.NaN,
		],
		[
			"infinity",
			{ data: Float64Array.of(1, 2, 3, Number.NEGATIVE_INFINITY), shape: [2, 2] },
			3,
			Number.NEGATIVE_INFINITY,
		],
	])("value: %s, with its index", async (_, x, index, value) => {
		expect(await failure(() => engine.gram(network, x))).toMatchObject({ code: "value", path: "x", index, value });
		const second = () => engine.gram(network, [[1, 2]], x);
		expect(await failure(second)).toMatchObject({ code: "value", path: "other", index });
	});

	test("value: inputs whose kernel no number can hold, with the sample", async () => {
		const x = [
			[1, 1],
			[1e200, 1],
		];
		expect(await failure(() => engine.gram(network, x))).toMatchObject({ code: "value", index: 1 });
		const single = () =>
			engine.gram(
				network,
				[
					[1, 1],
					[1, 1],
					[1e20, 1],
				],
				{ precision: "f32" },
			);
		expect(await failure(single)).toMatchObject({ code: "value", index: 2 });
	});

	test.each([
		["empty", [], "x"],
		["rows without numbers", [[], []], "x"],
		["ragged", [[1, 2], [3]], "x[1]"],
		[
			"ragged in depth",
			[
				[1, 2],
				[3, [4]],
			],
			"x[1][1]",
		],
		["not numbers", [[1, "2"]], "x[0][1]"],
		["one dimension", [1, 2, 3], "x"],
		["a shape of other size", { data: new Float64Array(5), shape: [2, 3] }, "x.shape"],
		["an empty shape", { data: new Float64Array(0), shape: [0, 3] }, "x.shape"],
		["a shape that is no shape", { data: new Float64Array(4), shape: [2.5, 1.6] }, "x.shape"],
		["integers", { data: new Int32Array(4), shape: [2, 2] }, "x"],
		["nothing", null, "x"],
	])("shape: %s", async (_, x, path) => {
		const error = await failure(() => engine.gram(network, x as never));
		expect(error).toMatchObject({ code: "shape", path });
		expect(error.expected).toBeTruthy();
	});

	test("shape: samples of different dimensions", async () => {
		expect(await failure(() => engine.gram(network, [[1, 2]], [[1, 2, 3]]))).toMatchObject({
			code: "shape",
			path: "other",
			value: [1, 3],
		});
	});

	test("shape: images of the same size and different sides", async () => {
		const images = (...sides: number[]) => ({ data: new Float64Array(2 * 12).fill(1), shape: [2, ...sides] });
		const pooled = serial(conv({ size: [3, 3] }), relu(), globalAveragePool(), dense());
		for (const other of [images(4, 3), images(12), images(2, 6), images(3, 2, 2)])
			expect(await failure(() => engine.gram(pooled, images(3, 4), other))).toMatchObject({
				code: "shape",
				path: "other",
				value: other.shape,
			});
		expect((await engine.gram(network, images(3, 4), images(12))).ntk?.shape).toEqual([2, 2]);
	});

	test("shape: matrices and targets that don't fit together", async () => {
		expect(
			await failure(() =>
				engine.regression(
					[
						[1, 2, 3],
						[4, 5, 6],
					],
					[1, 2],
				),
			),
		).toMatchObject({ code: "shape", path: "k" });
		expect(await failure(() => engine.regression(gram, [1, 2, 3]))).toMatchObject({ code: "shape", path: "targets" });
		const fit = await engine.regression(gram, [1, -1]);
		expect(await failure(() => fit.predict([[1, 2, 3]]))).toMatchObject({ code: "shape", path: "cross" });
		expect(await failure(() => fit.predict([[1, 2]], [1, 2]))).toMatchObject({ code: "shape", path: "testDiagonal" });
		expect(await failure(() => engine.rotate([[1, 2]], [0]))).toMatchObject({ code: "shape", path: "images" });
	});

	test.each([-1, Number.NaN, Number.POSITIVE_INFINITY, "1", { trace: -1e-3 }, { percent: 1 }, null])(
		"ridge: %j",
		async (ridge) => {
			const error = await failure(() => engine.regression(gram, [1, -1], { ridge: ridge as number }));
			expect(error).toMatchObject({ code: "ridge", path: "ridge" });
		},
	);

	test("singular: equal points, indefinite and zero matrices, with the pivot", async () => {
		const singular = (k: number[][]) =>
			failure(() =>
				engine.regression(
					k,
					k.map(() => 1),
				),
			);
		expect(
			await singular([
				[2, 1, 1],
				[1, 2, 2],
				[1, 2, 2],
			]),
		).toMatchObject({ code: "singular", index: 2 });
		expect(
			await singular([
				[1, 2],
				[2, 1],
			]),
		).toMatchObject({ code: "singular", index: 1 });
		expect(
			await singular([
				[0, 0],
				[0, 0],
			]),
		).toMatchObject({ code: "singular", index: 0 });
		// Rounding makes this pivot tiny and positive rather than zero.
		const k = [
			[0.1, 0.3],
			[0.3, 0.3 * (0.3 / 0.1)],
		];
		expect(await singular(k)).toMatchObject({ code: "singular", index: 1 });
	});

	test("value: Grams that are not finite or not symmetric", async () => {
		const asymmetric = await failure(() =>
			engine.regression(
				[
					[2, 1],
					[1.1, 2],
				],
				[1, 1],
			),
		);
		expect(asymmetric).toMatchObject({ code: "value", index: 2 });
		const notFinite = await failure(() =>
			engine.regression(
				[
					[2, 1],
					[1, Number.NaN],
				],
				[1, 1],
			),
		);
		expect(notFinite).toMatchObject({ code: "value", path: "k", index: 3 });
	});

	test("indices to leave out", async () => {
		const fit = await engine.regression(gram, [1, -1]);
		expect(await failure(() => fit.leaveOneOut([[0], [2]]))).toMatchObject({
			code: "value",
			path: "sets[1][0]",
			value: 2,
		});
		expect(await failure(() => fit.leaveOneOut([[0, 0]]))).toMatchObject({ code: "usage", path: "sets[0]" });
		expect(await failure(() => fit.leaveOneOut([[]]))).toMatchObject({ code: "usage", path: "sets[0]" });
	});

	test("images: constant ones, wrong angles and actions", async () => {
		const images = { data: Float64Array.of(1, 2, 3, 4, 5, 5, 5, 5), shape: [2, 2, 2] };
		expect(await failure(() => engine.prepare(images))).toMatchObject({ code: "value", index: 1 });
		expect(await failure(() => engine.rotate(images, [0, Number.NaN]))).toMatchObject({
			code: "value",
			path: "degrees[1]",
		});
		expect(await failure(() => engine.orbit(images, {} as never))).toMatchObject({ code: "action" });
		expect(await failure(() => rotations(0))).toMatchObject({ code: "action" });
		expect(await failure(() => engine.resize(images, [0, 3]))).toMatchObject({ code: "shape", path: "size" });
	});

	test("memory: says the size before starting", async () => {
		const small = await createEngine({ workers, maxBytes: 1000 });
		const error = await failure(() => small.gram(network, { data: new Float64Array(40), shape: [20, 2] }));
		expect(error).toMatchObject({ code: "memory", value: 3200 });
		expect(error.message).toContain("3.1 KiB");
		await small.dispose();
	});

	test("usage: options that nobody reads, and wrong ones", async () => {
		const call = (options: object) => failure(() => engine.gram(network, [[1]], options));
		expect(await call({ kernel: "ntk" })).toMatchObject({ code: "usage", path: "options.kernel" });
		expect(await call({ kernels: ["ntq"] })).toMatchObject({ code: "usage", path: "options.kernels" });
		expect(await call({ kernels: [] })).toMatchObject({ code: "usage", path: "options.kernels" });
		expect(await call({ precision: "f16" })).toMatchObject({ code: "usage", path: "options.precision" });
		expect(await call({ executor: "dense" })).toMatchObject({ code: "usage", path: "options.executor" });
		expect(await call({ signal: {} })).toMatchObject({ code: "usage", path: "options.signal" });
		expect(await call({ onProgress: 1 })).toMatchObject({ code: "usage", path: "options.onProgress" });
		for (const count of [-1, 1.5, "2", Number.NaN])
			expect(await failure(() => createEngine({ workers: count as number }))).toMatchObject({
				code: "usage",
				path: "options.workers",
			});
	});

	test("a failed call leaves the engine working", async () => {
		await failure(() => engine.gram(wrong({ type: "rely" }), [[1]]));
		expect((await engine.gram(network, [[2]], { kernels: ["nngp"] })).nngp?.data[0]).toBeCloseTo(2, 14);
	});
});
