/**
 * What a reader draws: strokes of a soft round brush, and the image that they make.
 * @module
 */
import { OWN } from "./pictures.ts";

/** A place on the pad, in pixels of the image from its upper left corner: the first pixel's centre is (½, ½). */
export interface Point {
	x: number;
	y: number;
}

/** Where the brush went, from one point to the next; one point is a dot. */
export type Stroke = readonly Point[];

/** Of the brush, in pixels: at this distance from a stroke there is half of its ink. */
export const BRUSH = 1.3;
/** Over how many pixels more and less it goes from none to all. */
export const SOFT = 0.6;
const REACH = BRUSH + SOFT;
/** Rows and columns that the ink fills in images of MNIST, whatever was written. */
const BOX = 20;
/** How much larger a small drawing becomes. */
const LARGEST = 4;

/** Strokes as an image of 28 × 28 numbers from 0 to 1, where they were drawn. */
export function inked(strokes: readonly Stroke[]): Float64Array {
	const image = new Float64Array(OWN * OWN);
	for (const stroke of strokes)
		for (const [k, to] of stroke.entries()) {
			const from = stroke[Math.max(0, k - 1)] as Point;
			const [left, right] = pixelsWithin(from.x, to.x);
			const [top, bottom] = pixelsWithin(from.y, to.y);
			for (let row = top; row < bottom; row++)
				for (let column = left; column < right; column++) {
					const away = distance({ x: column + 0.5, y: row + 0.5 }, from, to);
					const ink = Math.min(1, Math.max(0, (REACH - away) / (2 * SOFT)));
					const at = row * OWN + column;
					image[at] = Math.max(image[at] as number, ink);
				}
		}
	return image;
}

/** Which pixels the brush reaches between two places: from the first to before the last. */
function pixelsWithin(from: number, to: number): [number, number] {
	const within = (place: number) => Math.min(OWN, Math.max(0, place));
	return [within(Math.floor(Math.min(from, to) - REACH)), within(Math.ceil(Math.max(from, to) + REACH))];
}

/** From a place to the line between two others. */
function distance({ x, y }: Point, from: Point, to: Point): number {
	const [across, down] = [to.x - from.x, to.y - from.y];
	const squared = across * across + down * down;
	const along = squared > 0 ? ((x - from.x) * across + (y - from.y) * down) / squared : 0;
	const share = Math.min(1, Math.max(0, along));
	return Math.hypot(x - from.x - share * across, y - from.y - share * down);
}

/**
 * Strokes as an image like those of MNIST: their ink fills a box of 20 pixels, and its centre of mass is the image's centre
 * as far as the box stays inside.
 */
export function centred(strokes: readonly Stroke[]): Float64Array {
	const points = strokes.flat();
	const [x, y] = [points.map((point) => point.x), points.map((point) => point.y)].map((places) => {
		const [least, most] = [Math.min(...places), Math.max(...places)];
		return { centre: (least + most) / 2, extent: most - least };
	}) as [Extent, Extent];
	const scale = Math.min(LARGEST, (BOX - 2 * REACH) / Math.max(x.extent, y.extent));
	const placed = (shift: Point) =>
		strokes.map((stroke) =>
			stroke.map((point) => ({
				x: OWN / 2 + shift.x + scale * (point.x - x.centre),
				y: OWN / 2 + shift.y + scale * (point.y - y.centre),
			})),
		);
	const mass = centreOfMass(inked(placed({ x: 0, y: 0 })));
	const room = (OWN - BOX) / 2;
	const toMiddle = (place: number) => Math.min(room, Math.max(-room, OWN / 2 - place));
	return inked(placed({ x: toMiddle(mass.x), y: toMiddle(mass.y) }));
}

interface Extent {
	centre: number;
	extent: number;
}

/** Where the ink of an image is on average. */
export function centreOfMass(image: Float64Array): Point {
	let [all, x, y] = [0, 0, 0];
	for (const [k, ink] of image.entries()) {
		all += ink;
		x += ink * ((k % OWN) + 0.5);
		y += ink * (Math.floor(k / OWN) + 0.5);
	}
	return { x: x / all, y: y / all };
}
