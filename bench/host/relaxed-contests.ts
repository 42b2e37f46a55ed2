/**
 * The library as it is and with relaxed SIMD, in a process that has it; answers with one line of JSON.
 * @module
 */
import { compared, RELAXED, SHIPPED } from "../operations.ts";

/** Arguments: rounds, `quick` or `full`. */
export async function run([rounds, size]: string[]): Promise<void> {
	const builds = { shipped: SHIPPED, relaxed: RELAXED };
	console.log(JSON.stringify(await compared(builds, { rounds: Number(rounds), quick: size === "quick" })));
}
