/**
 * All that a reader can choose: one plain object, from which the whole page follows.
 * @module
 */

import type { ActionName } from "./actions.ts";
import type { ArchitectureName } from "./architectures.ts";

/** An image: one of the digits that come along, or the reader's own in 64 grey levels, a character each (see pictures.ts). */
export type Picture = { digit: number } | { own: string };

/** The two orbits. */
export type Side = "a" | "b";

/** How rows and columns of a Gram are arranged: A₀ B₀ A₁ B₁ …, or A₀ A₁ … B₀ B₁ …. */
export type Arrangement = "inTurn" | "byClass";

export interface State {
	a: Picture;
	b: Picture;
	/** Rows and columns of the images. */
	size: number;
	action: ActionName;
	/** N, of the actions that have it. */
	poses: number;
	/** The pose that is held out, of which orbit. */
	unseen: { of: Side; pose: number };
	architecture: ArchitectureName;
	/** Of architectures, by their names. */
	parameters: Readonly<Record<string, number>>;
	arrangement: Arrangement;
	/** From where the orbits are seen, in degrees. */
	view: { azimuth: number; elevation: number };
	toy: Toy;
}

/** Two circles: N, the distance Δ of their centres, and L, the inverse of the kernel's length. */
export interface Toy {
	poses: number;
	delta: number;
	inverseLength: number;
}

/** Numbers that a slider goes over. */
export interface Steps {
	least: number;
	most: number;
	step: number;
}

/** The number of a slider that is nearest to a wanted one. */
export function nearestStep({ least, most, step }: Steps, wanted: number): number {
	const steps = Math.round((Math.min(most, Math.max(least, wanted)) - least) / step);
	return Number((least + steps * step).toFixed(4));
}

/** What the circles can be. */
export const TOY = {
	poses: { label: "N, points of a circle", least: 2, most: 48, step: 1 },
	delta: { label: "Δ, distance of the circles", least: 0, most: 4, step: 0.05 },
	inverseLength: { label: "L, inverse length", least: 0.2, most: 4, step: 0.05 },
} as const;

/** Sizes of images that can be chosen. */
export const SIZES = [8, 16, 28] as const;

/** What is seen first: a 9 and a 7 in eight poses, too few for a perceptron but not for a network that pools. */
export const FIRST: State = {
	a: { digit: 1249 },
	b: { digit: 568 },
	size: 8,
	action: "rotations",
	poses: 8,
	unseen: { of: "a", pose: 0 },
	architecture: "mlp",
	parameters: {},
	arrangement: "inTurn",
	view: { azimuth: 30, elevation: 25 },
	toy: { poses: 6, delta: 1, inverseLength: 1 },
};
