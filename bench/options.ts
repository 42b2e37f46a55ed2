/**
 * What all benchmarks are asked.
 * @module
 */
import { parseArgs } from "node:util";

/** A wrong argument: its message is all that the user needs. */
export class UsageError extends Error {}

/** Options that a benchmark has beside these: names of those that take a text. */
export interface Options<Name extends string> {
	/** How often each entrant is timed. */
	rounds: number;
	/** Small sizes, to see that everything works. */
	quick: boolean;
	texts: Partial<Record<Name, string>>;
}

/**
 * Reads `--rounds n`, `--quick` and the named options.
 *
 * @throws UsageError for an unknown option or a bad value
 * @example
 * readOptions(["--quick", "--data", "mnist"], ["data"]).texts.data // "mnist"
 */
export function readOptions<Name extends string = never>(args: string[], names: Name[] = []): Options<Name> {
	const options = {
		rounds: { type: "string", default: "7" },
		quick: { type: "boolean", default: false },
		...Object.fromEntries(names.map((name) => [name, { type: "string" as const }])),
	} as const;
	const values = parse(() => parseArgs({ args, options }).values);
	const { rounds: text, quick, ...texts } = values;
	const rounds = Number(text);
	if (!Number.isInteger(rounds) || rounds < 1) throw new UsageError(`--rounds ${text}: expected a positive integer`);
	return { rounds, quick: quick === true, texts: texts as Options<Name>["texts"] };
}

function parse<Values>(read: () => Values): Values {
	try {
		return read();
	} catch (error) {
		throw new UsageError((error as Error).message);
	}
}
