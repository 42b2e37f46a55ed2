/**
 * Seeded random numbers, the same on every host.
 * @module
 */
import { OrbitKernelsError } from "../errors.ts";

/**
 * A generator of uniform numbers in [0, 1), multiples of 2^-32.
 *
 * @param seed an integer; equal modulo 2^32 means equal sequences
 * @throws OrbitKernelsError "value" when the seed is no integer
 * @example
 * const next = random(1);
 * const die = 1 + Math.floor(6 * next());
 *
 * Source: T. Ettinger, mulberry32 (public domain)
 */
export function random(seed: number): () => number {
	if (!Number.isSafeInteger(seed)) {
		throw new OrbitKernelsError("value", `a seed is an integer, not ${seed}`, { value: seed, expected: "an integer" });
	}
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let bits = Math.imul(state ^ (state >>> 15), state | 1);
		bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
		return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
	};
}

/** Puts a list in a random order, in place (Fisher & Yates). */
export function shuffle<List extends Uint32Array>(list: List, next: () => number): List {
	for (let k = list.length - 1; k > 0; k--) {
		const other = Math.floor(next() * (k + 1));
		[list[k], list[other]] = [list[other] as number, list[k] as number];
	}
	return list;
}
