/**
 * What is to blame where a held-out pose is read wrongly.
 * @module
 */

/** The causes in the order in which they are looked for; see docs/symmetry.md. */
export type Cause = "right" | "departure" | "density" | "separation";

/**
 * The first that holds.
 *
 * @param right whether regression reads the held-out pose rightly
 * @param blockRight whether it does on the Gram made invariant orbit by orbit
 * @param enough whether some larger number of poses is enough for good
 */
export function blame(right: boolean, blockRight: boolean, enough: boolean): Cause {
	if (right) return "right";
	if (blockRight) return "departure";
	return enough ? "density" : "separation";
}
