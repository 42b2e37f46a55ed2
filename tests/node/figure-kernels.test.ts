/** Figures 5, 6 and shifts: what they compute is what the library gives, and what the paper's scripts recorded. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
	type Action,
	createEngine,
	type Engine,
	embeddedDigits,
	gather,
	type LabelledImages,
	type MultiSeedRule,
	type Network,
	rotations,
	shifts,
	type Tensor,
} from "../../dist/index.js";
import { type Data5, figure5 } from "../../figures/5.ts";
import { type Data6, figure6 } from "../../figures/6.ts";
import type { FigureOptions } from "../../figures/figure.ts";
import { cnn, mlp } from "../../figures/networks.ts";
import { type Cell, cells, QUANTITIES, quantitiesOf } from "../../figures/orbit-pairs.ts";
import { type DataShifts, figureShifts, ordersOf } from "../../figures/shifts.ts";
import { multiClass, multiSeed, type Seeds } from "../../figures/ten-classes.ts";
import { expectClose, type Tolerance } from "../support/close.ts";
import { type LoadedArray, loadArray, loadManifest, type StoredArray } from "../support/files.ts";
import { type PairCase, posesInTurn, type Quantity, readDigits } from "../support/paper.ts";

const TIMEOUT = 240_000;
/** Of the figures. */
const RIDGE = { ridge: { trace: 1e-10 } };

let engine: Engine;
let embedded: LabelledImages;
beforeAll(async () => {
	engine = await createEngine({ workers: 2 });
	embedded = await embeddedDigits();
});
afterAll(() => engine.dispose());

/** What figures are told, with parts that are kept in memory. */
function optionsOf({ images, labels }: LabelledImages, pairs: number) {
	const kept = new Map<string, string>();
	const options: FigureOptions = {
		...{ engine, digits: { images, labels, source: "test" }, scale: "quick", pairs, seed: 3, packageVersion: "0.0.0" },
		parts: {
			read: async <Value>(name: string) => {
				const text = kept.get(name);
				return text === undefined ? undefined : (JSON.parse(text) as Value);
			},
			write: async (name: string, value: unknown) => {
				if (kept.has(name)) throw new Error(`${name} is written twice`);
				kept.set(name, JSON.stringify(value));
			},
		},
	};
	return { options, names: () => [...kept.keys()].sort() };
}

/** A few digits of some classes, n × side × side. */
async function few(classes: number, each: number, side: number): Promise<LabelledImages> {
	const all = Array.from(embedded.labels);
	const indices = Array.from({ length: classes }, (_, label) =>
		all.flatMap((own, index) => (own === label ? [index] : [])).slice(0, each),
	).flat();
	const { data, shape } = await engine.resize(gather(embedded.images, indices), [side, side]);
	return {
		images: { data: Float64Array.from(data), shape },
		labels: Int32Array.from(indices, (index) => all[index] as number),
	};
}

/** Asserts that a cell holds what the library gives for each pair, in its order. */
async function expectDirect(
	cell: Cell,
	drawn: readonly { a: number; b: number }[],
	{ images }: LabelledImages,
	{ network, action }: { network: Network; action: (order: number) => Action },
): Promise<void> {
	for (const name of QUANTITIES) expect(cell[name]).toHaveLength(drawn.length);
	for (const [k, { a, b }] of drawn.entries()) {
		const x = await posesInTurn(engine, gather(images, [a, b]), action(cell.poses));
		const direct = await engine.pairQuantities(x, (await engine.gram(network, x)).ntk as Tensor, RIDGE);
		for (const name of QUANTITIES) expectClose([cell[name][k] as number], [direct[name]], { rtol: 1e-8, atol: 1e-12 });
	}
}

