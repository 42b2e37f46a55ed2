/**
 * Labelled digits of commands: those of a folder, or those that come along.
 * @module
 */
import type { Digits } from "../../figures/index.ts";
import { framed } from "../../figures/parts.ts";
import { type Engine, embeddedDigits } from "../index.ts";
import { readDatasetFolder } from "./input.ts";
import { text, usageError } from "./options.ts";

/** Sizes in pixels. */
const MNIST = { digit: [20, 20], image: [28, 28] } as const;

/** Where digits come from. */
export const digitsOptions = {
	data: text("DIR", "images in files like MNIST's [default: the digits that come along]"),
	split: text("name", "which data set in DIR [default: train, else t10k]"),
};

/**
 * Reads the digits that were typed, and gives what makes them ready once there is an engine.
 *
 * Errors: `usage` for a split of no folder; those of the files.
 */
export async function readDigits(data?: string, split?: string): Promise<(engine: Engine) => Promise<Digits>> {
	if (split !== undefined && data === undefined) throw usageError(`--split ${split}: expected --data <DIR> with it`);
	if (data === undefined) return embedded;
	const dataset = await readDatasetFolder("data", data, split);
	return async () => dataset;
}

/** The digits that come with the package, in the layout of MNIST: a margin keeps the corners when they turn. */
async function embedded(engine: Engine): Promise<Digits> {
	const { images, labels } = await embeddedDigits();
	const digits = await engine.resize(images, MNIST.digit);
	const text = (size: readonly number[]) => size.join(" × ");
	const source = `UCI optical digits (Alpaydin & Kaynak 1998), ${text(images.shape.slice(1))} resampled to ${text(MNIST.digit)}`;
	return { images: framed(digits, MNIST.image), labels, source };
}
