/** Figures about trained networks, computed in small: what they measure, and that they go on where they were ended. */
import { deserialize, serialize } from "node:v8";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEngine, type Engine, gather, largestOutputs, random, rotations } from "../../dist/index.js";
import { compute as compute1, figure1 } from "../../figures/1.ts";
import type { FigureOptions, Parts } from "../../figures/figure.ts";
import { compute as computeLazy, figureLazy } from "../../figures/lazy.ts";
import { compute as computeLonger, figureLonger } from "../../figures/longer.ts";
import { mlp } from "../../figures/networks.ts";
import { cells } from "../../figures/orbit-pairs.ts";
import { drawSeeds, pick } from "../../figures/ten-classes.ts";

const SIDE = 10;
const CLASSES = [0, 1, 2];
const OF_CLASS = 4;
/** Two of the classes, drawn by the seed 1. */
const HELD_OUT = pick(CLASSES, 2, random(1)).sort((a, b) => a - b);

/** Four spots for each class, and noise for each image. */
function spots(): FigureOptions["digits"] {
	const next = random(3);
	const centres = CLASSES.map(() => Array.from({ length: 4 }, () => [2 + 6 * next(), 2 + 6 * next()] as const));
	const labels = Int32Array.from({ length: CLASSES.length * OF_CLASS }, (_, k) => k % CLASSES.length);
	const data = Float64Array.from({ length: labels.length * SIDE ** 2 }, (_, k) => {
		const [image, pixel] = [Math.floor(k / SIDE ** 2), k % SIDE ** 2];
		const [row, column] = [Math.floor(pixel / SIDE), pixel % SIDE];
		const light = (centres[labels[image] as number] as (readonly [number, number])[]).map(([y, x]) =>
			Math.exp(-((row - y) ** 2 + (column - x) ** 2) / 2),
		);
		return light.reduce((sum, value) => sum + value, 0) + 0.2 * next();
	});
	return { images: { data, shape: [labels.length, SIDE, SIDE] }, labels, source: "spots" };
}

/** Parts in memory, whole as in files; after so many writes the next fails. */
function memory(kept = new Map<string, Buffer>(), writes = Number.POSITIVE_INFINITY): Parts {
	let left = writes;
	return {
		async read<Value>(name: string) {
			const part = kept.get(name);
			return part && (deserialize(part) as Value);
		},
		async write(name, value) {
			if (left-- <= 0) throw new Error("ended");
			kept.set(name, serialize(value));
		},
	};
}

let engine: Engine;
let options: FigureOptions;

beforeAll(async () => {
	engine = await createEngine({ workers: 1 });
	const how = { scale: "quick", seed: 1, packageVersion: "0", parts: memory() } as const;
	options = { ...how, engine: engine as never, digits: spots() };
});
afterAll(() => engine.dispose());

/** Computes once undisturbed, and once ended after the first, second, … few writes and gone on with: the numbers must be the same. */
async function undisturbed<Data>(compute: (options: FigureOptions) => Promise<Data>): Promise<Data> {
	const totals: { done: number; total: number }[] = [];
	const onProgress = (progress: { done: number; total: number }) => totals.push(progress);
	const data = await compute({ ...options, parts: memory(), onProgress });
	expect(totals.at(-1)?.done).toBe(totals.at(-1)?.total);
	const kept = new Map<string, Buffer>();
	for (const writes of [1, 2, 3]) {
		await expect(compute({ ...options, parts: memory(kept, writes) })).rejects.toThrow("ended");
		expect(kept.size).toBeGreaterThan(0);
	}
	const progress: number[] = [];
	const again = await compute({ ...options, parts: memory(kept), onProgress: ({ done }) => progress.push(done) });
	expect(JSON.stringify(again)).toBe(JSON.stringify(data));
	expect(progress.at(-1)).toBe(totals.at(-1)?.total);
	return data;
}

/** What JSON keeps is enough for the page. */
const stored = <Data>(data: Data) => JSON.parse(JSON.stringify(data)) as Data;

