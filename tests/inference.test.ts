import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEngine, type Engine, type Network, type Regression, random } from "../dist/index.js";
import { expectClose, type Tolerance } from "./support/close.ts";
import { type LoadedArray, loadArray, loadManifest, type StoredArray } from "./support/files.ts";

/** A case of Gaussian process inference. */
interface PredictCase {
	name: string;
	network: Network;
	inputs: Record<string, StoredArray>;
	expected: Record<string, StoredArray>;
	tolerance: Tolerance;
	diagReg: number;
	diagRegAbsolute: boolean;
}

const manifest = await loadManifest<{ cases: PredictCase[] }>("predict");
const cases = (manifest?.cases ?? []).filter(({ name }) => /^(relu|erf|mnist)/.test(name));

/** A seeded positive definite matrix, A·Aᵀ + I. */
function positive(size: number, seed: number): LoadedArray {
	const next = random(seed);
	const a = Float64Array.from({ length: size * size }, () => 2 * next() - 1);
	const data = new Float64Array(size * size);
	for (let i = 0; i < size; i++)
		for (let j = 0; j < size; j++) {
			let sum = i === j ? 1 : 0;
			for (let k = 0; k < size; k++) sum += (a[i * size + k] as number) * (a[j * size + k] as number);
			data[i * size + j] = sum;
		}
	return { data, shape: [size, size] };
}

/** Rows `rows` and columns `columns` of a matrix. */
function part({ data, shape }: LoadedArray, rows: number[], columns: number[]): LoadedArray {
	const width = shape[1] as number;
	const entries = rows.flatMap((i) => columns.map((j) => data[i * width + j] as number));
	return { data: Float64Array.from(entries), shape: [rows.length, columns.length] };
}

describe.each([0, 1, 2])("with %i workers", (workers) => {
	let engine: Engine;
	beforeAll(async () => {
		engine = await createEngine({ workers });
	});
	afterAll(() => engine.dispose());

	describe("reference/predict", () => {
		test("the twelve dense cases are here, and one of MNIST's pixels beside the project", () => {
			expect(cases.length).toBeGreaterThanOrEqual(12);
			expect(cases.length).toBeLessThanOrEqual(13);
		});

		test.for(cases.map((one) => [one.name, one] as const))("%s", async ([, one], { skip }) => {
			const absent = () => skip("made from MNIST's pixels, which are not there");
			const { inputs, expected, network, tolerance, diagReg } = one;
			const input = async (name: string) => (await loadArray("predict", inputs[name] as StoredArray)) ?? absent();
			const wanted = async (name: string) => (await loadArray("predict", expected[name] as StoredArray)) ?? absent();
			const [train, xTest, y] = [await input("xTrain"), await input("xTest"), await input("yTrain")];
			const ridge = one.diagRegAbsolute ? diagReg : { meanDiagonal: diagReg };
			const kernels = ["nngp", "ntk"] as const;
			const known = await engine.gram(network, train, { kernels });
			const cross = await engine.gram(network, xTest, train, { kernels });
			const points = xTest.shape[0] as number;

			const nngp = await engine.regression(known.nngp as LoadedArray, y, { ridge });
			const { mean, variance } = await nngp.predict(
				cross.nngp as LoadedArray,
				(await engine.diagonal(network, xTest, { kernels })).nngp,
			);
			expectClose(mean, await wanted("gp_nngp_mean"), tolerance);
			const covariance = await wanted("gp_nngp_cov");
			const diagonal = Array.from({ length: points }, (_, i) => covariance.data[i * (points + 1)] as number);
			expectClose(variance?.data ?? [], diagonal, tolerance);

			const ntk = await engine.regression(known.ntk as LoadedArray, y, { ridge });
			expectClose((await ntk.predict(cross.ntk as LoadedArray)).mean, await wanted("gp_ntk_mean"), tolerance);
		});
	});

	describe("identities", () => {
		const size = 23;
		const gram = positive(size, 1);
		const all = Array.from({ length: size }, (_, k) => k);
		const next = random(2);
		const targets = { data: Float64Array.from({ length: 2 * size }, () => next()), shape: [size, 2] };
		const ridge = 0.3;
		let fit: Regression;
		beforeAll(async () => {
			fit = await engine.regression(gram, targets, { ridge });
		});

		/** Predictions for `set` by a regression that never saw it. */
		async function without(set: number[]) {
			const rest = all.filter((k) => !set.includes(k));
			const small = await engine.regression(part(gram, rest, rest), part(targets, rest, [0, 1]), { ridge });
			return (await small.predict(part(gram, set, rest))).mean.data;
		}

		test("leaving one out is refitting without it", async () => {
			const { prediction, residual } = await fit.leaveOneOut();
			expect(prediction.shape).toEqual([size, 2]);
			for (const k of all) expectClose(prediction.data.subarray(2 * k, 2 * k + 2), await without([k]), { atol: 1e-11 });
			expectClose(
				prediction.data.map((value, i) => value + (residual.data[i] as number)),
				targets.data,
				{
					atol: 1e-13,
				},
			);
		});

		test("leaving sets out is refitting without them", async () => {
			const sets = [[4, 1], [7], [0, 22, 5, 9]];
			const { prediction } = await fit.leaveOneOut(sets);
			expect(prediction.shape).toEqual([7, 2]);
			const refitted = await Promise.all(sets.map(without));
			expectClose(
				prediction.data,
				refitted.flatMap((values) => [...values]),
				{ atol: 1e-11 },
			);
		});

		test("a set of one is a single point", async () => {
			const singles = await fit.leaveOneOut();
			const sets = await fit.leaveOneOut(all.map((k) => [k]));
			expectClose(sets.residual, singles.residual, { rtol: 1e-11 });
		});

		test("without a ridge the data are met, and nothing is left of their variance", async () => {
			const exact = await engine.regression(gram, targets);
			const diagonal = all.map((k) => gram.data[k * (size + 1)] as number);
			const { mean, variance } = await exact.predict(gram, diagonal);
			expectClose(mean, targets, { atol: 1e-11 });
			expectClose(variance?.data ?? [], new Float64Array(size), { atol: 1e-11 });
		});

		test("ridges are resolved to absolute ones", async () => {
			const trace = all.reduce((sum, k) => sum + (gram.data[k * (size + 1)] as number), 0);
			const ridgeOf = async (ridge: Parameters<Engine["regression"]>[2]) =>
				(await engine.regression(gram, targets, ridge)).ridge;
			expect(await ridgeOf({})).toBe(0);
			expect(await ridgeOf({ ridge: 0.25 })).toBe(0.25);
			expectClose([await ridgeOf({ ridge: { trace: 0.1 } })], [0.1 * trace], { rtol: 1e-14 });
			expectClose([await ridgeOf({ ridge: { meanDiagonal: 0.1 } })], [(0.1 * trace) / size], { rtol: 1e-14 });
		});

		test("targets of one column keep their shape", async () => {
			const single = await engine.regression(gram, all);
			expect(single.coefficients.shape).toEqual([size]);
			expect((await single.predict(part(gram, [0, 1], all))).mean.shape).toEqual([2]);
			expect((await single.leaveOneOut()).residual.shape).toEqual([size]);
		});

		test("inputs stay as they are", async () => {
			const before = gram.data.slice();
			await engine.regression(gram, targets, { ridge: 1 });
			expect(gram.data).toEqual(before);
		});
	});
});
