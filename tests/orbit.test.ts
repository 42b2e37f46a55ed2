import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
	type Action,
	createEngine,
	customAction,
	cyclic,
	type Engine,
	flips,
	planarRotations,
	quarterTurns,
	rotations,
	shifts,
	shifts2d,
	squareSymmetries,
} from "../dist/index.js";
import { regular } from "./support/actions.ts";
import { expectClose } from "./support/close.ts";
import { type LoadedArray, loadArray, loadManifest, type StoredArray } from "./support/files.ts";
import { fliplr, type Image, nested, noise, repeated, roll, rot90 } from "./support/images.ts";

const raw = { prepare: "none" } as const;

let engine: Engine;
beforeAll(async () => {
	engine = await createEngine({ workers: 2 });
});
afterAll(() => engine.dispose());

describe("poses", () => {
	/** The raw poses of one image. */
	async function posesOf(image: Image, action: Action): Promise<Image[]> {
		const { data, shape } = await engine.orbit([image], action, raw);
		const [, count, rows, columns] = shape as [number, number, number, number];
		expect([rows, columns]).toEqual([image.length, image[0]?.length]);
		return Array.from({ length: count }, (_, k) =>
			nested({ data: data.subarray(k * rows * columns, (k + 1) * rows * columns), shape: [rows, columns] }),
		);
	}

	test("of small arrays, as NumPy has them", async () => {
		const square = [
			[1, 2],
			[3, 4],
		];
		// np.rot90
		expect((await posesOf(square, quarterTurns()))[1]).toEqual([
			[2, 4],
			[1, 3],
		]);
		expect(await posesOf([[1, 2, 3]], flips())).toEqual([[[1, 2, 3]], [[3, 2, 1]]]);
		// np.roll(x, 1, axis=1), np.roll(x, 2, axis=1)
		expect(await posesOf([[1, 2, 3, 4]], shifts(4))).toEqual([
			[[1, 2, 3, 4]],
			[[4, 1, 2, 3]],
			[[3, 4, 1, 2]],
			[[2, 3, 4, 1]],
		]);
		expect(await posesOf([[1, 2, 3, 4]], shifts(2))).toEqual([[[1, 2, 3, 4]], [[3, 4, 1, 2]]]);
	});

	const image = nested(noise(6, 6));
	const wide = nested(noise(4, 6));
	const four = [0, 1, 2, 3];

	test("of quarter turns and flips", async () => {
		expect(await posesOf(image, quarterTurns())).toEqual(four.map((k) => repeated(k, rot90, image)));
		expect(await posesOf(wide, flips())).toEqual([wide, fliplr(wide)]);
		expect(await posesOf(image, squareSymmetries())).toEqual(
			[image, fliplr(image)].flatMap((flipped) => four.map((k) => repeated(k, rot90, flipped))),
		);
	});

	test("of shifts", async () => {
		expect(await posesOf(wide, shifts(3))).toEqual([0, 2, 4].map((by) => wide.map((row) => roll(row, by))));
		expect(await posesOf(wide, shifts(1))).toEqual([wide]);
		expect(await posesOf(wide, shifts2d(2, 3))).toEqual(
			[0, 2].flatMap((down) => [0, 2, 4].map((right) => roll(wide, down).map((row) => roll(row, right)))),
		);
	});

	test("of rotations: splines between exact turns", async () => {
		for (const order of [1, 2, 3, 4, 6, 8, 12]) {
			const poses = await posesOf(image, rotations(order));
			const turned = await engine.rotate(
				[image],
				poses.map((_, k) => (360 * k) / order),
			);
			expectClose(poses.flat(2), turned.data, { atol: 1e-12 });
			expect(poses[0]).toEqual(image);
			const exact = order % 4 === 0 ? 4 : order % 2 === 0 ? 2 : 1;
			for (const [k, pose] of poses.entries())
				expect(poses[(k + order / exact) % order]).toEqual(repeated(exact === 1 ? 0 : 4 / exact, rot90, pose));
		}
	});

	test("of rotations of what is not square", async () => {
		const poses = await posesOf(wide, rotations(8));
		const turned = await engine.rotate(
			[wide],
			poses.map((_, k) => 45 * k),
		);
		expectClose(poses.flat(2), turned.data, { atol: 1e-12 });
		for (const k of four) expect(poses[k + 4]).toEqual(fliplr((poses[k] as Image).toReversed()));
	});

	test("of vectors in the plane", async () => {
		const seeds = noise(3, 4);
		const { data, shape } = await engine.orbit(seeds, planarRotations(6));
		expect(shape).toEqual([3, 6, 4]);
		for (let i = 0; i < 18; i++) {
			const [x, y, ...others] = seeds.data.subarray(4 * Math.floor(i / 6)) as unknown as number[];
			const angle = (2 * Math.PI * (i % 6)) / 6;
			const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
			const turned = [cos * (x as number) - sin * (y as number), sin * (x as number) + cos * (y as number)];
			expectClose(data.slice(4 * i, 4 * i + 4), [...turned, ...others.slice(0, 2)], { atol: 1e-15 });
		}
		const quarters = await engine.orbit([[1, 2]], planarRotations(4));
		expect(nested({ data: quarters.data, shape: [4, 2] })).toEqual([
			[1, 2],
			[-2, 1],
			[-1, -2],
			[2, -1],
		]);
	});

	test("of functions", async () => {
		const seeds = noise(2, 3, 2);
		const given = seeds.data.slice();
		const action = customAction(cyclic(2), (x, element, shape) => {
			expect(shape).toEqual([3, 2]);
			// Its own copy: may be changed.
			return element === 0 ? x : x.reverse();
		});
		const { data, shape } = await engine.orbit(seeds, action);
		expect(shape).toEqual([2, 2, 3, 2]);
		const [a, b] = [given.slice(0, 6), given.slice(6)];
		expect([...data]).toEqual([...a, ...a.toReversed(), ...b, ...b.toReversed()]);
		expect(seeds.data).toEqual(given);
	});

	test.each<[string, Action]>([
		["quarterTurns", quarterTurns()],
		["squareSymmetries", squareSymmetries()],
		["shifts2d", shifts2d(3, 2)],
		["rotations, exact", rotations(4)],
		["rotations, splines", rotations(12)],
	])("of colours are those of each channel: %s", async (_, action) => {
		const seeds = noise(2, 6, 6, 3);
		const { data, shape } = await engine.orbit(seeds, action, raw);
		const order = shape[1] as number;
		expect(shape).toEqual([2, order, 6, 6, 3]);
		for (const channel of [0, 1, 2]) {
			const one = (values: Float64Array) => values.filter((_, k) => k % 3 === channel);
			const alone = await engine.orbit({ data: one(seeds.data), shape: [2, 6, 6] }, action, raw);
			expect(one(data)).toEqual(alone.data);
		}
		const unit = await engine.orbit(seeds, action);
		for (let pose = 0; pose < 2 * order; pose++) {
			const values = unit.data.subarray(108 * pose, 108 * (pose + 1));
			expect(values.reduce((sum, x) => sum + x, 0)).toBeCloseTo(0, 13);
			expect(values.reduce((sum, x) => sum + x * x, 0)).toBeCloseTo(1, 13);
		}
	});

	test("are prepared after the action: images by default", async () => {
		const images = noise(2, 6, 6);
		const actions = [rotations(8), quarterTurns(), flips(), squareSymmetries(), shifts(3), shifts2d(2, 3)];
		for (const action of actions) {
			const plain = await engine.orbit(images, action, raw);
			const unit = await engine.prepare({ data: plain.data, shape: [plain.data.length / 36, 6, 6] });
			expectClose((await engine.orbit(images, action)).data, unit.data, { atol: 1e-14 });
		}
		const vectors = noise(3, 6);
		for (const action of [planarRotations(3), regular(cyclic(6)), customAction(cyclic(1), (x) => x)]) {
			const plain = await engine.orbit(vectors, action);
			expect(plain).toEqual(await engine.orbit(vectors, action, raw));
			const unit = await engine.prepare({ data: plain.data, shape: [plain.data.length / 6, 2, 3] });
			expectClose((await engine.orbit(vectors, action, { prepare: "center-unit" })).data, unit.data, { atol: 1e-14 });
		}
	});

	test("do not depend on the workers, and take single floats", async () => {
		const inThread = await createEngine({ workers: 0 });
		const single = { data: Float32Array.from(noise(3, 5, 5).data), shape: [3, 5, 5] };
		const double = { data: Float64Array.from(single.data), shape: [3, 5, 5] };
		const expected = await engine.orbit(double, rotations(8));
		expect(await inThread.orbit(single, rotations(8))).toEqual(expected);
		await inThread.dispose();
	});

	test.for<[string, [number, number][], number]>([
		[
			"rotate-random",
			[
				[1, 1],
				[2, 2],
			],
			8,
		],
		[
			"rotate-random-nonsquare",
			[
				[1, 1],
				[2, 2],
			],
			8,
		],
		[
			"rotate-image7",
			[
				[0, 0],
				[1, 1],
				[4, 2],
				[6, 3],
				[12, 4],
				[24, 6],
				[36, 7],
			],
			48,
		],
		[
			"rotate-image4040",
			[
				[0, 0],
				[1, 1],
				[2, 2],
				[12, 4],
			],
			32,
		],
	])("are those of the reference: %s", async ([name, pairs, order], { skip }) => {
		const absent = () => skip("the reference is not there");
		type Case = {
			name: string;
			inputs: { image?: StoredArray; anglesDegrees: number[] };
			expected: { image?: StoredArray; rotated: StoredArray };
		};
		const manifest = (await loadManifest<{ cases: Case[] }>("paper-mlp")) ?? absent();
		const { inputs, expected } = manifest.cases.find((one) => one.name === name) as Case;
		const seed = (await loadArray("paper-mlp", (inputs.image ?? expected.image) as StoredArray)) ?? absent();
		const { data } = (await loadArray("paper-mlp", expected.rotated)) ?? absent();
		const orbit = await engine.orbit({ data: seed.data, shape: [1, ...seed.shape] }, rotations(order), raw);
		const size = seed.data.length;
		for (const [pose, index] of pairs.filter(([k, i]) => (360 * k) / order === inputs.anglesDegrees[i])) {
			const turned = orbit.data.slice(pose * size, (pose + 1) * size);
			expectClose(turned, data.slice(index * size, (index + 1) * size), { atol: 1e-12 });
		}
	});
});

