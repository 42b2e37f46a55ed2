/**
 * What one suite measures, printed as it comes.
 * @module
 */
import { type Contest, ratio } from "./harness.ts";
import type { Aim, Fact, Growth, SuiteResults } from "./results.ts";
import { columns, differing, shorten, valued } from "./words.ts";

/** Collects what a suite measures. */
export class Report {
	readonly #quick: boolean;
	readonly #start = performance.now();
	readonly #results: Omit<SuiteResults, "seconds">;
	readonly #print: (line: string) => void;

	/**
	 * @param name the suite's
	 * @param title what it measures, in a few words
	 * @param quick whether sizes are small: no aims are judged then
	 * @param print gets each line
	 */
	constructor(name: string, title: string, quick: boolean, print: (line: string) => void = console.log) {
		this.#quick = quick;
		this.#print = print;
		this.#results = { name, title, facts: [], contests: [], growths: [], aims: [] };
		print(`\n${title}`);
	}

	/** Adds a contest; the column "×" is how much longer than the first entrant each takes. */
	contest(contest: Contest): void {
		this.#results.contests.push(contest);
		const first = contest.figures[0]?.name as string;
		const rows = contest.figures.map(({ name, median, min, max, difference }) => [
			name,
			milliseconds(median),
			milliseconds(min),
			milliseconds(max),
			ratio(contest, name, { [first]: 1 }).toFixed(2),
			differing(difference),
		]);
		this.#print(`\n${contest.title}`);
		this.#table(["", "median", "min", "max", "×", "difference"], rows);
	}

	/** Adds a growth. */
	growth(growth: Growth): void {
		this.#results.growths.push(growth);
		const { title, variable, exponent, expected } = growth;
		this.#print(`${title}: ${variable}^${exponent.toFixed(2)}, expected ${variable}^${expected}`);
	}

	/** Adds a single number. */
	fact(name: string, value: number | string, unit = ""): void {
		const fact: Fact = { name, value, unit };
		this.#results.facts.push(fact);
		this.#print(`${name}: ${valued(fact)}`);
	}

	/** States a number that shall be at least `bound`. */
	atLeast(name: string, measured: number, bound: number): void {
		this.#aim({ name, aim: `≥ ${bound}`, measured, met: measured >= bound });
	}

	/** States a number that shall be at most `bound`. */
	atMost(name: string, measured: number, bound: number): void {
		this.#aim({ name, aim: `≤ ${bound}`, measured, met: measured <= bound });
	}

	#aim(aim: Aim): void {
		// A small run says nothing about them.
		if (this.#quick) this.fact(aim.name, aim.measured);
		else this.#results.aims.push(aim);
	}

	/** Prints the aims and gives all that was measured. */
	finish(): SuiteResults {
		const { aims } = this.#results;
		if (aims.length > 0) {
			this.#print("\nAims");
			const row = ({ name, aim, measured, met }: Aim) => [name, shorten(measured), aim, met ? "met" : "missed"];
			this.#table(["", "measured", "aim", ""], aims.map(row));
		}
		return { ...this.#results, seconds: (performance.now() - this.#start) / 1000 };
	}

	#table(head: string[], rows: string[][]): void {
		for (const line of columns([head, ...rows])) this.#print(line);
	}
}

const milliseconds = (value: number) => `${shorten(value)} ms`;
