/**
 * Help, as a person reads it.
 * @module
 */
import type { Command } from "./command.ts";
import type { Option } from "./options.ts";
import { emphasis, wrap } from "./terminal.ts";

const PROGRAM = "orbit-kernels";
/** Of labels beside a description: a narrow column of words is tiring too. */
const LONGEST_LABEL = 32;

/** The help of the program. */
export function generalHelp(commands: readonly Command[], version: string): string {
	const { bold, dim } = emphasis(process.stdout);
	const options: Row[] = [
		["-h, --help", "this help, or that of a command"],
		["-V, --version", "the version"],
	];
	return page([
		[`${bold(PROGRAM)} ${version} ${dim("· neural kernels (NNGP, NTK) and their symmetry theory")}`],
		section("Usage", [`${PROGRAM} <command> [options]`]),
		section("Commands", table(commands.map(({ name, summary }) => [name, summary]))),
		section("Options", table(options)),
		section("Examples", examples(commands.flatMap(({ examples: [first] }) => (first ? [first] : [])))),
		[
			dim(`${PROGRAM} <command> --help tells all about a command.`),
			dim("Exit status: 0 done, 1 failed, 2 bad usage or bad input."),
		],
	]);
}

/** The help of a command. */
export function commandHelp(command: Command): string {
	const { bold, dim } = emphasis(process.stdout);
	const { name, summary, details, operands, options } = command;
	const rows = Object.entries(options).map(
		([option, declared]): Row => [label(option, declared), description(declared)],
	);
	return page([
		[`${bold(`${PROGRAM} ${name}`)} ${dim(`· ${summary}`)}`],
		section("Usage", [usage(name, operands, options)]),
		columns(details, ""),
		section("Options", table([...rows, ["-h, --help", "this help"]])),
		section("Examples", examples(command.examples)),
	]);
}

type Row = readonly [label: string, description: string];

const page = (parts: string[][]) => `${parts.map((lines) => lines.join("\n")).join("\n\n")}\n`;

const section = (title: string, lines: string[]) => [
	emphasis(process.stdout).bold(title),
	...lines.map((line) => (line ? `  ${line}` : line)),
];

const columns = (text: string, indent: string) =>
	wrap(text, indent.length + 2).map((line, k) => (k > 0 ? indent + line : line));

/** Labels in one column, descriptions in the next; a long label has a line for itself. */
function table(rows: Row[]): string[] {
	const { name } = emphasis(process.stdout);
	const fitting = rows.map(([label]) => label.length).filter((length) => length <= LONGEST_LABEL);
	const size = Math.max(...fitting) + 3;
	return rows.flatMap(([label, text]) => {
		const indent = " ".repeat(size);
		const [first, ...rest] = columns(text, indent);
		if (label.length > LONGEST_LABEL) return [name(label), indent + first, ...rest];
		return [`${name(label)}${" ".repeat(size - label.length)}${first}`, ...rest];
	});
}

function examples(list: readonly Row[]): string[] {
	const { dim } = emphasis(process.stdout);
	return list.flatMap(([line, effect], k) => [...(k > 0 ? [""] : []), dim(`# ${effect}`), line]);
}

const label = (name: string, { hint }: Option<unknown>) => (hint ? `--${name} <${hint}>` : `--${name}`);

const description = ({ help, fallback }: Option<unknown>) =>
	fallback === undefined ? help : `${help} [default: ${fallback}]`;

/** Required options, then the word for the others. */
function usage(name: string, operands: string | undefined, options: Command["options"]): string {
	const needed = Object.entries(options).filter(([, { required }]) => required);
	const words = needed.map(([option, declared]) => label(option, declared));
	return [PROGRAM, name, ...(operands ? [operands] : []), ...words, "[options]"].join(" ");
}
