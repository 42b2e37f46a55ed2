/** The paper's convolutional networks on rotated and shifted digits: kernels and quantities of its own scripts. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEngine, type Engine, type LabelledImages, type Network, rotations, shifts } from "../dist/index.js";
import { expectClose, type Tolerance } from "./support/close.ts";
import { type LoadedArray, loadArray, loadManifest, type StoredArray } from "./support/files.ts";
import {
	errorsWithout,
	expectRecorded,
	type PairCase,
	posesInTurn,
	type Quantity,
	readDigits,
	seedsOf,
} from "./support/paper.ts";

interface NetworkCase extends PairCase {
	network: Network;
	inputs: PairCase["inputs"] & { orbit: number; orbitKind: "rotation" | "shift" };
}

/** Of a test, in milliseconds: 14 shifts of a pair are 406 entries of a pooled kernel. */
const TIMEOUT = 300_000;

/** From so many poses on, a Gram of a pooled kernel is that of its blocks. */
const MANY = 28;

/** Pooling keeps little of an image: condition numbers reach 1e6 there, and errors are small differences. */
const OWN: Record<"flatten" | "pooled" | "collapsed", (name: Quantity) => Tolerance> = {
	flatten: () => ({ rtol: 1e-10 }),
	pooled: () => ({ rtol: 1e-8 }),
	// The script's ridges are near the rounding of its Gram, of which errors and means of reciprocals are made.
	collapsed: (name) => (name === "em_errs" ? { atol: 1e-6 } : { rtol: name.startsWith("lambda_avg") ? 1e-6 : 1e-9 }),
};

let engine: Engine;
let cases: NetworkCase[];
let digits: LabelledImages | undefined;
beforeAll(async () => {
	engine = await createEngine({ workers: 2 });
	cases = (await loadManifest<{ cases: NetworkCase[] }>("paper-cntk"))?.cases ?? [];
	digits = await readDigits();
});
afterAll(() => engine.dispose());

/** The nine quantities with the ridges and the scale that the manifest states. */
async function quantities(x: LoadedArray, gram: LoadedArray): Promise<Record<Quantity, number>> {
	const size = gram.shape[0] as number;
	const [spectral, plain, held] = await Promise.all([
		engine.pairQuantities(x, gram, { ridge: { meanDiagonal: 1e-5 * size } }),
		engine.pairQuantities(x, gram, { ridge: 1e-10 * size }),
		errorsWithout(engine, gram),
	]);
	// Its transform is orthonormal.
	const scale = Math.sqrt(size);
	return {
		deltasq: plain.deltaSquared,
		sp_errs: spectral.spectralError,
		lambda_last: scale * plain.lastReciprocal,
		lambda_avg_no_last: scale * plain.meanReciprocalWithoutLast,
		lambda_avg: scale * plain.meanReciprocal,
		proj_radius: plain.projectedRadius,
		avg_angle: plain.meanWithinOrbitKernel,
		...held,
	};
}

/** The Gram of A₀ B₀ A₁ B₁ … of two seeds whose kernel is found to be invariant under shifts. */
async function gramOfShifts(network: Network, seeds: LoadedArray, order: number): Promise<LoadedArray> {
	const { k, invariant } = await engine.orbitGram(network, seeds, shifts(order));
	expect(invariant).toBe(true);
	const size = 2 * order;
	const data = Float64Array.from({ length: size * size }, (_, at) => {
		const [i, j] = [Math.floor(at / size), at % size];
		return k.data[(2 * (i % 2) + (j % 2)) * order + (((j >> 1) - (i >> 1) + order) % order)] as number;
	});
	return { data, shape: [size, size] };
}

/** Asserts that all poses of an orbit have equal rows. */
function expectEqualRows({ data, shape }: LoadedArray): void {
	const [size] = shape as [number, number];
	const row = (i: number) => data.subarray(i * size, (i + 1) * size);
	for (let i = 2; i < size; i++) expectClose(row(i), row(i % 2), { rtol: 1e-10 });
}

const rotated = ["cntk-fc-k3", "cntk-gap-k3", "cntk-fc-k3-demean"].flatMap((set) => [4, 8].map((n) => `${set}-${n}`));
const shifted = ["shift-fc-k3", "shift-gap-k3"].flatMap((set) => [2, 4, 7, 14, 28].map((n) => `${set}-${n}`));

