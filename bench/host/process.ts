/**
 * Parts of the benchmarks in processes of their own.
 * @module
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const output = async (...args: string[]) => (await promisify(execFile)(process.execPath, args)).stdout;

/**
 * Runs a part by its name (see parts.ts); what it answered.
 *
 * @throws Error when the process fails, with what it printed
 */
export async function inFreshProcess<Result>(...args: string[]): Promise<Result> {
	return JSON.parse(await output(process.argv[1] as string, ...args)) as Result;
}

/** Milliseconds from the start of a process to its first statement. */
export const emptyProcess = async (): Promise<number> => Number(await output("-p", "performance.now()"));