describe("figure 5", { timeout: TIMEOUT }, () => {
	const PAIRS = 2;
	let digits: LabelledImages;
	let run: ReturnType<typeof optionsOf>;
	let data: Data5;
	beforeAll(async () => {
		digits = await few(4, 5, 14);
		run = optionsOf(digits, PAIRS);
		data = await figure5.compute(run.options);
	}, TIMEOUT);

	test("has each network at its numbers of poses, and says how many pairs", () => {
		expect(data).toMatchObject({ format: "orbit-kernels/figure-5", version: 1, seed: 3, ridge: RIDGE.ridge });
		expect(data.pairs).toHaveLength(PAIRS);
		const orders = [2, 4, 8, 16, 32, 64];
		expect(data.networks.map(({ name, pairs, cells }) => [name, pairs, cells.map(({ poses }) => poses)])).toEqual([
			["mlp-1", PAIRS, orders],
			["mlp-5", PAIRS, orders],
			["cnn-flatten", PAIRS, orders],
			["cnn-gap", PAIRS, [2, 4, 8]],
		]);
		expect(JSON.parse(JSON.stringify(data))).toEqual(data);
	});

	test("holds what the library gives", async () => {
		const networks = [mlp(1), mlp(5), cnn(false), cnn(true)];
		for (const [k, { cells }] of data.networks.entries())
			for (const poses of [4, 8])
				await expectDirect(cells.find((cell) => cell.poses === poses) as Cell, data.pairs, digits, {
					network: networks[k] as Network,
					action: rotations,
				});
	});

	test("trained networks are trained to the end, beside a regression on the same points", async () => {
		const { trained, networks } = data;
		expect(trained.spectralError).toEqual(networks[0]?.cells[2]?.spectralError);
		for (const [k, { a, b }] of data.pairs.entries()) {
			const x = await posesInTurn(engine, gather(digits.images, [a, b]), rotations(8));
			const { ntk } = await engine.gram(mlp(1), x);
			const labels = Array.from({ length: 16 }, (_, point) => 1 - 2 * (point % 2));
			const { data: rest } = (await (await engine.regression(ntk as Tensor, labels, RIDGE)).leaveOneOut()).residual;
			const [first, last] = [rest[0] as number, -(rest[15] as number)];
			expectClose([trained.kernelError[k] as number], [(Math.abs(first) + Math.abs(last)) / 2], { rtol: 1e-8 });
			expect(trained.kernelCorrect[k]).toBe(Number(first < 1) + Number(last < 1));
			expect(trained.lastLoss[k]).toBeLessThan(1e-3);
			expect([0, 1, 2]).toContain(trained.trainedCorrect[k]);
		}
	});

	test("goes on with what is kept, and gives the same", async () => {
		expect(run.names()).toEqual(
			[...["mlp-1", "mlp-5", "cnn-flatten", "cnn-gap", "trained"].flatMap((name) => [`${name}-0`, `${name}-1`])].sort(),
		);
		expect(await figure5.compute(run.options)).toEqual(data);
	});

	test("is drawn and told", () => {
		const [scatters, beside, shares] = figure5.plot(data);
		expect([scatters, beside, shares].map((group) => group?.panels.length)).toEqual([5, 1, 2]);
		const { table, insight } = figure5.describe(data);
		expect(table.rows).toHaveLength(3 * 6 + 3 + 2);
		for (const row of table.rows) expect(row).toHaveLength(table.head.length);
		expect(insight).toMatch(/^At N = 8 .* pairs, with an error within a factor of [\d.]+ of its in half of them\.$/);
	});
});

describe("figure shifts", { timeout: TIMEOUT }, () => {
	let digits: LabelledImages;
	let data: DataShifts;
	beforeAll(async () => {
		digits = await few(3, 3, 12);
		data = await figureShifts.compute(optionsOf(digits, 2).options);
	}, TIMEOUT);

	test("takes all numbers of shifts that the width has", () => {
		expect(ordersOf(28)).toEqual([2, 4, 7, 14, 28]);
		expect(ordersOf(29)).toEqual([29]);
		for (const { cells } of data.networks) expect(cells.map(({ poses }) => poses)).toEqual([2, 3, 4, 6, 12]);
	});

	test("holds what the library gives; pooled orbits are points, and their poses are known", async () => {
		const [flat, pooled] = data.networks as [(typeof data.networks)[0], (typeof data.networks)[0]];
		for (const cell of flat.cells) {
			await expectDirect(cell, data.pairs, digits, { network: cnn(false), action: shifts });
			expect(cell.collapsed).toEqual([0, 0]);
		}
		for (const { collapsed, exactError, spectralError, correctCount } of pooled.cells) {
			expect([collapsed, correctCount]).toEqual([
				[1, 1],
				[2, 2],
			]);
			expect(Math.max(...exactError, ...spectralError)).toBeLessThan(1e-4);
		}
	});

	test("is drawn and told", () => {
		const groups = figureShifts.plot(data);
		expect(groups.map(({ panels }) => panels.length)).toEqual([5, 5, 2]);
		expect(groups[1]?.caption).toMatch(/All pairs have collapsed: .* its error is 0, but for the ridge/);
		expect(figureShifts.describe(data).insight).toMatch(
			/^CNN-Flatten, which takes no orbit for a point, .*; CNN-GAP, which takes every orbit for a point, reads 100 % /,
		);
	});
});

