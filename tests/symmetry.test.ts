/** Symmetry reports against direct computations and the reference numbers of finite groups. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
	createEngine,
	customAction,
	cyclic,
	dense,
	dihedral,
	type Engine,
	embeddedDigits,
	quarterTurns,
	relu,
	rotations,
	type SymmetryReport,
	serial,
	shifts,
	squareSymmetries,
	type Tensor,
	tableGroup,
} from "../dist/index.js";
import { entriesOfBlocks, entriesOfGram, projected } from "../ts/symmetry/entries.ts";
import { regular } from "./support/actions.ts";
import { expectClose } from "./support/close.ts";
import { tableOf } from "./support/groups.ts";
import { noise } from "./support/images.ts";

const mlp = serial(dense({ biasStd: 1 }), relu(), dense({ biasStd: 1 }));

let engine: Engine;
/** Six digits, two of each of three classes. */
let digits: { data: Float64Array; shape: number[] };
const labels = [0, 1, 2, 0, 1, 2];
beforeAll(async () => {
	engine = await createEngine({ workers: 2 });
	const { images } = await embeddedDigits();
	const [, rows, columns] = images.shape as [number, number, number];
	const size = rows * columns;
	const data = new Float64Array(6 * size);
	for (const [k, index] of [0, 1, 2, 10, 11, 12].entries())
		data.set(images.data.subarray(index * size, (index + 1) * size), k * size);
	digits = { data, shape: [6, rows, columns] };
});
afterAll(() => engine.dispose());

/** Some of the samples. */
function some({ data, shape }: { data: Float64Array; shape: number[] }, seeds: number[]) {
	const size = data.length / (shape[0] as number);
	const chosen = seeds.map((seed) => data.subarray(seed * size, (seed + 1) * size));
	return { data: Float64Array.from(chosen.flatMap((x) => [...x])), shape: [seeds.length, ...shape.slice(1)] };
}

/** The prediction of points from all others but these, step by step: their rows and columns are taken away. */
async function withoutPoints(gram: Tensor, targets: number[], held: number[], ridge: number): Promise<number[]> {
	const n = gram.shape[0] as number;
	const rest = Array.from({ length: n }, (_, i) => i).filter((i) => !held.includes(i));
	const part = (rows: number[]) => ({
		data: Float64Array.from(rows.flatMap((i) => rest.map((j) => gram.data[i * n + j] as number))),
		shape: [rows.length, rest.length],
	});
	const own = part(rest);
	const fit = await engine.regression(
		own,
		rest.map((i) => targets[i] as number),
		{ ridge },
	);
	return [...(await fit.predict(part(held))).mean.data];
}

/** The Gram of all poses of some digits under rotations, seeds first. */
async function gramOf(seeds: number[], order: number): Promise<Tensor> {
	const orbits = await engine.orbit(some(digits, seeds), rotations(order));
	const points = { data: orbits.data, shape: [seeds.length * order, orbits.data.length / (seeds.length * order)] };
	return (await engine.gram(mlp, points)).ntk as Tensor;
}

