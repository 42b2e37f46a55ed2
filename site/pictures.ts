/**
 * Images as the page holds them: numbers from 0 (ground) to 1, and text that fits an address.
 * @module
 */
import { type Engine, gather, type LabelledImages, type Tensor } from "orbit-kernels";
import type { Picture } from "./state.ts";

/** Grey levels of an own image, a character each: those of base64 in addresses. */
const LEVELS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** Rows and columns of an own image: as many as the largest size that can be chosen. */
export const OWN = 28;

/** An own image (28 × 28 numbers from 0 to 1) as text. */
export function encodePicture(pixels: ArrayLike<number>): string {
	const level = (value: number) => LEVELS[Math.round(63 * Math.min(1, Math.max(0, value)))] as string;
	return Array.from(pixels, level).join("");
}

/** The numbers of such a text, or undefined where it is none. */
export function decodePicture(text: string): Float64Array | undefined {
	const levels = Float64Array.from(text, (character) => LEVELS.indexOf(character) / 63);
	return levels.length === OWN * OWN && levels.every((level) => level >= 0) ? levels : undefined;
}

/** What a picture is, in words. */
export function nameOf(picture: Picture, { labels }: LabelledImages): string {
	return "own" in picture ? "your picture" : `digit ${labels[picture.digit]}`;
}

/** A picture as it is kept: 1 × H × W numbers from 0 to 1. */
export function imageOf(picture: Picture, digits: LabelledImages): Tensor<Float64Array> {
	return "own" in picture ? ownOf(picture.own) : (gather(digits.images, [picture.digit]) as Tensor<Float64Array>);
}

/** A picture as an image of 0 … 1, size × size. */
export async function pixelsOf(
	engine: Engine,
	digits: LabelledImages,
	picture: Picture,
	size: number,
	signal: AbortSignal,
): Promise<Tensor<Float64Array>> {
	const whole = imageOf(picture, digits);
	const { data } = whole.shape[1] === size ? whole : await engine.resize(whole, [size, size], { signal });
	return { data: data.map((value) => Math.min(1, Math.max(0, value))), shape: [1, size, size] };
}

const ownOf = (text: string) => ({ data: decodePicture(text) as Float64Array, shape: [1, OWN, OWN] });
