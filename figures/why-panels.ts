/**
 * One picture of what decides about a held-out pose.
 * @module
 */
import { axisX, axisY, barY, dot, line, link, ruleX, ruleY, text } from "@observablehq/plot";
import type { PanelGroup } from "./figure.ts";
import { errorLines, errorLinesKey, orbitStrip, strokeOf } from "./panels.ts";
import { around, colours, dotted, doublings, logScale, logTicks, sample, svg } from "./plot.ts";
import { mean, standardError } from "./statistics.ts";
import type { DataWhy } from "./why.ts";

const FRAME = { width: 420, height: 230, style: { fontSize: "11px" } } as const;

/** Orbits, spectrum, errors, and the error at every number of poses. */
export function why(data: DataWhy): PanelGroup {
	const { poses, orbits, names, finite, heldOut } = data;
	const right = heldOut.filter((error) => error < 1).length;
	const first = orbits.poses < poses ? `the first ${orbits.poses} of ${poses} poses` : `${poses} poses`;
	const width = finite
		? " Of finite width: each mark is the tangent kernel of a network, the bar their mean ± its standard error."
		: "";
	return {
		title:
			right === 2 ? "Why both are read rightly" : right === 1 ? "Why one is read wrongly" : "Why both are read wrongly",
		caption: `A: ${names[0]}, B: ${names[1]}, ${first} of each; the framed ones are held out, one at a time. The spectral error is the orange bar over the dashed line. Errors are means of A and B; below 1, the dotted line, a pose is read rightly.${width}`,
		panels: [
			{ title: "The orbits", svg: orbitStrip("The poses of A and B", orbits) },
			{ title: "Numerator and denominator", svg: spectrum(data) },
			{ title: `Errors at N = ${poses}`, svg: errors(data) },
			{ title: "The error at every number of poses", svg: curves(data) },
		],
		key: [
			...errorLinesKey,
			...(finite
				? [
						{
							label: `network of width ${finite.width}`,
							sample: sample(`<circle cx="14" cy="6" r="4" fill="${colours.middling}" fill-opacity="0.6"/>`),
						},
					]
				: []),
		],
		panelWidth: [420, 600],
	};
}

/** The reciprocal spectrum: of its symmetric halves the first, with the frequency of the labels last. */
function spectrum({ at, poses }: DataWhy): string {
	const bars = at.reciprocalSpectrum.slice(0, poses + 1).map((value, frequency) => ({ frequency, value }));
	const last = at.lastReciprocal;
	const greatest = Math.max(...bars.map(({ value }) => value));
	const top = 1.15 * greatest;
	// Words beside the frame, where they meet moved apart.
	const between = ((last - at.meanReciprocal) / top) * (FRAME.height - 52);
	const shift = Math.max(0, 14 - Math.abs(between)) / (between < 0 ? -2 : 2);
	const beside = (value: number, label: string, fill: string, dy: number) =>
		text([value], {
			...{ y: (value: number) => value, frameAnchor: "right", text: () => label },
			...{ textAnchor: "start", dx: 5, dy, fill, fontWeight: "bold" },
		});
	const ticks = bars.map(({ frequency }) => frequency).filter((j) => j % Math.ceil(poses / 8) === 0);
	return svg("The reciprocal spectrum, its last entry and its mean", {
		...FRAME,
		marginLeft: 50,
		marginRight: 68,
		x: { type: "band", label: "frequency j →", labelArrow: "none", labelAnchor: "center", ticks, padding: 0.25 },
		y: { domain: [0, top], label: "↑ reciprocal eigenvalue λ⁻¹", labelArrow: "none", ticks: 5 },
		marks: [
			barY(bars, {
				x: "frequency",
				y: "value",
				fill: ({ frequency }: { frequency: number }) => (frequency === poses ? colours.bad : colours.muted),
				fillOpacity: ({ frequency }: { frequency: number }) => (frequency === poses ? 1 : 0.55),
			}),
			ruleY([0], { stroke: "currentColor" }),
			ruleY([at.meanReciprocal], { stroke: colours.good, strokeWidth: 2, strokeDasharray: "6 3" }),
			beside(at.meanReciprocal, "mean λ⁻¹", colours.good, shift),
			beside(last, "λ_N⁻¹", colours.bad, -shift),
		],
	});
}

