/** Pictures of the orbit lab: as text, drawn, and from files; and how points in space are seen. */
import { describe, expect, test } from "vitest";
import { BRUSH, centred, centreOfMass, inked, type Point, type Stroke } from "../../site/drawing.ts";
import { greyOf } from "../../site/photo.ts";
import { decodePicture, encodePicture, nameOf, OWN } from "../../site/pictures.ts";
import { seenFrom, turned } from "../../site/turning.ts";

const pixels = Array.from({ length: OWN * OWN }, (_, k) => k);

describe("An own picture as text", () => {
	test("comes back to the nearest of 64 greys, and then exactly", () => {
		const picture = pixels.map((k) => (k % 101) / 100);
		const text = encodePicture(picture);
		expect(text).toMatch(/^[\w-]{784}$/);
		const again = decodePicture(text) as Float64Array;
		for (const [k, grey] of picture.entries())
			expect(Math.abs((again[k] as number) - grey)).toBeLessThan(0.5 / 63 + 1e-9);
		expect(encodePicture(again)).toBe(text);
	});
	test("what is beyond black and white becomes that", () => {
		const again = decodePicture(encodePicture(pixels.map((k) => (k % 2 === 0 ? -0.4 : 1.7))));
		expect(again?.slice(0, 4)).toEqual(Float64Array.of(0, 1, 0, 1));
	});
	test("other text is none", () => {
		expect(decodePicture("A".repeat(783))).toBeUndefined();
		expect(decodePicture(`${"A".repeat(783)}!`)).toBeUndefined();
		expect(decodePicture("")).toBeUndefined();
	});
	test("has a name", () => {
		const digits = { images: { data: new Float64Array(128), shape: [2, 8, 8] }, labels: Int32Array.of(3, 8) };
		expect(nameOf({ digit: 1 }, digits)).toBe("digit 8");
		expect(nameOf({ own: encodePicture(pixels) }, digits)).toBe("your picture");
	});
});

/** A seven, drawn small in the upper left corner. */
const seven: Stroke = [
	{ x: 3, y: 3 },
	{ x: 9, y: 3 },
	{ x: 5, y: 13 },
];
const moved = (stroke: Stroke, x: number, y: number, scale = 1): Stroke =>
	stroke.map((point) => ({ x: x + scale * point.x, y: y + scale * point.y }));

/** Rows and columns with ink. */
function extent(image: Float64Array): { width: number; height: number } {
	const places = pixels.filter((k) => (image[k] as number) > 0);
	const length = (values: number[]) => Math.max(...values) - Math.min(...values) + 1;
	return { width: length(places.map((k) => k % OWN)), height: length(places.map((k) => Math.floor(k / OWN))) };
}

const apart = (a: Float64Array, b: Float64Array) =>
	Math.max(...a.map((value, k) => Math.abs(value - (b[k] as number))));

describe("A drawing", () => {
	test("a dot has all ink in its middle, half at the brush's edge, and none farther away", () => {
		const image = inked([[{ x: 10.5, y: 5.5 }]]);
		const at = (row: number, column: number) => image[row * OWN + column];
		expect(at(5, 10)).toBe(1);
		expect(at(5, 13)).toBe(0);
		expect(inked([[{ x: 10.5 + BRUSH, y: 5.5 }]])[5 * OWN + 10]).toBeCloseTo(0.5, 12);
		expect(centreOfMass(image).x).toBeCloseTo(10.5, 12);
		expect(centreOfMass(image).y).toBeCloseTo(5.5, 12);
	});
	test("a line is inked all along, once where strokes cross, and cut at the edge", () => {
		const line: Stroke = [
			{ x: -4, y: 7.5 },
			{ x: 40, y: 7.5 },
		];
		const image = inked([line, line]);
		expect([...image.subarray(7 * OWN, 8 * OWN)]).toEqual(new Array(OWN).fill(1));
		expect(image.reduce((sum, ink) => sum + ink)).toBeCloseTo(
			inked([line]).reduce((sum, ink) => sum + ink),
			12,
		);
	});
	test("fills 20 pixels around its centre of mass", () => {
		const image = centred([seven]);
		const { x, y } = centreOfMass(image);
		expect(Math.hypot(x - OWN / 2, y - OWN / 2)).toBeLessThan(0.2);
		const { width, height } = extent(image);
		// Of a box that begins within a pixel.
		expect(height).toBeGreaterThanOrEqual(19);
		expect(height).toBeLessThanOrEqual(21);
		expect(width).toBeLessThan(height);
	});
	test("is the same wherever and in whatever size it was drawn", () => {
		const image = centred([seven]);
		expect(apart(centred([moved(seven, 14, 11)]), image)).toBeLessThan(1e-9);
		expect(apart(centred([moved(seven, -4, -5, 2)]), image)).toBeLessThan(1e-9);
		expect(apart(inked([moved(seven, 14, 11)]), inked([seven]))).toBe(1);
	});
	test("one whose ink is mostly on one side stays inside", () => {
		const corner: Point[] = [...Array(40)].map((_, k) => ({ x: 3 + 0.2 * (k % 5), y: 3 + 0.1 * k }));
		const image = centred([corner, [{ x: 25, y: 25 }]]);
		const edge = pixels.filter((k) => [0, OWN - 1].some((one) => one === k % OWN || one === Math.floor(k / OWN)));
		expect(Math.max(...edge.map((k) => image[k] as number))).toBeLessThan(0.5);
		expect(extent(image).height).toBeGreaterThanOrEqual(19);
	});
	test("a dot is in the middle, and nothing is nothing", () => {
		expect(apart(centred([[{ x: 3, y: 20 }]]), inked([[{ x: 14, y: 14 }]]))).toBeLessThan(1e-12);
		expect(centred([])).toEqual(new Float64Array(OWN * OWN));
	});
});

