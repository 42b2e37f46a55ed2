/** The paper's rules for several seeds and several classes, on rotated digits: numbers of its own script. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
	createEngine,
	type Engine,
	type LabelledImages,
	type Network,
	readDataset,
	rotations,
	serial,
} from "../dist/index.js";
import { expectClose, type Tolerance } from "./support/close.ts";
import { type LoadedArray, loadArray, loadManifest, readData, type StoredArray } from "./support/files.ts";

interface MultiCase {
	name: string;
	kind: "multiple-seeds" | "m-classification";
	network: Network;
	inputs: { indicesA: number[]; indicesB: number[]; indices: number[][]; rotations: number };
	expected: Record<string, StoredArray> & Record<"sp_err" | "err_a" | "err_b" | "positiveFraction", number>;
	tolerance: Tolerance;
}

/** The script's absolute ridge of direct regression. */
const EXACT_RIDGE = 1e-10;

describe("reference/paper-multi", () => {
	let engine: Engine;
	let cases: MultiCase[];
	let digits: LabelledImages | undefined;
	beforeAll(async () => {
		engine = await createEngine({ workers: 2 });
		cases = (await loadManifest<{ cases: MultiCase[] }>("paper-multi"))?.cases ?? [];
		const images = await readData("mnist-10k-images-idx3-ubyte.gz");
		const labels = await readData("mnist-10k-labels-idx1-ubyte.gz");
		digits = images && labels && (await readDataset(images, labels));
	});
	afterAll(() => engine.dispose());

	const seedsOf = ({ images: { data } }: LabelledImages, indices: number[]) => {
		const seeds = new Float64Array(784 * indices.length);
		for (const [k, index] of indices.entries()) seeds.set(data.subarray(784 * index, 784 * (index + 1)), 784 * k);
		return { data: seeds, shape: [indices.length, 28, 28] };
	};
	const load = async (stored: StoredArray) => ((await loadArray("paper-multi", stored)) as LoadedArray).data;

	test.for([4, 8].flatMap((order) => [0, 1, 2].map((k) => `multiple-seeds-hidden1-rot${order}-test${k}`)))(
		"%s",
		async (name, { skip }) => {
			const { network, inputs, expected, tolerance } = cases.find((one) => one.name === name) ?? skip("no reference");
			const seeds = seedsOf(digits ?? skip("MNIST is not there"), [...inputs.indicesA, ...inputs.indicesB]);
			const labels = [...inputs.indicesA.map(() => "a"), ...inputs.indicesB.map(() => "b")];
			const options = { seeds, labels, action: rotations(inputs.rotations) };
			const exact = await engine.symmetry(network, { ...options, ridge: EXACT_RIDGE });
			const rule = exact.rules?.multiSeed[0]?.exact;
			expectClose(rule?.errors as number[], [expected.err_a, expected.err_b], tolerance);
			expectClose([rule?.positiveFraction as number], [expected.positiveFraction], tolerance);
			// 1e-5 × the mean diagonal × the number of points of a pair, the same for all: they have unit norm.
			const spectral = await engine.symmetry(network, {
				...options,
				ridge: { meanDiagonal: 1e-5 * 2 * inputs.rotations },
			});
			expectClose([spectral.rules?.multiSeed[0]?.spectral as number], [expected.sp_err], tolerance);
			expectClose(
				spectral.pairs.map(({ spectralError }) => spectralError as number),
				await load(expected.pairSpectralErrors as StoredArray),
				tolerance,
			);
		},
	);

	test("m-classification-rot8-seeds2", async ({ skip }) => {
		const one = cases.find(({ kind }) => kind === "m-classification") ?? skip("no reference");
		const { inputs, expected, tolerance } = one;
		// When nothing is trained, dropout in test mode does nothing.
		const { layers } = one.network as unknown as { layers: { type: string; mode?: string }[] };
		expect(layers.every(({ type, mode }) => type !== "dropout" || mode === "test")).toBe(true);
		const network = serial(...(layers.filter(({ type }) => type !== "dropout") as Network[]));
		const seeds = seedsOf(digits ?? skip("MNIST is not there"), inputs.indices.flat());
		const labels = inputs.indices.flatMap((indices, k) => indices.map(() => k));
		const options = { seeds, labels, action: rotations(inputs.rotations) };
		const exact = await engine.symmetry(network, { ...options, ridge: EXACT_RIDGE });
		expectClose(
			exact.rules?.multiClass.map(({ oneAgainstRest }) => oneAgainstRest?.prediction as number) as number[],
			await load(expected.regressionPred as StoredArray),
			tolerance,
		);
		const { rules } = await engine.symmetry(network, { ...options, ridge: 1e-5 });
		const predictions = await load(expected.spectralPredictions as StoredArray);
		const count = inputs.indices[0]?.length as number;
		const correct = await load(expected.spectralCorrect as StoredArray);
		for (const { seed, spectral } of rules?.multiClass ?? []) {
			const own = labels[seed] as number;
			for (const { against, prediction } of spectral?.predictions ?? []) {
				const from = ((own * 10 + (against as number)) * count + (seed % count)) * count;
				const all = predictions.subarray(from, from + count);
				expectClose([prediction], [all.reduce((sum, value) => sum + value, 0) / count], tolerance);
			}
			expect(spectral?.correct).toBe(correct[own * count + (seed % count)] === 1);
		}
	});
});
