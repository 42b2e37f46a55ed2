import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
	createEngine,
	dense,
	type Engine,
	type LabelledImages,
	type Network,
	readDataset,
	relu,
	rotations,
	serial,
} from "../dist/index.js";
import { expectClose, type Tolerance } from "./support/close.ts";
import { type LoadedArray, loadArray, loadManifest, readData, type StoredArray } from "./support/files.ts";

/** Pairs of rotated digits, and what the paper's script ("expected") and exact arithmetic ("own") give. */
interface PairCase {
	name: string;
	inputs: { indicesA: number[]; indicesB: number[]; rotations: number };
	expected: Record<string, StoredArray> & { own: Record<string, StoredArray> };
	tolerance: Tolerance & { by: Record<string, Tolerance> };
}

/** The paper's names of the nine quantities. */
type Quantity =
	| "deltasq"
	| "sp_errs"
	| "em_errs"
	| "lambda_last"
	| "lambda_avg_no_last"
	| "lambda_avg"
	| "proj_radius"
	| "avg_angle"
	| "counts";

const mlp = (depth: number): Network =>
	serial(...Array.from({ length: depth }, () => [dense({ biasStd: 1 }), relu()]).flat(), dense({ biasStd: 1 }));

/** The same regression as the paper's code: without point `held`, ridge 1e-10 × the trace of what is left. */
async function errorWithout(
	engine: Engine,
	gram: LoadedArray,
	held: number,
): Promise<{ error: number; correct: boolean }> {
	const n = gram.shape[0] as number;
	const rest = Array.from({ length: n }, (_, i) => i).filter((i) => i !== held);
	const entries = (rows: number[]) =>
		Float64Array.from(rows.flatMap((i) => rest.map((j) => gram.data[i * n + j] as number)));
	const label = (i: number) => (i % 2 === 0 ? 1 : -1);
	const fit = await engine.regression({ data: entries(rest), shape: [n - 1, n - 1] }, rest.map(label), {
		ridge: { trace: 1e-10 },
	});
	const { mean } = await fit.predict({ data: entries([held]), shape: [1, n - 1] });
	const prediction = mean.data[0] as number;
	return { error: Math.abs(prediction - label(held)), correct: prediction * label(held) > 0 };
}

describe("reference/paper-mlp", () => {
	let engine: Engine;
	let digits: LabelledImages | undefined;
	let cases: PairCase[];

	beforeAll(async () => {
		engine = await createEngine({ workers: 2 });
		const manifest = await loadManifest<{ cases: PairCase[] }>("paper-mlp");
		cases = manifest?.cases ?? [];
		const images = await readData("mnist-10k-images-idx3-ubyte.gz");
		const labels = await readData("mnist-10k-labels-idx1-ubyte.gz");
		digits = images && labels && (await readDataset(images, labels));
	});
	afterAll(() => engine.dispose());

	/** The points of a pair, A₀ B₀ A₁ B₁ …, and their NTK. */
	async function pairOf({ data }: LabelledImages["images"], depth: number, order: number, a: number, b: number) {
		const seeds = new Float64Array(2 * 784);
		seeds.set(data.subarray(784 * a, 784 * (a + 1)));
		seeds.set(data.subarray(784 * b, 784 * (b + 1)), 784);
		const orbits = await engine.orbit({ data: seeds, shape: [2, 28, 28] }, rotations(order));
		const points = new Float64Array(2 * order * 784);
		for (let k = 0; k < 2 * order; k++) {
			const from = (k % 2) * order + Math.floor(k / 2);
			points.set(orbits.data.subarray(784 * from, 784 * (from + 1)), 784 * k);
		}
		const x = { data: points, shape: [2 * order, 784] };
		return { x, gram: (await engine.gram(mlp(depth), x)).ntk as LoadedArray };
	}

	/** The nine quantities with the ridges that the manifest states. */
	async function quantities(x: LoadedArray, gram: LoadedArray): Promise<Record<Quantity, number>> {
		const spectralRidge = 1e-5 * (gram.data[0] as number) * (gram.shape[0] as number);
		const [spectral, plain, ...held] = await Promise.all([
			engine.pairQuantities(x, gram, { ridge: spectralRidge }),
			engine.pairQuantities(x, gram, { ridge: 0 }),
			errorWithout(engine, gram, 0),
			errorWithout(engine, gram, 1),
		]);
		return {
			deltasq: plain.deltaSquared,
			sp_errs: spectral.spectralError,
			em_errs: (held[0].error + held[1].error) / 2,
			lambda_last: plain.lastReciprocal,
			lambda_avg_no_last: plain.meanReciprocalWithoutLast,
			lambda_avg: plain.meanReciprocal,
			proj_radius: plain.projectedRadius,
			avg_angle: plain.meanWithinOrbitKernel,
			counts: held.filter(({ correct }) => correct).length,
		};
	}

	const orders = [2, 4, 8, 16, 32, 64];
	test.for([1, 5].flatMap((depth) => orders.map((order) => [depth, order] as const)))(
		"%i hidden layers, %i rotations",
		async ([depth, order], { skip }) => {
			const one = cases.find(({ name }) => name === `mlp${depth}-rot${order}`) ?? skip("the reference is not there");
			const { images } = digits ?? skip("MNIST is not there");
			const got: Record<string, number[]> = {};
			for (const [p, a] of one.inputs.indicesA.entries()) {
				const { x, gram } = await pairOf(images, depth, order, a, one.inputs.indicesB[p] as number);
				for (const [name, value] of Object.entries(await quantities(x, gram))) {
					got[name] ??= [];
					got[name].push(value);
				}
				const stored = one.expected[`kernel${p}`];
				const kernel = stored && (await loadArray("paper-mlp", stored));
				// Its own diagonal has half the digits only.
				if (kernel) expectClose(gram, kernel, { rtol: 5e-7 });
			}
			for (const [name, values] of Object.entries(got)) {
				const expected = async (from: Record<string, StoredArray>) =>
					((await loadArray("paper-mlp", from[name] as StoredArray)) as LoadedArray).data;
				expectClose(values, await expected(one.expected), one.tolerance.by[name] ?? one.tolerance);
				// Condition numbers here stay below 1e6, so that double precision keeps ten digits; the script's
				// tolerance is looser because its angle of a point with itself is not zero.
				expectClose(values, await expected(one.expected.own), { rtol: 1e-10 });
			}
		},
	);

	test("a circulant Gram makes the spectral error exact", async () => {
		const row = [3, 1, 0.5, 0.2, 0.1, 0.2, 0.5, 1];
		const gram = row.map((_, i) => row.map((_, j) => row[(j - i + 8) % 8] as number));
		const points = row.map((_, i) => [Math.cos(i), Math.sin(i)]);
		for (const ridge of [0, 0.1, { trace: 1e-3 }] as const) {
			const { exactError, spectralError } = await engine.pairQuantities(points, gram, { ridge });
			expect(exactError).toBeCloseTo(spectralError, 12);
		}
	});
});
