/**
 * The error of a held-out pose as a ratio: of the last of the reciprocal spectrum to the mean of all, or of two areas.
 * @module
 */
import { html, svg, type TemplateResult } from "lit-html";
import { areas } from "../areas.ts";
import { short } from "./words.ts";

const WIDTH = 400;
const HEIGHT = 150;

/** Bars of 1/λ by frequency, the last frequency and the mean of all marked. */
export function spectrumBars(spectrum: readonly number[]): TemplateResult {
	const count = spectrum.length;
	const last = count / 2;
	const mean = spectrum.reduce((sum, value) => sum + value, 0) / count;
	const y = heights([0, ...spectrum]);
	const step = WIDTH / count;
	const label = `Reciprocal spectrum: ${short(spectrum[last] as number)} at the last frequency, ${short(mean)} on average`;
	return html`<svg viewBox="0 -16 ${WIDTH} ${HEIGHT + 36}" role="img" aria-label=${label}>
		${spectrum.map(
			(
				value,
				j,
			) => svg`<rect class=${j === last ? "bar last" : "bar"} x=${(j + 0.1) * step} width=${0.8 * step} y=${y(value)}
			height=${HEIGHT - y(value)}></rect>`,
		)}
		<line class="mean" x1="0" x2=${WIDTH} y1=${y(mean)} y2=${y(mean)}></line>
		<text class="mean end" x=${WIDTH - 2} y=${y(mean) - 5}>mean ${short(mean)}</text>
		<text class="start" x="0" y=${HEIGHT + 16}>0</text>
		<text class="last" x=${(last + 0.5) * step} y=${HEIGHT + 16}>frequency N</text>
		<text class="end" x=${WIDTH} y=${HEIGHT + 16}>2N − 1</text>
	</svg>`;
}

/** Where values end on a scale that begins at the bottom and has room for all. */
function heights(values: readonly number[]): (value: number) => number {
	const most = Math.max(...values);
	return (value) => HEIGHT * (1 - value / most);
}

/** An error, and what it is made of. */
export interface Ratio {
	numerator: number;
	denominator: number;
	/** Their mean is the denominator. */
	bars: readonly number[];
	/** Of the numerator and of the denominator. */
	names: readonly [above: string, below: string];
	/** What it says below 1, and else. */
	answers: readonly [right: string, wrong: string];
}

/** A ratio as a fraction of areas, of numbers, and as one number that is right or wrong. */
export function ratio({ numerator, denominator, bars, names, answers }: Ratio): TemplateResult {
	const [above, below] = areas(numerator, bars);
	const error = numerator / denominator;
	const isRight = error < 1;
	return html`<div class="ratio">
		${part(above, "bar last", names[0], numerator)} ${part(below, "bar", names[1], denominator)}
		<p class="error ${isRight ? "right" : "wrong"}">= <strong>${short(error)}</strong><br>${isRight ? `below 1: ${answers[0]}` : `not below 1: ${answers[1]}`}</p>
	</div>`;
}

function part(bars: readonly number[], colour: string, name: string, value: number): TemplateResult {
	return html`<div class="part">
		<svg class="area" viewBox="0 0 ${bars.length} 1" preserveAspectRatio="none" aria-hidden="true">
			${bars.map((height, j) => svg`<rect class=${colour} x=${j} width="1" y=${1 - height} height=${height}></rect>`)}
		</svg>
		<span>${name}<br><strong>${short(value)}</strong></span>
	</div>`;
}
