/** How trainings begin, go on, are told of and end. */
import { describe, expect, test } from "vitest";
import {
	conv,
	dense,
	dropout,
	globalAveragePool,
	type Progress,
	random,
	readSafetensors,
	relu,
	serial,
	type TrainOptions,
	writeSafetensors,
} from "../dist/index.js";
import { engines } from "./support/engines.ts";
import { failure } from "./support/failure.ts";

const next = random(2);
const x = { data: Float64Array.from({ length: 50 * 6 }, () => 2 * next() - 1), shape: [50, 6] };
const targets = Int32Array.from({ length: 50 }, (_, k) => k % 3);
const network = serial(dense({ width: 32, biasStd: 0.1 }), relu(), dropout({ keepRate: 0.8 }), dense({ width: 3 }));
const how: TrainOptions = { loss: "crossEntropy", batch: 16, epochs: 6, seed: 4 };

const create = engines();

describe.each([0, 2])("with %i workers", (workers) => {
	test("progress counts steps, and a checkpoint goes on to the same bits", async () => {
		const engine = await create({ workers });
		const seen: Progress[] = [];
		const whole = await engine.train(
			network,
			{ x, targets },
			{ ...how, onProgress: (progress) => seen.push(progress) },
		);
		// Of 50 samples, epochs of 16, 16, 16 and 2.
		expect(seen.at(-1)).toEqual({ done: 24, total: 24 });
		expect(whole.losses.length).toBe(24);
		expect(whole.steps).toBe(24);
		const kept: [number, Uint8Array][] = [];
		const onCheckpoint = (checkpoint: Uint8Array, steps: number) => void kept.push([steps, checkpoint]);
		await engine.train(network, { x, targets }, { ...how, checkpointEvery: 10, onCheckpoint });
		expect(kept.map(([steps]) => steps)).toEqual([10, 20, 24]);
		const [, checkpoint] = kept[0] as [number, Uint8Array];
		const rest = await engine.train(network, { x, targets }, { ...how, checkpoint });
		expect([...rest.losses]).toEqual([...whole.losses.slice(10)]);
		expect(rest.checkpoint).toEqual(whole.checkpoint);
	});

	test("an abort ends a training at once, and leaves the engine working", async () => {
		const engine = await create({ workers });
		const abort = new AbortController();
		const onProgress = ({ done }: Progress) => {
			if (done > 0) abort.abort(new Error("enough"));
		};
		const call = engine.train(network, { x, targets }, { ...how, epochs: 1_000_000, signal: abort.signal, onProgress });
		const error = await failure(() => call);
		expect(error.code).toBe("aborted");
		expect((error.cause as Error).message).toBe("enough");
		expect((await engine.train(network, { x, targets }, { ...how, epochs: 1 })).steps).toBe(4);
	});

	test("an ensemble has the members that its seeds have alone", async () => {
		const engine = await create({ workers });
		const members = await engine.train(network, { x, targets }, { ...how, ensemble: 3 });
		const alone = await engine.train(network, { x, targets }, { ...how, seed: 5 });
		expect(members.map(({ settings }) => settings.seed)).toEqual([4, 5, 6]);
		expect(members[1]?.checkpoint).toEqual(alone.checkpoint);
		expect(members[0]?.checkpoint).not.toEqual(alone.checkpoint);
	});
});

test("a saved network is the same network, and its weights have names", async () => {
	const engine = await create({ workers: 1 });
	const trained = await engine.train(network, { x, targets }, how);
	const again = await engine.loadTrained(trained.checkpoint);
	expect(await again.predict(x)).toEqual(await trained.predict(x));
	expect(again.settings).toEqual(trained.settings);
	const shapes = Object.entries(again.parameters()).map(([name, { shape }]) => [name, shape]);
	expect(Object.fromEntries(shapes)).toEqual({
		"layers.0.weight": [6, 32],
		"layers.0.bias": [32],
		"layers.3.weight": [32, 3],
	});
	const { tensors } = readSafetensors(writeSafetensors(trained.parameters(), { note: "a note" }));
	expect(tensors).toEqual(trained.parameters());
});

test("samples that are made when they are needed train as those in memory", async () => {
	const engine = await create({ workers: 1 });
	const asked: number[] = [];
	const source = {
		shape: x.shape,
		async rows(indices: Uint32Array) {
			asked.push(indices.length);
			return Float64Array.from({ length: indices.length * 6 }, (_, k) => {
				return x.data[(indices[Math.floor(k / 6)] as number) * 6 + (k % 6)] as number;
			});
		},
	};
	const made = await engine.train(network, { x: source, targets }, how);
	expect(made.checkpoint).toEqual((await engine.train(network, { x, targets }, how)).checkpoint);
	expect(Math.max(...asked)).toBeLessThanOrEqual(50);
});

