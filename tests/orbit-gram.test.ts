/** The kernel of all poses against the Gram of all points, and the reference numbers of finite groups. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
	createEngine,
	cyclic,
	dense,
	dihedral,
	type Engine,
	type Group,
	type Network,
	permutationAction,
	product,
	relu,
	rotations,
	serial,
	symmetric,
	type Tensor,
} from "../dist/index.js";
import { departure, entriesOfBlocks, entriesOfGram, projected } from "../ts/symmetry/entries.ts";
import { regular } from "./support/actions.ts";
import { expectClose, type Tolerance } from "./support/close.ts";
import { type LoadedArray, loadArray, loadManifest, type StoredArray } from "./support/files.ts";
import { tableOf } from "./support/groups.ts";
import { noise } from "./support/images.ts";

let engine: Engine;
beforeAll(async () => {
	engine = await createEngine({ workers: 2 });
});
afterAll(() => engine.dispose());

describe("reference/finite-groups", () => {
	interface GroupCase {
		name: string;
		network: Network;
		inputs: { seeds: StoredArray; labels: number[]; lam: number };
		expected: Record<"k" | "looMean" | "trivialNumerator" | "denominator" | "perturbedGram" | "projected", StoredArray>;
		tolerance: Tolerance;
		group: { name: string; permutations: StoredArray; multiplication: number[][] };
	}
	const groups: Record<string, Group> = {
		C6: cyclic(6),
		C2xC3: product(cyclic(2), cyclic(3)),
		C4xC4: product(cyclic(4), cyclic(4)),
		C3xC5: product(cyclic(3), cyclic(5)),
		C2xC2xC3: product(cyclic(2), cyclic(2), cyclic(3)),
		D3: dihedral(3),
		D4: dihedral(4),
		D6: dihedral(6),
	};
	const load = async (stored: StoredArray) => (await loadArray("finite-groups", stored)) as LoadedArray;
	const names = [
		...["C6", "C2xC3", "C4xC4", "C3xC5", "C2xC2xC3"].flatMap((name) => [
			`abelian-${name}-depth1-S2`,
			`abelian-${name}-depth3-S3`,
		]),
		...["D3", "D4", "D6"].flatMap((name) => [
			`dihedral-${name}-vectors-depth1-S2`,
			`dihedral-${name}-vectors-depth2-S3`,
		]),
		"dihedral-D4-image4-depth1",
		"dihedral-D4-image5-depth1",
	];
	let cases: GroupCase[];
	beforeAll(async () => {
		cases = (await loadManifest<{ cases: GroupCase[] }>("finite-groups"))?.cases ?? [];
	});

	test.each(names)("%s", async (name) => {
		const { network, inputs, expected, tolerance, group: given } = cases.find((one) => one.name === name) as GroupCase;
		const group = groups[given.name] as Group;
		const table = tableOf(group);
		expect([...table.product]).toEqual(given.multiplication.flat());
		const seeds = await load(inputs.seeds);
		const action = permutationAction(await load(given.permutations), group);
		const { k, invariant } = await engine.orbitGram(network, seeds, action);
		expect(invariant).toBe(true);
		expectClose(k, await load(expected.k), tolerance);

		const { labels, lam } = inputs;
		const { orbits, ridge } = await engine.symmetry(network, { seeds, targets: labels, action, ridge: lam });
		expect(ridge).toBe(lam);
		const means = (await load(expected.looMean)).data;
		const errors = means.map((prediction, a) => (labels[a] as number) - prediction);
		const of = (pick: (orbit: (typeof orbits)[number]) => unknown) => orbits.map(pick) as number[];
		expectClose(
			of(({ prediction }) => prediction),
			means,
			tolerance,
		);
		for (const name of ["exactError", "groupError", "blockError"] as const)
			expectClose(
				of((orbit) => orbit[name]),
				errors,
				tolerance,
			);
		for (const way of ["exact", "block"] as const) {
			expectClose(
				of(({ splits }) => splits?.[way]?.separation),
				(await load(expected.trivialNumerator)).data,
				tolerance,
			);
			expectClose(
				of(({ splits }) => splits?.[way]?.density),
				(await load(expected.denominator)).data,
				tolerance,
			);
		}
		const perturbed = await load(expected.perturbedGram);
		const entry = entriesOfGram(perturbed, labels.length, table.order);
		expectClose(projected(entry, labels.length, table), await load(expected.projected), tolerance);
	});
});

describe("the Gram of orbits", () => {
	const networkOf = serial(dense(), relu(), dense());

	test.each([
		["ntk", "f64"],
		["nngp", "f64"],
		["ntk", "f32"],
	] as const)("%s in %s: k holds all of it", async (kernel, precision) => {
		const seeds = noise(10, 6);
		const group = dihedral(3);
		const found = await engine.orbitGram(networkOf, seeds, regular(group), { kernel, precision });
		expect(found).toMatchObject({ invariant: true, departure: 0 });
		expect(found.gram).toBeUndefined();
		const orbits = await engine.orbit(seeds, regular(group));
		const points = { data: orbits.data, shape: [60, 6] };
		const gram = (await engine.gram(networkOf, points, { kernels: [kernel] }))[kernel] as Tensor;
		const entry = entriesOfBlocks(found.k, 10, tableOf(group));
		const all = Array.from({ length: 60 }, (_, i) => [Math.floor(i / 6), i % 6] as const);
		const entries = all.flatMap(([a, g]) => all.map(([b, h]) => entry(a, g, b, h)));
		expectClose(entries, gram.data, precision === "f64" ? { rtol: 1e-12 } : { rtol: 1e-4, atol: 1e-5 });
		for (const [i, [a, g]] of all.entries())
			for (const [j, [b, h]] of all.entries()) expect(entries[i * 60 + j]).toBe(entry(b, h, a, g));
	});

	test("of too many points for direct regression leaves the group formula", async () => {
		const seeds = noise(18, 120);
		const targets = seeds.data.filter((_, k) => k % 120 === 0);
		const options = { targets: { data: targets, shape: [18] }, action: regular(symmetric(5)), ridge: 1e-3 };
		const { exact, orbits } = await engine.symmetry(networkOf, { seeds, ...options });
		expect(exact).toEqual({ method: "group formula", points: 2160 });
		for (const [a, { exactError, groupError, prediction, splits }] of orbits.entries()) {
			expect([exactError, splits?.exact]).toEqual([null, null]);
			expectClose([prediction as number], [(targets[a] as number) - (groupError as number)], { rtol: 1e-12 });
		}
	});

	test("of a kernel that is not invariant comes whole, with its projection", async () => {
		const seeds = noise(3, 8, 8);
		const { k, gram, defect, ...found } = await engine.orbitGram(networkOf, seeds, rotations(6));
		expect(found).toMatchObject({ invariant: false, stabilizers: [[0], [0], [0]] });
		expect(defect).toBeGreaterThan(1e-6);
		const orbits = await engine.orbit(seeds, rotations(6));
		const whole = (await engine.gram(networkOf, { data: orbits.data, shape: [18, 64] })).ntk as Tensor;
		expect(gram).toEqual(whole);
		const entry = entriesOfGram(whole, 3, 6);
		const table = tableOf(cyclic(6));
		expectClose(k, projected(entry, 3, table), { rtol: 1e-14 });
		const off = departure(entry, entriesOfBlocks(k, 3, table), [0, 1, 2], 6);
		expect(off).toBeGreaterThan(1e-6);
		expect(found.departure).toBeCloseTo(off, 14);
	});
});
