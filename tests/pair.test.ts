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
import { noise } from "./support/images.ts";

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
});

describe("projections", () => {
	let engine: Engine;
	beforeAll(async () => {
		engine = await createEngine({ workers: 0 });
	});
	afterAll(() => engine.dispose());

	const order = 5;
	const size = 2 * order;
	/** A Gram of no symmetry. */
	const gramOf = (x: ReturnType<typeof noise>) => engine.gram(mlp(1), x);
	const points = noise(size, 6);

	/** The mean of a Gram over all turns of both orbits, from the definition. */
	const projected = (gram: LoadedArray, turns: number[]) =>
		Array.from({ length: size }, (_, i) =>
			Array.from({ length: size }, (_, j) => {
				const turned = (k: number, by: number) => (k + 2 * by) % size;
				const values = turns.map((by) => gram.data[turned(i, by) * size + turned(j, by)] as number);
				return values.reduce((sum, value) => sum + value, 0) / turns.length;
			}),
		);

	test("the block error is that of regression on the invariant Gram", async () => {
		const { ntk } = (await gramOf(points)) as { ntk: LoadedArray };
		const invariant = projected(ntk, [0, 1, 2, 3, 4]);
		const labels = invariant.map((_, i) => (i % 2 === 0 ? 1 : -1));
		for (const ridge of [0, 0.01, { trace: 1e-3 }, { meanDiagonal: 0.1 }] as const) {
			const quantities = await engine.pairQuantities(points, ntk, { ridge });
			const fit = await engine.regression(invariant, labels, { ridge: quantities.ridge });
			const { residual, prediction } = await fit.leaveOneOut();
			const mean = (Math.abs(residual.data[0] as number) + Math.abs(residual.data[1] as number)) / 2;
			expectClose([quantities.blockError], [mean], { rtol: 1e-10 });
			const right = [0, 1].filter((k) => (prediction.data[k] as number) * (labels[k] as number) > 0);
			expect(quantities.blockCorrectCount).toBe(right.length);
			// All poses of an orbit have the same error there.
			expectClose(residual.data.subarray(2, 4), residual.data.subarray(6, 8), { rtol: 1e-9 });
		}
		const [apart, all] = invariant.flat().reduce(
			([apart, all], value, k) => {
				const entry = ntk.data[k] as number;
				return [apart + (entry - value) ** 2, all + entry ** 2] as [number, number];
			},
			[0, 0] as [number, number],
		);
		const { departure } = await engine.pairQuantities(points, ntk);
		expectClose([departure], [Math.sqrt(apart / all)], { rtol: 1e-12 });
		expect(departure).toBeGreaterThan(0.01);
	});

	test("an invariant Gram makes the block error exact, where orbits differ in density", async () => {
		const { ntk } = (await gramOf(points)) as { ntk: LoadedArray };
		const gram = projected(ntk, [0, 1, 2, 3, 4]);
		const { exactError, blockError, spectralError, correctCount, blockCorrectCount, departure } =
			await engine.pairQuantities(points, gram, { ridge: 0.01 });
		expectClose([blockError], [exactError], { rtol: 1e-10 });
		expect(blockCorrectCount).toBe(correctCount);
		expect(Math.abs(spectralError - exactError)).toBeGreaterThan(1e-3);
		expect(departure).toBeLessThan(1e-15);
	});

	test("a circulant Gram makes the spectral error exact, and the block error the same", async () => {
		const row = [3, 1, 0.5, 0.2, 0.1, 0.2, 0.5, 1];
		const gram = row.map((_, i) => row.map((_, j) => row[(j - i + 8) % 8] as number));
		const points = row.map((_, i) => [Math.cos(i), Math.sin(i)]);
		for (const ridge of [0, 0.1, { trace: 1e-3 }] as const) {
			const { exactError, spectralError, blockError } = await engine.pairQuantities(points, gram, { ridge });
			expect(exactError).toBeCloseTo(spectralError, 12);
			expect(blockError).toBeCloseTo(spectralError, 12);
		}
	});
});
