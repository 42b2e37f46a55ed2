/**
 * The reciprocal spectrum: the predicted error is the last frequency over the mean of all.
 * @module
 */
import { html, type TemplateResult } from "lit-html";
import type { PairReport } from "orbit-kernels";
import type { Model } from "../page.ts";
import type { Side } from "../state.ts";
import { ratio, spectrumBars } from "./ratio.ts";
import { errorsOf, partsOf } from "./verdict.ts";
import { short } from "./words.ts";

export function spectrum({ verdict, state }: Model): TemplateResult {
	const pair = verdict.value?.pair;
	return html`<section class="spectrum" aria-labelledby="spectrum-title" aria-busy=${verdict.pending}>
		<h2 id="spectrum-title">The spectrum</h2>
		${pair && !verdict.failure ? spectrumOf(pair, state.unseen.of) : ""}
	</section>`;
}

const ANSWERS = ["right, it predicts", "wrong, it predicts"] as const;

/** Bars and areas of a pair's predicted error, or areas alone where there are no frequencies. */
export function spectrumOf(pair: PairReport, of: Side): TemplateResult {
	return pair.spectrum ? ofFrequencies(pair, pair.spectrum, of) : ofBlocks(pair, of);
}

function ofFrequencies(pair: PairReport, spectrum: readonly number[], of: Side): TemplateResult {
	const [numerator, denominator] = [pair.lastReciprocal as number, pair.meanReciprocal as number];
	const { predicted } = errorsOf(pair, of);
	return html`${spectrumBars(spectrum)}
		<p>Reciprocals of the eigenvalues of the circularized kernel. The unseen pose’s error is predicted to be the last one, at which A
		and B alternate, over the mean of all:</p>
		${ratio({ numerator, denominator, bars: spectrum, names: ["last 1/λ", "mean 1/λ"], answers: ANSWERS })}
		${of === "b" ? html`<p class="hint">This is A’s. With B first in the row it is ${short(predicted as number)}.</p>` : ""}`;
}

function ofBlocks({ splits }: PairReport, of: Side): TemplateResult {
	const parts = partsOf(splits.block, of);
	return html`<p>These orbits have no single row of frequencies: the kernel falls into a block for each representation of the group. The
		error is a ratio all the same: how little the trivial one separates the classes, over the density of poses in all.</p>
		${parts ? ratio({ ...parts, bars: [parts.denominator], names: ["separation", "density"], answers: ANSWERS }) : ""}`;
}
