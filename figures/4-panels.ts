/**
 * The panels of figure 4.
 * @module
 */
import { arrow, dot, line, text } from "@observablehq/plot";
import type { KeyEntry } from "./figure.ts";
import { heldOutKey, ORBITS, orbitSamples, pairDots } from "./panels.ts";
import { around, colours, halo, logAxes, sample, svg } from "./plot.ts";
import type { Principal } from "./principal.ts";
import { mean, slope } from "./statistics.ts";
import { percent, times } from "./words.ts";

/** The key of {@link orbitsProjected}, by the labels of the two orbits. */
export const projectionKey = (labels: readonly [number, number]): KeyEntry[] => [
	...labels.map((label, orbit) => ({
		label: `the ${label} in all poses`,
		sample: orbitSamples[orbit] as string,
	})),
	heldOutKey,
	{ label: "means of the orbits", sample: sample(PLUS) },
];

const PLUS = `<path d="M14 1v10M9 6h10" stroke="currentColor" stroke-width="2"/>`;

/** Poses of two orbits in a plane; `behind` are those that are farther away. */
interface Place {
	orbit: number;
	pose: number;
	x: number;
	y: number;
	behind: boolean;
}

/** Each pose's place in a picture of some of its components. */
function placesOf(
	{ coordinates }: Principal,
	place: (at: number[]) => { x: number; y: number; behind?: boolean },
): Place[] {
	const poses = (coordinates[0] as number[]).length / 2;
	return Array.from({ length: 2 * poses }, (_, k) => ({
		...{ orbit: Math.floor(k / poses), pose: k % poses, behind: false },
		...place(coordinates.map((component) => component[k] as number)),
	}));
}

/** Both orbits as curves, with `marked` poses of each as dots, the first as held out, and the means. */
function orbitMarks(places: readonly Place[], marked: number) {
	const poses = places.length / 2;
	const orbits = ORBITS.map((style, orbit) => ({ style, own: places.filter((place) => place.orbit === orbit) }));
	const means = orbits.map(({ own }) => ({ x: mean(own.map(({ x }) => x)), y: mean(own.map(({ y }) => y)) }));
	const opacity = ({ behind }: Place) => (behind ? 0.4 : 1);
	return [
		...orbits.map(({ style: { fill }, own }) =>
			line([...own, own[0] as Place], {
				x: "x",
				y: "y",
				stroke: fill,
				strokeWidth: 1.4,
				strokeOpacity: opacity,
				z: null,
			}),
		),
		...orbits.map(({ style: { fill, symbol }, own }) =>
			dot(
				own.filter(({ pose }) => pose % (poses / marked) === 0),
				{ x: "x", y: "y", fill, symbol, r: 3.5, fillOpacity: opacity },
			),
		),
		dot(
			places.filter(({ pose }) => pose === 0),
			{ x: "x", y: "y", r: 6.5, stroke: colours.bad, strokeWidth: 2 },
		),
		dot(means, { x: "x", y: "y", symbol: "plus", r: 4, stroke: "currentColor", strokeWidth: 2 }),
	];
}

/** The largest coordinate: one scale for all pictures of the orbits. */
const reachOf = ({ coordinates }: Principal) => 1.08 * Math.max(...coordinates.flat().map(Math.abs));

/** Two orbits in two of their principal components. */
export function orbitsProjected(principal: Principal, [across, up]: readonly [number, number], marked: number): string {
	const places = placesOf(principal, (at) => ({ x: at[across] as number, y: at[up] as number }));
	const reach = reachOf(principal);
	const axis = { domain: [-reach, reach], ticks: 5, labelAnchor: "center", labelArrow: "none" } as const;
	const name = (component: number) => `component ${component + 1}, ${percent(principal.shares[component] as number)} →`;
	return svg(`Orbits in components ${across + 1} and ${up + 1}`, {
		width: 260,
		height: 260,
		marginTop: 8,
		marginLeft: 44,
		marginBottom: 36,
		x: { ...axis, label: name(across) },
		y: { ...axis, label: name(up) },
		marks: orbitMarks(places, marked),
	});
}

/** Components, across and up, of its plane pictures. */
export const PLANES = [
	[1, 0],
	[1, 2],
] as const;

/** Components as people count them. */
export const inOrder = (components: readonly number[]) =>
	[...components]
		.sort()
		.map((component) => component + 1)
		.join(" and ");

/** In which of the planes that are shown both orbits go around most often, in words; nothing where they never do. */
export function windingOf({ coordinates }: Principal): string {
	const poses = (coordinates[0] as number[]).length / 2;
	const turns = ([across, up]: readonly [number, number], start: number) => {
		const [x, y] = [across, up].map((k) => coordinates[k]?.slice(start, start + poses)) as [number[], number[]];
		const [centreX, centreY] = [mean(x), mean(y)];
		const angles = x.map((at, k) => Math.atan2((y[k] as number) - centreY, at - centreX) / (2 * Math.PI));
		const steps = angles.map((angle, k) => (angles[(k + 1) % poses] as number) - angle);
		return Math.abs(Math.round(steps.reduce((sum, step) => sum + step - Math.round(step), 0)));
	};
	const windings = PLANES.map((plane) => ({ plane, often: [turns(plane, 0), turns(plane, poses)] as const }));
	const [{ plane, often }] = windings.sort((a, b) => Math.min(...b.often) - Math.min(...a.often)) as [
		(typeof windings)[0],
	];
	if (Math.min(...often) === 0) return "";
	const [a, b] = often.map(times);
	const both = a === b ? `its orbit goes around ${a}` : `orbit A goes around ${a}, orbit B ${b},`;
	return `While a digit is turned once, ${both} in components ${inOrder(plane)}.`;
}

