/**
 * Options of commands: one declaration serves parsing, checking and help.
 * @module
 */
import { parseArgs } from "node:util";
import { OrbitKernelsError, type Ridge } from "../index.ts";

/** An option with values of a type. */
export interface Option<Value> {
	/** Stands for the value in help; a flag has none. */
	readonly hint?: string;
	readonly help: string;
	/** Completes "expected …". */
	readonly expected: string;
	readonly required?: boolean;
	/** Taken when the option is not given, as if it had been typed. */
	readonly fallback?: string;
	/** The value of a text, or undefined when it is not as expected. */
	parse(text: string): Value | undefined;
}

// biome-ignore lint/suspicious/noExplicitAny: only `any` lets a record hold options of all types and keeps each one's
export type Options = Readonly<Record<string, Option<any>>>;

/** The values of declared options by name. */
export type Values<Declared extends Options> = {
	[Name in keyof Declared]: Declared[Name] extends Option<infer Value> ? Value : never;
};

/** What was typed after the name of a command. */
export interface Parsed {
	help: boolean;
	values: Record<string, unknown>;
	operands: string[];
}

/** Any text, such as a path; undefined when not given. */
export function text(hint: string, help: string): Option<string | undefined> {
	return { hint, help, expected: "a value", parse: (value) => value || undefined };
}

/** One of a few words. */
export function oneOf<const Word extends string>(words: readonly Word[], help: string): Option<Word | undefined> {
	const expected = words.join(" or ");
	return { hint: words.join("|"), help, expected, parse: (value) => words.find((word) => word === value) };
}

/** An integer from `least` on. */
export function integer(least: number, help: string): Option<number | undefined> {
	const valid = (number: number) => Number.isSafeInteger(number) && number >= least;
	return {
		hint: "n",
		help,
		expected: least === Number.MIN_SAFE_INTEGER ? "an integer" : `an integer ≥ ${least}`,
		parse: (value) => (value.trim() !== "" && valid(Number(value)) ? Number(value) : undefined),
	};
}

/** Integers from `least` on, with commas between them. */
export function integers(least: number, help: string): Option<number[] | undefined> {
	const one = integer(least, "");
	return {
		hint: "n,…",
		help,
		expected: `integers ≥ ${least} with commas between them, each once`,
		parse(value) {
			const all = value.split(",").map((part) => one.parse(part));
			return new Set(all).size === all.length && !all.includes(undefined) ? (all as number[]) : undefined;
		},
	};
}

/** A switch. */
export function flag(help: string): Option<boolean> {
	return { help, expected: "no value", parse: () => true };
}

/** The same option, which has to be given. */
export function required<Value>(option: Option<Value>): Option<NonNullable<Value>> {
	return { ...option, required: true } as Option<NonNullable<Value>>;
}

/** The same option with the value that it has when it is not given. */
export function withDefault<Value>(fallback: string, option: Option<Value>): Option<NonNullable<Value>> {
	return { ...option, fallback } as Option<NonNullable<Value>>;
}

/** The ridge of a regression: `1e-3`, `mean:1e-3` or `trace:1e-10`. */
export const ridge: Option<Ridge | undefined> = {
	hint: "r|mean:r|trace:r",
	help: "added to the diagonal, or r times its mean or the trace",
	expected: "a number ≥ 0, mean:<number> or trace:<number>",
	parse(value) {
		const [, unit, digits] = /^(?:(mean|trace):)?(.+)$/.exec(value) ?? [];
		const number = digits === undefined || digits.trim() === "" ? Number.NaN : Number(digits);
		if (!(number >= 0 && number < Number.POSITIVE_INFINITY)) return undefined;
		return unit === "mean" ? { meanDiagonal: number } : unit === "trace" ? { trace: number } : number;
	},
};

/** How many workers an engine starts. */
export const workers: Option<number | undefined> = {
	...integer(0, "threads; 0: the main one [default: one a processor]"),
};

/** An error about the command line. */
export function usageError(message: string): OrbitKernelsError {
	return new OrbitKernelsError("usage", message);
}

/**
 * Reads what was typed after the name of a command.
 *
 * Errors: `usage`, naming the option, the value and what was expected.
 */
export function parseOptions(declared: Options, takesOperands: boolean, args: string[]): Parsed {
	const types = Object.entries(declared).map(([name, { hint }]) => [name, { type: hint ? "string" : "boolean" }]);
	const help = { type: "boolean", short: "h" } as const;
	// Not strict: its own messages say neither what was expected nor which options there are.
	const settings = { args, options: { ...Object.fromEntries(types), help }, strict: false, tokens: true } as const;
	const { tokens } = parseArgs(settings);
	const operands = tokens.flatMap((token) => (token.kind === "positional" ? token.value : []));
	const given = tokens.filter((token) => token.kind === "option");
	if (given.some(({ name }) => name === "help")) return { help: true, values: {}, operands };
	const typed = new Map<string, unknown>();
	for (const token of given) {
		if (typed.has(token.name)) throw usageError(`${token.rawName} is given twice`);
		typed.set(token.name, readValue(declared[token.name], token, declared));
	}
	if (!takesOperands && operands.length > 0)
		throw usageError(`unexpected argument ${operands[0]}: expected options only`);
	const values = Object.entries(declared).map(([name, option]) => {
		if (typed.has(name)) return [name, typed.get(name)];
		if (option.required) throw usageError(`--${name} is missing: expected --${name} <${option.hint}>`);
		return [name, option.fallback === undefined ? absent(option) : option.parse(option.fallback)];
	});
	return { help: false, values: Object.fromEntries(values), operands };
}

/** A flag that is not given is false; other options are undefined. */
const absent = ({ hint }: Option<unknown>) => (hint ? undefined : false);

function readValue(
	option: Option<unknown> | undefined,
	token: { rawName: string; value?: string | undefined; inlineValue?: boolean | undefined },
	declared: Options,
): unknown {
	const { rawName, value, inlineValue } = token;
	if (!option) {
		const known = Object.keys(declared).map((name) => `--${name}`);
		throw usageError(`unknown option ${rawName}: expected ${[...known, "--help"].join(", ")}`);
	}
	if (!option.hint) {
		if (value !== undefined) throw usageError(`${rawName}=${value}: expected ${option.expected}`);
		return true;
	}
	// An option after an option: its value was forgotten. Negative numbers are values.
	const swallowed = !inlineValue && value !== undefined && /^-[^\d.]/.test(value);
	if (value === undefined || swallowed)
		throw usageError(`${rawName} has no value: expected ${rawName} <${option.hint}>`);
	const parsed = option.parse(value);
	if (parsed === undefined) throw usageError(`${rawName} ${value}: expected ${option.expected}`);
	return parsed;
}
