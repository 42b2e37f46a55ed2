import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEngine, type Engine, rotations } from "../dist/index.js";
import fixtures from "./fixtures/image/cases.json";
import { expectClose } from "./support/close.ts";
import { loadArray, loadManifest, type StoredArray } from "./support/files.ts";

/** A case of kind "rotate" of the reference family paper-mlp. */
interface RotateCase {
	name: string;
	inputs: { image?: StoredArray; anglesDegrees: number[] };
	expected: { image?: StoredArray; rotated: StoredArray };
	tolerance: { rtol: number; atol: number };
}

/** Of the reference, for images of values about 1. */
const TOLERANCE = { rtol: 0, atol: 1e-12 };

const floats = ({ shape, data }: { shape: number[]; data: ArrayLike<number> }) => ({
	shape,
	data: Float64Array.from(data),
});

/** One image as the batch that the engine takes. */
const batch = ({ shape, data }: { shape: number[]; data: Float64Array }) => ({ shape: [1, ...shape], data });

/** `np.rot90` of a square image. */
function rot90(image: Float64Array, side: number): Float64Array {
	return image.map((_, i) => image[(i % side) * side + side - 1 - Math.floor(i / side)] as number);
}

describe.each([0, 2])("with %i workers", (workers) => {
	let engine: Engine;
	beforeAll(async () => {
		engine = await createEngine({ workers });
	});
	afterAll(() => engine.dispose());

	test.each(fixtures.rotate)("rotates like scipy: $image.shape by $degrees", async ({ image, degrees, rotated }) => {
		const turned = await engine.rotate(batch(floats(image)), degrees);
		expect(turned.shape).toEqual([1, ...rotated.shape]);
		expectClose(turned.data, floats(rotated).data, TOLERANCE);
	});

	test.each(fixtures.resize)("resizes like scipy: $image.shape to $resized.shape", async ({ image, resized }) => {
		const scaled = await engine.resize(batch(floats(image)), resized.shape as [number, number]);
		expect(scaled.shape).toEqual([1, ...resized.shape]);
		expectClose(scaled.data, floats(resized).data, TOLERANCE);
	});

	test.for(["image7", "image4040", "random", "random-nonsquare"])(
		"rotates the reference's %s",
		async (name, { skip }) => {
			const absent = () => skip("the reference is not there");
			const manifest = (await loadManifest<{ cases: RotateCase[] }>("paper-mlp")) ?? absent();
			const { inputs, expected, tolerance } = manifest.cases.find((one) => one.name === `rotate-${name}`) as RotateCase;
			const image = (await loadArray("paper-mlp", (inputs.image ?? expected.image) as StoredArray)) ?? absent();
			const rotated = (await loadArray("paper-mlp", expected.rotated)) ?? absent();
			const turned = await engine.rotate(batch(image), inputs.anglesDegrees);
			expectClose(turned.data, rotated.data, tolerance);
		},
	);

	const digit = floats(fixtures.resize[0]?.image as { shape: number[]; data: number[] });

	test("an orbit holds the rotated poses, raw or normalized", async () => {
		const action = rotations(8);
		const raw = await engine.orbit(batch(digit), action, { prepare: "none" });
		expect(raw.shape).toEqual([1, 8, 8, 8]);
		const turned = await engine.rotate(
			batch(digit),
			Array.from({ length: 8 }, (_, k) => 45 * k),
		);
		expectClose(raw.data, turned.data, TOLERANCE);

		const unit = await engine.orbit(batch(digit), action);
		for (let pose = 0; pose < 8; pose++) {
			const pixels = Array.from(unit.data.subarray(64 * pose, 64 * (pose + 1)));
			expect(Math.abs(pixels.reduce((sum, x) => sum + x, 0))).toBeLessThan(1e-14);
			expect(pixels.reduce((sum, x) => sum + x * x, 0)).toBeCloseTo(1, 14);
		}
	});

	test("quarter turns permute the pixels of any turn", async () => {
		const quarters = [0, 90, 180, 270, 360];
		const { data } = await engine.rotate(batch(digit), quarters);
		expectClose(data.subarray(0, 64), digit.data, { atol: 1e-14 });
		const further = await engine.rotate(
			batch(digit),
			quarters.map((degrees) => degrees + 33),
		);
		for (const poses of [data, further.data]) {
			let expected: Float64Array = poses.slice(0, 64);
			for (let quarter = 0; quarter <= 4; quarter++) {
				expect(poses.slice(64 * quarter, 64 * (quarter + 1))).toEqual(expected);
				expected = rot90(expected, 8);
			}
		}
	});

	test("several images keep their order, and are not changed", async () => {
		const data = Float64Array.from({ length: 3 * 64 }, (_, i) => (digit.data[i % 64] as number) + Math.floor(i / 64));
		const images = { data: data.slice(), shape: [3, 8, 8] };
		const all = await engine.rotate(images, [10, 20]);
		expect(all.shape).toEqual([3, 2, 8, 8]);
		expect(images.data).toEqual(data);
		const last = await engine.rotate({ data: data.slice(128), shape: [1, 8, 8] }, [10, 20]);
		expect(all.data.slice(256)).toEqual(last.data);
	});

	test.each([
		["a constant image", { data: new Float64Array(64).fill(0.1), shape: [1, 8, 8] }, "value"],
		["a pixel that is no number", { data: digit.data.with(5, Number.NaN), shape: [1, 8, 8] }, "value"],
		["images without columns", { data: new Float64Array(0), shape: [1, 8, 0] }, "shape"],
		["flat samples", { data: new Float64Array(64), shape: [1, 64] }, "shape"],
	])("refuses %s", async (_, images, code) => {
		await expect(engine.orbit(images, rotations(3))).rejects.toMatchObject({ code });
	});

	test("refuses impossible angles and sizes", async () => {
		await expect(engine.rotate(batch(digit), [0, Infinity])).rejects.toMatchObject({ code: "value" });
		await expect(engine.resize(batch(digit), [0, 5])).rejects.toMatchObject({ code: "shape" });
		await expect(engine.resize(batch(digit), [2.5, 5])).rejects.toMatchObject({ code: "shape" });
	});
});
