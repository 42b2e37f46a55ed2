import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEngine, cyclic, dihedral, type Engine, type Group, product, symmetric } from "../dist/index.js";
import { expectClose, type Tolerance } from "./support/close.ts";
import { type LoadedArray, loadArray, loadManifest, type StoredArray } from "./support/files.ts";
import { tableOf } from "./support/groups.ts";
import { free, groups, invariantKernel, numbers, rowsAt, wholeGram } from "./support/invariant.ts";

/** A case of the reference numbers. */
interface GroupCase {
	name: string;
	group: { name: string; multiplication: number[][]; irrepDimensions: number[] };
	inputs: { labels: number[]; lam: number };
	expected: Record<"k" | "gram" | "looMean" | "looMeanIrreps" | "trivialNumerator" | "denominator", StoredArray>;
	tolerance: Tolerance;
}

const manifest = await loadManifest<{ cases: GroupCase[] }>("finite-groups");
const cases = manifest?.cases ?? [];

/** "C2xC3" or "D4", whose elements are numbered as the library numbers them. */
function named(name: string): Group {
	if (name.startsWith("D")) return dihedral(Number(name.slice(1)));
	const orders = name.split("x").map((factor) => Number(factor.slice(1)));
	return orders.length === 1 ? cyclic(orders[0] as number) : product(...orders.map(cyclic));
}

describe.each([0, 1, 2])("with %i workers", (workers) => {
	let engine: Engine;
	beforeAll(async () => {
		engine = await createEngine({ workers });
	});
	afterAll(() => engine.dispose());

	describe("reference/finite-groups", () => {
		test("the 19 cases are here", () => {
			expect(cases).toHaveLength(19);
		});

		test.for(cases.map((one) => [one.name, one] as const))("%s", async ([, one], { skip }) => {
			const absent = () => skip("the array is not there");
			const wanted = async (name: keyof GroupCase["expected"]) =>
				(await loadArray("finite-groups", one.expected[name])) ?? absent();
			const { lam, labels } = one.inputs;
			const group = named(one.group.name);
			expect([...tableOf(group).product]).toEqual(one.group.multiplication.flat());
			const k = await wanted("k");
			const fit = await engine.groupRegression(k, group, labels, { ridge: lam });
			const { prediction, residual } = await fit.leaveOneOut();
			const order = k.shape[2] as number;
			const firsts = (values: Float64Array) => values.filter((_, at) => at % order === 0);
			expectClose(firsts(prediction.data), (await wanted("looMean")).data, one.tolerance);
			expectClose(firsts(prediction.data), (await wanted("looMeanIrreps")).data, one.tolerance);
			expectClose(fit.inverseDiagonal, await wanted("denominator"), one.tolerance);
			expectClose(firsts(fit.coefficients.data), (await wanted("trivialNumerator")).data, one.tolerance);
			expectClose(fit.errors.data, firsts(residual.data), one.tolerance);
			expect(fit.ridge).toBe(lam);
			const { irreps, members } = await engine.group(group);
			const degrees = members.map(({ irrep }) => irreps[irrep]?.degree);
			expect(degrees.sort()).toEqual([...one.group.irrepDimensions].sort());
		});
	});

	test.for(groups)("%s: regression with the whole Gram", async ([, group, stabilizers]) => {
		const k = invariantKernel(group, 5, stabilizers);
		const { gram, points, place, order, m } = wholeGram(k, group, stabilizers);
		const n = points.length;
		const [ridge, tolerance] = [{ trace: 1e-3 }, { rtol: 1e-8, atol: 1e-9 }];
		const columns = 2;
		const values = numbers([n, columns], 6);
		const index = Array.from({ length: m * order }, (_, at) => place(Math.floor(at / order), at % order));
		const targets = { data: rowsAt(values, index), shape: [m, order, columns] };
		const direct = await engine.regression(gram, values, { ridge });
		const fit = await engine.groupRegression(k, group, targets, { ridge, stabilizers });
		expectClose([fit.ridge], [direct.ridge], { rtol: 1e-14 });
		expect(fit.coefficients.shape).toEqual([m, order, columns]);
		expectClose(fit.coefficients.data, rowsAt(direct.coefficients, index), tolerance);

		const all = await fit.leaveOneOut();
		const directAll = await direct.leaveOneOut();
		expect(all.residual.shape).toEqual([m, order, columns]);
		expectClose(all.residual.data, rowsAt(directAll.residual, index), tolerance);
		expectClose(all.prediction.data, rowsAt(directAll.prediction, index), tolerance);

		const sets = [
			[0],
			[n - 1, 0].slice(0, Math.min(2, n)),
			Array.from({ length: Math.min(5, n) }, (_, i) => n - 1 - i),
		];
		const some = await fit.leaveOneOut(sets.map((set) => set.map((i) => points[i] as readonly [number, number])));
		const directSome = await direct.leaveOneOut(sets);
		expectClose(some.residual, directSome.residual, tolerance);
		expectClose(some.prediction, directSome.prediction, tolerance);

		const crossValues = numbers([3, n], 7);
		const cross = {
			data: Float64Array.from({ length: 3 * m * order }, (_, at) => {
				const [row, point] = [Math.floor(at / (m * order)), at % (m * order)];
				return crossValues.data[row * n + (index[point] as number)] as number;
			}),
			shape: [3, m, order],
		};
		const predicted = await fit.predict(cross, [5, 6, 7]);
		const directPredicted = await direct.predict(crossValues, [5, 6, 7]);
		expectClose(predicted.mean, directPredicted.mean, tolerance);
		expectClose(predicted.variance as LoadedArray, directPredicted.variance as LoadedArray, tolerance);

		// Constant targets: the group formula, and the variance of a point without the others.
		const constant = numbers([m], 8);
		const spread = {
			data: rowsAt(
				constant,
				points.map(([a]) => a),
			),
			shape: [n],
		};
		const constantFit = await engine.groupRegression(k, group, constant, { ridge, stabilizers });
		const directConstant = await engine.regression(gram, spread, { ridge });
		const { residual } = await directConstant.leaveOneOut();
		const firsts = stabilizers.map((_, a) => place(a, 0));
		expectClose(constantFit.errors, { data: rowsAt(residual, firsts), shape: [m] }, tolerance);
		for (let a = 0; a < m; a++) {
			const i = place(a, 0);
			const others = points.map((_, j) => j).filter((j) => j !== i);
			if (others.length === 0) continue;
			const entry = (row: number, column: number) => gram.data[row * n + column] as number;
			const without = await engine.regression(
				{ data: Float64Array.from(others.flatMap((r) => others.map((c) => entry(r, c)))), shape: [n - 1, n - 1] },
				{ data: new Float64Array(n - 1), shape: [n - 1] },
				{ ridge: fit.ridge },
			);
			const row = { data: Float64Array.from(others, (j) => entry(i, j)), shape: [1, n - 1] };
			const { variance } = await without.predict(row, [entry(i, i)]);
			expectClose([fit.variance.data[a] as number], variance?.data as Float64Array, tolerance);
		}
	});

	test("pairs alone are enough", async () => {
		const [group, m] = [cyclic(6), 3];
		const k = invariantKernel(group, 1, free(m));
		const rows = [0, 1, 2, 4, 5, 8].flatMap((at) => [...k.data.subarray(6 * at, 6 * at + 6)]);
		const pairs = { data: Float64Array.from(rows), shape: [6, 6] };
		const whole = await engine.groupRegression(k, group, [1, -1, 0.5]);
		const fit = await engine.groupRegression(pairs, group, [1, -1, 0.5]);
		expect(fit.coefficients).toEqual(whole.coefficients);
		expect(fit.variance).toEqual(whole.variance);
	});

	test("an abort ends it", async () => {
		const [group, m] = [cyclic(8), 40];
		const k = invariantKernel(group, 1, free(m));
		const controller = new AbortController();
		const onProgress = () => controller.abort("enough");
		const call = engine.groupRegression(k, group, new Array(m).fill(1), { signal: controller.signal, onProgress });
		await expect(call).rejects.toMatchObject({ code: "aborted", name: "AbortError", cause: "enough" });
	});
});

