/**
 * Means with bands around them, as curves.
 * @module
 */
import { areaY, line, ruleX, ruleY, type ScaleOptions } from "@observablehq/plot";
import { type LineStyle, strokeOf } from "./panels.ts";
import { type Domain, dotted, svg } from "./plot.ts";
import { confidence, mean } from "./statistics.ts";
import { percent } from "./words.ts";

/** A mean and half the width of its 95 % confidence interval. */
export interface Estimate {
	centre: number;
	half: number;
}

export const estimate = (values: readonly number[]): Estimate => ({ centre: mean(values), half: confidence(values) });

/** An estimate of a share, in words. */
export const within = ({ centre, half }: Estimate) => `${percent(centre)} ± ${(100 * half).toFixed(0)}`;

/** A curve of {@link bandedCurves}: an estimate at each place. */
export interface Curve extends LineStyle {
	at: readonly number[];
	estimates: readonly Estimate[];
	/** A dot at each place. */
	marked?: boolean;
}

/** A share is never below 0 or above 1. */
export const SHARE: Domain = [0, 1];

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
		/** Where bands end whatever the confidence. */
		bounds: Domain;
		/** Values and places of dotted lines. */
		across?: readonly number[];
		upright?: readonly number[];
	},
): string {
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
			...curves.map((curve, k) =>
				line(points[k], { x: "place", y: "centre", ...strokeOf(curve), ...(curve.marked && { marker: "dot" }) }),
			),
		],
	});
}
