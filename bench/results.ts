/**
 * What a run of benchmarks measured, as it is kept.
 * @module
 */
import type { Contest } from "./harness.ts";

/** Something that the project wants to reach, and what it reached. */
export interface Aim {
	name: string;
	/** The bound, as words. */
	aim: string;
	measured: number;
	met: boolean;
}

/** A number that is no time of a contest. */
export interface Fact {
	name: string;
	value: number | string;
	unit: string;
}

/** How the time of an operation grows with one of its sizes. */
export interface Growth {
	title: string;
	/** What grows, such as "n". */
	variable: string;
	points: { at: number; milliseconds: number[] }[];
	/** Of the power law through the medians, by least squares of logarithms. */
	exponent: number;
	/** What the operation's flops or bytes let expect. */
	expected: number;
}

/** What one suite measured. */
export interface SuiteResults {
	name: string;
	title: string;
	seconds: number;
	facts: Fact[];
	contests: Contest[];
	growths: Growth[];
	aims: Aim[];
}

/** What the numbers depend on. */
export interface Machine {
	cpu: string;
	processors: number;
	/** Bytes. */
	memory: number;
	system: string;
	/** Processes that wanted a processor in the minute before the run. */
	load: number;
	/** The engine that ran it: Node or a browser, and its version. */
	runtime: string;
	/** Of the package. */
	version: string;
	commit: string;
}

/** Whether so much else ran that times spread widely. */
export const isBusy = ({ load }: Machine): boolean => load > 0.5;

/** A whole run. */
export interface Results {
	format: "orbit-kernels/bench";
	version: 2;
	date: string;
	machine: Machine;
	options: { rounds: number; quick: boolean };
	suites: SuiteResults[];
}
