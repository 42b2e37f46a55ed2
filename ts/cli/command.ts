/**
 * What a command of the command line is.
 * @module
 */
import type { Option, Options, Values } from "./options.ts";

/** What the process offers to a command. */
export interface Context {
	/** The package's version. */
	version: string;
	/** Aborted by Ctrl-C. */
	signal: AbortSignal;
}

/** A command: its options are declared once, for parsing and for help. */
export interface Command {
	name: string;
	/** One line, after the name in the list of commands. */
	summary: string;
	/** More about what it does, for its own help. */
	details: string;
	/** Names in a row before the options, such as `NAME…`. */
	operands?: string;
	options: Readonly<Record<string, Option<unknown>>>;
	/** Command lines, each with what it does. */
	examples: readonly (readonly [command: string, effect: string])[];
	run(values: Record<string, unknown>, context: Context, operands: string[]): Promise<void>;
}

/** A command whose `run` gets the values of its options in their types. */
export function command<Declared extends Options>(
	declaration: Omit<Command, "options" | "run"> & {
		options: Declared;
		run(values: Values<Declared>, context: Context, operands: string[]): Promise<void>;
	},
): Command {
	return declaration as unknown as Command;
}
