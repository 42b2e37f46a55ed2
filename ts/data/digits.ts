/**
 * The digits that come with the package.
 * @module
 */
import type { NumericArray } from "./elements.ts";
import { gunzip } from "./gzip.ts";

/** Images of one size with one label each. */
export interface LabelledImages {
	/** Grey values from 0 (background) to 1, shape [n, H, W]. */
	images: NumericArray<Float64Array>;
	/** The class of each image. */
	labels: Int32Array;
}

const COUNT = 1797;
const PIXELS = 64;

/**
 * The 1797 handwritten digits of 8 × 8 pixels of the UCI repository, loaded when first asked for; fresh arrays each time.
 *
 * @example
 * const { images, labels } = await embeddedDigits();
 * const large = await engine.resize(images, [28, 28]);
 *
 * Source: E. Alpaydin and C. Kaynak, "Optical Recognition of Handwritten Digits" (1998), https://doi.org/10.24432/C50P49, CC BY 4.0
 */
export async function embeddedDigits(): Promise<LabelledImages> {
	const { default: packed } = await import("../../data/digits.js");
	const columns = await gunzip(Uint8Array.from(atob(packed), (character) => character.charCodeAt(0)));
	const data = new Float64Array(COUNT * PIXELS);
	for (let i = 0; i < data.length; i++) {
		data[i] = (columns[(i % PIXELS) * COUNT + Math.floor(i / PIXELS)] as number) / 16;
	}
	return { images: { data, shape: [COUNT, 8, 8] }, labels: Int32Array.from(columns.subarray(PIXELS * COUNT)) };
}
