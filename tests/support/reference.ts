/**
 * The reference cases that the engine computes, and all bits that it gives for them.
 * @module
 */
import type { Engine, Kernel, KernelOptions, Network } from "../../dist/index.js";
import type { Tolerance } from "./close.ts";
import { type LoadedArray, loadArray, loadManifest, type StoredArray } from "./files.ts";

type Toleranced = Tolerance & { by?: Record<string, Tolerance> };

/** A case of the families of kernels. */
export interface KernelCase {
	name: string;
	network: Network;
	inputs: { x1: StoredArray; x2?: StoredArray | null };
	expected: { nngp: StoredArray; ntk: StoredArray };
	tolerance: Toleranced;
}

/** What is asked of a quantity: the tolerance of exact angles where there is one. */
export function toleranceOf(tolerance: Toleranced, quantity: string): Tolerance {
	return tolerance.by?.stable ?? tolerance.by?.[quantity] ?? tolerance;
}

const rbf: Kernel = { type: "rbfKernel", gamma: 0.7 };
const cubic: Kernel = { type: "polynomialKernel", degree: 3, offset: 0.5, scale: 0.2 };

/** Classical kernels of all types and orders, some of them nested. */
export const classicalKernels: readonly Kernel[] = [
	rbf,
	...([0.5, 1.5, 2.5] as const).map((nu): Kernel => ({ type: "maternKernel", nu, length: 0.8 })),
	cubic,
	{ type: "periodicKernel", period: 3, length: 0.9 },
	...([0, 1, 2] as const).map((degree): Kernel => ({ type: "arcCosineKernel", degree })),
	{
		type: "sumKernel",
		kernels: [rbf, { type: "productKernel", kernels: [cubic, { type: "arcCosineKernel", degree: 0 }] }],
	},
];

const KNOWN = (
	"dense conv relu leakyRelu abRelu abs erf identity avgPool sumPool globalAveragePool globalSumPool flatten " +
	"layerNorm dropout fanOut fanInSum"
).split(" ");

/** The types of all layers of a network. */
export const layersOf = (network: Network): string[] =>
	"layers" in network ? network.layers.flatMap(layersOf) : [network.type];

/** The cases of a family whose layers are all known. */
export async function kernelCases(family: "dense" | "activations" | "conv" | "structure"): Promise<KernelCase[]> {
	const manifest = await loadManifest<{ cases: KernelCase[] }>(family);
	return (manifest?.cases ?? []).filter(({ network }) => layersOf(network).every((layer) => KNOWN.includes(layer)));
}

/** The cases of images and of branches, with their families. */
export async function imageCases(): Promise<(KernelCase & { family: "conv" | "structure" })[]> {
	const families = (["conv", "structure"] as const).map(async (family) =>
		(await kernelCases(family)).map((one) => ({ ...one, family })),
	);
	return (await Promise.all(families)).flat();
}

/** The arrays of a case, or undefined when their files are absent. */
export async function kernelInputs(
	family: string,
	{ inputs }: KernelCase,
): Promise<[LoadedArray] | [LoadedArray, LoadedArray] | undefined> {
	const x1 = await loadArray(family, inputs.x1);
	if (!inputs.x2) return x1 && [x1];
	const x2 = await loadArray(family, inputs.x2);
	return x1 && x2 && [x1, x2];
}

/** Both kernels of a case. */
export function kernelsOf(
	engine: Engine,
	{ network }: KernelCase,
	[x1, x2]: LoadedArray[],
	how: Pick<KernelOptions, "precision" | "executor"> = {},
) {
	const options = { kernels: ["nngp", "ntk"], ...how } as const;
	return x2 ? engine.gram(network, x1 as LoadedArray, x2, options) : engine.gram(network, x1 as LoadedArray, options);
}

/** A convolutional network with all that is random, trained in both precisions: losses, weights and kernels. */
async function trainingBits(engine: Engine): Promise<BlobPart[]> {
	const layers: Network[] = [
		{ type: "conv", outChannels: 4, size: [3, 3], padding: "same", biasStd: 0.1 },
		{ type: "relu" },
		{ type: "maxPool", size: [2, 2] },
		{ type: "flatten" },
		{ type: "dropout", keepRate: 0.5 },
		{ type: "dense", width: 3, biasStd: 0.1 },
	];
	const network: Network = { type: "serial", layers };
	const x = { data: Float64Array.from({ length: 20 * 36 }, (_, k) => Math.sqrt(k % 37) - 3), shape: [20, 6, 6] };
	const targets = Int32Array.from({ length: 20 }, (_, k) => k % 3);
	const how = { loss: "crossEntropy", batch: 8, epochs: 4, seed: 5, ensemble: 2 } as const;
	const parts: BlobPart[] = [];
	for (const precision of ["f32", "f64"] as const)
		for (const run of await engine.train(network, { x, targets }, { ...how, precision })) {
			const { ntk } = await run.kernels(x);
			parts.push(run.losses as BufferSource, run.checkpoint as BufferSource, ntk?.data as BufferSource);
		}
	return parts;
}

/** One digest of all bits of all cases at hand and of classical kernels in both precisions, of a regression, a rotation and a training. */
export async function bitsOf(engine: Engine): Promise<string> {
	const parts: BlobPart[] = [];
	const dense = (await kernelCases("dense")).map((one) => ({ ...one, family: "dense" as const }));
	for (const one of [...dense, ...(await imageCases())]) {
		const inputs = await kernelInputs(one.family, one);
		if (!inputs) continue;
		for (const precision of ["f64", "f32"] as const) {
			// The largest scale leaves the range of single precision.
			if (precision === "f32" && one.name.startsWith("scale")) continue;
			const { nngp, ntk } = await kernelsOf(engine, one, inputs, { precision });
			parts.push(nngp?.data as BufferSource, ntk?.data as BufferSource);
		}
	}
	const samples = { data: Float64Array.from({ length: 60 }, (_, k) => Math.sqrt(k % 37) - 3), shape: [20, 3] };
	for (const kernel of classicalKernels)
		for (const precision of ["f64", "f32"] as const)
			parts.push((await engine.gram(kernel, samples, { precision })).ntk?.data as BufferSource);
	const images = { data: Float64Array.from({ length: 2 * 81 }, (_, k) => Math.sqrt(k % 37)), shape: [2, 9, 9] };
	const rotated = await engine.rotate(images, [0, 12.5, 90]);
	const x = { data: rotated.data, shape: [6, 81] };
	const network = { type: "serial", layers: [{ type: "dense", biasStd: 1 }, { type: "relu" }, { type: "dense" }] };
	const { ntk } = await engine.gram(network as Network, x);
	const fit = await engine.regression(ntk as LoadedArray, [1, 2, 3, 4, 5, 6], { ridge: { trace: 1e-3 } });
	const { prediction } = await fit.leaveOneOut([[0, 3], [5]]);
	const spectrum = await engine.spectrum(ntk as LoadedArray);
	for (const { data } of [rotated, fit.coefficients, prediction, spectrum]) parts.push(data as BufferSource);
	parts.push(...(await trainingBits(engine)));
	const digest = await crypto.subtle.digest("SHA-256", await new Blob(parts).arrayBuffer());
	return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
