/**
 * Pairs of labelled images of different classes.
 * @module
 */
import { OrbitKernelsError } from "../errors.ts";
import { random } from "./random.ts";

/**
 * Random pairs of images with different labels, as pairs of indices: every ordered pair is equally likely, drawn with
 * replacement. One seed gives the same pairs on every host; the first pairs do not depend on the count.
 *
 * @param labels one label per image
 * @param count the number of pairs, at least 1
 * @param seed an integer, to be recorded with the results
 * @throws OrbitKernelsError "value" when all labels are equal, or the count or seed is not valid
 * @example
 * for (const [a, b] of pairs(labels, 512, 1)) console.log(labels[a], labels[b]);
 *
 * Source: Perin & Deny, "On the Ability of Deep Networks to Learn Symmetries from Data", arXiv 2412.11521, figure 4
 */
export function pairs(labels: ArrayLike<number | string>, count: number, seed: number): [number, number][] {
	if (!Number.isSafeInteger(count) || count < 1) {
		throw new OrbitKernelsError("value", `the number of pairs is a positive integer, not ${count}`, {
			path: "count",
			value: count,
			expected: "a positive integer",
		});
	}
	if (new Set(Array.from(labels)).size < 2) {
		throw new OrbitKernelsError("value", "pairs need images of at least two different labels", {
			path: "labels",
			expected: "two different labels",
		});
	}
	const next = random(seed);
	const draw = () => Math.floor(next() * labels.length);
	return Array.from({ length: count }, () => {
		let [a, b] = [draw(), draw()];
		while (labels[a] === labels[b]) [a, b] = [draw(), draw()];
		return [a, b];
	});
}
