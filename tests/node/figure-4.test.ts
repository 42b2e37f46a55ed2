/** What figure 4 computes of pairs of digits, against the paper's programs; its principal components from their definition. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
	createEngine,
	type Engine,
	embeddedDigits,
	type LabelledImages,
	type PairQuantities,
	pairs,
	rotations,
} from "../../dist/index.js";
import { type Data4, figure4 } from "../../figures/4.ts";
import type { FigureOptions } from "../../figures/figure.ts";
import { mlp } from "../../figures/networks.ts";
import { QUANTITIES, quantitiesOf } from "../../figures/orbit-pairs.ts";
import { principalComponents } from "../../figures/principal.ts";
import { expectClose } from "../support/close.ts";
import { loadManifest } from "../support/files.ts";
import { noise } from "../support/images.ts";
import { expectRecorded, type PairCase, type Quantity, readDigits, seedsOf } from "../support/paper.ts";

const ORDERS = [2, 4, 8, 16, 32, 64];

let engine: Engine;
beforeAll(async () => {
	engine = await createEngine({ workers: 1 });
});
afterAll(() => engine.dispose());

/** A run of a figure that keeps nothing. */
const run = (digits: LabelledImages, more: Partial<FigureOptions> = {}): FigureOptions => ({
	...{ engine, scale: "quick", seed: 1, packageVersion: "0.0.0", digits: { ...digits, source: "the reference" } },
	parts: { read: async () => undefined, write: async () => undefined },
	...more,
});

describe("The kernel-side data agree with reference/symmetry, paper-mlp", () => {
	let digits: LabelledImages | undefined;
	let cases: PairCase[];
	beforeAll(async () => {
		digits = await readDigits();
		cases = (await loadManifest<{ cases: PairCase[] }>("paper-mlp"))?.cases ?? [];
	});

	/** The poses that the figure computes with, of which all numbers of poses are a part. */
	const orbitsOf = (all: LabelledImages, pair: [number, number]) =>
		engine.orbit(seedsOf(all, pair), rotations(ORDERS.at(-1) as number));
	const pairsOf = ({ inputs: { indicesA, indicesB } }: PairCase) =>
		indicesA.map((a, k): [number, number] => [a, indicesB[k] as number]);

	test.for(ORDERS)("%i poses, 24 pairs, with the ridges of the reference", async (order, { skip }) => {
		const one = cases.find(({ name }) => name === `mlp1-rot${order}`) ?? skip("the reference is not there");
		const all = digits ?? skip("MNIST is not there");
		const got: Record<Quantity, number>[] = [];
		for (const pair of pairsOf(one)) {
			const orbits = await orbitsOf(all, pair);
			const at = async (ridge: number) => {
				const [quantities] = await quantitiesOf(engine, mlp(1), orbits, [order], { ridge: { trace: ridge } });
				return quantities as PairQuantities;
			};
			// All poses have one norm: the trace without one of them is that part of it.
			const [plain, spectral, held] = [await at(0), await at(1e-5), await at(1e-10 * (1 - 1 / (2 * order)))];
			got.push({
				deltasq: plain.deltaSquared,
				sp_errs: spectral.spectralError,
				em_errs: held.exactError,
				counts: held.correctCount,
				lambda_last: plain.lastReciprocal,
				lambda_avg_no_last: plain.meanReciprocalWithoutLast,
				lambda_avg: plain.meanReciprocal,
				proj_radius: plain.projectedRadius,
				avg_angle: plain.meanWithinOrbitKernel,
			});
		}
		// As in the test of pairs: condition numbers below 1e6 leave ten digits.
		await expectRecorded("paper-mlp", one, got, () => ({ rtol: 1e-10 }));
	});

	test("the figure's own run of one of these pairs, with its ridge", async ({ skip }) => {
		const one = cases.find(({ name }) => name === "mlp1-rot8") ?? skip("the reference is not there");
		const all = digits ?? skip("MNIST is not there");
		const [pair] = pairsOf(one) as [[number, number]];
		const labels = Int32Array.from(pair, (index) => all.labels[index] as number);
		// Of the two orders of two images, the reference's.
		const seed = [1, 2, 3, 4, 5, 6, 7, 8].find((seed) => pairs(labels, 1, seed)[0]?.[0] === 0) as number;
		const data: Data4 = await figure4.compute(run({ images: seedsOf(all, pair), labels }, { pairs: 1, seed }));
		const orbits = await orbitsOf(all, pair);
		const expected = await quantitiesOf(engine, mlp(1), orbits, ORDERS, { ridge: { trace: 1e-10 } });
		expect(data.cells.map(({ poses }) => poses)).toEqual(ORDERS);
		for (const [n, cell] of data.cells.entries())
			for (const name of QUANTITIES) expect(cell[name]).toEqual([expected[n]?.[name]]);
	});
});

