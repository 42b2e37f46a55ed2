import { describe, expect, test } from "vitest";
import {
	alternating,
	cyclic,
	dihedral,
	type Group,
	permutationGroup,
	product,
	quaternion,
	symmetric,
	tableGroup,
} from "../dist/index.js";
import { failureOf } from "./support/failure.ts";
import { loadManifest } from "./support/files.ts";
import { tableOf } from "./support/groups.ts";

const square = [
	[1, 2, 3, 0],
	[2, 1, 0, 3],
];

const groups: [Group, number][] = [
	[cyclic(1), 1],
	[cyclic(6), 6],
	[dihedral(1), 2],
	[dihedral(5), 10],
	[symmetric(1), 1],
	[symmetric(4), 24],
	[alternating(2), 1],
	[alternating(4), 12],
	[quaternion(), 8],
	[product(cyclic(2), dihedral(3)), 12],
	[permutationGroup(square), 8],
	[
		tableGroup([
			[0, 1],
			[1, 0],
		]),
		2,
	],
];

describe("groups", () => {
	test("are plain frozen data", () => {
		expect(cyclic(8)).toEqual({ type: "cyclic", order: 8 });
		expect(dihedral(4)).toEqual({ type: "dihedral", order: 4 });
		expect(symmetric(5)).toEqual({ type: "symmetric", degree: 5 });
		expect(alternating(4)).toEqual({ type: "alternating", degree: 4 });
		expect(quaternion()).toEqual({ type: "quaternion" });
		expect(product(cyclic(4), quaternion())).toEqual({ type: "product", factors: [cyclic(4), quaternion()] });
		expect(permutationGroup(square)).toEqual({ type: "permutations", generators: square });
		expect(tableGroup([[0]])).toEqual({ type: "table", table: [[0]] });
		for (const [group] of groups) {
			expect(JSON.parse(JSON.stringify(group))).toEqual(group);
			expect(Object.isFrozen(group)).toBe(true);
			for (const value of Object.values(group)) expect(Object.isFrozen(value)).toBe(true);
		}
	});

	test.each(groups)("the table of %j is one of a group of %i elements", (group, order) => {
		const { product, inverse, identity, ...table } = tableOf(group);
		expect(table.order).toBe(order);
		const times = (g: number, h: number) => product[g * order + h] as number;
		for (let g = 0; g < order; g++) {
			expect(times(identity, g)).toBe(g);
			expect(times(g, inverse[g] as number)).toBe(identity);
			for (let h = 0; h < order; h++)
				for (let k = 0; k < order; k++)
					if (times(times(g, h), k) !== times(g, times(h, k))) expect.fail(`(${g}·${h})·${k} ≠ ${g}·(${h}·${k})`);
		}
	});

	test("multiply as the reference has it", async () => {
		const manifest = await loadManifest<{ cases: { group: { name: string; multiplication: number[][] } }[] }>(
			"finite-groups",
		);
		const cases = manifest?.cases ?? [];
		expect(cases.length).toBe(19);
		for (const { group } of cases) {
			const orders = group.name.split("x").map((factor) => Number(factor.slice(1)));
			const described = group.name.startsWith("D") ? dihedral(orders[0] as number) : product(...orders.map(cyclic));
			expect([...tableOf(described).product]).toEqual(group.multiplication.flat());
		}
	});

	test.each<[string, () => unknown, object]>([
		["no elements", () => cyclic(0), { path: "order", value: 0, expected: "a positive integer" }],
		["half a rotation", () => dihedral(2.5), { path: "order", value: 2.5 }],
		["too many things", () => symmetric(6), { path: "degree", value: 6, expected: "an integer from 1 to 5" }],
		["no things", () => alternating(0), { path: "degree", value: 0 }],
		["no factors", () => product(), { path: "factors" }],
		["a factor that is none", () => product(cyclic(2), { type: "cyclical" } as never), { path: "factors[1]" }],
		["no generators", () => permutationGroup([]), { path: "generators" }],
		["an image twice", () => permutationGroup([[0, 1, 1]]), { path: "generators[0]", expected: "each of 0 … 2 once" }],
		["an image too large", () => permutationGroup([[0, 2]]), { path: "generators[0]", value: [0, 2] }],
		[
			"generators of two lengths",
			() =>
				permutationGroup([
					[1, 0],
					[0, 1, 2],
				]),
			{ path: "generators[1]" },
		],
		["no table", () => tableGroup([]), { path: "table" }],
		["a table with gaps", () => tableGroup([[0, 1], [1]]), { path: "table[1]", value: [1] }],
		[
			"a product that is no element",
			() =>
				tableGroup([
					[0, 1],
					[1, 2],
				]),
			{ path: "table[1][1]", value: 2 },
		],
	])("refuse %s", (_, call, fields) => {
		expect(failureOf(call)).toMatchObject({ name: "OrbitKernelsError", code: "group", ...fields });
	});
});