test("a training that no number can hold says where it ended", async () => {
	const engine = await create({ workers: 1 });
	const optimizer = { type: "sgd", rate: 1e30 } as const;
	const y = { data: new Float64Array(150).fill(1), shape: [50, 3] };
	const error = await failure(() => engine.train(network, { x, targets: y }, { steps: 50, optimizer }));
	expect(error.code).toBe("value");
	expect(error.path).toBe("loss");
	expect(error.index).toBeGreaterThan(0);
});

test.for([
	["no length", {}, "usage", "options.steps"],
	["two lengths", { steps: 1, epochs: 1 }, "usage", "options.steps"],
	["half a step", { steps: 0.5 }, "usage", "options.steps"],
	["an option that nobody reads", { steps: 1, rate: 1 }, "usage", "options.rate"],
	["no samples a step", { steps: 1, batch: 0 }, "usage", "options.batch"],
	["a rate below zero", { steps: 1, optimizer: { type: "adam", rate: -1 } }, "value", "optimizer.rate"],
	["an unknown loss", { steps: 1, loss: "hinge" }, "value", "loss"],
	["weights of another shape", { steps: 1, init: { "layers.0.weight": [[1]] } }, "value", "layers.0.weight"],
	["a checkpoint that is none", { steps: 1, checkpoint: new Uint8Array(20) }, "file", undefined],
] as const)("bad input: %s", async ([, options, code, path]) => {
	const engine = await create({ workers: 1 });
	const data = { x, targets: { data: new Float64Array(150), shape: [50, 3] } };
	const error = await failure(() => engine.train(network, data, options as unknown as TrainOptions));
	expect([error.code, error.path]).toEqual([code, path]);
});

test("kernels need no training module, and a training that finds none is an error", async () => {
	const engine = await create({ workers: 1, trainingUrl: new URL("./no-such-training.js", import.meta.url) });
	expect((await engine.gram(serial(dense(), relu(), dense()), x)).ntk?.shape).toEqual([50, 50]);
	expect((await failure(() => engine.train(network, { x, targets }, how))).code).toBe("worker");
});

test("a training that would not fit is refused before it starts", async () => {
	const engine = await create({ workers: 1, maxBytes: 5_000 });
	const error = await failure(() => engine.train(network, { x, targets }, how));
	expect([error.code, error.path]).toEqual(["memory", "maxBytes"]);
	// Weights, their gradients and Adam's two moments, and a checkpoint without the gradients; four times what one sample is
	// between the layers; all in single precision.
	expect(error.value).toBe(7 * 4 * (6 * 32 + 32 + 32 * 3) + 4 * 4 * (6 + 32 + 32 + 32 + 3));
	const large = serial(dense({ width: 20_000_000 }), relu(), dense({ width: 3 }));
	const unlimited = await create({ workers: 1, maxBytes: 1e12 });
	expect((await failure(() => unlimited.train(large, { x, targets }, how))).code).toBe("memory");
	// Few weights, but more numbers between two layers than a module can hold.
	const wide = serial(conv({ outChannels: 1_000_000, size: [1, 1] }), globalAveragePool(), dense({ width: 3 }));
	const images = { data: new Float64Array(50 * 28 * 28), shape: [50, 28, 28] };
	expect((await failure(() => unlimited.train(wide, { x: images, targets }, how))).code).toBe("memory");
});

test("layers that are only trained have no kernel, and say so", async () => {
	const engine = await create({ workers: 1 });
	const images = { data: new Float64Array(2 * 16).fill(1), shape: [2, 4, 4] };
	const error = await failure(() =>
		engine.gram({ type: "serial", layers: [{ type: "maxPool", size: [2, 2] }, { type: "flatten" }] }, images),
	);
	expect(error.code).toBe("network");
	expect(error.path).toBe("layers[0]");
	expect(error.message).toContain("trained");
});

test("weights of labels that are no classes are refused where they stand", async () => {
	const engine = await create({ workers: 1 });
	const labels = Int32Array.from(targets);
	labels[7] = 3;
	const error = await failure(() => engine.train(network, { x, targets: labels }, { ...how, batch: 50 }));
	expect([error.code, error.value]).toEqual(["value", 3]);
	labels[7] = -1;
	expect((await failure(() => engine.train(network, { x, targets: labels }, how))).index).toBe(7);
});
