/** Orbits whose poses the kernel does not tell apart: an even kernel and changes of sign. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
	type Action,
	createEngine,
	customAction,
	cyclic,
	type Engine,
	polynomialKernel,
	type SymmetryOptions,
	type Tensor,
} from "../dist/index.js";
import { expectClose } from "./support/close.ts";
import { noise } from "./support/images.ts";

/** κ(−x, y) = κ(x, y). */
const even = polynomialKernel({ degree: 6 });

const signs = customAction(cyclic(2), (x, g) => (g === 0 ? x : x.map((value) => -value)));
/** Of the first two numbers alone. */
const someSigns = customAction(cyclic(2), (x, g) => x.map((value, k) => (g === 1 && k < 2 ? -value : value)));
/** Turns of all planes (0, 1), (2, 3) … together: half a turn changes signs. */
const turns = (order: number) =>
	customAction(cyclic(order), (x, g) => {
		const [cos, sin] = [Math.cos((2 * Math.PI * g) / order), Math.sin((2 * Math.PI * g) / order)];
		return x.map((value, k) => cos * value + (k % 2 === 0 ? -sin : sin) * (x[k ^ 1] as number));
	});
/** Powers of a matrix whose square is −1: the kernel is not invariant, though half of the elements change signs alone. */
const skew = customAction(cyclic(4), (x, g) => {
	let pose = x;
	for (let k = 0; k < g; k++)
		pose = pose.map((_, at) => (at % 2 === 0 ? -2 * (pose[at + 1] as number) : (pose[at - 1] as number) / 2));
	return pose;
});

let engine: Engine;
beforeAll(async () => {
	engine = await createEngine({ workers: 0 });
});
afterAll(() => engine.dispose());

/** Predictions from the definition; without a ridge, each point once that several poses are. */
async function withoutPoints(gram: Tensor, targets: number[], held: number[], ridge: number): Promise<number[]> {
	const n = gram.shape[0] as number;
	const largest = Math.max(...gram.data);
	const alike = (i: number, j: number) =>
		targets.every((_, k) => {
			const [one, other] = [gram.data[i * n + k] as number, gram.data[j * n + k] as number];
			return Math.abs(one - other) < 1e-12 * largest;
		});
	const others = targets.map((_, i) => i).filter((i) => !held.includes(i));
	const rest = others.filter((i, k) => ridge > 0 || others.findIndex((j) => alike(i, j)) === k);
	const part = (rows: number[]) => ({
		data: Float64Array.from(rows.flatMap((i) => rest.map((j) => gram.data[i * n + j] as number))),
		shape: [rows.length, rest.length],
	});
	const right = rest.map((i) => targets[i] as number);
	const fit = await engine.regression(part(rest), right, { ridge });
	return [...(await fit.predict(part(held))).mean.data];
}

/** The Gram of all poses. */
async function gramOf(seeds: Tensor, action: Action): Promise<Tensor> {
	const { data } = await engine.orbit(seeds, action);
	const [count, dimension] = seeds.shape as [number, number];
	const x = { data, shape: [data.length / dimension, dimension] };
	expect(x.shape[0]).toBe(count * (action.group as { order: number }).order);
	return (await engine.gram(even, x)).ntk as Tensor;
}