/** A picture of 56 × 56 whose colours are a function of row and column. */
function photo(colour: (row: number, column: number) => readonly [number, number, number]): number[] {
	return Array.from({ length: 56 * 56 }, (_, k) => [...colour(Math.floor(k / 56), k % 56), 255]).flat();
}
const isInk = (row: number, column: number) => row >= 12 && row < 44 && column >= 24 && column < 32;

describe("A picture file", () => {
	test("is bright on dark, whichever way it was", () => {
		const onWhite = greyOf(
			photo((row, column) => (isInk(row, column) ? [20, 20, 90] : [240, 250, 240])),
			56,
		);
		const onBlack = greyOf(
			photo((row, column) => (isInk(row, column) ? [240, 250, 240] : [20, 20, 90])),
			56,
		);
		const expected = Float64Array.from(pixels, (k) => (isInk(2 * Math.floor(k / OWN), 2 * (k % OWN)) ? 1 : 0));
		for (const image of [onWhite, onBlack]) expect(apart(image as Float64Array, expected)).toBeLessThan(1e-12);
	});
	test("each grey is the mean of a block, as bright as its colour", () => {
		// On black, a bar that is green on the left and blue on the right, with one white pixel.
		const image = greyOf(
			photo((row, column) => {
				if (row === 28 && column === 28) return [255, 255, 255];
				if (isInk(row, column)) return column < 28 ? [0, 255, 0] : [0, 0, 255];
				return [0, 0, 0];
			}),
			56,
		) as Float64Array;
		const at = (row: number, column: number) => image[row * OWN + column] as number;
		const [green, blue] = [0.7152, 0.0722];
		expect(at(10, 12)).toBe(1);
		expect(at(10, 14)).toBeCloseTo(blue / green, 12);
		expect(at(14, 14)).toBeCloseTo((1 + 3 * blue) / 4 / green, 12);
	});
	test("one grey is no picture", () => {
		expect(
			greyOf(
				photo(() => [90, 100, 110]),
				56,
			),
		).toBeUndefined();
	});
});

describe("A view", () => {
	test("from the front, the side and above", () => {
		const point = [1, 2, 3] as const;
		const close = (view: { azimuth: number; elevation: number }, x: number, y: number, near: number) => {
			const seen = seenFrom(view)(point);
			for (const [value, wanted] of [
				[seen.x, x],
				[seen.y, y],
				[seen.near, near],
			] as const)
				expect(value).toBeCloseTo(wanted, 12);
		};
		close({ azimuth: 0, elevation: 0 }, 1, 3, -2);
		close({ azimuth: 90, elevation: 0 }, -2, 3, -1);
		close({ azimuth: 0, elevation: 90 }, 1, 2, 3);
	});
	test("keeps distances", () => {
		const { x, y, near } = seenFrom({ azimuth: 37, elevation: -61 })([1, 2, 3]);
		expect(Math.hypot(x, y, near)).toBeCloseTo(Math.hypot(1, 2, 3), 12);
	});
	test("turns around without end, and to the poles", () => {
		expect(turned({ azimuth: 350, elevation: 80 }, 15.2, 30)).toEqual({ azimuth: 5, elevation: 90 });
		expect(turned({ azimuth: -350, elevation: 0 }, -20, -100)).toEqual({ azimuth: -10, elevation: -90 });
	});
});