describe("rotated digits", () => {
	const order = 6;
	let report: SymmetryReport;
	beforeAll(async () => {
		report = await engine.symmetry(mlp, { seeds: digits, labels, action: rotations(order), ridge: 1e-4 });
	});

	test("the report is plain JSON that says what was done", () => {
		expect(JSON.parse(JSON.stringify(report))).toEqual(report);
		expect(report).toMatchObject({
			format: "orbit-kernels/symmetry",
			version: 1,
			group: { type: "cyclic", order },
			ridge: 1e-4,
			precision: "f64",
			prepare: "center-unit",
			kernel: "ntk",
			holdOut: [0],
			invariant: false,
			classes: [0, 1, 2],
			exact: { method: "regression", points: 6 * order },
		});
		expect(report.invarianceDefect).toBeGreaterThan(1e-10);
		expect(report.departure).toBeGreaterThan(1e-10);
		expect(report.pairs).toHaveLength(12);
	});

	test("the nine quantities of a pair are those of pairQuantities", async () => {
		for (const { a, b, ...pair } of report.pairs) {
			const orbits = await engine.orbit(some(digits, [a, b]), rotations(order));
			const size = orbits.data.length / (2 * order);
			const points = new Float64Array(orbits.data.length);
			for (let k = 0; k < 2 * order; k++) {
				const from = ((k % 2) * order + Math.floor(k / 2)) * size;
				points.set(orbits.data.subarray(from, from + size), k * size);
			}
			const x = { data: points, shape: [2 * order, size] };
			const gram = (await engine.gram(mlp, x)).ntk as Tensor;
			const quantities = await engine.pairQuantities(x, gram, { ridge: 1e-4 });
			const { reciprocalSpectrum, ridge, departure, blockCorrectCount, collapsed, ...expected } = quantities;
			expect(collapsed).toBe(pair.collapsed);
			expectClose([pair.splits.block?.departure as number], [departure], { rtol: 1e-9 });
			expect(pair.margins.block.filter((margin) => margin > 0)).toHaveLength(blockCorrectCount);
			for (const [name, value] of Object.entries(expected))
				expectClose([pair[name as "exactError"] as number], [value], { rtol: 1e-9 });
			expectClose(pair.spectrum as number[], reciprocalSpectrum, { rtol: 1e-9 });
			expectClose([1 - (pair.margins.spectral?.[0] as number)], [expected.spectralError], { rtol: 1e-9 });
			expectClose(
				[mean(pair.margins.exact?.map((margin) => Math.abs(1 - margin)) as number[])],
				[expected.exactError],
				{
					rtol: 1e-9,
				},
			);
		}
	});

	test("errors against each other class, held out one by one", async () => {
		for (const [p, q] of [
			[0, 1],
			[0, 2],
			[1, 2],
		] as const) {
			const seeds = [p, p + 3, q, q + 3];
			const gram = await gramOf(seeds, order);
			const targets = seeds.flatMap((_, k) => new Array<number>(order).fill(k < 2 ? 1 : -1));
			for (const [k, seed] of seeds.entries()) {
				const [prediction] = (await withoutPoints(gram, targets, [k * order], 1e-4)) as [number];
				const t = k < 2 ? 1 : -1;
				const found = report.orbits[seed]?.against?.find(({ label }) => label === (k < 2 ? q : p));
				expectClose([found?.prediction as number, found?.exactError as number], [prediction, 1 - t * prediction], {
					rtol: 1e-8,
				});
				expect(found?.correct).toBe(t * prediction > 0);
				const exact = found?.splits?.exact as { separation: number; density: number };
				expectClose([exact.separation / exact.density], [1 - t * prediction], { rtol: 1e-8 });
			}
			// All poses of a class at once.
			const rule = report.rules?.multiSeed.find(({ classes }) => classes[0] === p && classes[1] === q);
			const first = await withoutPoints(gram, targets, [0, order], 1e-4);
			const second = await withoutPoints(gram, targets, [2 * order, 3 * order], 1e-4);
			expectClose(rule?.exact?.errors as number[], [1 - mean(first), 1 + mean(second)], { rtol: 1e-8 });
			const positive = [...first, ...second.map((y) => -y)].filter((y) => y > 0).length / 4;
			expect(rule?.exact?.positiveFraction).toBe(positive);
			const between = report.pairs.filter(({ a, b }) => a % 3 === p && b % 3 === q);
			expect(between).toHaveLength(4);
			expectClose([rule?.spectral as number], [mean(between.map(({ spectralError }) => spectralError as number))], {
				rtol: 1e-12,
			});
		}
		for (const { correct, exactError, against } of report.orbits) {
			expect(correct).toBe(against?.every((each) => each.correct));
			expectClose([exactError as number], [mean(against?.map((each) => each.exactError as number) as number[])], {
				rtol: 1e-12,
			});
		}
	});

	test("block errors are close to the exact ones, and exact on the projected Gram", async () => {
		for (const { a, b, blockError, exactError } of report.pairs) {
			expect(Math.abs(blockError - (exactError as number))).toBeLessThan(0.15);
			const entry = entriesOfGram(await gramOf([a, b], order), 2, order);
			const table = tableOf(cyclic(order));
			const nearest = entriesOfBlocks(projected(entry, 2, table), 2, table);
			const places = Array.from({ length: 2 * order }, (_, i) => [Math.floor(i / order), i % order] as const);
			const entries = places.flatMap(([s, g]) => places.map(([t, h]) => nearest(s, g, t, h)));
			const gram = { data: Float64Array.from(entries), shape: [2 * order, 2 * order] };
			const targets = places.map(([s]) => (s === 0 ? 1 : -1));
			const first = (await withoutPoints(gram, targets, [0], 1e-4))[0] as number;
			const second = (await withoutPoints(gram, targets, [order], 1e-4))[0] as number;
			expectClose([blockError], [(Math.abs(1 - first) + Math.abs(1 + second)) / 2], { rtol: 1e-7 });
		}
	});

	test("the rule for several classes, from pairs and from regression against the rest", async () => {
		const gram = await gramOf([0, 1, 2, 3, 4, 5], order);
		for (const { seed, label, exact, spectral, oneAgainstRest } of report.rules?.multiClass ?? []) {
			expect(label).toBe(seed % 3);
			const others = [0, 1, 2].filter((k) => k !== seed % 3);
			const margins = others.map((k) => {
				const pairs = report.pairs.filter(({ a, b }) => [a, b].includes(seed) && [a % 3, b % 3].includes(k));
				expect(pairs).toHaveLength(2);
				return {
					exact: mean(pairs.map(({ a, margins }) => margins.exact?.[a === seed ? 0 : 1] as number)),
					spectral: mean(pairs.map(({ a, margins }) => margins.spectral?.[a === seed ? 0 : 1] as number)),
				};
			});
			for (const [name, verdict] of Object.entries({ exact, spectral })) {
				const expected = margins.map((margin) => margin[name as "exact"]);
				expect(verdict?.predictions.map(({ against }) => against)).toEqual(others);
				expectClose(verdict?.predictions.map(({ prediction }) => prediction) as number[], expected, { rtol: 1e-12 });
				expect(verdict?.correct).toBe(expected.every((margin) => margin > 0));
			}
			const targets = labels.flatMap((k) => new Array<number>(order).fill(k === seed % 3 ? 1 : -1));
			const held = [seed % 3, (seed % 3) + 3].map((k) => k * order);
			const predictions = await withoutPoints(gram, targets, held, 1e-4);
			expectClose([oneAgainstRest?.prediction as number], [predictions[seed < 3 ? 0 : 1] as number], { rtol: 1e-8 });
		}
	});

	test("several poses held out together", async () => {
		const two = { seeds: some(digits, [0, 1]), labels: ["zero", "one"], action: rotations(order), ridge: 1e-4 };
		const { orbits, pairs } = await engine.symmetry(mlp, { ...two, holdOut: [1, 4] });
		const gram = await gramOf([0, 1], order);
		const targets = Array.from({ length: 2 * order }, (_, i) => (i < order ? 1 : -1));
		const predictions = await withoutPoints(gram, targets, [1, 4], 1e-4);
		expect(orbits[0]).toMatchObject({ label: "zero", target: 1, variance: null, splits: null });
		expectClose([orbits[0]?.exactError as number], [1 - mean(predictions)], { rtol: 1e-8 });
		expectClose([pairs[0]?.margins.exact?.[0] as number], [mean(predictions)], { rtol: 1e-8 });
		expect(Math.abs((orbits[0]?.blockError as number) - (1 - mean(predictions)))).toBeLessThan(0.15);
	});

	test("a relative ridge refers to the Gram of all points", async () => {
		const gram = await gramOf([0, 1], order);
		const trace = Array.from({ length: 2 * order }, (_, i) => gram.data[i * (2 * order + 1)] as number);
		const options = { seeds: some(digits, [0, 1]), labels: [0, 1], action: rotations(order) };
		const total = trace.reduce((sum, value) => sum + value, 0);
		expectClose([(await engine.symmetry(mlp, options)).ridge], [1e-10 * total], { rtol: 1e-12 });
		const { ridge } = await engine.symmetry(mlp, { ...options, ridge: { meanDiagonal: 0.01 } });
		expectClose([ridge], [(0.01 * total) / (2 * order)], { rtol: 1e-12 });
	});
});

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe("invariant kernels", () => {
	test.each([
		["shifts", shifts(4)],
		["quarter turns", quarterTurns()],
		["the symmetries of a square", squareSymmetries()],
	])("%s: the group formula is exact", async (_, action) => {
		const progress: number[] = [];
		const seeds = some(digits, [0, 1, 3, 4]);
		const report = await engine.symmetry(mlp, {
			seeds: { data: seeds.data, shape: seeds.shape },
			labels: ["0", "1", "0", "1"],
			action,
			ridge: 1e-3,
			onProgress: ({ done, total }) => progress.push(done / total),
		});
		expect(report).toMatchObject({ invariant: true, departure: 0 });
		expect(report.invarianceDefect).toBeLessThanOrEqual(1e-10);
		for (const { exactError, groupError, blockError } of report.orbits) {
			expectClose([groupError, blockError] as number[], [exactError, exactError] as number[], { rtol: 1e-8 });
		}
		for (const { exactError, groupError, spectralError } of report.pairs) {
			expectClose([groupError as number], [exactError as number], { rtol: 1e-8 });
			expect(typeof spectralError).toBe(action.group.type === "cyclic" ? "number" : "object");
		}
		expect(progress).toEqual([...progress].sort((a, b) => a - b));
		expect(progress.at(-1)).toBe(1);
	});

	test("orbits that are not free count each point once", async () => {
		const action = regular(dihedral(4));
		const points = noise(3, 8);
		const table = tableOf(dihedral(4));
		// Seed 1 is left as it is by a reflection: (h·x)[p] = x[h⁻¹p].
		const mirror = 4;
		for (let p = 0; p < 8; p++)
			points.data[8 + (table.product[mirror * 8 + p] as number)] = points.data[8 + p] as number;
		const targets = [1, -0.5, 2];
		const report = await engine.symmetry(mlp, { seeds: points, targets, action, ridge: 1e-3 });
		expect(report.orbits.map(({ stabilizer }) => stabilizer)).toEqual([[0], [0, mirror], [0]]);
		expect(report.exact).toEqual({ method: "regression", points: 20 });
		for (const { exactError, groupError } of report.orbits)
			expectClose([groupError as number], [exactError as number], { rtol: 1e-8 });
		const orbits = await engine.orbit(points, action);
		const rows = Array.from({ length: 24 }, (_, i) => [...orbits.data.subarray(8 * i, 8 * i + 8)]);
		const distinct = rows.map((row) => rows.findIndex((other) => other.join() === row.join()));
		const chosen = [...new Set(distinct)];
		const gram = (
			await engine.gram(
				mlp,
				chosen.map((i) => rows[i] as number[]),
			)
		).ntk as Tensor;
		const y = chosen.map((i) => targets[Math.floor(i / 8)] as number);
		for (const [seed, { prediction }] of report.orbits.entries()) {
			const expected = await withoutPoints(gram, y, [chosen.indexOf(8 * seed)], 1e-3);
			expectClose([prediction as number], expected, { rtol: 1e-8 });
		}
	});

	test("several columns of targets, and whatever is assumed", async () => {
		const action = regular(cyclic(5));
		const seeds = noise(3, 5);
		const targets = noise(3, 5);
		const report = await engine.symmetry(mlp, { seeds, targets, action, ridge: 1e-3 });
		for (let c = 0; c < 5; c++) {
			const column = [0, 1, 2].map((a) => targets.data[5 * a + c] as number);
			const { orbits } = await engine.symmetry(mlp, { seeds, targets: column, action, ridge: 1e-3 });
			for (const [a, { exactError, groupError, prediction }] of report.orbits.entries()) {
				const found = [exactError, groupError, prediction].map((values) => (values as number[])[c] as number);
				const one = orbits[a] as SymmetryReport["orbits"][number];
				expectClose(found, [one.exactError, one.groupError, one.prediction] as number[], { rtol: 1e-10 });
			}
		}
		expect(report).toMatchObject({ classes: null, pairs: [], rules: null });
		const turned = { seeds: some(digits, [0, 1]), labels: [0, 1], action: rotations(8), ridge: 1e-3 };
		const assumed = await engine.symmetry(mlp, { ...turned, assumeInvariant: true });
		expect(assumed).toMatchObject({ invariant: true, assumeInvariant: true, departure: 0 });
		expect(assumed.invarianceDefect).toBeGreaterThan(1e-10);
	});
});

