/**
 * Means with bands around them, as curves.
 * @module
 */
import { areaY, line, ruleX, ruleY, type ScaleOptions } from "@observablehq/plot";
import type { PosesLine } from "./panels.ts";
import { colours, svg } from "./plot.ts";
import { confidence, mean } from "./statistics.ts";

/** A mean and half the width of its 95 % confidence interval. */
export interface Estimate {
	centre: number;
	half: number;
}

export const estimate = (values: readonly number[]): Estimate => ({ centre: mean(values), half: confidence(values) });

/** A curve of {@link bandedCurves}: an estimate at each place. */
export interface Curve extends Omit<PosesLine, "values"> {
	at: readonly number[];
	estimates: readonly Estimate[];
	/** A dot at each place. */
	marked?: boolean;
}

/** Where bands of a quantity end whatever the confidence: a share is never below 0 or above 1. */
export type Bounds = readonly [least: number, most: number];
export const SHARE: Bounds = [0, 1];

/** Curves with their bands. */
export function bandedCurves(
	label: string,
	curves: readonly Curve[],
	{
		x,
		y,
		bounds: [least, most],
		across = [],
		upright = [],
	}: {
		x: ScaleOptions;
		y: ScaleOptions;
		bounds: Bounds;
		/** Values and places of dotted lines. */
		across?: readonly number[];
		upright?: readonly number[];
	},
): string {
	const dotted = { stroke: colours.muted, strokeDasharray: "1 3" };
	const points = curves.map(({ at, estimates }) =>
		at.map((place, n) => {
			const { centre, half } = estimates[n] as Estimate;
			return { place, centre, low: Math.max(least, centre - half), high: Math.min(most, centre + half) };
		}),
	);
	return svg(label, {
		width: 300,
		height: 220,
		marginRight: 12,
		x: { labelAnchor: "center", labelArrow: "none", ...x },
		y: { labelArrow: "none", ...y },
		marks: [
			ruleY(across, dotted),
			ruleX(upright, dotted),
			...curves.map(({ stroke }, k) =>
				areaY(points[k], { x: "place", y1: "low", y2: "high", fill: stroke, fillOpacity: 0.15 }),
			),
			...curves.map(({ stroke, width = 2, dashes, opacity = 1, marked }, k) =>
				line(points[k], {
					...{ x: "place", y: "centre", stroke, strokeWidth: width, strokeOpacity: opacity },
					...(dashes && { strokeDasharray: dashes }),
					...(marked && { marker: "dot" }),
				}),
			),
		],
	});
}