test("principal components", async () => {
	const [size, dimension] = [40, 6];
	const points = noise(size, dimension);
	const { data } = points;
	const at = (i: number, d: number) => data[i * dimension + d] as number;
	const dimensions = Array.from({ length: dimension }, (_, d) => d);
	const indices = Array.from({ length: size }, (_, i) => i);
	const mean = dimensions.map((d) => indices.reduce((sum, i) => sum + at(i, d) / size, 0));
	const gram = indices.flatMap((i) =>
		indices.map((j) =>
			dimensions.reduce((sum, d) => sum + (at(i, d) - (mean[d] as number)) * (at(j, d) - (mean[d] as number)), 0),
		),
	);
	const { coordinates, shares } = await principalComponents(run({} as never), points, dimension + 1);

	const product = (a: number[], b: number[]) => a.reduce((sum, value, k) => sum + value * (b[k] as number), 0);
	const trace = indices.reduce((sum, i) => sum + (gram[i * size + i] as number), 0);
	// As many components as dimensions say all of the points; they are uncorrelated, and the first vary most.
	const again = indices.flatMap((i) =>
		indices.map((j) =>
			product(
				coordinates.map((c) => c[i] as number),
				coordinates.map((c) => c[j] as number),
			),
		),
	);
	expectClose(again, gram, { atol: 1e-12 * trace });
	const products = coordinates.map((a) => coordinates.map((b) => product(a, b) / trace));
	const diagonal = shares.map((share, j) => shares.map((_, k) => (j === k ? share : 0)));
	expectClose(products.flat(), diagonal.flat(), { atol: 1e-12 });
	expect(shares).toEqual([...shares].sort((a, b) => b - a));
	// There is no seventh.
	expect(shares.at(-1)).toBeLessThan(1e-14);
	for (const component of coordinates.slice(0, dimension)) {
		const largest = component.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most));
		expect(largest).toBeGreaterThan(0);
	}
});

test("principal components of two equal orbits, and of equal points", async () => {
	const size = 8;
	const { images } = await embeddedDigits();
	const seed = images.data.slice(4 * 64, 5 * 64);
	const { data } = await engine.orbit({ data: seed, shape: [1, 8, 8] }, rotations(size));
	const twice = { data: Float64Array.from([...data, ...data]), shape: [2 * size, 8, 8] };
	const { coordinates, shares } = await principalComponents(run({} as never), twice, 3, 1e-4);
	for (const component of coordinates) {
		expectClose(component.slice(size), component.slice(0, size), { atol: 1e-12 });
		expect(Math.max(...component)).toBeGreaterThan(0.1);
	}
	expect(shares.reduce((sum, share) => sum + share)).toBeLessThan(1);
	const none = await principalComponents(run({} as never), { data: new Float64Array(24).fill(1), shape: [4, 6] }, 3);
	expect(none.shares).toEqual([0, 0, 0]);
	expect(none.coordinates.flat().map(Math.abs)).toEqual(new Array(12).fill(0));
});
