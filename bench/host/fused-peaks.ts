/**
 * The peak of relaxed SIMD in a process that has it; answers with one line of JSON.
 * @module
 */
import { fusedPeaks } from "../probe.ts";

export async function run(): Promise<void> {
	console.log(JSON.stringify((await fusedPeaks()) ?? null));
}
