#!/usr/bin/env node
/**
 * The program `orbit-kernels`: finds the command, runs it, and says in one line what went wrong.
 * @module
 */
import { setMaxListeners } from "node:events";
import { readFileSync } from "node:fs";
import { OrbitKernelsError } from "../index.ts";
import { commands } from "./commands.ts";
import { commandHelp, generalHelp } from "./help.ts";
import { parseOptions, usageError } from "./options.ts";
import { SystemFailure } from "./system.ts";
import { emphasis } from "./terminal.ts";

const FAILED = 1;
const BAD_INPUT = 2;

/** Codes of errors that are not the user's: all others mean bad usage or bad input. */
const INTERNAL = ["worker", "disposed", "aborted"];

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
	version: string;
};

// The reader of a pipe may have seen enough, as in `orbit-kernels --help | head -1`.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : FAILED));

const abort = new AbortController();
// Every call under way listens to it.
setMaxListeners(0, abort.signal);
/** The status of a process that a signal ended. */
let interrupted: number | undefined;
for (const [name, status] of [["SIGINT", 130] as const, ["SIGTERM", 143] as const]) {
	process.on(name, () => {
		// The second time: at once.
		if (interrupted !== undefined) process.exit(status);
		interrupted = status;
		abort.abort();
	});
}

const [name, ...args] = process.argv.slice(2);
process.exitCode = await main(name, args);

async function main(name: string | undefined, args: string[]): Promise<number> {
	try {
		await run(name, args);
		return 0;
	} catch (error) {
		if (interrupted !== undefined) {
			complain("stopped; nothing was written");
			return interrupted;
		}
		const expected = error instanceof OrbitKernelsError || error instanceof SystemFailure;
		complain(expected ? error.message.replaceAll(/\s+/g, " ") : ((error as Error).stack ?? String(error)));
		return error instanceof OrbitKernelsError && !INTERNAL.includes(error.code) ? BAD_INPUT : FAILED;
	}
}

async function run(name: string | undefined, args: string[]): Promise<void> {
	if (name === undefined || name === "--help" || name === "-h") {
		process.stdout.write(generalHelp(commands, version));
		return;
	}
	if (name === "--version" || name === "-V") {
		process.stdout.write(`${version}\n`);
		return;
	}
	const command = commands.find((candidate) => candidate.name === name);
	if (!command) {
		const known = commands.map((candidate) => candidate.name);
		const kind = name.startsWith("-") ? "option" : "command";
		throw usageError(`unknown ${kind} ${name}: expected ${[...known, "--help", "--version"].join(", ")}`);
	}
	const { help, values, operands } = parseOptions(command.options, command.operands !== undefined, args);
	if (help) {
		process.stdout.write(commandHelp(command));
		return;
	}
	await command.run(values, { version, signal: abort.signal }, operands);
}

function complain(message: string): void {
	const command = commands.find((candidate) => candidate.name === name);
	const program = ["orbit-kernels", ...(command ? [command.name] : [])].join(" ");
	process.stderr.write(`${emphasis(process.stderr).error(`${program}:`)} ${message}\n`);
}
