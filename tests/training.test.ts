/** Finite networks against JAX and optax: the same weights, the same steps (see fixtures/training). */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEngine, type Engine, type Network, type Optimizer, type Tensor } from "../dist/index.js";
import { expectClose } from "./support/close.ts";
import { type LoadedArray, loadArray, loadManifest, type StoredArray } from "./support/files.ts";

const FAMILY = "training/training";

interface Run {
	name: string;
	loss: "mse" | "crossEntropy";
	optimizer: Optimizer;
	steps: number;
	losses: number[];
	outputs: StoredArray;
	change: StoredArray;
}

interface TrainingCase {
	name: string;
	network: Network;
	parameterization: "standard" | "ntk";
	/** In the order in which flat arrays hold them. */
	parameters: { name: string; shape: number[] }[];
	initial: StoredArray;
	outputs: StoredArray;
	gradients: Record<Run["loss"], StoredArray>;
	runs: Run[];
}

interface Manifest {
	x: StoredArray;
	labels: StoredArray;
	cases: TrainingCase[];
}

/** Of losses and outputs, absolute; of a tensor's change or gradient, relative to its norm (stored to 6e-8). */
const TOLERANCES = {
	f32: { value: 1e-4, norm: 1e-3 },
	f64: { value: 1e-9, norm: 1e-6 },
};

type Tensors = Record<string, Tensor>;

const load = async (stored: StoredArray) => (await loadArray(FAMILY, stored)) as LoadedArray;

/** The parts of a flat array of all parameters. */
async function tensors({ parameters }: TrainingCase, stored: StoredArray): Promise<Tensors> {
	const { data } = await load(stored);
	let end = 0;
	const parts = parameters.map(({ name, shape }) => {
		const start = end;
		end += shape.reduce((product, size) => product * size, 1);
		return [name, { data: data.slice(start, end), shape }] as const;
	});
	expect(end).toBe(data.length);
	return Object.fromEntries(parts);
}

const norm = (values: number[]) => Math.hypot(...values);

/** Asserts ‖change − wanted‖ ≤ tolerance·‖wanted‖ for each tensor, its change being from `before` to `after`. */
function expectChange(before: Tensors, after: Tensors, wanted: Tensors, tolerance: number): void {
	expect(Object.keys(after).sort()).toEqual(Object.keys(wanted).sort());
	for (const [name, { data, shape }] of Object.entries(wanted)) {
		const [from, to] = [before[name] as Tensor, after[name] as Tensor];
		expect([...to.shape], name).toEqual(shape);
		// Softmax ignores what a key bias adds to all scores: the true gradient is 0, and what is found is rounding.
		if (name.endsWith("key.bias")) continue;
		const errors = Array.from(data, (value, i) => (to.data[i] as number) - (from.data[i] as number) - value);
		expect(norm(errors) / norm([...data]), name).toBeLessThanOrEqual(tolerance);
	}
}

const manifest = (await loadManifest<Manifest>(FAMILY)) as Manifest;
const x = await load(manifest.x);
const labels = await load(manifest.labels);
const oneHot = {
	data: Float64Array.from({ length: 10 * labels.data.length }, (_, i) =>
		labels.data[Math.floor(i / 10)] === i % 10 ? 1 : 0,
	),
	shape: [labels.data.length, 10],
};

let engine: Engine;
beforeAll(async () => {
	engine = await createEngine({ workers: 1 });
});
afterAll(() => engine.dispose());

describe.each(["f32", "f64"] as const)("%s", (precision) => {
	const tolerance = TOLERANCES[precision];

	/** Full-batch steps of a case's network from its given weights. */
	async function trained(one: TrainingCase, { loss, optimizer, steps }: Pick<Run, "loss" | "optimizer" | "steps">) {
		const { network, parameterization } = one;
		const init = await tensors(one, one.initial);
		const targets = loss === "mse" ? oneHot : labels;
		const options = { loss, optimizer, steps, batch: labels.data.length, parameterization, init, precision };
		return { init, run: await engine.train(network, { x, targets }, options) };
	}

	describe.each(manifest.cases.map((one) => [one.name, one] as const))("%s", (_, one) => {
		test("outputs before training", async () => {
			const { run } = await trained(one, { loss: "mse", optimizer: { type: "sgd", rate: 1 }, steps: 0 });
			expectClose(await run.predict(x), await load(one.outputs), { atol: tolerance.value });
		});

		test.for(["mse", "crossEntropy"] as const)("gradient of %s", async (loss) => {
			// One step of rate 1 is the gradient, its sign turned.
			const { init, run } = await trained(one, { loss, optimizer: { type: "sgd", rate: 1 }, steps: 1 });
			const wanted = await tensors(one, one.gradients[loss]);
			expectChange(await run.parameters(), init, wanted, tolerance.norm);
		});

		test.for(one.runs.map((run) => [run.name, run] as const))("%s", async ([, reference]) => {
			const { init, run } = await trained(one, reference);
			expectClose(run.losses, reference.losses, { atol: tolerance.value });
			expectClose(await run.predict(x), await load(reference.outputs), { atol: tolerance.value });
			expectChange(init, await run.parameters(), await tensors(one, reference.change), tolerance.norm);
		});
	});
});

test("classes and one-hot targets are the same to cross-entropy", async () => {
	const one = manifest.cases[0] as TrainingCase;
	const { network, parameterization } = one;
	const optimizer = { type: "adam" } as const;
	const options = { loss: "crossEntropy", optimizer, steps: 3, batch: 8, seed: 1, parameterization } as const;
	const [classes, rows] = await Promise.all([
		engine.train(network, { x, targets: labels }, options),
		engine.train(network, { x, targets: oneHot }, options),
	]);
	expectClose(rows.losses, classes.losses, { atol: 1e-6 });
});
