/**
 * Numbers and tables as people read them.
 * @module
 */

/** Three digits are more than a benchmark is worth; whole numbers stay as they are. */
export function shorten(value: number): string {
	const whole = Number.isInteger(value) || Math.abs(value) >= 100;
	const text = whole ? value.toFixed(0) : value.toPrecision(3);
	return text.replace(/^-/, "−");
}

/** A fact's value with its unit. */
export const valued = ({ value, unit }: { value: number | string; unit: string }): string =>
	`${typeof value === "number" ? shorten(value) : value} ${unit}`.trimEnd();

/** A difference between results: its order of magnitude; nothing where there was nothing to compare. */
export const differing = (difference: number | null): string =>
	difference === null ? "" : difference === 0 ? "none" : difference.toExponential(0);

/** Lines of a table whose first column is of words, the others of numbers. */
export function columns(rows: readonly (readonly string[])[]): string[] {
	const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] as string).length)));
	return rows.map((row) => {
		const cells = row.map((cell, k) =>
			k === 0 ? cell.padEnd(widths[0] as number) : cell.padStart(widths[k] as number),
		);
		return `  ${cells.join("  ").trimEnd()}`;
	});
}