const ridges = [0, 0.01];
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe("reports", () => {
	const report = async (options: Omit<SymmetryOptions, "kernel">) => {
		const found = await engine.symmetry(even, options);
		// Neither NaN nor Infinity.
		expect(JSON.parse(JSON.stringify(found))).toEqual(found);
		return found;
	};

	test("a collapsed orbit is reported as such: its held-out pose is known", async () => {
		const seeds = noise(2, 5);
		for (const ridge of [0, 1e-18, 1e-14, undefined, 1e-6]) {
			const { orbits, pairs, ...rest } = await report({
				seeds,
				labels: [0, 1],
				action: signs,
				...(ridge !== undefined && { ridge }),
			});
			expect(rest).toMatchObject({ invariant: true, exact: { method: "regression", points: 4 } });
			for (const orbit of orbits) {
				expect(orbit).toMatchObject({ stabilizer: [0], indistinct: [0, 1], collapsed: true, correct: true });
				const errors = [orbit.exactError, orbit.groupError, orbit.blockError] as number[];
				// What a point's single equal leaves of its target: about ridge / κ(x, x).
				expectClose(errors, [0, 0, 0], { atol: 10 * rest.ridge });
				expectClose(errors, [errors[0], errors[0], errors[0]] as number[], { rtol: 1e-12 });
				expect(errors.every((error) => (rest.ridge === 0 ? error === 0 : error > 0))).toBe(true);
				expect(orbit.splits === null).toBe(rest.ridge === 0);
			}
			expect(pairs[0]).toMatchObject({ collapsed: true, correctCount: 2 });
			expectClose([pairs[0]?.spectralError as number], [0], { atol: 10 * rest.ridge });
			expect(pairs[0]?.meanReciprocal === null).toBe(rest.ridge === 0);
		}
	});

	const five = noise(3, 5);
	const four = noise(3, 4);
	// The first seed changes its sign, the others do not.
	const mixed = { data: four.data.map((value, k) => (k === 2 || k === 3 ? 0 : value)), shape: four.shape };
	test.each<[string, Tensor, Action, number[][], boolean]>([
		["all poses", five, signs, [0, 1, 2].map(() => [0, 1]), true],
		["pairs of poses", four, turns(4), [0, 1, 2].map(() => [0, 2]), true],
		["poses of one orbit", mixed, someSigns, [[0, 1], [0], [0]], true],
		["pairs of poses, the kernel not invariant", four, skew, [0, 1, 2].map(() => [0, 2]), false],
	])("errors where one point are %s", async (_, seeds, action, indistinct, invariant) => {
		const order = (action.group as { order: number }).order;
		const gram = await gramOf(seeds, action);
		const targets = [1, -0.5, 2];
		const all = targets.flatMap((target) => new Array<number>(order).fill(target));
		for (const ridge of ridges)
			for (const holdOut of [[0], [order - 1, 0], [order / 2, 0]].filter(
				(held) => new Set(held).size === held.length,
			)) {
				const { orbits, ...rest } = await report({ seeds, targets, action, ridge, holdOut });
				expect(rest.invariant).toBe(invariant);
				for (const [seed, { prediction, exactError, blockError, groupError, ...orbit }] of orbits.entries()) {
					expect(orbit.indistinct).toEqual(indistinct[seed]);
					const held = holdOut.map((g) => seed * order + g);
					const expected = mean(await withoutPoints(gram, all, held, ridge));
					const tolerance = { rtol: 1e-9, atol: 1e-9 };
					expectClose(
						[prediction, exactError] as number[],
						[expected, (targets[seed] as number) - expected],
						tolerance,
					);
					expect(groupError === null).toBe(!invariant);
					if (invariant) expectClose([blockError as number], [exactError as number], tolerance);
				}
			}
	});

	test("rules for several seeds and classes", async () => {
		const seeds = noise(6, 8);
		const labels = [0, 1, 2, 0, 1, 2];
		const gram = await gramOf(seeds, turns(6));
		for (const ridge of ridges) {
			const { rules, pairs } = await report({ seeds, labels, action: turns(6), ridge });
			for (const { classes, exact, spectral, block } of rules?.multiSeed ?? []) {
				const [p, q] = classes as [number, number];
				const at = [p, p + 3, q, q + 3].flatMap((seed) => Array.from({ length: 6 }, (_, g) => seed * 6 + g));
				const entries = at.flatMap((i) => at.map((j) => gram.data[i * 36 + j] as number));
				const part = { data: Float64Array.from(entries), shape: [24, 24] };
				const targets = at.map((_, k) => (k < 12 ? 1 : -1));
				const first = await withoutPoints(part, targets, [0, 6], ridge);
				const second = await withoutPoints(part, targets, [12, 18], ridge);
				expectClose(exact?.errors as number[], [1 - mean(first), 1 + mean(second)], { atol: 1e-8 });
				if (ridge === 0) expect([exact?.errors, spectral, block]).toEqual([[0, 0], 0, 0]);
			}
			for (const { seed, exact, oneAgainstRest } of rules?.multiClass ?? []) {
				const targets = labels.flatMap((label) => new Array<number>(6).fill(label === seed % 3 ? 1 : -1));
				const held = [seed % 3, (seed % 3) + 3].map((k) => k * 6);
				const predictions = await withoutPoints(gram, targets, held, ridge);
				expectClose([oneAgainstRest?.prediction as number], [predictions[seed < 3 ? 0 : 1] as number], { atol: 1e-8 });
				expect(exact?.correct).toBe(true);
			}
			expect(pairs.every(({ collapsed }) => !collapsed)).toBe(true);
		}
	});

	test("equal points of different labels are an error all the same", async () => {
		const [x] = [noise(1, 4).data];
		const seeds = { data: Float64Array.from([...x, ...x.map((value) => -value)]), shape: [2, 4] };
		const call = engine.symmetry(even, { seeds, labels: [0, 1], action: signs, ridge: 0 });
		await expect(call).rejects.toMatchObject({ code: "singular" });
	});
});

