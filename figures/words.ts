/**
 * Numbers in words, and words in HTML.
 * @module
 */

export const layers = (count: number) => `${count} hidden layer${count === 1 ? "" : "s"}`;

export const percent = (share: number, digits = 0) => `${(100 * share).toFixed(digits)} %`;

/** With a minus sign, not a hyphen. */
export const signed = (number: number, digits: number) => number.toFixed(digits).replace("-", "−");

export const times = (count: number) => ["never", "once", "twice"][count] ?? `${count} times`;

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Text as HTML or XML. */
export const escapeHtml = (text: string) => text.replace(/[&<>"]/g, (character) => entities[character] as string);

/** HTML without its tags, as text. */
export const plainText = (html: string) =>
	html
		.replace(/<[^>]*>/g, "")
		.replace(
			/&(?:amp|lt|gt|quot);/g,
			(entity) => Object.keys(entities).find((character) => entities[character] === entity) as string,
		)
		.replace(/\s+/g, " ");
