/** The experiment of figure 1 on a few embedded digits. */
import { afterAll, beforeAll, expect, test } from "vitest";
import {
	createEngine,
	dense,
	type Engine,
	embeddedDigits,
	type HeldOutPoseOptions,
	type HeldOutPoseState,
	OrbitKernelsError,
	relu,
	serial,
} from "../dist/index.js";

let engine: Engine;
beforeAll(async () => {
	engine = await createEngine({ workers: 2 });
});
afterAll(() => engine.dispose());

const COUNT = 400;
const digits = await embeddedDigits();
const data = {
	images: { data: digits.images.data.subarray(0, COUNT * 64), shape: [COUNT, 8, 8] },
	labels: digits.labels.subarray(0, COUNT),
};
const network = serial(dense({ width: 128, biasStd: 0 }), relu(), dense({ width: 10, biasStd: 0 }));
const optimizer = { type: "adam", rate: 5e-3 } as const;
const how: HeldOutPoseOptions = { heldOut: 7, poses: 2, epochs: 30, batch: 64, init: "uniform", seed: 1, optimizer };

test("all poses but one are seen, and that one is not recognized", async () => {
	const states: HeldOutPoseState[] = [];
	const { curve, counts, settings } = await engine.heldOutPose(network, data, {
		...how,
		onEpoch: (state) => void states.push(state),
	});
	const sevens = data.labels.filter((label) => label === 7).length;
	const seen = 2 * COUNT - sevens;
	expect(counts).toEqual({ train: seen - Math.round(seen / 10), testIn: Math.round(seen / 10), testOut: sevens });
	expect(curve.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 31 }, (_, epoch) => epoch));
	expect(curve[0]?.loss).toBeNull();
	const last = curve.at(-1);
	expect(last?.train).toBeGreaterThan(0.95);
	expect(last?.testIn).toBeGreaterThan(0.85);
	expect(last?.testOut).toBeLessThan((last?.testIn as number) - 0.3);
	expect(settings).toMatchObject({ heldOut: 7, poses: 2, epochs: 30, batch: 64, seed: 1, loss: "crossEntropy" });

	// Interrupted after the tenth epoch, it goes on to the same numbers.
	const resume = structuredClone(states[10] as HeldOutPoseState);
	expect((await engine.heldOutPose(network, data, { ...how, resume })).curve).toEqual(curve);
});

test("a class that is not there can't be held out", async () => {
	const error = await engine.heldOutPose(network, data, { ...how, heldOut: 12 }).catch((error) => error);
	expect(error).toBeInstanceOf(OrbitKernelsError);
	expect([error.code, error.path]).toEqual(["usage", "options.heldOut"]);
});
