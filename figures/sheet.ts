/**
 * Panels as one picture that stands for itself: what the page shows of a group, in a single SVG.
 * @module
 */
import type { KeyEntry, Panel, PanelGroup } from "./figure.ts";
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
	const cellsWide = panels.length + panels.filter(({ large }) => large).length;
	const across = Math.min(PAGE, most * cellsWide);
	const columns = Math.min(cellsWide, Math.floor((across + GAP.column) / (least + GAP.column)));
	const column = (across - GAP.column * (columns - 1)) / columns;
	const inner = Math.max(across, NARROWEST);

	const head = words(title, MARGIN, MARGIN, inner, TITLE);
	const keys = keyAt(key, inner, MARGIN + head.height + 8);
	const top = MARGIN + head.height + 8 + keys.height;
	const cells = cellsOf(panels, columns);
	const figures = panels.map((panel, k) => {
		const { left, span } = cells[k] as Cell;
		return drawn(panel, MARGIN + left * (column + GAP.column), span * column + (span - 1) * GAP.column);
	});
	const tops = topsOf(
		cells,
		figures.map(({ height }) => height),
	);
	const placed = figures.map(({ at }, k) => at(top + (tops.rows[(cells[k] as Cell).row] as number)));

	const [width, height] = [inner + 2 * MARGIN, top + tops.end + MARGIN].map(Math.ceil);
	return `<svg xmlns="http://www.w3.org/2000/svg" class="${CLASS}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" fill="currentColor" role="img" aria-label="${escapeHtml(title)}">
<style>${style}</style>
<rect width="${width}" height="${height}" fill="var(--sheet)"/>
${[head.svg, keys.svg, ...placed].filter(Boolean).join("\n")}
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

/** Where a panel begins in a grid, and how many rows and columns it takes. */
interface Cell {
	row: number;
	left: number;
	span: number;
}

/** The cells of panels one after another, as style sheets fill a grid. */
function cellsOf(panels: readonly Panel[], columns: number): Cell[] {
	const taken = new Set<string>();
	let [row, left] = [0, 0];
	return panels.map(({ large = false }) => {
		const span = large ? Math.min(2, columns) : 1;
		const wanted = () =>
			Array.from({ length: span * span }, (_, k) => `${row + Math.floor(k / span)},${left + (k % span)}`);
		while (left + span > columns || wanted().some((cell) => taken.has(cell)))
			[row, left] = left + 1 < columns ? [row, left + 1] : [row + 1, 0];
		for (const cell of wanted()) taken.add(cell);
		return { row, left, span };
	});
}

/** Where rows begin, each as high as what is in it, and where the last ends. */
function topsOf(cells: readonly Cell[], heights: readonly number[]): { rows: number[]; end: number } {
	const rows = [0];
	const count = Math.max(...cells.map(({ row, span }) => row + span));
	for (let next = 1; next <= count; next++) {
		// What ends with the row before.
		const ends = cells.map(({ row, span }, k) =>
			row + span === next ? (rows[row] as number) + (heights[k] as number) + GAP.row : 0,
		);
		rows.push(Math.max(rows.at(-1) as number, ...ends));
	}
	return { rows, end: (rows.at(-1) as number) - GAP.row };
}

/** A panel with its title at a place from the left, to be put at one from the top. */
function drawn({ title, svg }: Panel, x: number, width: number): { height: number; at(y: number): string } {
	const head = (y: number) => (title ? words(title, x, y, width, LABEL) : { svg: "", height: 0 });
	const picture = (y: number) => nested(svg, x, y, width);
	const above = head(0).height;
	return {
		height: above + picture(0).height,
		at: (y) => [head(y).svg, picture(y + above).svg].filter(Boolean).join("\n"),
	};
}

/** Heavy words in as many lines as they need. */
function words(text: string, x: number, y: number, width: number, { size, line }: typeof TITLE) {
	const lines = wrapped(text, width / size);
	const heavy = `font-size="${size}" font-weight="600"`;
	const svg = lines.map((words, k) => `<text x="${x}" y="${y + k * line + size}" ${heavy}>${escapeHtml(words)}</text>`);
	return { svg: svg.join("\n"), height: lines.length * line };
}

/** The key's entries, as many in a line as fit. */
function keyAt(key: readonly KeyEntry[], across: number, top: number): { svg: string; height: number } {
	if (key.length === 0) return { svg: "", height: 0 };
	let [x, y] = [0, top];
	const entries = key.map(({ label, sample }) => {
		const width = SAMPLE + 7 + LABEL.size * widthOf(label);
		if (x > 0 && x + width > across) [x, y] = [0, y + LABEL.line];
		const place = MARGIN + x;
		x += width + 22;
		const words = `<text x="${place + SAMPLE + 7}" y="${y + LABEL.size}" font-size="${LABEL.size}">${escapeHtml(label)}</text>`;
		return nested(sample, place, y + 4, SAMPLE).svg + words;
	});
	return { svg: entries.join("\n"), height: y + LABEL.line + 12 - top };
}

/** An SVG at a place in another, as wide as wanted. */
function nested(svg: string, x: number, y: number, width: number): { svg: string; height: number } {
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
