/** Small results of benchmarks, made by hand. */
import { type Contest, figure } from "../../bench/harness.ts";
import type { Source } from "../../bench/read.ts";
import type { Growth, Results, SuiteResults } from "../../bench/results.ts";

/** A suite with nothing but what is given. */
export const suite = (name: string, parts: Partial<SuiteResults> = {}): SuiteResults => ({
	...{ name, title: `What ${name} is`, seconds: 12.34, facts: [], contests: [], growths: [], aims: [] },
	...parts,
});

/** A contest of entrants by name, with the rounds of each. */
export const contestOf = (title: string, entrants: Record<string, number[]>): Contest => ({
	title,
	figures: Object.entries(entrants).map(([name, rounds]) => figure(name, rounds)),
});

/** A growth of given exponent, each size in three rounds. */
export const growthOf = (title: string, exponent: number, expected: number): Growth => ({
	...{ title, variable: "n", exponent, expected },
	points: [64, 128, 256].map((at) => ({
		at,
		milliseconds: [1, 1.1, 0.9].map((noise) => noise * (at / 64) ** exponent),
	})),
});

/** A whole run. */
export const resultsOf = (suites: SuiteResults[], runtime = "Node 20.1.2", quick = false): Results => ({
	...{ format: "orbit-kernels/bench", version: 2, date: "2025-01-02T03:04:05.678Z" },
	machine: {
		...{ cpu: "Some CPU", processors: 4, memory: 8 * 2 ** 30, system: "linux x64", load: 0.1 },
		...{ runtime, version: "1.2.3", commit: "commit abc1234" },
	},
	options: { rounds: 5, quick },
	suites,
});

/** A run in a file. */
export const sourceOf = (file: string, results: Results): Source => ({ file, results });
