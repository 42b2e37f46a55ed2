import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
	conv,
	createEngine,
	dense,
	type Engine,
	globalAveragePool,
	type Network,
	random,
	relu,
	serial,
} from "../dist/index.js";
import { expectClose } from "./support/close.ts";

type Padding = "circular" | "same" | "valid";

const network = (padding: Padding, size: [number, number] = [3, 3]): Network =>
	serial(conv({ size, padding }), relu(), conv({ size, padding }), relu(), globalAveragePool(), dense());

const SIDE = 6;
const next = random(5);
const noise = () => Float64Array.from({ length: SIDE * SIDE }, () => 2 * next() - 1);
/** The image whose pixel at each place comes from another place. */
const moved = (image: Float64Array, from: (y: number, x: number) => [number, number]) =>
	image.map((_, at) => {
		const [y, x] = from(Math.floor(at / SIDE), at % SIDE);
		return image[((y + SIDE) % SIDE) * SIDE + ((x + SIDE) % SIDE)] as number;
	});
const turned = (image: Float64Array) => moved(image, (y, x) => [x, SIDE - 1 - y]);
const mirrored = (image: Float64Array) => moved(image, (y, x) => [y, SIDE - 1 - x]);
const shifted = (image: Float64Array, down: number, right: number) => moved(image, (y, x) => [y - down, x - right]);
const stacked = (images: Float64Array[]) => ({
	data: Float64Array.from(images.flatMap((image) => [...image])),
	shape: [images.length, SIDE, SIDE],
});

/** Two images, all their quarter turns and mirror images, and two of them shifted. */
const orbits = [noise(), noise()].flatMap((image) => {
	const turns = [image];
	for (let k = 0; k < 3; k++) turns.push(turned(turns.at(-1) as Float64Array));
	return [...turns, ...turns.map(mirrored), shifted(image, 1, 4), shifted(turns[1] as Float64Array, 5, 2)];
});

describe.each([0, 2])("images that are alike, with %i workers", (workers) => {
	let engine: Engine;
	beforeAll(async () => {
		engine = await createEngine({ workers });
	});
	afterAll(() => engine.dispose());

	test.each<[Padding, [number, number]?]>([
		["circular"],
		["circular", [2, 2]],
		["circular", [3, 1]],
		["same"],
		["same", [2, 2]],
		["valid"],
		["valid", [2, 3]],
	])("%s %s: each entry is that of the two images alone", async (padding, size) => {
		const { ntk } = await engine.gram(network(padding, size), stacked(orbits), { kernels: ["nngp", "ntk"] });
		const count = orbits.length;
		const pairs = [0, 1, 3, 6, 9, 10, 13, 19].flatMap((i) => [0, 2, 5, 8, 9, 11, 17].map((j) => [i, j] as const));
		for (const [i, j] of pairs) {
			const [a, b] = [orbits[i], orbits[j]] as [Float64Array, Float64Array];
			const alone = await engine.gram(network(padding, size), stacked([a]), stacked([b]));
			expectClose([ntk?.data[i * count + j] as number], alone.ntk?.data ?? [], { rtol: 1e-12 });
			expect(ntk?.data[j * count + i]).toBe(ntk?.data[i * count + j]);
		}
		const cross = await engine.gram(network(padding, size), stacked(orbits), stacked(orbits.slice(3, 15)));
		for (const [i, j] of pairs)
			if (j < 12)
				expectClose([cross.ntk?.data[i * 12 + j] as number], [ntk?.data[i * count + j + 3] as number], { rtol: 1e-12 });
	});

	test("pairs that differ by a turn of both have the same bits: they are computed once", async () => {
		const { ntk } = await engine.gram(network("same"), stacked(orbits));
		const count = orbits.length;
		const at = (i: number, j: number) => ntk?.data[i * count + j];
		// The orbits begin with four quarter turns each, 10 images apart.
		for (let turn = 1; turn < 4; turn++) {
			expect(at(turn, 10 + turn)).toBe(at(0, 10));
			expect(at(turn, 10 + ((turn + 1) % 4))).toBe(at(0, 11));
		}
		const circle = await engine.gram(network("circular"), stacked(orbits));
		for (const j of [10, 11, 14]) expect(circle.ntk?.data[8 * count + j]).toBe(circle.ntk?.data[j]);
	});

	test("progress counts all entries, and the diagonal is that of the Gram", async () => {
		const seen: number[] = [];
		const onProgress = ({ done }: { done: number }) => seen.push(done);
		const { ntk } = await engine.gram(network("circular"), stacked(orbits), { onProgress });
		expect(seen.at(-1)).toBe((orbits.length * (orbits.length + 1)) / 2);
		const diagonal = await engine.diagonal(network("circular"), stacked(orbits));
		expect([...(diagonal.ntk?.data ?? [])]).toEqual(orbits.map((_, k) => ntk?.data[k * (orbits.length + 1)]));
	});
});
