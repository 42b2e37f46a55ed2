import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
	createEngine,
	dense,
	type Engine,
	type LabelledImages,
	type Network,
	relu,
	rotations,
	serial,
} from "../dist/index.js";
import { expectClose } from "./support/close.ts";
import { type LoadedArray, loadArray, loadManifest } from "./support/files.ts";
import { noise } from "./support/images.ts";
import {
	errorsWithout,
	expectRecorded,
	type PairCase,
	posesInTurn,
	type Quantity,
	readDigits,
	seedsOf,
} from "./support/paper.ts";

const mlp = (depth: number): Network =>
	serial(...Array.from({ length: depth }, () => [dense({ biasStd: 1 }), relu()]).flat(), dense({ biasStd: 1 }));

describe("reference/paper-mlp", () => {
	let engine: Engine;
	let digits: LabelledImages | undefined;
	let cases: PairCase[];

	beforeAll(async () => {
		engine = await createEngine({ workers: 2 });
		cases = (await loadManifest<{ cases: PairCase[] }>("paper-mlp"))?.cases ?? [];
		digits = await readDigits();
	});
	afterAll(() => engine.dispose());

	/** The nine quantities with the ridges that the manifest states. */
	async function quantities(x: LoadedArray, gram: LoadedArray): Promise<Record<Quantity, number>> {
		const spectralRidge = 1e-5 * (gram.data[0] as number) * (gram.shape[0] as number);
		const [spectral, plain, held] = await Promise.all([
			engine.pairQuantities(x, gram, { ridge: spectralRidge }),
			engine.pairQuantities(x, gram, { ridge: 0 }),
			errorsWithout(engine, gram),
		]);
		return {
			deltasq: plain.deltaSquared,
			sp_errs: spectral.spectralError,
			lambda_last: plain.lastReciprocal,
			lambda_avg_no_last: plain.meanReciprocalWithoutLast,
			lambda_avg: plain.meanReciprocal,
			proj_radius: plain.projectedRadius,
			avg_angle: plain.meanWithinOrbitKernel,
			...held,
		};
	}

	const orders = [2, 4, 8, 16, 32, 64];
	test.for([1, 5].flatMap((depth) => orders.map((order) => [depth, order] as const)))(
		"%i hidden layers, %i rotations",
		async ([depth, order], { skip }) => {
			const one = cases.find(({ name }) => name === `mlp${depth}-rot${order}`) ?? skip("the reference is not there");
			const all = digits ?? skip("MNIST is not there");
			const got: Record<Quantity, number>[] = [];
			for (const [p, a] of one.inputs.indicesA.entries()) {
				const seeds = seedsOf(all, [a, one.inputs.indicesB[p] as number]);
				const x = await posesInTurn(engine, seeds, rotations(order));
				const gram = (await engine.gram(mlp(depth), x)).ntk as LoadedArray;
				got.push(await quantities(x, gram));
				const stored = one.expected[`kernel${p}`];
				const kernel = stored && (await loadArray("paper-mlp", stored));
				// Its own diagonal has half the digits only.
				if (kernel) expectClose(gram, kernel, { rtol: 5e-7 });
			}
			// Condition numbers here stay below 1e6, so that double precision keeps ten digits; the script's
			// tolerance is looser because its angle of a point with itself is not zero.
			await expectRecorded("paper-mlp", one, got, () => ({ rtol: 1e-10 }));
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