describe("pairs", () => {
	/** Poses of A and B in turn, from features that are shifted: A has its own again after `periods[0]` shifts. */
	function gramOfPair(order: number, periods: [number, number]): Tensor {
		const features = periods.map((period) => {
			const { data } = noise(period, 2);
			return Array.from({ length: order }, (_, k) => [...data.subarray(2 * (k % period), 2 * (k % period) + 2)]);
		});
		const points = Array.from({ length: 2 * order }, (_, i) => {
			const own = features[i % 2] as number[][];
			return own.flatMap((_, k) => own[(k + (i >> 1)) % order] as number[]);
		});
		const entries = points.flatMap((x) =>
			points.map((y) => x.reduce((sum, value, k) => sum + value * (y[k] as number), 0)),
		);
		return { data: Float64Array.from(entries), shape: [2 * order, 2 * order] };
	}

	test.each<[number, [number, number]]>([
		[1, [1, 1]],
		[2, [1, 1]],
		[6, [1, 1]],
		[6, [3, 2]],
		[6, [3, 6]],
		[12, [6, 4]],
	])("of %i poses, equal after %o", async (order, periods) => {
		const gram = gramOfPair(order, periods);
		const points = noise(2 * order, 3);
		const labels = Array.from({ length: 2 * order }, (_, i) => (i % 2 === 0 ? 1 : -1));
		for (const ridge of [...ridges, { trace: 1e-3 }, { meanDiagonal: 1e-2 }]) {
			const found = await engine.pairQuantities(points, gram, { ridge });
			const [a] = await withoutPoints(gram, labels, [0], found.ridge);
			const [b] = await withoutPoints(gram, labels, [1], found.ridge);
			const exact = (Math.abs(1 - (a as number)) + Math.abs(-1 - (b as number))) / 2;
			expectClose([found.exactError, found.blockError], [exact, exact], { rtol: 1e-9, atol: 1e-12 });
			expect(found.collapsed).toBe(order > 1 && Math.max(...periods) === 1);
			expect(found.blockCorrectCount).toBe(found.correctCount);
			expect(found.spectralError).toBeGreaterThanOrEqual(0);
			if (ridge === 0 && found.collapsed)
				expect(found).toMatchObject({ exactError: 0, blockError: 0, spectralError: 0, correctCount: 2 });
		}
	});

	test("how many poses are enough: those that change the sign alone", async () => {
		const orders = [2, 6, 12];
		const found = await engine.posesNeeded(even, noise(2, 8), [0, 1], { action: turns, orders, ridge: 0 });
		expect(found.pairs[0]).toMatchObject({ rightFrom: 2, exactError: [0, 0, 0] });
	});
});
