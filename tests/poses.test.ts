import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
	createEngine,
	customAction,
	cyclic,
	dense,
	type Engine,
	pairs,
	planarRotations,
	relu,
	rotations,
	serial,
	shifts,
} from "../dist/index.js";
import { expectClose } from "./support/close.ts";
import { noise } from "./support/images.ts";

const network = serial(dense({ biasStd: 1 }), relu(), dense({ width: 1, biasStd: 1 }));
const images = noise(5, 8, 8);
const orders = [2, 3, 4, 5, 6, 8, 12];

describe.each([0, 2])("with %i workers", (workers) => {
	let engine: Engine;
	beforeAll(async () => {
		engine = await createEngine({ workers });
	});
	afterAll(() => engine.dispose());

	/** The quantities of one pair at one number of poses, from an orbit of just as many. */
	async function alone(a: number, b: number, order: number, action: typeof rotations | typeof shifts = rotations) {
		const seeds = { data: Float64Array.of(...seed(a), ...seed(b)), shape: [2, 8, 8] };
		const orbits = await engine.orbit(seeds, action(order));
		const points = Array.from({ length: 2 * order }, (_, k) => {
			const from = 64 * ((k % 2) * order + Math.floor(k / 2));
			return [...orbits.data.subarray(from, from + 64)];
		});
		const { ntk } = await engine.gram(network, points);
		return engine.pairQuantities(points, ntk as NonNullable<typeof ntk>);
	}
	const seed = (index: number) => images.data.subarray(64 * index, 64 * (index + 1));

	test("every number of poses is as if it were alone", async () => {
		const chosen = [
			[0, 1],
			[4, 2],
		] as const;
		const { orders: listed, ridge, pairs: found } = await engine.posesNeeded(network, images, chosen, { orders });
		expect([listed, ridge]).toEqual([orders, { trace: 1e-10 }]);
		for (const [k, [a, b]] of chosen.entries()) {
			const curves = found[k] as (typeof found)[number];
			expect([curves.a, curves.b]).toEqual([a, b]);
			for (const [n, order] of orders.entries()) {
				const expected = await alone(a, b, order);
				for (const name of ["exactError", "spectralError", "blockError", "ridge"] as const)
					expectClose([curves[name][n] as number], [expected[name]], { rtol: 1e-9 });
				expect(curves.correctCount[n]).toBe(expected.correctCount);
				expect(curves.blockCorrectCount[n]).toBe(expected.blockCorrectCount);
			}
		}
	});

	test("shifts leave the Gram invariant, so that the blocks are exact", async () => {
		const found = await engine.posesNeeded(network, images, [[0, 3]], { action: shifts, orders: [8, 2, 4, 2] });
		expect(found.orders).toEqual([2, 4, 8]);
		const { blockError, exactError, departure } = found.pairs[0] as (typeof found.pairs)[number];
		expectClose(blockError, exactError, { rtol: 1e-9 });
		expectClose(departure, [0, 0, 0], { atol: 1e-14 });
		for (const [n, order] of [2, 4, 8].entries())
			expectClose([exactError[n] as number], [(await alone(0, 3, order, shifts)).exactError], { rtol: 1e-9 });
	});

	test("first right and right throughout, and their distribution", async () => {
		const found = await engine.posesNeeded(network, images, ["a", "b", "a", "c", "b"], { orders });
		expect(found.pairs.map(({ a, b }) => `${a}${b}`)).toEqual(["01", "03", "04", "12", "13", "23", "24", "34"]);
		for (const { correctCount, firstRight, rightFrom } of found.pairs) {
			const right = orders.filter((_, n) => correctCount[n] === 2);
			expect(firstRight).toBe(right[0] ?? null);
			const from = orders.filter((order) => orders.every((other) => other < order || right.includes(other)));
			expect(rightFrom).toBe(from[0] ?? null);
		}
		const counted = (holds: (pair: (typeof found.pairs)[number], n: number) => boolean) =>
			orders.map((_, n) => found.pairs.filter((pair) => holds(pair, n)).length / 8);
		expect(found.shareRight).toEqual(counted((pair, n) => pair.correctCount[n] === 2));
		expect(found.shareRightFrom).toEqual(counted((pair, n) => (pair.rightFrom ?? 99) <= (orders[n] as number)));
		const inOrder = found.pairs.map(({ rightFrom }) => rightFrom ?? 99).sort((a, b) => a - b);
		const quartiles = [1, 3, 5].map((k) => (inOrder[k] === 99 ? null : inOrder[k]));
		expect(found.rightFrom).toEqual({ quartiles, never: inOrder.filter((order) => order === 99).length });
	});

	test("reports progress to the end, and ends on abort", async () => {
		const reports: number[] = [];
		const onProgress = ({ done, total }: { done: number; total: number }) => {
			expect(total).toBe(3 * orders.length);
			reports.push(done);
		};
		const drawn = pairs([0, 1, 0, 1, 2], 3, 1);
		await engine.posesNeeded(network, images, drawn, { orders, onProgress });
		expect(reports).toEqual([...reports].sort((a, b) => a - b));
		expect([reports[0], reports.at(-1)]).toEqual([0, 3 * orders.length]);

		const controller = new AbortController();
		const call = engine.posesNeeded(network, images, drawn, {
			signal: controller.signal,
			onProgress: ({ done }) => done > 0 && controller.abort("enough"),
		});
		await expect(call).rejects.toMatchObject({ code: "aborted", name: "AbortError", cause: "enough" });
	});

	test.for<[string, Parameters<Engine["posesNeeded"]>[2], object, object]>([
		["a pair of one seed", [[1, 1]], {}, { code: "value", path: "pairs[0]" }],
		[
			"a pair beyond the seeds",
			[
				[0, 1],
				[0, 5],
			],
			{},
			{ code: "value", path: "pairs[1]", index: 1 },
		],
		["too few labels", [1, 2], {}, { code: "shape", path: "labels" }],
		["equal labels", [1, 1, 1, 1, 1], {}, { code: "value", path: "labels" }],
		["no orders", [[0, 1]], { orders: [] }, { code: "usage", path: "options.orders" }],
		["orders that are none", [[0, 1]], { orders: [2.5] }, { code: "usage", path: "options.orders" }],
		["an action instead of a family", [[0, 1]], { action: rotations(4) }, { code: "action", path: "options.action" }],
		["a family of other orders", [[0, 1]], { action: () => rotations(4), orders: [2] }, { code: "action" }],
		["shifts that do not fit", [[0, 1]], { action: shifts, orders: [3] }, { code: "action" }],
		["an action on vectors", [[0, 1]], { action: planarRotations, orders: [3] }, { code: "shape" }],
		["a ridge that is none", [[0, 1]], { ridge: -1 }, { code: "ridge" }],
		["a spelling", [[0, 1]], { order: [2] }, { code: "usage", path: "options.order" }],
	])("refuses %s", async ([, labelsOrPairs, options, expected]) => {
		await expect(engine.posesNeeded(network, images, labelsOrPairs, options)).rejects.toMatchObject(expected);
	});

	test("says which pair can't be told", async () => {
		// All poses of both seeds are one point, of two labels.
		const still = (order: number) => customAction(cyclic(order), (x) => x.fill(1));
		const call = engine.posesNeeded(network, images, [[3, 4]], { action: still, orders: [2, 4], ridge: 0 });
		await expect(call).rejects.toMatchObject({
			code: "singular",
			path: "seeds[3], seeds[4]",
			message: expect.stringMatching(/^seeds 3 and 4 in 2, 4 poses: /),
		});
	});
});
