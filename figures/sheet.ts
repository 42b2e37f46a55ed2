/**
 * Panels as one picture that stands for itself: what the page shows of a group, in a single SVG.
 * @module
 */
import type { KeyEntry, PanelGroup } from "./figure.ts";
import { palette, variables } from "./palette.ts";
import { escapeHtml } from "./words.ts";

/** In pixels, as the page has them at its widest. */
const PAGE = 1218;
const GAP = { row: 20, column: 17 };
const MARGIN = 24;
/** Narrower ones would break titles and keys into many lines. */
const NARROWEST = 400;
const TITLE = { size: 20, line: 26 };
const LABEL = { size: 15, line: 20 };
const SAMPLE = 28;
/** Widths of letters in parts of their height, as sans serifs have them. */
const WIDTHS: readonly [letters: RegExp, width: number][] = [
	[/[fijlrtI .,:;|'()−-]/g, 0.32],
	[/[mwMWN%…—→]/g, 0.84],
	[/./g, 0.58],
];

const CLASS = "orbit-kernels";
const style = `.${CLASS} { color-scheme: light dark; color: var(--ink); ${variables(palette.light)} }
@media (prefers-color-scheme: dark) { .${CLASS} { ${variables(palette.dark)} } }`;

/** Lays out a group as the page does, its caption left out; follows light and dark. */
export function sheet({ title, panels, key = [], panelWidth: [least, most] }: PanelGroup): string {
	const across = Math.min(PAGE, most * panels.length);
	const columns = Math.min(panels.length, Math.floor((across + GAP.column) / (least + GAP.column)));
	const column = (across - GAP.column * (columns - 1)) / columns;
	const inner = Math.max(across, NARROWEST);

	let y = MARGIN;
	const parts: string[] = [];
	const write = (words: string, x: number, width: number, { size, line }: typeof TITLE, top: number): number => {
		const lines = wrapped(words, width / size);
		const heavy = `font-size="${size}" font-weight="600"`;
		for (const [k, text] of lines.entries())
			parts.push(`<text x="${x}" y="${top + k * line + size}" ${heavy}>${escapeHtml(text)}</text>`);
		return lines.length * line;
	};

	y += write(title, MARGIN, inner, TITLE, y) + 8;
	if (key.length > 0) {
		const { svg, height } = keyAt(key, inner, y);
		parts.push(svg);
		y += height + 12;
	}
	for (let first = 0; first < panels.length; first += columns) {
		const row = panels.slice(first, first + columns);
		const left = (k: number) => MARGIN + k * (column + GAP.column);
		const titles = Math.max(
			...row.map((panel, k) => (panel.title ? write(panel.title, left(k), column, LABEL, y) : 0)),
		);
		const placed = row.map(({ svg }, k) => at(svg, left(k), y + titles, column));
		parts.push(...placed.map(({ svg }) => svg));
		y += titles + Math.max(...placed.map(({ height }) => height)) + GAP.row;
	}

	const [width, height] = [inner + 2 * MARGIN, y - GAP.row + MARGIN].map(Math.ceil);
	return `<svg xmlns="http://www.w3.org/2000/svg" class="${CLASS}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" fill="currentColor" role="img" aria-label="${escapeHtml(title)}">
<style>${style}</style>
<rect width="${width}" height="${height}" fill="var(--sheet)"/>
${parts.join("\n")}
</svg>
`;
}

/** The same picture in the light, for programs that know no variables, no style sheets and no inherited colour. */
export function inLight(sheet: string): string {
	return sheet
		.replace(/<style>.*?<\/style>/s, "")
		.replace(/var\(--(\w+)[^)]*\)/g, (_, name: keyof typeof palette.light) => palette.light[name])
		.replaceAll("currentColor", palette.light.ink);
}

/** The key's entries, as many in a line as fit. */
function keyAt(key: readonly KeyEntry[], across: number, top: number): { svg: string; height: number } {
	let [x, y] = [0, top];
	const entries = key.map(({ label, sample }) => {
		const width = SAMPLE + 7 + LABEL.size * widthOf(label);
		if (x > 0 && x + width > across) [x, y] = [0, y + LABEL.line];
		const place = MARGIN + x;
		x += width + 22;
		const words = `<text x="${place + SAMPLE + 7}" y="${y + LABEL.size}" font-size="${LABEL.size}">${escapeHtml(label)}</text>`;
		return at(sample, place, y + 4, SAMPLE).svg + words;
	});
	return { svg: entries.join("\n"), height: y + LABEL.line - top };
}

/** An SVG at a place in another, as wide as wanted. */
function at(svg: string, x: number, y: number, width: number): { svg: string; height: number } {
	const opening = svg.slice(0, svg.indexOf(">"));
	const [, own, tall] = / viewBox="\S+ \S+ (\S+) (\S+)"/.exec(opening) ?? [];
	const height = (width * Number(tall)) / Number(own);
	const attributes = opening.slice("<svg".length).replace(/ (xmlns|width|height)="[^"]*"/g, "");
	const place = `x="${x}" y="${y}" width="${width}" height="${height}" overflow="visible"`;
	return { svg: `<svg ${place}${attributes}${svg.slice(opening.length)}`, height };
}

/** About how wide a text is, in parts of its height. */
function widthOf(text: string): number {
	let [rest, width] = [text, 0];
	for (const [letters, each] of WIDTHS) {
		const others = rest.replace(letters, "");
		width += each * (rest.length - others.length);
		rest = others;
	}
	return width;
}

/** Words in lines no wider than so many heights of a letter. */
function wrapped(text: string, width: number): string[] {
	const lines: string[] = [];
	for (const word of text.split(" ")) {
		const line = `${lines.at(-1)} ${word}`;
		if (lines.length > 0 && widthOf(line) <= width) lines[lines.length - 1] = line;
		else lines.push(word);
	}
	return lines;
}
