import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
	type Action,
	alternating,
	createEngine,
	customAction,
	cyclic,
	dihedral,
	type Engine,
	flips,
	permutationAction,
	permutationGroup,
	planarRotations,
	product,
	quarterTurns,
	quaternion,
	rotations,
	shifts,
	shifts2d,
	squareSymmetries,
	symmetric,
	tableGroup,
} from "../dist/index.js";
import { regular } from "./support/actions.ts";
import { failureOf } from "./support/failure.ts";
import { type LoadedArray, loadArray, loadManifest, type StoredArray } from "./support/files.ts";
import { tableOf } from "./support/groups.ts";
import { noise } from "./support/images.ts";

/** A case of the reference family finite-groups. */
interface GroupCase {
	name: string;
	inputs: { seeds: StoredArray };
	group: { name: string; multiplication: number[][]; permutations: StoredArray };
}

const raw = { prepare: "none" } as const;

let engine: Engine;
beforeAll(async () => {
	engine = await createEngine({ workers: 2 });
});
afterAll(() => engine.dispose());

describe("descriptions", () => {
	const custom = customAction(cyclic(2), (x) => x, { exact: false });
	const all: [Action, object][] = [
		[rotations(8), { type: "rotations", group: cyclic(8), exact: false }],
		[quarterTurns(), { type: "quarterTurns", group: cyclic(4), exact: true }],
		[flips(), { type: "flips", group: cyclic(2), exact: true }],
		[squareSymmetries(), { type: "squareSymmetries", group: dihedral(4), exact: true }],
		[shifts(7), { type: "shifts", group: cyclic(7), exact: true }],
		[shifts2d(2, 3), { type: "shifts2d", group: product(cyclic(2), cyclic(3)), exact: true }],
		[planarRotations(6), { type: "planarRotations", group: cyclic(6), exact: true }],
		[custom, { type: "custom", group: cyclic(2), exact: false }],
		[
			permutationAction(
				[
					[0, 1],
					[1, 0],
				],
				cyclic(2),
			),
			{
				type: "permutations",
				group: cyclic(2),
				exact: true,
				permutations: [
					[0, 1],
					[1, 0],
				],
			},
		],
	];

	test("are frozen data, and JSON but for functions", () => {
		for (const [action, json] of all) {
			expect(JSON.parse(JSON.stringify(action))).toEqual(json);
			expect(Object.isFrozen(action)).toBe(true);
		}
		expect([1, 2, 4].every((order) => rotations(order).exact)).toBe(true);
	});

	test("make the same orbits when read back", async () => {
		const seeds = noise(1, 6, 6);
		for (const action of [rotations(8), shifts2d(2, 3)])
			expect(await engine.orbit(seeds, JSON.parse(JSON.stringify(action)))).toEqual(await engine.orbit(seeds, action));
	});

	test.each<[string, () => unknown, object]>([
		["no poses", () => rotations(0), { path: "order", value: 0, expected: "a positive integer" }],
		["half a shift", () => shifts(1.5), { path: "order", value: 1.5 }],
		["no rows", () => shifts2d(0, 3), { path: "rows", value: 0 }],
		["no columns", () => shifts2d(2, Number.NaN), { path: "columns", value: Number.NaN }],
		[
			"too few permutations",
			() => permutationAction([[0, 1]], cyclic(2)),
			{ path: "permutations", expected: /^2 rows/ },
		],
		[
			"a position twice",
			() =>
				permutationAction(
					[
						[0, 1],
						[1, 1],
					],
					cyclic(2),
				),
			{ path: "permutations[1]", value: [1, 1] },
		],
		[
			"half a position",
			() =>
				permutationAction(
					[
						[0, 1],
						[0.5, 0],
					],
					cyclic(2),
				),
			{ path: "permutations[1]" },
		],
		["no function", () => customAction(cyclic(2), 7 as never), { path: "apply", value: 7 }],
		["half exact", () => customAction(cyclic(2), (x) => x, { exact: 0.5 as never }), { path: "exact", value: 0.5 }],
		["no group", () => customAction({} as never, (x) => x), { code: "group", path: "group" }],
		[
			"a group without end",
			() =>
				customAction(
					permutationGroup([
						[1, 2, 3, 4, 5, 6, 7, 0],
						[1, 0, 2, 3, 4, 5, 6, 7],
					]),
					(x) => x,
				),
			{ code: "group", path: "generators", expected: "generators of at most 5040 elements" },
		],
		["a vector of positions", () => permutationAction([0, 1], cyclic(2)), { code: "shape", path: "permutations" }],
	])("refuse %s", (_, call, { expected, ...fields }: { expected?: string | RegExp }) => {
		expect(failureOf(call)).toMatchObject({
			code: "action",
			...(expected && { expected: expect.stringMatching(expected) }),
			...fields,
		});
	});
});

