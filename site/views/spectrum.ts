/**
 * The reciprocal spectrum: the held-out error is the last frequency over the mean of all.
 * @module
 */
import { html, type TemplateResult } from "lit-html";
import type { PairReport } from "orbit-kernels";
import type { Model } from "../page.ts";
import type { Side } from "../state.ts";
import { ratio, spectrumBars } from "./ratio.ts";
import { errorsOf, split } from "./verdict.ts";
import { short } from "./words.ts";

export function spectrum({ verdict, state }: Model): TemplateResult {
	const pair = verdict.value?.pair;
	return html`<section class="spectrum" aria-labelledby="spectrum-title">
		<h2 id="spectrum-title">The spectrum</h2>
		${pair ? spectrumOf(pair, state.unseen.of) : ""}
	</section>`;
}

/** Bars and areas of a pair's error, or areas alone where there are no frequencies. */
export function spectrumOf(pair: PairReport, of: Side): TemplateResult {
	return pair.spectrum ? ofFrequencies(pair, pair.spectrum, of) : ofBlocks(pair, of);
}

function ofFrequencies(pair: PairReport, spectrum: readonly number[], of: Side): TemplateResult {
	const { numerator, denominator } = split(pair, of);
	const { predicted } = errorsOf(pair, of);
	return html`${spectrumBars(spectrum)}
		<p>Reciprocals of the eigenvalues of the circularized kernel. The unseen pose’s error is the last one, at which A and B alternate, over
		the mean of all:</p>
		${ratio({ numerator, denominator, bars: spectrum, names: ["last 1/λ", "mean 1/λ"] })}
		${of === "b" ? html`<p class="hint">With B first in the row it is ${short(predicted as number)}.</p>` : ""}`;
}

function ofBlocks(pair: PairReport, of: Side): TemplateResult {
	const { numerator, denominator } = split(pair, of);
	const why = html`<p>These orbits have no single row of frequencies: the kernel falls into a block for each representation of the group.`;
	if (!Number.isFinite(denominator))
		return html`${why} The unseen pose has an equal among the known ones: its density is infinite, and its error 0.</p>`;
	return html`${why} The error is a ratio all the same: how little the trivial one separates the classes, over the density of poses in all.</p>
		${ratio({ numerator, denominator, bars: [denominator], names: ["separation", "density"] })}`;
}
