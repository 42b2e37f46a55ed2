/**
 * What is done to labelled images before a kernel sees them: the rotation action, and pairs of different classes.
 * @module
 */
import { OrbitKernelsError } from "../errors.ts";
import { random } from "./random.ts";

/** The action of the cyclic group of `order` rotations on images; plain frozen data. */
export interface Rotations {
	readonly type: "rotations";
	/** The number of poses. */
	readonly order: number;
	/** Whether the poses permute the pixels of a square image; otherwise a spline interpolates between them. */
	readonly exact: boolean;
}

/**
 * The rotation action: pose k is the image turned by 360°·k / order counterclockwise, k = 0 … order − 1.
 *
 * Only quarter turns are exact; other poses are cubic-spline interpolations of `engine.rotate`.
 *
 * @param order the number of poses, at least 1
 * @throws OrbitKernelsError "action" when the order is no positive integer
 * @example
 * const { data, shape } = await engine.orbit(images, rotations(8)); // shape [m, 8, H, W]
 */
export function rotations(order: number): Rotations {
	if (!Number.isSafeInteger(order) || order < 1) {
		throw new OrbitKernelsError("action", `rotations need a positive integer order, not ${order}`, {
			path: "order",
			value: order,
			expected: "a positive integer",
		});
	}
	return Object.freeze({ type: "rotations", order, exact: 4 % order === 0 });
}

/** The angles of the poses of a rotation action, in degrees. */
export function poseAngles({ order }: Rotations): number[] {
	return Array.from({ length: order }, (_, k) => (360 * k) / order);
}

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