describe("figure 1", () => {
	const size = { name: "mlp" as const, poses: [2, 8], epochs: 3, batch: 16, evaluated: 30 };

	test("a curve for each number of poses and class, the same when it was ended", async () => {
		const data = await undisturbed((options) => compute1(options, [{ ...size, heldOut: 2, ofClass: 3 }]));
		const [network] = data.networks;
		expect(data.networks).toHaveLength(1);
		expect(data).toMatchObject({ format: "orbit-kernels/figure-1", version: 1, classes: 3, data: { images: 12 } });
		expect(network).toMatchObject({ name: "mlp", images: 9, heldOut: HELD_OUT, optimizer: { type: "adam" } });
		expect(network?.runs.map(({ poses, heldOut }) => [poses, heldOut])).toEqual([
			...[2, 8].flatMap((poses) => HELD_OUT.map((heldOut) => [poses, heldOut])),
		]);
		for (const { curve, counts, poses } of network?.runs ?? []) {
			expect(curve.map(({ epoch }) => epoch)).toEqual([0, 1, 2, 3]);
			expect(counts.testOut).toBe(3);
			expect(counts.train + counts.testIn + counts.testOut).toBe(9 * poses);
		}
		const groups = figure1.plot(stored(data));
		expect(groups.map(({ panels }) => panels.length)).toEqual([1, 1]);
		for (const { panels } of groups) for (const { svg } of panels) expect(svg).not.toContain("NaN");
		const { table, statements, insight } = figure1.describe(stored(data));
		expect(table.rows.map(([name, poses]) => [name, poses])).toEqual([
			["MLP", "2"],
			["MLP", "8"],
		]);
		expect(statements).not.toContainEqual(expect.objectContaining({ evidence: expect.stringContaining("NaN") }));
		expect(insight).toMatch(/^With 8 poses.* from \d+ % at N = 2 to \d+ % at N = 8 for the MLP\.$/);
	});

	test("of fewer images than are wanted, all", async () => {
		const { networks } = await compute1({ ...options, parts: memory() }, [{ ...size, heldOut: 1, ofClass: 1000 }]);
		expect(networks[0]).toMatchObject({ images: 12, heldOut: pick(CLASSES, 1, random(1)) });
		expect(networks[0]?.runs[0]?.counts.testOut).toBe(OF_CLASS);
	});
});

describe("figure longer", () => {
	const sizes = {
		...{ ofClass: 2, poses: 4, width: 16, batch: 8, epochs: 2 },
		...({ doublings: [0, 4], heldOut: 2, networks: 2 } as const),
	};

	test("shares at each doubling of steps, the same when it was ended", async () => {
		const data = await undisturbed((options) => computeLonger(options, sizes));
		expect(data).toMatchObject({ format: "orbit-kernels/figure-longer", steps: [1, 2, 4, 8, 16], usualSteps: 6 });
		expect(data.trainings.map(({ heldOut, seed }) => [heldOut, seed])).toEqual(
			HELD_OUT.flatMap((label) => [1, 2].map((seed) => [label, seed])),
		);
		for (const { known, unseen } of data.trainings)
			for (const [shares, of] of [
				[known, 22],
				[unseen, 2],
			] as const) {
				expect(shares).toHaveLength(5);
				// Whole numbers of poses.
				for (const share of shares) expect(share * of).toBeCloseTo(Math.round(share * of), 10);
			}
		const [all, each] = figureLonger.plot(stored(data));
		expect([all?.panels.length, each?.panels.length]).toEqual([1, 2]);
		expect(figureLonger.describe(stored(data)).table.rows.map(([steps]) => steps)).toEqual([
			"1",
			"2",
			"4",
			"8",
			"16",
			"kernel",
		]);
	});

	test("a training that is measured on its way ends as one that is not, and the kernel as a regression without the held-out poses", async () => {
		const data = await computeLonger({ ...options, parts: memory() }, sizes);
		const { digits } = options;
		const seeds = drawSeeds(digits.labels, CLASSES, sizes.ofClass, random(options.seed));
		const chosen = seeds.flatMap(({ images }) => images);
		const orbits = await engine.orbit(gather(digits.images, chosen), rotations(sizes.poses));
		const poses = { data: orbits.data, shape: [chosen.length * sizes.poses, SIDE, SIDE] };
		const label = (index: number) => digits.labels[chosen[Math.floor(index / sizes.poses)] as number] as number;
		const all = Array.from({ length: poses.shape[0] as number }, (_, index) => index);
		for (const { heldOut, seed, unseen } of data.trainings) {
			const out = all.filter((index) => index % sizes.poses === 0 && label(index) === heldOut);
			const known = all.filter((index) => !out.includes(index));
			const share = (outputs: { data: Float64Array | Float32Array; shape: number[] }) =>
				Array.from(largestOutputs(outputs)).filter((found) => found === heldOut).length / out.length;
			const training = { x: gather(poses, known), targets: Uint32Array.from(known, label) };
			const how = {
				loss: "crossEntropy",
				optimizer: data.optimizer,
				batch: data.batch,
				init: "uniform",
				seed,
			} as const;
			const trained = await engine.train(data.network, training, { ...how, steps: 16 });
			expect(share(await trained.predict(gather(poses, out)))).toBe(unseen.at(-1));

			const { ntk: k } = await engine.gram(mlp(1), training.x);
			const { ntk: cross } = await engine.gram(mlp(1), gather(poses, out), training.x);
			const targets = known.map((index) => CLASSES.map((own) => Number(own === label(index))));
			const fit = await engine.regression(k as never, targets, { ridge: data.kernel.ridge });
			const expected = data.kernel.unseen.find((one) => one.heldOut === heldOut)?.share;
			expect(share((await fit.predict(cross as never)).mean)).toBe(expected);
		}
	});
});

