/** Actions and groups as they are typed. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
	alternating,
	cyclic,
	dihedral,
	flips,
	permutationAction,
	product,
	quarterTurns,
	quaternion,
	rotations,
	shifts,
	shifts2d,
	squareSymmetries,
	symmetric,
	writeNpy,
} from "../../dist/index.js";
import { action, group, readAction } from "../../ts/cli/action.ts";

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "orbit-kernels-action-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("--action", () => {
	test.each([
		["rotate:8", rotations(8)],
		["shift:7", shifts(7)],
		["shift:2x3", shifts2d(2, 3)],
		["turn", quarterTurns()],
		["flip", flips()],
		["square", squareSymmetries()],
		["permute:a:b.npy", { permutationFile: "a:b.npy" }],
	])("takes %s", (text, expected) => {
		expect(action.parse(text)).toEqual(expected);
	});

	test.each([
		..."rotate rotate: rotate:0 rotate:-1 rotate:1.5 rotate:8x2 rotate:8: rotation:8 constructor:1".split(" "),
		..."shift shift:2x shift:2x3x4 turn:4 flip:2 square:4 permute permute: roll:3".split(" "),
		"",
	])("refuses %j", (text) => {
		expect(action.parse(text)).toBeUndefined();
	});
});

describe("--group", () => {
	test.each([
		["cyclic:8", cyclic(8)],
		["dihedral:4", dihedral(4)],
		["symmetric:4", symmetric(4)],
		["alternating:5", alternating(5)],
		["quaternion", quaternion()],
		["cyclic:4xcyclic:4", product(cyclic(4), cyclic(4))],
		["cyclic:2xquaternionxdihedral:3", product(cyclic(2), quaternion(), dihedral(3))],
	])("takes %s", (text, expected) => {
		expect(group.parse(text)).toEqual(expected);
	});

	test.each(
		"cyclic cyclic:0 cyclic:4x cyclic:4x4 symmetric:6 quaternion:8 xcyclic:2 klein cyclic:4×cyclic:4".split(" "),
	)("refuses %s", (text) => {
		expect(group.parse(text)).toBeUndefined();
	});
});

describe("an action that was typed", () => {
	const rows = [
		[0, 1, 2],
		[2, 0, 1],
		[1, 2, 0],
	];
	const file = async (name: string, array: Parameters<typeof writeNpy>[0]) => {
		await writeFile(join(folder, name), writeNpy(array));
		return { permutationFile: join(folder, name) };
	};

	test("reads its permutations, of integers or floats", async () => {
		const expected = permutationAction(rows, cyclic(3));
		const floats = { data: Float64Array.from(rows.flat()), shape: [3, 3] };
		expect(await readAction(await file("floats.npy", floats), cyclic(3))).toEqual(expected);
		const integers = { data: BigInt64Array.from(rows.flat(), BigInt), shape: [3, 3] };
		expect(await readAction(await file("integers.npy", integers), cyclic(3))).toEqual(expected);
	});

	test("says which file is wrong", async () => {
		const typed = await file("wrong.npy", { data: Float64Array.of(0, 1, 1, 1), shape: [2, 2] });
		await expect(readAction(typed, cyclic(2))).rejects.toMatchObject({
			code: "action",
			path: "permutations[1]",
			message: expect.stringMatching(/^--action permute:.*wrong\.npy: permutations\[1\]: got \[1,1\], expected each/),
		});
		await expect(readAction(typed, cyclic(3))).rejects.toMatchObject({ code: "action", path: "permutations" });
		const missing = { permutationFile: join(folder, "missing.npy") };
		await expect(readAction(missing, cyclic(2))).rejects.toMatchObject({ code: "file" });
	});

	test("has its own group, or is given one", async () => {
		await expect(readAction({ permutationFile: "p.npy" })).rejects.toMatchObject({
			code: "usage",
			message: expect.stringContaining("--action permute:p.npy needs a group: expected --group"),
		});
		expect(await readAction(rotations(8), cyclic(8))).toEqual(rotations(8));
		await expect(readAction(rotations(8), cyclic(4))).rejects.toMatchObject({
			code: "usage",
			message: expect.stringContaining("--group"),
		});
	});
});