describe("errors", () => {
	const seeds = noise(2, 4);
	const action = regular(cyclic(4));
	const call = (options: Record<string, unknown>) =>
		engine.symmetry(mlp, { seeds, action, labels: [0, 1], ...options } as never);

	test.each([
		[
			"a label that varies on an orbit",
			{
				labels: [
					[0, 0, 0, 0],
					[1, 1, 0, 1],
				],
			},
			{ code: "value", path: "labels[1][2]", value: 0 },
		],
		["too few labels", { labels: [0] }, { code: "shape", path: "labels" }],
		[
			"labels of a wrong shape",
			{
				labels: [
					[0, 0],
					[1, 1],
				],
			},
			{ code: "shape", path: "labels" },
		],
		["one class", { labels: [3, 3] }, { code: "value", path: "labels" }],
		["a label that is no integer", { labels: [0, 0.5] }, { code: "value", path: "labels[1]", value: 0.5 }],
		["labels that are none", { labels: 3 }, { code: "usage", path: "options.labels" }],
		["targets of a wrong shape", { labels: undefined, targets: [1, 2, 3] }, { code: "shape", path: "targets" }],
		["neither labels nor targets", { labels: undefined }, { code: "usage", path: "options" }],
		["both", { targets: [1, 2] }, { code: "usage", path: "options" }],
		["an element that is none", { holdOut: [4] }, { code: "value", path: "holdOut[0]", value: 4 }],
		["an element twice", { holdOut: [1, 1] }, { code: "usage", path: "options.holdOut" }],
		["a negative ridge", { ridge: -1 }, { code: "ridge" }],
		["an unknown option", { hold: 1 }, { code: "usage", path: "options.hold" }],
		["what is no action", { action: { type: "roll" } }, { code: "action" }],
		["an unknown kernel", { kernel: "ck" }, { code: "usage", path: "options.kernel" }],
		[
			"what does not act",
			{ action: customAction(cyclic(4), (x, g) => (g === 1 ? x.map((value) => 2 * value) : x)) },
			{ code: "action", path: "action" },
		],
		[
			"what is no group",
			{
				action: customAction(
					tableGroup([
						[0, 1],
						[1, 1],
					]),
					(x) => x,
				),
			},
			{ code: "group" },
		],
	])("%s", async (_, options, expected) => {
		await expect(call(options)).rejects.toMatchObject(expected);
	});

	test("an abort ends the call", async () => {
		const abort = new AbortController();
		const ended = engine.symmetry(mlp, { seeds: digits, labels, action: rotations(16), signal: abort.signal });
		abort.abort();
		await expect(ended).rejects.toMatchObject({ code: "aborted" });
	});
});
