/**
 * Whether the unseen pose is recognized, and why.
 * @module
 */
import { html, type TemplateResult } from "lit-html";
import type { Model } from "../page.ts";
import { short } from "./words.ts";

export function verdict(model: Model): TemplateResult {
	const { verdict, state } = model;
	const of = state.unseen.of;
	const margins = verdict.value?.pair.margins;
	const index = of === "a" ? 0 : 1;
	const exact = margins?.exact ? 1 - margins.exact[index] : undefined;
	const spectral = margins?.spectral ? 1 - margins.spectral[index] : undefined;
	return html`<section class="verdict" aria-labelledby="verdict-title">
		<h2 id="verdict-title">The verdict</h2>
		${
			exact === undefined
				? ""
				: html`<p class="answer ${exact < 1 ? "right" : "wrong"}" role="status">${exact < 1 ? "Recognized" : "Not recognized"}</p>
		<p>The exact error is ${short(exact)}${spectral === undefined ? "" : `, predicted ${short(spectral)}`}; below 1 the pose is recognized.</p>`
		}
	</section>`;
}
