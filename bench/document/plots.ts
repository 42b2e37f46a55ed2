/**
 * What suites measured, as pictures: times of contests as bars, growths as lines.
 * @module
 */
import { axisX, axisY, barX, dot, line, ruleX, ruleY, text } from "@observablehq/plot";
import type { KeyEntry, Panel } from "../../figures/figure.ts";
import { lineKey, strokeOf } from "../../figures/panels.ts";
import { around, colours, type Domain, logTicks, sample, svg } from "../../figures/plot.ts";
import { sheet } from "../../figures/sheet.ts";
import { signed } from "../../figures/words.ts";
import { type Contest, median } from "../harness.ts";
import type { Growth, SuiteResults } from "../results.ts";
import { shorten } from "../words.ts";

/** Pixels of a row of bars, and of the axis below them. */
const ROW = 17;
const AXIS = 24;
/** Of the part of a panel where bars are, and of the numbers right of it. */
const BARS = 200;
const NUMBERS = 44;
/** Of a letter of a name. */
const LETTER = 5.3;

const COLOURS = { longer: colours.good, shorter: colours.bad };

/** A line of a table of a contest, relative to the first one. */
interface Bar {
	name: string;
	/** The median of the rounds' quotients, and their ends. */
	times: number;
	least: number;
	most: number;
	/** What stands right of it: the time of the first line, and how many times that of others. */
	label: string;
}

/** Bars of a contest, the first line's at 1. */
function barsOf({ figures }: Contest): Bar[] {
	const [first] = figures;
	return figures.map(({ name, rounds, median: middle }, k) => {
		const quotients = rounds.map((time, round) => time / (first?.rounds[round] as number));
		const times = median(quotients);
		const label = k === 0 ? `${shorten(middle)} ms` : `× ${shorten(times)}`;
		return { name, times, least: Math.min(...quotients), most: Math.max(...quotients), label };
	});
}

/**
 * Contests of a suite as bars, one panel each, of how many times longer than the first line everybody takes.
 *
 * @returns nothing where a table tells as much: with less than two contests of two
 */
export function contestsPlot({ name, contests }: SuiteResults): string | undefined {
	const shown = contests.filter(({ figures }) => figures.length > 1).map((one) => ({ ...one, bars: barsOf(one) }));
	if (shown.length < 2) return undefined;
	const bars = shown.flatMap(({ bars }) => bars);
	const domain = around([0.8, 2, ...bars.flatMap(({ least, most }) => [least, most])]);
	const names = LETTER * Math.max(...bars.map(({ name }) => name.length)) + 8;
	const panels = shown.map(({ title, bars }): Panel => ({ title, svg: barPanel(title, bars, domain, names) }));
	const width = names + BARS + NUMBERS;
	return sheet({
		title: `${name}: how many times longer than the first line`,
		caption: "",
		key: [
			barKey("takes longer than the first line", COLOURS.longer),
			barKey("takes less", COLOURS.shorter),
			lineKey("from the least to the greatest of the rounds", RANGE),
		],
		panels,
		// Room for the gaps between them.
		panelWidth: [width, 1.1 * width],
	});
}

const RANGE = { stroke: "currentColor", width: 1 };

const barKey = (label: string, fill: string): KeyEntry => ({
	label,
	sample: sample(`<rect x="2" y="2" width="24" height="8" fill="${fill}"/>`),
});

function barPanel(label: string, bars: readonly Bar[], domain: Domain, names: number): string {
	return svg(label, {
		width: names + BARS + NUMBERS,
		height: 4 + ROW * bars.length + AXIS,
		marginTop: 4,
		marginBottom: AXIS,
		marginLeft: names,
		marginRight: NUMBERS,
		x: { type: "log", domain: [...domain] },
		y: { type: "band", domain: bars.map(({ name }) => name), padding: 0.25 },
		marks: [
			axisX(logTicks(domain), { text: (tick: number) => `${tick} ×`, label: null }),
			axisY({ tickSize: 0, label: null }),
			ruleX(logTicks(domain), { stroke: colours.grid }),
			barX(bars, {
				...{ x1: 1, x2: "times", y: "name" },
				fill: ({ times }: Bar) => (times < 1 ? COLOURS.shorter : COLOURS.longer),
			}),
			ruleY(bars.slice(1), { x1: "least", x2: "most", y: "name", ...strokeOf(RANGE) }),
			ruleX([1], { stroke: "currentColor" }),
			text(bars, { x: ({ most }: Bar) => Math.max(1, most), y: "name", text: "label", textAnchor: "start", dx: 4 }),
		],
	});
}

/** Sizes that have room for their names on an axis. */
const MOST_TICKS = 6;

const LINES = {
	fitted: { stroke: colours.good },
	expected: { stroke: colours.bad, dashes: "5 4" },
};

/** Growths of a suite, one panel each, on logarithmic axes; nothing without growths. */
export function growthsPlot({ name, growths }: SuiteResults): string | undefined {
	if (growths.length === 0) return undefined;
	return sheet({
		title: `${name}: how cost grows`,
		caption: "",
		key: [
			{ label: "medians", sample: sample(`<circle cx="14" cy="6" r="3.5" fill="${colours.good}"/>`) },
			lineKey("from the least to the greatest of the rounds", RANGE),
			lineKey("fitted", LINES.fitted),
			lineKey("as steep as expected", LINES.expected),
		],
		panels: growths.map((growth): Panel => ({ title: growth.title, svg: growthPanel(growth) })),
		panelWidth: [280, 400],
	});
}

function growthPanel({ title, variable, points, exponent, expected }: Growth): string {
	const rows = points.map(({ at, milliseconds }) => ({
		...{ at, middle: median(milliseconds) },
		...{ least: Math.min(...milliseconds), most: Math.max(...milliseconds) },
	}));
	const sizes = rows.map(({ at }) => at);
	// Lines of least squares go through the middle of all logarithms.
	const centre = [geometricMean(sizes), geometricMean(rows.map(({ middle }) => middle))] as const;
	const power = (slope: number) => sizes.map((at) => [at, centre[1] * (at / centre[0]) ** slope] as [number, number]);
	const [fitted, awaited] = [power(exponent), power(expected)];
	const x = around(sizes);
	const times = [...fitted, ...awaited].map(([, time]) => time);
	const y = around([...times, ...rows.flatMap(({ least, most }) => [least, most])], 1.5);
	const axis = { text: String, labelArrow: "none" } as const;
	return svg(title, {
		width: 300,
		height: 240,
		marginLeft: 44,
		x: { type: "log", domain: [...x] },
		y: { type: "log", domain: [...y] },
		marks: [
			axisX(sizes.length > MOST_TICKS ? logTicks(x) : sizes, {
				...axis,
				label: `${variable} →`,
				labelAnchor: "center",
			}),
			axisY(logTicks(y), { ...axis, label: "↑ ms" }),
			line(fitted, strokeOf(LINES.fitted)),
			line(awaited, strokeOf(LINES.expected)),
			ruleX(rows, { x: "at", y1: "least", y2: "most", ...strokeOf(RANGE) }),
			dot(rows, { x: "at", y: "middle", r: 3.5, fill: colours.good }),
			text([`exponent ${signed(exponent, 2)}, expected ${shorten(expected)}`], {
				...{ frameAnchor: "top-left", dx: 6, dy: 4, fontWeight: 600 },
			}),
		],
	});
}

const geometricMean = (values: readonly number[]) =>
	Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
