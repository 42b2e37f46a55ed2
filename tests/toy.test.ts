/** The two circles of the paper (figures 2 and 3) and its helper functions: reference numbers of its own script. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { circulantRow, createEngine, type Engine } from "../dist/index.js";
import { expectClose, type Tolerance } from "./support/close.ts";
import { type LoadedArray, loadArray, loadManifest, type StoredArray } from "./support/files.ts";

interface ToyCase {
	name: string;
	kind: "loo" | "sweep" | "spectrum" | "helpers" | "kreg" | "identity" | "sketch";
	inputs: Record<string, StoredArray | number | number[]>;
	expected: Record<string, StoredArray | number>;
	tolerance: Tolerance;
}

interface Circles {
	N: number;
	d: number;
	r: number;
	L: number;
}

/** Points in turn on two parallel circles, and their kernel exp(−L²|x − y|²). */
function circles({ N, d, r, L }: Circles): { points: LoadedArray; gram: LoadedArray } {
	const rows = Array.from({ length: 2 * N }, (_, k) => {
		const angle = (Math.PI * k) / N;
		return [r * Math.cos(angle), r * Math.sin(angle), k % 2 === 0 ? d / 2 : -d / 2];
	});
	const squared = (a: number[], b: number[]) => a.reduce((sum, x, k) => sum + (x - (b[k] as number)) ** 2, 0);
	const entries = rows.flatMap((a) => rows.map((b) => Math.exp(-(L ** 2) * squared(a, b))));
	return {
		points: { data: Float64Array.from(rows.flat()), shape: [2 * N, 3] },
		gram: { data: Float64Array.from(entries), shape: [2 * N, 2 * N] },
	};
}

const load = async (stored: StoredArray | number | number[] | undefined) =>
	(await loadArray("symmetry", stored as StoredArray)) as LoadedArray;

/** A matrix without a row and its column, that column without its own entry, and that entry. */
function without({ data, shape }: LoadedArray, index: number) {
	const n = shape[0] as number;
	const rest = Array.from({ length: n }, (_, i) => i).filter((i) => i !== index);
	const at = (i: number, j: number) => data[i * n + j] as number;
	return {
		reduced: { data: Float64Array.from(rest.flatMap((i) => rest.map((j) => at(i, j)))), shape: [n - 1, n - 1] },
		cross: { data: Float64Array.from(rest, (i) => at(i, index)), shape: [1, n - 1] },
		self: at(index, index),
		rest,
	};
}