/** Two orbits in three components: the first upwards, the second to the right, the third away from who looks. */
export function orbitsInSpace(principal: Principal, marked: number): string {
	const oblique = ([up, right, away]: readonly number[]) => ({
		x: (right as number) + 0.35 * (away as number),
		y: (up as number) + 0.3 * (away as number),
		behind: (away as number) > 0,
	});
	const reach = reachOf(principal);
	const corner = [-1.22 * reach, -1.2 * reach, 0];
	const arrows = [0, 1, 2].map((component) => ({
		from: oblique(corner),
		to: oblique(corner.map((at, k) => (k === component ? at + 0.4 * reach : at))),
		name: String(component + 1),
	}));
	return svg("Orbits in three components, seen obliquely", {
		width: 260,
		height: 260,
		margin: 6,
		x: { axis: null, domain: [-1.3 * reach, 1.3 * reach] },
		y: { axis: null, domain: [-1.3 * reach, 1.1 * reach] },
		marks: [
			arrow(arrows, {
				...{ x1: ({ from }) => from.x, y1: ({ from }) => from.y, x2: ({ to }) => to.x, y2: ({ to }) => to.y },
				...{ stroke: colours.muted, headLength: 5 },
			}),
			text(arrows, { x: ({ to }) => to.x, y: ({ to }) => to.y, text: "name", fill: colours.muted, dx: 6, dy: -6 }),
			...orbitMarks(placesOf(principal, oblique), marked),
		],
	});
}

/** A pair's numbers of figures that colour by how many of two held-out poses are correct. */
interface Marked {
	correctCount: readonly number[];
}

const PANEL = { width: 260, height: 250, marginLeft: 44, marginBottom: 36 };
/** Of its axes, at both ends. */
const ROOM = 1.06;

/** Errors of which the contours are drawn, but for those that only touch a corner. */
const LEVELS = [0.125, 0.25, 0.5, 1, 2, 4];
const LEAST_CONTOUR = 1.3;

/** Pairs in the plane of numerator and denominator of the spectral error, with lines of equal error. */
export function contours({
	lastReciprocal,
	meanReciprocal,
	correctCount,
}: Marked & { lastReciprocal: number[]; meanReciprocal: number[] }): string {
	const points = lastReciprocal.map((x, k) => ({
		x,
		y: meanReciprocal[k] as number,
		correct: correctCount[k] as number,
	}));
	const [x, y] = [around(lastReciprocal, ROOM), around(meanReciprocal, ROOM)];
	// A contour enters at the left or at the bottom, and leaves at the top or at the right.
	const lines = LEVELS.map((level) => ({
		level,
		from: Math.max(x[0], level * y[0]),
		to: Math.min(x[1], level * y[1]),
	})).filter(({ from, to }) => to > LEAST_CONTOUR * from);
	return svg("Spectral error over its numerator and its denominator", {
		...PANEL,
		x: { type: "log", domain: [...x] },
		y: { type: "log", domain: [...y] },
		marks: [
			...logAxes(["last 1/λ →", x], ["↑ mean of 1/λ", y]),
			...lines.map(({ level, from, to }) =>
				line(
					[from, to].map((at) => [at, at / level] as [number, number]),
					{
						stroke: colours.muted,
						strokeWidth: level === 1 ? 1.6 : 0.8,
						strokeDasharray: level === 1 ? "none" : "3 3",
					},
				),
			),
			...pairDots(points, 1.9),
			text(lines, {
				...{ x: "to", y: ({ to, level }) => to / level, text: ({ level }) => String(level) },
				...{ textAnchor: "end", dx: -9, dy: 6, fontWeight: "bold", ...halo },
			}),
		],
	});
}

/** The straight line through logarithms that is nearest in y: y ≈ factor · x^exponent. */
export function powerLaw(x: readonly number[], y: readonly number[]): { factor: number; exponent: number } {
	const [logX, logY] = [x.map(Math.log), y.map(Math.log)];
	const exponent = slope(logX, logY);
	return { factor: Math.exp(mean(logY) - exponent * mean(logX)), exponent };
}

/** One quantity of pairs against another, with the power law that fits. */
export function powerScatter(
	label: string,
	[labelX, x]: readonly [string, number[]],
	[labelY, y]: readonly [string, number[]],
	{ correctCount }: Marked,
): string {
	const { factor, exponent } = powerLaw(x, y);
	const domain = [around(x, ROOM), around(y, ROOM)] as const;
	return svg(label, {
		...PANEL,
		x: { type: "log", domain: [...domain[0]] },
		y: { type: "log", domain: [...domain[1]] },
		marks: [
			...logAxes([labelX, domain[0]], [labelY, domain[1]]),
			...pairDots(
				x.map((at, k) => ({ x: at, y: y[k] as number, correct: correctCount[k] as number })),
				1.9,
			),
			line(
				[Math.min(...x), Math.max(...x)].map((at) => [at, factor * at ** exponent] as [number, number]),
				{ stroke: "currentColor", strokeWidth: 1.5, strokeDasharray: "5 3", clip: true },
			),
		],
	});
}

/** The line of {@link powerScatter}. */
export const fitKey: KeyEntry = {
	label: "fitted power law",
	sample: sample(`<path d="M1 6h26" stroke="currentColor" stroke-width="1.5" stroke-dasharray="5 3"/>`),
};