describe("figure 6", { timeout: TIMEOUT }, () => {
	let digits: LabelledImages;
	let data: Data6;
	beforeAll(async () => {
		digits = await few(4, 3, 10);
		data = await figure6.compute(optionsOf(digits, 2).options);
	}, TIMEOUT);

	test("draws classes and digits, and says which", () => {
		const { multiSeed, multiClass } = data;
		expect(multiSeed.tests).toHaveLength(2);
		for (const seeds of [...multiSeed.tests, multiClass.seeds])
			for (const { label, images } of seeds) {
				expect(new Set(images).size).toBe(3);
				expect(images.map((index) => digits.labels[index])).toEqual([label, label, label]);
			}
		for (const [one, other] of multiSeed.tests) expect(one?.label).toBeLessThan(other?.label as number);
		expect(multiClass.seeds.map(({ label }) => label)).toEqual([0, 1, 2, 3]);
		expect(multiClass.trained.heldOut).toHaveLength(2);
	});

	test("holds the library's rules", async () => {
		for (const [k, seeds] of data.multiSeed.tests.entries()) {
			const { rules } = await engine.symmetry(mlp(1), {
				seeds: gather(
					digits.images,
					seeds.flatMap(({ images }) => images),
				),
				labels: seeds.flatMap(({ label, images }) => images.map(() => label)),
				...{ action: rotations(8), ...RIDGE },
			});
			const rule = rules?.multiSeed[0] as MultiSeedRule;
			const { errors, positiveFraction } = rule.exact as NonNullable<MultiSeedRule["exact"]>;
			const [cell] = data.multiSeed.cells as [Data6["multiSeed"]["cells"][0]];
			expectClose([cell.exactError[k] as number], [(errors[0] + errors[1]) / 2], { rtol: 1e-9 });
			expectClose([cell.spectralError[k] as number], [rule.spectral as number], { rtol: 1e-9 });
			expect(cell.correctShare[k]).toBe(positiveFraction);
		}
		expect(data.multiClass.cells.map(({ poses }) => poses)).toEqual([4, 16]);
		for (const { exact, spectral, trained, known } of data.multiClass.cells) {
			expect([exact, spectral, trained, known].map(({ length }) => length)).toEqual([4, 4, 2, 2]);
			for (const share of [...exact, ...spectral, ...trained]) expect(share * 3).toBeCloseTo(Math.round(share * 3), 10);
		}
	});

	test("is drawn and told", () => {
		expect(figure6.plot(data).map(({ panels }) => panels.length)).toEqual([1, 1]);
		const { table, insight } = figure6.describe(data);
		expect(table.rows.map(([part, poses]) => [part, poses])).toEqual([
			["A", "8"],
			["B", "4"],
			["B", "16"],
		]);
		expect(insight).toMatch(
			/^At N = 8 the mean .*; with 4 classes, at N = 4 trained networks recognize .* foretells \d+ %\.$/,
		);
	});
});