describe("the toy model of the paper", () => {
	let engine: Engine;
	let cases: ToyCase[];
	beforeAll(async () => {
		engine = await createEngine({ workers: 1 });
		cases = (await loadManifest<{ cases: ToyCase[] }>("symmetry"))?.cases ?? [];
	});
	afterAll(() => engine.dispose());

	/** The prediction of a point from all others; the ridge is a multiple of their trace. */
	async function predicted(gram: LoadedArray, index: number, reg: number) {
		const { reduced, cross, self, rest } = without(gram, index);
		const label = (i: number) => (i % 2 === 0 ? -1 : 1);
		const fit = await engine.regression(reduced, rest.map(label), { ridge: { trace: reg } });
		const { mean, variance } = await fit.predict(cross, [self]);
		const prediction = mean.data[0] as number;
		return { mean: prediction, variance: variance?.data[0] as number, error: Math.abs(label(index) - prediction) };
	}

	/** The spectral error of the whole Gram with an absolute ridge. */
	const spectralError = async ({ points, gram }: ReturnType<typeof circles>, ridge: number) =>
		(await engine.pairQuantities(points, gram, { ridge })).spectralError;

	/** The script's ridge. */
	const scaled = ({ data, shape }: LoadedArray, reg: number) => reg * (data[0] as number) * (shape[0] as number);

	/** 1/|λ_j| of a row from the first to the last frequency, relative to the largest. */
	async function inverseSpectrum(row: Float64Array, scale: number, ridge: number): Promise<number[]> {
		const { data } = await engine.spectrum({ data: row, shape: [1, row.length] });
		const inverse = Array.from(
			{ length: row.length / 2 + 1 },
			(_, j) => 1 / Math.hypot((data[2 * j] as number) * scale + ridge, (data[2 * j + 1] as number) * scale),
		);
		return inverse.map((value) => value / Math.max(...inverse));
	}

	const run: Record<ToyCase["kind"], (one: ToyCase) => Promise<void>> = {
		async loo({ inputs, expected, tolerance }) {
			const { reg } = inputs as unknown as { reg: number };
			const pair = circles(inputs as unknown as Circles);
			const { mean, variance, error } = await predicted(pair.gram, expected.removedIndex as number, reg);
			const spectral = await spectralError(pair, scaled(pair.gram, reg));
			const predict = 1 - (await spectralError(pair, reg));
			expectClose(
				[mean, variance, error, spectral, predict],
				["mean", "variance", "error", "spectralError", "circulantPredict"].map((name) => expected[name] as number),
				tolerance,
			);
			const arrays = { points: pair.points, kernel: pair.gram };
			for (const [name, found] of Object.entries(arrays))
				if (expected[name]) expectClose(found, await load(expected[name]), tolerance);
			if (expected.kernelRow)
				expectClose(circulantRow(pair.gram.data, 2 * (inputs.N as number)), await load(expected.kernelRow), tolerance);
		},

		async sweep({ inputs, expected, tolerance }) {
			const { Ns, ds, ...rest } = inputs as unknown as Circles & { Ns?: number[]; ds?: StoredArray; reg: number };
			const all: Circles[] = Ns
				? Ns.map((N) => ({ ...rest, N }))
				: Array.from((await load(ds)).data, (d) => ({ ...rest, d }));
			const [errors, spectral]: [number[], number[]] = [[], []];
			for (const one of all) {
				const pair = circles(one);
				errors.push((await predicted(pair.gram, Math.floor(one.N / 2), rest.reg)).error);
				spectral.push(await spectralError(pair, scaled(pair.gram, rest.reg)));
			}
			expectClose(errors, (await load(expected.errors)).data, tolerance);
			expectClose(spectral, (await load(expected.spectralErrors)).data, tolerance);
		},

		async spectrum({ inputs, expected, tolerance }) {
			const { N, reg } = inputs as unknown as { N: number; reg: number };
			const { gram } = circles(inputs as unknown as Circles);
			const found = await inverseSpectrum(gram.data.slice(0, 2 * N), 1 / Math.sqrt(2 * N), reg);
			expectClose(found, (await load(expected.inverseSpectrum)).data, tolerance);
		},

		async helpers({ inputs, expected, tolerance }) {
			const matrix = await load(inputs.matrix);
			const n = matrix.shape[0] as number;
			const row = circulantRow(matrix.data, n);
			const circulant = Float64Array.from(
				{ length: n * n },
				(_, k) => row[((k % n) - Math.floor(k / n) + n) % n] as number,
			);
			expectClose(circulant, (await load(expected.circulant)).data, tolerance);
			const { reduced, cross, self } = without(matrix, inputs.index as number);
			expectClose(reduced.data, (await load(expected.kReduced)).data, tolerance);
			expectClose(cross.data, (await load(expected.kCross)).data, tolerance);
			expectClose([self], (await load(expected.kSelf)).data, tolerance);
			if (expected.circulantError === undefined) return;
			const points = { data: Float64Array.from({ length: n }, (_, k) => k), shape: [n, 1] };
			const pair = { points, gram: { data: circulant, shape: [n, n] } };
			// The script's default is 1e-5.
			const found = [
				await spectralError(pair, scaled(pair.gram, 1e-5)),
				await spectralError(pair, scaled(pair.gram, 1e-3)),
				1 - (await spectralError(pair, 1e-5)),
			];
			const names = ["circulantError", "circulantErrorReg1e-3", "circulantPredict"];
			expectClose(
				found,
				names.map((name) => expected[name] as number),
				tolerance,
			);
		},

		async kreg({ inputs, expected, tolerance }) {
			const [k11, k12, k22] = [await load(inputs.k11), await load(inputs.k12), await load(inputs.k22)];
			const fit = await engine.regression(k11, await load(inputs.y), { ridge: { trace: inputs.reg as number } });
			const [known, unknown] = k12.shape as [number, number];
			const cross = Float64Array.from(
				k12.data,
				(_, at) => k12.data[(at % known) * unknown + Math.floor(at / known)] as number,
			);
			const diagonal = ({ data }: LoadedArray) =>
				Float64Array.from({ length: unknown }, (_, i) => data[i * unknown + i] as number);
			const own = { data: diagonal(k22), shape: [unknown] };
			const { mean, variance } = await fit.predict({ data: cross, shape: [unknown, known] }, own);
			expectClose(mean, await load(expected.mean), tolerance);
			expectClose(
				variance as LoadedArray,
				{ data: diagonal(await load(expected.covariance)), shape: [unknown] },
				tolerance,
			);
		},

		async identity({ inputs, expected, tolerance }) {
			const gram = await load(inputs.kernel);
			const { points } = circles(inputs as unknown as Circles);
			const { exactError, spectralError } = await engine.pairQuantities(points, gram, {
				ridge: inputs.absoluteReg as number,
			});
			expectClose(
				[exactError, spectralError],
				[expected.looAbsoluteError as number, expected.spectralError as number],
				tolerance,
			);
		},

		async sketch({ inputs, expected, tolerance }) {
			const { N, L, D, R } = inputs as Record<string, number>;
			const { points, gram } = circles({ N, L, d: D, r: R } as Circles);
			expectClose(points, await load(expected.points), tolerance);
			expectClose(gram, await load(expected.kernel), tolerance);
			const size = 2 * (N as number);
			const row = gram.data.slice((N as number) * size, ((N as number) + 1) * size);
			expectClose(row, (await load(expected.kernelRow)).data, tolerance);
			expectClose(await inverseSpectrum(row, 1, 0), (await load(expected.inverseSpectrum)).data, tolerance);
		},
	};

	const names = [
		..."circles-N4 circles-N8 circles-N12 circles-N16 circles-N20 circles-N24 circles-N28 circles-N32".split(" "),
		..."circles-N36 circles-N40 circles-N44 circles-N48 circles-N4-remove0-reg0.001".split(" "),
		..."circles-N6-remove3-reg1e-08 circles-N12-remove11-reg0.01 circles-N7-remove5-reg1e-05".split(" "),
		..."toy-sweep-N-paper toy-sweep-delta-paper toy-panel-spectrum-N4 toy-panel-spectrum-N8".split(" "),
		..."toy-panel-spectrum-N20 matrix-helpers-n4 matrix-helpers-n6 matrix-helpers-n9 matrix-helpers-n12".split(" "),
		..."kreg-multi identity-loo-equals-spectral-N6 spectrum-sketch-paper".split(" "),
	];
	test.each(names)("%s", async (name) => {
		const one = cases.find((each) => each.name === name) as ToyCase;
		await run[one.kind](one);
	});

	test("all cases are tested", () => {
		expect(cases.map(({ name }) => name).sort()).toEqual([...names].sort());
	});
});
