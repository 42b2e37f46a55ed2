/**
 * Timing of operations that take a tenth of a second to ten seconds: all entrants in one run, in rounds that interleave
 * them, each result checked before its time counts.
 *
 * Own code: tinybench 6 and mitata 1 time one task after the other, so that a disturbance of the machine hits one
 * entrant alone, and neither looks at results.
 * @module
 */

/** The numbers that an entrant computes. */
export type Values = Float64Array | Float32Array;

/** One way of doing an operation. */
export interface Entrant {
	name: string;
	/** Does it once. */
	run(): Values | Promise<Values>;
	/** Does it once and tells how many milliseconds it took, when the entrant has to measure that itself. */
	time?(): Promise<number>;
	/** The largest difference to the first entrant's result that is accepted, in units of the largest number. */
	tolerance?: number;
}

/** What was measured of an entrant. */
export interface Figure {
	name: string;
	/** Milliseconds in each round. */
	rounds: number[];
	median: number;
	min: number;
	max: number;
	/** To the first entrant's result, in units of its largest number; null where there is nothing to compare. */
	difference: number | null;
}

/** What was measured of an operation. */
export interface Contest {
	title: string;
	figures: Figure[];
}

/**
 * Runs an operation: twice each to warm up, then in interleaved rounds.
 *
 * @param title what is done
 * @param entrants the first is what the others are compared with
 * @param rounds how often each is timed
 * @param probes timed in the same rounds for what they cost alone: their results are not compared
 * @throws Error when a result differs by more than its tolerance
 * @example
 * await contest("product", [{ name: "gemm", run: … }, { name: "TypeScript", run: …, tolerance: 1e-12 }], 7)
 */
export async function contest(
	title: string,
	entrants: Entrant[],
	rounds: number,
	probes: Entrant[] = [],
): Promise<Contest> {
	const all = [...entrants, ...probes];
	const differences = await warmUp(title, entrants);
	for (const probe of probes) await probe.run();
	const times = await interleaved(
		all.map((entrant) => () => timeOf(entrant)),
		rounds,
	);
	const figures = all.map(({ name }, k) => figure(name, times[k] as number[], differences[k] ?? null));
	return { title, figures };
}

/**
 * Milliseconds of several ways of doing something, in rounds that interleave them, after once each to warm up.
 *
 * @param ways do it once and tell how long it took
 * @example
 * await interleaved([timeOne, timeOther], 3) // twice three numbers
 */
export async function interleaved(ways: readonly (() => Promise<number>)[], rounds: number): Promise<number[][]> {
	for (const way of ways) await way();
	const times = ways.map((): number[] => []);
	for (let round = 0; round < rounds; round++) {
		// Nobody always runs after the same one.
		for (let k = 0; k < ways.length; k++) {
			const turn = (k + round) % ways.length;
			(times[turn] as number[]).push(await (ways[turn] as () => Promise<number>)());
		}
	}
	return times;
}

/** The differences of the entrants' results to the first one's; fails at the first that is too large. */
async function warmUp(title: string, entrants: Entrant[]): Promise<(number | null)[]> {
	let expected: Values | undefined;
	const differences: (number | null)[] = [];
	for (const { name, run, tolerance = 0 } of entrants) {
		const values = await run();
		if (!expected) {
			expected = values;
			differences.push(null);
			continue;
		}
		const difference = largestDifference(values, expected);
		if (!(difference <= tolerance))
			throw new Error(`${title}: the result of "${name}" differs by ${difference}, more than ${tolerance}`);
		differences.push(difference);
	}
	return differences;
}

async function timeOf({ run, time }: Entrant): Promise<number> {
	if (time) return time();
	const start = performance.now();
	await run();
	return performance.now() - start;
}

/** max |a − b| / max |b|; NaN or infinite where the two can't be compared. */
export function largestDifference(values: Values, expected: Values): number {
	if (values.length !== expected.length) return Number.POSITIVE_INFINITY;
	let difference = 0;
	let largest = 0;
	for (let i = 0; i < expected.length; i++) {
		const b = expected[i] as number;
		difference = Math.max(difference, Math.abs((values[i] as number) - b));
		largest = Math.max(largest, Math.abs(b));
	}
	return difference === 0 ? 0 : difference / largest;
}

/** Median and spread of the rounds of one entrant. */
export function figure(name: string, rounds: number[], difference: number | null = null): Figure {
	return { name, rounds, median: median(rounds), min: Math.min(...rounds), max: Math.max(...rounds), difference };
}

/** The middle of some numbers. */
export function median(values: number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = sorted.length / 2;
	const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]] as [number, number];
	return (low + high) / 2;
}

/**
 * How many times longer one entrant takes than others together: the median of the rounds' quotients, as disturbances of
 * the machine often last for a whole round.
 *
 * @param weights what the others' times are multiplied with, by name
 * @example
 * ratio(result, "TypeScript", { "1 worker": 1 }) // 2.9
 */
export function ratio({ figures }: Contest, name: string, weights: Record<string, number>): number {
	const rounds = (wanted: string): number[] => {
		const found = figures.find((candidate) => candidate.name === wanted);
		if (!found) throw new Error(`nothing was measured of "${wanted}"`);
		return found.rounds;
	};
	const parts = Object.entries(weights).map(([part, weight]) => ({ weight, rounds: rounds(part) }));
	const together = (k: number) => parts.reduce((sum, part) => sum + part.weight * (part.rounds[k] as number), 0);
	return median(rounds(name).map((time, k) => time / together(k)));
}