test("the same bits with any number of workers", async () => {
	const [group, m] = [product(cyclic(5), symmetric(3)), 12];
	const k = invariantKernel(group, 3, free(m));
	const targets = numbers([m, 30, 3], 4);
	const cross = numbers([4, m, 30], 5);
	const results = await Promise.all(
		[0, 1, 2].map(async (workers) => {
			const engine = await createEngine({ workers });
			try {
				const seen: number[] = [];
				const onProgress = ({ done, total }: { done: number; total: number }) => seen.push(done / total);
				const fit = await engine.groupRegression(k, group, targets, { ridge: 1e-3, onProgress });
				expect(seen.at(-1)).toBe(1);
				expect(seen).toEqual([...seen].sort((a, b) => a - b));
				const sets = [
					[
						[0, 1],
						[3, 7],
						[11, 29],
					],
					[[2, 2]],
				] as [number, number][][];
				const left = [await fit.leaveOneOut(), await fit.leaveOneOut(sets)];
				return [fit.coefficients, fit.variance, left, await fit.predict(cross, [1, 2, 3, 4])];
			} finally {
				await engine.dispose();
			}
		}),
	);
	expect(results[1]).toEqual(results[0]);
	expect(results[2]).toEqual(results[0]);
});

describe("inputs", () => {
	let engine: Engine;
	beforeAll(async () => {
		engine = await createEngine({ workers: 0 });
	});
	afterAll(() => engine.dispose());

	test("what is wrong is said", async () => {
		const group = cyclic(4);
		const k = { data: Float64Array.of(4, 1, 0, 1), shape: [1, 1, 4] };
		const fails = (call: Promise<unknown>, fields: object) => expect(call).rejects.toMatchObject(fields);
		const fit = (...args: Parameters<Engine["groupRegression"]>) => engine.groupRegression(...args);
		await fails(fit([[[1]]], group, [1]), { code: "shape", path: "k" });
		await fails(fit(k, group, [1, 2]), { code: "shape", path: "k" });
		await fails(fit(k, { type: "cube" } as never, [1]), { code: "group" });
		await fails(fit(k, group, [[1, 2, 3, 4]]), { code: "usage", path: "options.targetsVary" });
		await fails(fit(k, group, [[1, 2, 3]], { targetsVary: true }), { code: "shape", path: "targets" });
		await fails(fit(k, group, [[[1, 2]]]), { code: "shape", path: "targets" });
		await fails(fit(k, group, [1], { ridge: -1 }), { code: "ridge" });
		await fails(fit(k, group, [1], { ridges: 1 } as never), { code: "usage", path: "options.ridges" });
		await fails(fit(k, group, [1], { stabilizers: [] }), { code: "usage", path: "options.stabilizers" });
		await fails(fit(k, group, [1], { stabilizers: [[0, 1]] }), { code: "group", path: "stabilizers[0]" });
		await fails(fit(k, group, [1], { stabilizers: [[0, 2]] }), { code: "value", path: "k[0][0][0]" });
		await fails(fit([[[4, 1, 0, 2]]], group, [1]), { code: "value", path: "k[0][0][1]" });
		const ones = { data: new Float64Array(4).fill(1), shape: [1, 1, 4] };
		await fails(fit(ones, group, [1]), { code: "singular", path: "irreps[1]", index: 0 });
		const asymmetric = { data: Float64Array.of(4, 1, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 4, 1, 0, 1), shape: [2, 2, 4] };
		await expect(fit(asymmetric, group, [1, 2])).resolves.toBeDefined();
		asymmetric.data[9] = 0.5;
		await fails(fit(asymmetric, group, [1, 2]), { code: "value", path: "k[1][0][1]", index: 9 });
		await fails(engine.fourier(group, [1, 2, 3]), { code: "shape", path: "values" });
		await fails(engine.inverseFourier(group, []), { code: "shape", path: "spectra" });
		const imaginary = [[[[1, 1]]], [[[1, 1]]], [[[1, 0]]]].map((part) => part as never);
		await fails(engine.inverseFourier(group, imaginary), { code: "value", path: "spectra[0]" });
		await fails(engine.group(cyclic(100_000)), { code: "memory" });
	});

	test("the group formula is for constant targets", async () => {
		const k = { data: Float64Array.of(4, 1, 0, 1), shape: [1, 1, 4] };
		const fit = await engine.groupRegression(k, cyclic(4), [[1, 1, 2, 1]], { targetsVary: true });
		expect(() => fit.errors).toThrow(expect.objectContaining({ code: "value", path: "targets[0][2]", value: 2 }));
		expect(Object.keys(fit)).not.toContain("errors");
		const same = await engine.groupRegression(k, cyclic(4), [[2, 2, 2, 2]], { targetsVary: true });
		const constant = await engine.groupRegression(k, cyclic(4), [2]);
		expect(same.errors).toEqual(constant.errors);
		expect(Object.keys(constant)).toContain("errors");
		const columns = await engine.groupRegression(k, cyclic(4), [[2, 1, 0, -2]], { targetsVary: false });
		expect(columns.errors.shape).toEqual([1, 4]);
		expect(columns.errors.data[0]).toBe(constant.errors.data[0]);
	});

	test("points that are one have one target and are held out once", async () => {
		const k = { data: Float64Array.of(4, 1, 4, 1), shape: [1, 1, 4] };
		const options = { stabilizers: [[0, 2]], targetsVary: true };
		const call = engine.groupRegression(k, cyclic(4), [[1, 2, 3, 2]], options);
		await expect(call).rejects.toMatchObject({ code: "value", path: "targets[0][2]", value: 3 });
		const fit = await engine.groupRegression(k, cyclic(4), [[1, 2, 1, 2]], options);
		const bad = async (set: unknown, fields: object) =>
			expect(fit.leaveOneOut([set] as never)).rejects.toMatchObject(fields);
		await bad(
			[
				[0, 1],
				[0, 3],
			],
			{ code: "value", path: "sets[0][1]" },
		);
		await bad([[0, 4]], { code: "value", path: "sets[0][0]" });
		await bad([[1, 0]], { code: "value", path: "sets[0][0]" });
		await bad([3], { code: "value", path: "sets[0][0]" });
		await bad([], { code: "usage", path: "sets[0]" });
		await expect(fit.predict([[1, 2]])).rejects.toMatchObject({ code: "shape", path: "cross" });
		await expect(fit.predict([[[1, 2, 1, 2]]], [1, 2])).rejects.toMatchObject({ code: "shape", path: "testDiagonal" });
	});
});
