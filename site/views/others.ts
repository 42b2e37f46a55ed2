/**
 * Which architecture would make it?
 * @module
 */
import { html, type TemplateResult } from "lit-html";
import { type ArchitectureName, architectures } from "../architectures.ts";
import type { Verdict } from "../numbers.ts";
import type { Model, Shown } from "../page.ts";
import { errorsOf } from "./verdict.ts";
import { short } from "./words.ts";

export function others(model: Model): TemplateResult {
	const { state, set, others } = model;
	const of = state.unseen.of;
	const row = (name: ArchitectureName, { value, failure, pending }: Shown<Verdict>) => {
		const known = value && !pending && !failure;
		const { exact, predicted } = known ? errorsOf(value.pair, of) : { exact: null, predicted: null };
		const right = exact !== null && exact < 1;
		const answer = failure ? "failed" : exact === null ? "…" : right ? "recognized" : "not";
		return html`<tr>
			<th scope="row"><button class="plain" @click=${() => set({ architecture: name, parameters: {} })}>${architectures[name].label}</button></th>
			<td>${predicted === null ? "–" : short(predicted)}</td>
			<td>${exact === null ? "–" : short(exact)}</td>
			<td class=${exact === null ? "" : right ? "right" : "wrong"}>${answer}</td>
		</tr>`;
	};
	return html`<section class="others" aria-labelledby="others-title">
		<h2 id="others-title">Which network would make it?</h2>
		<table>
			<caption>${of.toUpperCase()}’s unseen pose, by each network as it is chosen first</caption>
			<thead><tr><th scope="col">network</th><th scope="col">predicted</th><th scope="col">exact</th><th scope="col">verdict</th></tr></thead>
			<tbody>${(Object.keys(architectures) as ArchitectureName[]).map((name) => row(name, others[name]))}</tbody>
		</table>
	</section>`;
}
