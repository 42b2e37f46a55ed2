/**
 * Markdown as GitHub shows it.
 * @module
 */

/** Text in which nothing is a mark. */
export const escapeMarkdown = (text: string) => text.replace(/[\\|<>*_`[\]]/g, (mark) => `\\${mark}`);

/** A table whose first column is of words, and the others of numbers unless `words` says otherwise; empty without rows. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], words: readonly number[] = [0]) {
	if (rows.length === 0) return "";
	const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
	const sides = head.map((_, column) => (words.includes(column) ? "---" : "--:"));
	return [head, sides, ...rows].map(line).join("\n");
}

/** What is only seen when asked for. */
export const folded = (summary: string, text: string) =>
	`<details>\n<summary>${escapeMarkdown(summary)}</summary>\n\n${text}\n\n</details>`;

/** A picture in a file beside the page. */
export const picture = (description: string, file: string) => `![${escapeMarkdown(description)}](${file})`;