/** Exact, by the two formulas, and of finite width, one below the other. */
function errors({ at, heldOut, finite }: DataWhy): string {
	const [exact, block, formula] = ["exact", "block by block", "spectral"];
	const width = finite && `width ${finite.width}`;
	const rows = [exact, block, formula, ...(width ? [width] : [])];
	const means = [
		{ row: exact, error: at.exactError, fill: colours.good },
		{ row: block, error: at.blockError, fill: colours.accent },
		{ row: formula, error: at.spectralError, fill: colours.bad },
	];
	const each = heldOut.map((error, k) => ({ row: exact, error, letter: "AB"[k] as string }));
	const [left, right] = [...each].sort((a, b) => a.error - b.error) as [(typeof each)[0], (typeof each)[0]];
	const drawn = finite ? finite.exactError.map((error) => ({ row: width as string, error })) : [];
	const middle = finite ? mean(finite.exactError) : 1;
	const apart = finite ? standardError(finite.exactError) : 0;
	const interval = finite ? [{ row: width as string, from: middle - apart, to: middle + apart }] : [];
	const values = [1, ...heldOut, ...means.map(({ error }) => error), ...drawn.map(({ error }) => error)].filter(
		(error) => error > 0,
	);
	const domain = around(values, 1.25);
	const letter = (one: (typeof each)[0], textAnchor: "start" | "end") =>
		text([one], {
			...{ x: "error", y: "row", text: "letter", textAnchor, dy: -12, dx: textAnchor === "end" ? -2 : 2 },
			...{ fontWeight: "bold", fill: colours.good },
		});
	return svg("Held-out errors", {
		...FRAME,
		marginLeft: 96,
		x: { type: "log", domain: [...domain] },
		y: { type: "point", domain: rows, padding: 0.6 },
		marks: [
			axisX(logTicks(domain), { text: String, label: "held-out error →", labelAnchor: "center", labelArrow: "none" }),
			axisY({ label: null, tickSize: 0 }),
			ruleX([1], dotted),
			link([{ row: exact, from: left.error, to: right.error }], {
				...{ x1: "from", x2: "to", y1: "row", y2: "row", stroke: colours.good, strokeOpacity: 0.5 },
			}),
			letter(left, "end"),
			letter(right, "start"),
			dot(each, { x: "error", y: "row", r: 3.5, stroke: colours.good }),
			dot(drawn, { x: "error", y: "row", r: 4, fill: colours.middling, fillOpacity: 0.6 }),
			link(interval, { x1: "from", x2: "to", y1: "row", y2: "row", stroke: "currentColor", strokeWidth: 2.5 }),
			dot(finite ? [{ row: width, error: middle }] : [], { x: "error", y: "row", r: 2.5, fill: "currentColor" }),
			dot(means, { x: "error", y: "row", r: 5, fill: "fill" }),
		],
	});
}

/** Errors against the number of poses, with the one that is asked about and the one from which on both poses are right. */
function curves({ orders, curves, poses, enough }: DataWhy): string {
	const most = orders.at(-1) as number;
	const all = [...curves.exactError, ...curves.blockError, ...curves.spectralError].filter((error) => error > 0);
	const powers = Array.from({ length: 12 }, (_, k) => 2 ** (k + 1)).filter((tick) => tick <= most);
	const points = (values: number[]) =>
		values.flatMap((value, n) => (value > 0 ? [[orders[n] as number, value] as [number, number]] : []));
	const right = enough?.poses ?? poses;
	/** Away from the other one, but for the edges; high where the curves are low, which is behind the number that is enough. */
	const words = (order: number, other: number, label: string, dy: number) => {
		const late = order >= 0.4 * most;
		const start = order < 4 || (!late && order > other);
		const high = late && order > right;
		return {
			...{ order, label },
			anchor: start ? ("start" as const) : ("end" as const),
			...(high ? { place: "top" as const, dy: -dy } : { place: "bottom" as const, dy }),
		};
	};
	const marked = [
		words(poses, right, `N = ${poses}`, -4),
		...(right === poses ? [] : [words(right, poses, `right from ${right} on`, -18)]),
	];
	return svg("Errors against the number of poses", {
		...FRAME,
		marginLeft: 44,
		x: doublings("poses of each image, N →", powers),
		y: logScale("↑ error", around([...all, 1])),
		marks: [
			ruleY([1], dotted),
			ruleX(marked, { x: "order", stroke: "currentColor", strokeOpacity: 0.4 }),
			...(["exact", "spectral", "block"] as const).map((name) =>
				line(points(curves[`${name}Error`]), strokeOf(errorLines[name])),
			),
			...marked.map(({ order, label, anchor, place, dy }) =>
				text([order], {
					x: (order: number) => order,
					text: () => label,
					frameAnchor: place,
					textAnchor: anchor,
					dx: anchor === "end" ? -4 : 4,
					dy,
				}),
			),
		],
	});
}
