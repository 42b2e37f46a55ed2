/**
 * How text looks on a terminal.
 * @module
 */
import { styleText } from "node:util";

type Stream = NodeJS.WriteStream;

/** Emphasis on a stream: none where it is no terminal, or NO_COLOR is set. */
export function emphasis(stream: Stream) {
	const colours = stream.isTTY === true && stream.hasColors();
	const style = (format: Parameters<typeof styleText>[0]) => (text: string) =>
		colours ? styleText(format, text) : text;
	return { bold: style("bold"), dim: style("dim"), name: style("cyan"), error: style("red") };
}

/** Longer lines are tiring to read. */
const WIDEST = 100;
/** Columns where there is no terminal. */
const USUAL = 80;

/** Lines that fit standard output beside `taken` columns, broken at spaces, but not within [brackets]. */
export function wrap(text: string, taken = 0): string[] {
	const { isTTY, columns: there } = process.stdout;
	const columns = Math.min((isTTY && there) || USUAL, WIDEST) - taken;
	const lines: string[] = [];
	let line = "";
	for (const word of text.match(/\[[^\]]*\]|\S+/g) ?? []) {
		if (line && line.length + 1 + word.length > columns) {
			lines.push(line);
			line = word;
		} else line = line ? `${line} ${word}` : word;
	}
	return [...lines, line];
}

/** Text in lines that fit standard output. */
export const paragraph = (text: string) => wrap(text).join("\n");

/** A table for people: numbers to the right, a line under the head. */
export function textTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
	const widths = head.map((title, column) => Math.max(...[head, ...rows].map((row) => (row[column] ?? title).length)));
	const line = (row: readonly string[]) =>
		row.map((cell, column) => cell.padStart(widths[column] as number)).join("   ");
	const rule = widths.map((size) => "─".repeat(size)).join("───");
	return [line(head), rule, ...rows.map(line)].join("\n");
}