describe("orbit", () => {
	const square = noise(2, 6, 6);
	const flat = noise(2, 6);

	test.each<[string, LoadedArray, Action, object]>([
		["shifts that do not fit", square, shifts(4), { code: "action", path: "action", value: 4, expected: /6 columns/ }],
		[
			"shifts of rows that do not fit",
			square,
			shifts2d(5, 2),
			{ code: "action", path: "action", value: 5, expected: /6 rows/ },
		],
		[
			"quarter turns of what is not square",
			noise(1, 4, 6),
			quarterTurns(),
			{ code: "shape", path: "seeds", expected: /square/ },
		],
		["symmetries of what is not square", noise(1, 4, 6), squareSymmetries(), { code: "shape", path: "seeds" }],
		["turns of what is no image", flat, rotations(4), { code: "shape", path: "seeds", expected: /rows × columns/ }],
		["planar turns of what is no vector", square, planarRotations(3), { code: "shape", path: "seeds" }],
		["planar turns of single numbers", noise(3, 1), planarRotations(3), { code: "shape", path: "seeds" }],
		[
			"permutations of other positions",
			noise(2, 5),
			regular(cyclic(6)),
			{ code: "shape", path: "seeds", expected: /^6 positions/ },
		],
		["positions that no dimensions hold", noise(2, 4, 6), regular(cyclic(6)), { code: "shape", path: "seeds" }],
		[
			"a seed without samples",
			{ data: Float64Array.of(1, 2), shape: [2] },
			shifts(1),
			{ code: "shape", path: "seeds" },
		],
		["what is no action", square, { type: "rotation" } as never, { code: "action", path: "action" }],
		["nothing", square, undefined as never, { code: "action", path: "action" }],
		[
			"an unknown preparation",
			square,
			rotations(2),
			{ code: "usage", path: "options.prepare", options: { prepare: "unit" } },
		],
	])(
		"refuses %s",
		async (_, seeds, action, { expected, options, ...fields }: { expected?: RegExp; options?: object }) => {
			await expect(engine.orbit(seeds, action, options)).rejects.toMatchObject({
				...fields,
				...(expected && { expected: expect.stringMatching(expected) }),
			});
		},
	);

	test("names the constant seed", async () => {
		const seeds = [[[1, 2]], [[3, 3]]];
		await expect(engine.orbit(seeds, shifts(2))).rejects.toMatchObject({ code: "value", index: 1 });
		await expect(engine.orbit(seeds, rotations(3))).rejects.toMatchObject({ code: "value", index: 1 });
	});

	test("says what is wrong with a function's pose", async () => {
		const poseOf = (apply: (x: Float64Array, element: number) => unknown) =>
			engine.orbit(flat, customAction(cyclic(2), apply as never));
		const path = "action.apply(seeds[0], 1)";
		await expect(poseOf((x, g) => (g ? x.subarray(1) : x))).rejects.toMatchObject({ code: "action", path });
		await expect(poseOf((x, g) => (g ? [...x] : x))).rejects.toMatchObject({ code: "action", path });
		await expect(poseOf((x, g) => (g ? x.fill(Number.NaN) : x))).rejects.toMatchObject({
			code: "action",
			path,
			value: Number.NaN,
			expected: "finite numbers",
		});
		const cause = new Error("out of poses");
		const thrown = poseOf(() => {
			throw cause;
		});
		await expect(thrown).rejects.toMatchObject({ code: "action", path: "action.apply(seeds[0], 0)", cause });
	});

	test("says the size before starting", async () => {
		const small = await createEngine({ workers: 0, maxBytes: 10_000 });
		await expect(small.orbit(square, shifts2d(6, 6))).rejects.toMatchObject({ code: "memory", value: 8 * 72 * 36 });
		await small.dispose();
	});

	test("reports its progress, and can be aborted", async () => {
		for (const action of [rotations(8), shifts(2), customAction(cyclic(2), (x) => x)]) {
			const reports: { done: number; total: number }[] = [];
			await engine.orbit(square, action, {
				prepare: "center-unit",
				onProgress: (report) => reports.push({ ...report }),
			});
			expect(reports.at(-1)?.done).toBe(reports.at(-1)?.total);
			expect(reports.map(({ done }) => done)).toEqual(reports.map(({ done }) => done).sort((a, b) => a - b));
			const aborted = engine.orbit(square, action, { ...raw, signal: AbortSignal.abort("enough") });
			await expect(aborted).rejects.toMatchObject({ code: "aborted", cause: "enough" });
		}
		const abort = new AbortController();
		const slow = customAction(cyclic(50), (x) => {
			const end = performance.now() + 5;
			while (performance.now() < end);
			return x;
		});
		setTimeout(() => abort.abort("enough"), 30);
		const start = performance.now();
		await expect(engine.orbit(noise(40, 2), slow, { signal: abort.signal })).rejects.toMatchObject({ code: "aborted" });
		expect(performance.now() - start).toBeLessThan(5000);
	});
});
