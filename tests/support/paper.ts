/**
 * What the paper's scripts do with a pair of digits, step by step.
 * @module
 */
import { type Action, type Engine, type LabelledImages, readDataset } from "../../dist/index.js";
import { expectClose, type Tolerance } from "./close.ts";
import { type LoadedArray, loadArray, readData, type StoredArray } from "./files.ts";

/** Pairs of moved digits, and what a script ("expected") and exact arithmetic ("own", where it is given) make of them. */
export interface PairCase {
	name: string;
	inputs: { indicesA: number[]; indicesB: number[] };
	expected: Record<string, StoredArray> & { own?: Record<string, StoredArray> };
	tolerance: Tolerance & { by: Record<string, Tolerance> };
}

/** The paper's names of the nine quantities. */
export type Quantity =
	| "deltasq"
	| "sp_errs"
	| "em_errs"
	| "lambda_last"
	| "lambda_avg_no_last"
	| "lambda_avg"
	| "proj_radius"
	| "avg_angle"
	| "counts";

/** The 10,000 digits that manifests refer to by index; undefined where they are absent. */
export async function readDigits(): Promise<LabelledImages | undefined> {
	const images = await readData("mnist-10k-images-idx3-ubyte.gz");
	const labels = await readData("mnist-10k-labels-idx1-ubyte.gz");
	return images && labels && (await readDataset(images, labels));
}

/** Digits by their indices, m × 28 × 28. */
export function seedsOf({ images: { data } }: LabelledImages, indices: readonly number[]): LoadedArray {
	const seeds = new Float64Array(784 * indices.length);
	for (const [k, index] of indices.entries()) seeds.set(data.subarray(784 * index, 784 * (index + 1)), 784 * k);
	return { data: seeds, shape: [indices.length, 28, 28] };
}

/** The poses of two digits, A₀ B₀ A₁ B₁ …: 2N × H × W. */
export async function posesInTurn(engine: Engine, seeds: LoadedArray, action: Action): Promise<LoadedArray> {
	const orbits = await engine.orbit(seeds, action);
	const [, order, ...shape] = orbits.shape as [number, number, ...number[]];
	const size = seeds.data.length / 2;
	const points = new Float64Array(2 * order * size);
	for (let k = 0; k < 2 * order; k++) {
		const from = (k % 2) * order + Math.floor(k / 2);
		points.set(orbits.data.subarray(size * from, size * (from + 1)), size * k);
	}
	return { data: points, shape: [2 * order, ...shape] };
}

/**
 * Mean error and number of right signs over leaving out A₀, and B₀, by a regression on what is left with the ridge 1e-10 × its
 * trace.
 */
export async function errorsWithout(engine: Engine, gram: LoadedArray): Promise<Record<"em_errs" | "counts", number>> {
	const n = gram.shape[0] as number;
	const label = (i: number) => (i % 2 === 0 ? 1 : -1);
	const held = [0, 1].map(async (point) => {
		const rest = Array.from({ length: n }, (_, i) => i).filter((i) => i !== point);
		const entries = (rows: number[]) =>
			Float64Array.from(rows.flatMap((i) => rest.map((j) => gram.data[i * n + j] as number)));
		const fit = await engine.regression({ data: entries(rest), shape: [n - 1, n - 1] }, rest.map(label), {
			ridge: { trace: 1e-10 },
		});
		const { mean } = await fit.predict({ data: entries([point]), shape: [1, n - 1] });
		const prediction = mean.data[0] as number;
		return { error: Math.abs(prediction - label(point)), correct: prediction * label(point) > 0 };
	});
	const [a, b] = (await Promise.all(held)) as [Awaited<(typeof held)[0]>, Awaited<(typeof held)[0]>];
	return { em_errs: (a.error + b.error) / 2, counts: Number(a.correct) + Number(b.correct) };
}

/** Asserts the quantities of all pairs of a case, at the script's tolerance and against exact arithmetic at that of `own`. */
export async function expectRecorded(
	family: string,
	{ expected, tolerance }: PairCase,
	got: readonly Record<Quantity, number>[],
	own: (name: Quantity) => Tolerance | undefined,
): Promise<void> {
	const stored = async (array: StoredArray | undefined) =>
		((await loadArray(family, array as StoredArray)) as LoadedArray).data;
	for (const name of Object.keys(got[0] as object) as Quantity[]) {
		const values = got.map((quantities) => quantities[name]);
		expectClose(values, await stored(expected[name]), tolerance.by[name] ?? tolerance);
		const tight = own(name);
		if (expected.own && tight) expectClose(values, await stored(expected.own[name]), tight);
	}
}