describe("the action property", () => {
	const image = noise(2, 6, 6);
	const exact: [string, Action, LoadedArray][] = [
		["rotations(4)", rotations(4), image],
		["rotations(2)", rotations(2), noise(2, 4, 6)],
		["quarterTurns()", quarterTurns(), image],
		["flips()", flips(), noise(2, 4, 6, 2)],
		["squareSymmetries()", squareSymmetries(), image],
		["shifts(6)", shifts(6), noise(2, 3, 6)],
		["shifts2d(3, 2)", shifts2d(3, 2), image],
		["planarRotations(7)", planarRotations(7), noise(3, 5)],
		["the symmetric group of 4", regular(symmetric(4)), noise(1, 24, 2)],
		["the alternating group of 4", regular(alternating(4)), noise(2, 3, 4)],
		["the quaternions", regular(quaternion()), noise(2, 8)],
		["a product", regular(product(cyclic(2), dihedral(3))), noise(2, 12)],
		[
			"generated permutations",
			regular(
				permutationGroup([
					[1, 2, 0, 3, 4],
					[0, 1, 2, 4, 3],
				]),
			),
			noise(2, 6),
		],
		["a function", customAction(cyclic(2), (x, g) => (g ? x.map((value) => -value) : x)), noise(2, 3)],
	];

	test.each(exact)("holds for %s", async (_, action, seeds) => {
		const { exact, defect, stabilizers } = await engine.checkAction(seeds, action, tableOf(action.group));
		expect(exact).toBe(true);
		expect(defect).toBeLessThan(action.type === "planarRotations" ? 1e-14 : 1e-300);
		expect(stabilizers).toEqual(Array.from({ length: seeds.shape[0] as number }, () => [0]));
	});

	test("holds for the permutations of the reference", async () => {
		const manifest = await loadManifest<{ cases: GroupCase[] }>("finite-groups");
		for (const { name, inputs, group } of manifest?.cases ?? []) {
			const rows = (await loadArray("finite-groups", group.permutations)) as LoadedArray;
			const seeds = (await loadArray("finite-groups", inputs.seeds)) as LoadedArray;
			const action = permutationAction(rows, tableGroup(group.multiplication));
			const orbits = await engine.orbit(seeds, action);
			const [count, positions] = [seeds.shape[0] as number, rows.shape[1] as number];
			const channels = seeds.data.length / count / positions;
			const expected = Array.from({ length: count }, (_, s) =>
				Array.from(rows.data, (p) => {
					const start = (s * positions + p) * channels;
					return [...seeds.data.subarray(start, start + channels)];
				}),
			);
			expect([...orbits.data]).toEqual(expected.flat(2));
			const check = await engine.checkAction(seeds, action, tableOf(action.group));
			expect([name, check.defect]).toEqual([name, 0]);

			const [rowCount, columnCount] = name.includes("image") ? [Math.sqrt(positions)] : [4, 4];
			const images = { data: seeds.data, shape: [count, rowCount as number, columnCount ?? (rowCount as number)] };
			const twin = name.includes("image") ? squareSymmetries() : name.includes("C4xC4") ? shifts2d(4, 4) : undefined;
			if (twin) expect((await engine.orbit(images, twin, raw)).data).toEqual(orbits.data);
		}
	});

	test("is missed by interpolation, which is no error", async () => {
		const { exact, defect } = await engine.checkAction(image, rotations(8), tableOf(cyclic(8)));
		expect(exact).toBe(false);
		expect(defect).toBeGreaterThan(0.01);
		expect(defect).toBeLessThan(2);
		// Quarter turns of what is not square lose pixels.
		const wide = await engine.checkAction(noise(1, 4, 6), rotations(4), tableOf(cyclic(4)));
		expect(wide.exact).toBe(false);
		expect(wide.defect).toBeGreaterThan(0.01);
	});

	test("is checked where it is claimed: the failing triple", async () => {
		// Rows of g where those of g⁻¹ belong: an action from the right.
		const { order, product: times } = tableOf(dihedral(3));
		const rows = Array.from({ length: order }, (_, g) => [...times.subarray(g * order, (g + 1) * order)]);
		const wrong = permutationAction(rows, dihedral(3));
		const seeds = noise(2, 6);
		const error = await engine.checkAction(seeds, wrong, tableOf(dihedral(3))).catch((error) => error);
		expect(error).toMatchObject({ code: "action", path: "action", expected: "a left action, (gh)·x = g·(h·x)" });
		const { generator, element, seed, defect } = error.value;
		expect(tableOf(dihedral(3)).generators).toContain(generator);
		expect(error.index).toBe(seed);
		expect(defect).toBeGreaterThan(0.1);
		expect(error.message).toContain(`for g = ${generator}, h = ${element}`);
		// It is a miss: of this seed g·(h·x) is not (gh)·x.
		const pose = (of: Float64Array, g: number) => Float64Array.from(rows[g] as number[], (p) => of[p] as number);
		const x = seeds.data.subarray(6 * seed, 6 * seed + 6);
		expect(pose(pose(x, element), generator)).not.toEqual(pose(x, times[generator * order + element] as number));
	});

	test("needs an identity that leaves seeds as they are", async () => {
		const shrink = (exact: boolean) => customAction(cyclic(1), (x) => x.map((value) => value / 2), { exact });
		const seeds = noise(1, 3);
		await expect(engine.checkAction(seeds, shrink(true), tableOf(cyclic(1)))).rejects.toMatchObject({
			code: "action",
			message: expect.stringContaining("the identity (0) changes seed 0 by 0.5"),
			value: { generator: 0, element: 0, seed: 0, defect: 0.5 },
		});
		const { exact, defect } = await engine.checkAction(seeds, shrink(false), tableOf(cyclic(1)));
		expect({ exact, defect }).toEqual({ exact: false, defect: 0.5 });
	});

	test("is checked by the table of its own group", async () => {
		await expect(engine.checkAction(image, rotations(4), tableOf(cyclic(2)))).rejects.toMatchObject({
			code: "group",
			path: "table.order",
			value: 2,
		});
	});
});

