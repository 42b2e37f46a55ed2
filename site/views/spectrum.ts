/**
 * The reciprocal spectrum: the held-out error is the last frequency over the mean of all.
 * @module
 */
import { html, svg, type TemplateResult } from "lit-html";
import type { Model } from "../page.ts";
import { short } from "./words.ts";

const WIDTH = 560;
const HEIGHT = 200;

/** Bars of 1/λ by frequency, the mean of all as a line. */
export function spectrumBars(spectrum: readonly number[]): TemplateResult {
	const count = spectrum.length;
	const last = count / 2;
	const mean = spectrum.reduce((sum, value) => sum + value, 0) / count;
	const most = Math.max(...spectrum);
	const height = (value: number) => (HEIGHT * value) / most;
	const step = WIDTH / count;
	const label = `Reciprocal spectrum: ${short(spectrum[last] as number)} at the last frequency, ${short(mean)} on average`;
	return html`<svg viewBox="0 -14 ${WIDTH} ${HEIGHT + 34}" role="img" aria-label=${label}>
		${spectrum.map(
			(value, j) => svg`<rect class=${j === last ? "last" : "bar"} x=${j * step + step * 0.1} width=${step * 0.8}
				y=${HEIGHT - height(value)} height=${height(value)}></rect>`,
		)}
		<line class="mean" x1="0" x2=${WIDTH} y1=${HEIGHT - height(mean)} y2=${HEIGHT - height(mean)}></line>
		<text class="on-mean" x=${WIDTH - 4} y=${HEIGHT - height(mean) - 5}>mean ${short(mean)}</text>
		<text class="axis" x=${step / 2} y=${HEIGHT + 15}>0</text>
		<text class="axis last" x=${(last + 0.5) * step} y=${HEIGHT + 15}>N</text>
		<text class="axis" x=${WIDTH - step / 2} y=${HEIGHT + 15}>2N − 1</text>
	</svg>`;
}

export function spectrum({ verdict }: Model): TemplateResult {
	const pair = verdict.value?.pair;
	return html`<section class="spectrum" aria-labelledby="spectrum-title">
		<h2 id="spectrum-title">The spectrum</h2>
		${
			pair?.spectrum
				? html`${spectrumBars(pair.spectrum)}
					<p>Reciprocals of the eigenvalues of the circularized kernel. The unseen pose's error is the last one, at which
					A and B alternate, over the mean of all: ${short(pair.lastReciprocal as number)} / ${short(pair.meanReciprocal as number)} =
					<strong>${short(pair.spectralError as number)}</strong>.</p>`
				: html`<p>This group has no single row of frequencies.</p>`
		}
	</section>`;
}