/** How the poses of a case are made. */
const actionOf = ({ inputs: { orbit, orbitKind } }: NetworkCase) => (orbitKind === "shift" ? shifts : rotations)(orbit);

describe("reference/paper-cntk", { timeout: TIMEOUT }, () => {
	test.for([...rotated, ...shifted])("%s", async (name, { skip }) => {
		const one = cases.find((each) => each.name === name) ?? skip("the reference is not there");
		const all = digits ?? skip("MNIST is not there");
		const pooled = name.includes("gap");
		const collapsed = pooled && one.inputs.orbitKind === "shift";
		const got: Record<Quantity, number>[] = [];
		for (const [p, a] of one.inputs.indicesA.entries()) {
			const seeds = seedsOf(all, [a, one.inputs.indicesB[p] as number]);
			const x = await posesInTurn(engine, seeds, actionOf(one));
			const gram =
				collapsed && one.inputs.orbit >= MANY
					? await gramOfShifts(one.network, seeds, one.inputs.orbit)
					: ((await engine.gram(one.network, x)).ntk as LoadedArray);
			got.push(await quantities(x, gram));
			const stored = one.expected[`kernel${p}`];
			const kernel = stored && (await loadArray("paper-cntk", stored));
			// Its own angles of equal patches have half the digits only.
			if (kernel) expectClose(gram, kernel, { rtol: 5e-7 });
			if (collapsed) expectEqualRows(gram);
		}
		await expectRecorded("paper-cntk", one, got, OWN[collapsed ? "collapsed" : pooled ? "pooled" : "flatten"]);
	});

	test("no case is left out", ({ skip }) => {
		if (cases.length === 0) skip("the reference is not there");
		expect(cases.map(({ name }) => name).sort()).toEqual([...rotated, ...shifted].sort());
	});
});

describe("reports of shifts", { timeout: TIMEOUT }, () => {
	const report = async ({ network, inputs }: NetworkCase, all: LabelledImages, ridge?: number) => {
		const [a, b] = [inputs.indicesA[0], inputs.indicesB[0]] as [number, number];
		const options = { seeds: seedsOf(all, [a, b]), labels: [0, 1], action: shifts(inputs.orbit) };
		const found = await engine.symmetry(network, ridge === undefined ? options : { ...options, ridge });
		// Neither NaN nor Infinity.
		expect(JSON.parse(JSON.stringify(found))).toEqual(found);
		return found;
	};

	test.for([2, 28])(
		"pooled, %i: orbits have collapsed, and their held-out poses are known",
		async (order, { skip }) => {
			const one = cases.find(({ name }) => name === `shift-gap-k3-${order}`) ?? skip("the reference is not there");
			for (const ridge of [undefined, 0]) {
				const { invariant, orbits, pairs, ...rest } = await report(one, digits ?? skip("MNIST is not there"), ridge);
				expect(invariant).toBe(true);
				const elements = Array.from({ length: order }, (_, g) => g);
				for (const { exactError, groupError, blockError, ...orbit } of orbits) {
					expect(orbit).toMatchObject({ stabilizer: [0], indistinct: elements, collapsed: true, correct: true });
					for (const error of [exactError, groupError, blockError] as number[]) {
						expect(Math.abs(error)).toBeLessThan(1e-6);
						expect(error === 0).toBe(rest.ridge === 0);
					}
				}
				expect(pairs[0]).toMatchObject({ collapsed: true, correctCount: 2 });
				expect(pairs[0]?.spectralError).toBeLessThan(1e-6);
				expect(rest.ridge === 0).toBe(ridge === 0);
			}
		},
	);

	test.for([4, 28])("flattened, %i: the group formula is exact", async (order, { skip }) => {
		const one = cases.find(({ name }) => name === `shift-fc-k3-${order}`) ?? skip("the reference is not there");
		const { invariant, orbits } = await report(one, digits ?? skip("MNIST is not there"));
		expect(invariant).toBe(true);
		const stored = one.expected.predictions0 as StoredArray;
		const predictions = (await loadArray("paper-cntk", stored)) as LoadedArray;
		expectClose(
			orbits.map(({ prediction }) => prediction as number),
			predictions,
			{ rtol: 1e-6 },
		);
		for (const { exactError, groupError, collapsed } of orbits) {
			expectClose([groupError as number], [exactError as number], { rtol: 1e-8 });
			expect(collapsed).toBe(false);
		}
	});
});