describe("figure lazy", () => {
	const sizes = { pairs: 2, widths: [8, 16], steps: [0, 1, 4] };

	test("kernels start where they are, the same when it was ended", async () => {
		const data = await undisturbed((options) => computeLazy(options, sizes));
		expect(data.settings.map(({ parameterization, width }) => [parameterization, width])).toEqual(
			[8, 16].flatMap((width) => ["standard", "ntk"].map((name) => [name, width])),
		);
		for (const { pairs } of data.settings) {
			expect(pairs).toHaveLength(2);
			for (const { drift, alignment, spectral, regression } of pairs) {
				expect(drift[0]).toBe(0);
				expect(alignment[0]).toBeCloseTo(1, 12);
				expect(drift[1]).toBeGreaterThan(0);
				expect(drift[2]).toBeGreaterThan(drift[1] as number);
				for (const one of [spectral, regression]) {
					expect(Object.keys(one)).toEqual(["start", "end", "limit"]);
					expect(one.end).not.toBe(one.start);
				}
			}
		}
	});

	test("errors on the kernel of infinite width are those of figure 4", async () => {
		const { settings, pairs } = await computeLazy({ ...options, parts: memory() }, sizes);
		const drawn = pairs.map(({ a, b }) => [a, b] as const);
		const how = { network: mlp(1), pairs: drawn, orders: [8] };
		const [cell] = await cells({ ...options, parts: memory() }, "pair", how, ["spectralError", "exactError"], () => {});
		for (const { pairs } of settings.filter(({ parameterization }) => parameterization === "standard"))
			for (const [k, { spectral, regression }] of pairs.entries()) {
				expect(spectral.limit).toBeCloseTo(cell?.spectralError[k] as number, 12);
				expect(regression.limit).toBeCloseTo(cell?.exactError[k] as number, 12);
			}
	});

	test("wide networks in the NTK parameterization err as regression with the kernel that they start with", async () => {
		const data = await computeLazy({ ...options, parts: memory() }, { pairs: 2, widths: [512], steps: [1, 1000] });
		const [standard, ntk] = data.settings.map(({ pairs }) => pairs);
		for (const { drift } of standard ?? []) expect(drift[1]).toBeGreaterThan(1);
		for (const { trainedError, regression, drift } of ntk ?? []) {
			expect(drift[1]).toBeLessThan(0.1);
			// What is between them comes from the kernel's move, and is no more than that makes in a regression.
			const moved = Math.abs(regression.end - regression.start);
			expect(Math.abs(trainedError - regression.start)).toBeLessThan(moved);
			expect(moved).toBeLessThan(0.5);
		}
		const groups = figureLazy.plot(stored(data));
		expect(groups.map(({ panels }) => panels.length)).toEqual([2, 3, 3]);
		for (const { panels } of groups) for (const { svg } of panels) expect(svg).not.toContain("NaN");
		expect(figureLazy.describe(stored(data)).table.rows).toHaveLength(6);
	});
});
