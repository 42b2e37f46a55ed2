/**
 * What a run of benchmarks is asked.
 * @module
 */

/** A wrong argument: its message is all that the user needs. */
export class UsageError extends Error {}

/** The same for all suites of a run. */
export interface Options {
	/** How often each entrant is timed. */
	rounds: number;
	/** Small sizes, to see that everything works. */
	quick: boolean;
	/** Where MNIST's files are; missing: see data.ts. */
	data?: string | undefined;
	/** The Python that has the peers of Python. */
	python?: string | undefined;
}