describe("the paper's digits", { timeout: TIMEOUT }, () => {
	let mnist: LabelledImages | undefined;
	beforeAll(async () => {
		mnist = await readDigits();
	});
	const casesOf = async <Case>(family: string) => (await loadManifest<{ cases: Case[] }>(family))?.cases ?? [];
	const ofPaper = (digits: LabelledImages) => optionsOf(digits, 1).options;

	/** The kernels of the figures by the cases that hold their numbers. */
	const KERNELS: [family: string, name: string, poses: number, network: Network, action?: typeof shifts][] = [
		["paper-mlp", "mlp1-rot8", 8, mlp(1)],
		["paper-mlp", "mlp5-rot8", 8, mlp(5)],
		["paper-cntk", "cntk-fc-k3-demean-8", 8, cnn(false)],
		["paper-cntk", "cntk-gap-k3-8", 8, cnn(true)],
		["paper-cntk", "shift-fc-k3-7", 7, cnn(false), shifts],
		["paper-cntk", "shift-gap-k3-7", 7, cnn(true), shifts],
	];
	test.for(KERNELS)("%s, %s: cells of figures", async ([family, name, poses, network, action], { skip }) => {
		const one = (await casesOf<PairCase>(family)).find((each) => each.name === name) ?? skip("no reference");
		const digits = mnist ?? skip("MNIST is not there");
		const { indicesA, indicesB } = one.inputs;
		const drawn = indicesA.map((a, p) => [a, indicesB[p] as number] as const);
		const collapsed = name.startsWith("shift-gap");
		const recorded = async (quantity: Quantity) =>
			((await loadArray(family, one.expected[quantity] as StoredArray)) as LoadedArray).data;
		const stated = (quantity: Quantity): Tolerance => one.tolerance.by[quantity] ?? one.tolerance;

		const run = { network, pairs: drawn, orders: [poses], ...(action && { action }) };
		const [cell] = (await cells(ofPaper(digits), "pair", run, QUANTITIES, () => {})) as [Cell];
		expectClose(cell.deltaSquared, await recorded("deltasq"), stated("deltasq"));
		expectClose(cell.projectedRadius, await recorded("proj_radius"), stated("proj_radius"));
		expectClose(cell.meanWithinOrbitKernel, await recorded("avg_angle"), stated("avg_angle"));
		expectClose(cell.correctCount, await recorded("counts"), { atol: 0 });
		// The script's ridge is a part of the trace without the held-out point.
		expectClose(cell.exactError, await recorded("em_errs"), collapsed ? { atol: 1e-6 } : { rtol: 1e-5 });

		const ridge = { meanDiagonal: 1e-5 * 2 * poses };
		const spectral = await Promise.all(
			drawn.map(async (pair) => {
				const orbits = await engine.orbit(gather(digits.images, pair), (action ?? rotations)(poses));
				return (await quantitiesOf(engine, network, orbits, [poses], { ridge }))[0]?.spectralError as number;
			}),
		);
		expectClose(spectral, await recorded("sp_errs"), stated("sp_errs"));
	});

	interface MultiCase {
		name: string;
		inputs: { indicesA: number[]; indicesB: number[]; indices: number[][]; rotations: number };
		expected: Record<string, StoredArray> & Record<"sp_err" | "err_a" | "err_b" | "positiveFraction", number>;
		tolerance: Tolerance;
	}
	/** The script's absolute ridge of regressions. */
	const EXACT = 1e-10;

	test.for([4, 8].flatMap((poses) => [0, 1, 2].map((k) => `multiple-seeds-hidden1-rot${poses}-test${k}`)))(
		"%s: figure 6 A",
		async (name, { skip }) => {
			const cases = await casesOf<MultiCase>("paper-multi");
			const { inputs, expected, tolerance } = cases.find((one) => one.name === name) ?? skip("no reference");
			const options = ofPaper(mnist ?? skip("MNIST is not there"));
			const seeds: Seeds = [inputs.indicesA, inputs.indicesB].map((images, label) => ({ label, images }));
			const exact = await multiSeed(options, seeds, inputs.rotations, EXACT);
			expectClose([exact.exactError], [(expected.err_a + expected.err_b) / 2], tolerance);
			expectClose([exact.correctShare], [expected.positiveFraction], tolerance);
			const ridge = { meanDiagonal: 1e-5 * 2 * inputs.rotations };
			const { spectralError } = await multiSeed(options, seeds, inputs.rotations, ridge);
			expectClose([spectralError], [expected.sp_err], tolerance);
		},
	);

	test("m-classification-rot8-seeds2: figure 6 B", async ({ skip }) => {
		const cases = await casesOf<MultiCase>("paper-multi");
		const { inputs, expected } = cases.find(({ name }) => name.startsWith("m-class")) ?? skip("no reference");
		const options = ofPaper(mnist ?? skip("MNIST is not there"));
		const seeds: Seeds = inputs.indices.map((images, label) => ({ label, images }));
		/** The share of each class's seeds for which a number is positive. */
		const shares = async (name: string) => {
			const { data } = (await loadArray("paper-multi", expected[name] as StoredArray)) as LoadedArray;
			return seeds.map((_, k) => (Number((data[2 * k] as number) > 0) + Number((data[2 * k + 1] as number) > 0)) / 2);
		};
		expect((await multiClass(options, seeds, inputs.rotations, EXACT)).exact).toEqual(await shares("regressionPred"));
		expect((await multiClass(options, seeds, inputs.rotations, 1e-5)).spectral).toEqual(
			await shares("spectralCorrect"),
		);
	});
});
