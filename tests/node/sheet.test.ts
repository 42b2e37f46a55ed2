/** How panels are laid out in a picture of their own. */
import { expect, test } from "vitest";
import { inLight, sheet } from "../../figures/sheet.ts";

/** A panel of 200 × 100, or a large one. */
const panel = (title: string, large = false) => ({
	title,
	svg: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 100" role="img"><path stroke="var(--good, #0072b2)" fill="currentColor"/></svg>',
	...(large && { large }),
});

/** Place and size of each panel. */
const placesOf = (svg: string) =>
	Array.from(svg.matchAll(/<svg x="(\S+)" y="(\S+)" width="(\S+)" height="(\S+)"/g), ([, ...numbers]) =>
		numbers.map((number) => Math.round(Number(number))),
	);

test("as many panels stand side by side as fit, in rows of one height", () => {
	const panels = Array.from({ length: 5 }, (_, k) => panel(`N = ${k}`));
	const places = placesOf(sheet({ title: "Five", caption: "", panels, panelWidth: [300, 400] }));
	// 4 × 300 px and the gaps between them do not fit into 1218 px.
	const [width, height] = [(1218 - 2 * 17) / 3, (1218 - 2 * 17) / 6].map(Math.round) as [number, number];
	expect(places.map(([x, , ...size]) => [x, ...size])).toEqual(
		[0, 1, 2, 0, 1].map((k) => [Math.round(24 + k * ((1218 - 2 * 17) / 3 + 17)), width, height]),
	);
	const rows = places.map(([, y]) => y as number);
	expect(new Set(rows.slice(0, 3)).size).toBe(1);
	expect(rows[3]).toBe(rows[4]);
	// A title of 20 px and a gap of 20 px lie between the rows.
	expect((rows[3] as number) - (rows[0] as number) - height).toBe(40);
});

test("a large panel takes two rows and two columns, and others stand beside it", () => {
	const panels = [panel("large", true), panel("b"), panel("c"), panel("d")];
	const [large, b, c, d] = placesOf(
		sheet({ title: "Four", caption: "", panels, panelWidth: [280, 400] }),
	) as number[][];
	const column = (1218 - 3 * 17) / 4;
	expect(large?.[2]).toBe(Math.round(2 * column + 17));
	expect([b, c, d].map((place) => place?.[2])).toEqual([1, 1, 1].map(() => Math.round(column)));
	expect([b?.[1], c?.[1]]).toEqual([large?.[1], large?.[1]]);
	expect(d?.[0]).toBe(b?.[0]);
	expect(d?.[1]).toBeGreaterThan(b?.[1] as number);
});

test("words are broken into lines and escaped, and colours resolved for programs without style sheets", () => {
	const group = {
		title: "a < b & c",
		caption: "",
		panels: [panel("many words ".repeat(12))],
		panelWidth: [200, 300] as const,
	};
	const svg = sheet({
		...group,
		key: [{ label: "“x”", sample: '<svg viewBox="0 0 28 12" width="28" height="12"></svg>' }],
	});
	expect(svg).toContain(">a &lt; b &amp; c</text>");
	expect(svg.match(/>(many|words)[^<]*<\/text>/g)?.length).toBeGreaterThan(2);
	expect(svg).toContain("prefers-color-scheme: dark");
	const light = inLight(svg);
	expect(light).not.toMatch(/var\(|currentColor|<style/);
	expect(light).toContain('<path stroke="#0072b2" fill="#1c1d20"/>');
});