describe("stabilizers", () => {
	const stabilizers = async (seeds: Parameters<Engine["orbit"]>[0], action: Action, options = {}) =>
		(await engine.checkAction(seeds, action, tableOf(action.group), options)).stabilizers;

	test("of symmetric images", async () => {
		const all = [0, 1, 2, 3, 4, 5, 6, 7];
		const images = [
			[
				[0, 1, 0],
				[1, 2, 1],
				[0, 1, 0],
			],
			[
				[1, 2, 1],
				[3, 4, 3],
				[5, 6, 5],
			],
			[
				[1, 2, 3],
				[4, 5, 4],
				[3, 2, 1],
			],
			[
				[1, 2, 3],
				[4, 5, 6],
				[7, 8, 9],
			],
		];
		expect(await stabilizers(images, squareSymmetries())).toEqual([all, [0, 4], [0, 2], [0]]);
		expect(await stabilizers(images, squareSymmetries(), raw)).toEqual([all, [0, 4], [0, 2], [0]]);
		expect(await stabilizers([[[1, 2, 1, 2]]], shifts(4))).toEqual([[0, 2]]);
		expect(
			await stabilizers(
				[
					[0, 0, 3],
					[0, 1e-9, 3],
				],
				planarRotations(5),
			),
		).toEqual([[0, 1, 2, 3, 4], [0]]);
	});

	test("are those of what is prepared", async () => {
		const double = customAction(cyclic(2), (x, g) => x.map((value) => (g ? 2 * value : value)), { exact: false });
		expect(await stabilizers([[1, 2, 3]], double)).toEqual([[0]]);
		expect(await stabilizers([[1, 2, 3]], double, { prepare: "center-unit" })).toEqual([[0, 1]]);
	});

	test("of interpolated poses are those that are equal", async () => {
		const ring = [
			[0, 1, 0],
			[1, 2, 1],
			[0, 1, 0],
		];
		expect(await stabilizers([ring], rotations(8))).toEqual([[0, 2, 4, 6]]);
		// Pose 1 is the seed by chance, pose 2 is not: no subgroup.
		const chance = customAction(cyclic(4), (x, g) => (g < 2 ? x : x.map((value) => value + g)), { exact: false });
		expect(await stabilizers([[1, 2]], chance)).toEqual([[0]]);
	});
});
