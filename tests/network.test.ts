import { expect, test } from "vitest";
import {
	abRelu,
	abs,
	attention,
	avgPool,
	classToken,
	conv,
	dense,
	dropout,
	fanInSum,
	fanOut,
	flatten,
	gelu,
	globalAveragePool,
	globalSumPool,
	identity,
	layerNorm,
	leakyRelu,
	maxPool,
	type Network,
	parallel,
	patches,
	positionalEmbedding,
	relu,
	residual,
	serial,
	sumPool,
	takeToken,
} from "../dist/index.js";

const filter = { type: "conv", outChannels: null, stride: [1, 1], padding: "circular", weightStd: 1, biasStd: null };
const window = { size: [2, 3], stride: [2, 3], padding: "valid", normalizeEdges: false };

test.each<[Network, object]>([
	[conv({ size: [3, 1] }), { ...filter, size: [3, 1] }],
	[
		conv({ outChannels: 8, size: [3, 3], stride: [2, 1], padding: "same", weightStd: 2, biasStd: 0.1 }),
		{ type: "conv", outChannels: 8, size: [3, 3], stride: [2, 1], padding: "same", weightStd: 2, biasStd: 0.1 },
	],
	[leakyRelu({ alpha: 0.1 }), { type: "leakyRelu", alpha: 0.1 }],
	[abRelu({ a: -1, b: 2 }), { type: "abRelu", a: -1, b: 2 }],
	[abs(), { type: "abs" }],
	[avgPool({ size: [2, 3] }), { type: "avgPool", ...window }],
	[sumPool({ size: [2, 3], stride: [1, 1] }), { type: "sumPool", ...window, stride: [1, 1] }],
	[globalAveragePool(), { type: "globalAveragePool" }],
	[globalSumPool(), { type: "globalSumPool" }],
	[flatten(), { type: "flatten" }],
	[layerNorm(), { type: "layerNorm", axis: -1, eps: 1e-12, affine: false }],
	[layerNorm({ axis: [1, 3], eps: 1e-6 }), { type: "layerNorm", axis: [1, 3], eps: 1e-6, affine: false }],
	[dropout({ keepRate: 0.5 }), { type: "dropout", keepRate: 0.5, mode: "test" }],
	[fanOut(3), { type: "fanOut", count: 3 }],
	[parallel(relu(), identity()), { type: "parallel", layers: [{ type: "relu" }, { type: "identity" }] }],
	[fanInSum(), { type: "fanInSum" }],
	[gelu(), { type: "gelu" }],
	[maxPool({ size: [2, 3] }), { type: "maxPool", size: [2, 3], stride: [2, 3], padding: "valid" }],
	[patches({ size: [4, 2] }), { type: "patches", size: [4, 2] }],
	[classToken(), { type: "classToken" }],
	[positionalEmbedding(), { type: "positionalEmbedding" }],
	[attention({ heads: 2 }), { type: "attention", heads: 2, keyWidth: null, biasStd: null }],
	[takeToken(), { type: "takeToken", index: 0 }],
	[residual(dense()), serial(fanOut(2), parallel(dense(), identity()), fanInSum())],
])("%j", (network, json) => {
	expect(JSON.parse(JSON.stringify(network))).toEqual(json);
	expect(isFrozen(network)).toBe(true);
});

const isFrozen = (value: unknown): boolean =>
	typeof value !== "object" || value === null || (Object.isFrozen(value) && Object.values(value).every(isFrozen));

test("sizes stay as they are when the caller's change", () => {
	const size: [number, number] = [3, 3];
	const layer = conv({ size });
	size[0] = 5;
	expect(layer).toMatchObject({ size: [3, 3] });
	expect(avgPool({ size })).toMatchObject({ stride: [5, 3] });
});
