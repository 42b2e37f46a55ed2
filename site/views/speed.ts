/**
 * How much faster the library is than plain TypeScript, on the reader's machine.
 * @module
 */
import { html, type TemplateResult } from "lit-html";
import type { Contest } from "../../bench/harness.ts";
import type { Model } from "../page.ts";
import { COUNT, DEPTH, ROUNDS, TYPESCRIPT, timesFaster } from "../speed.ts";
import { status } from "./controls.ts";
import { short } from "./words.ts";

export function speed({ speed, measureSpeed }: Model): TemplateResult {
	return html`<section class="speed" aria-labelledby="speed-title" aria-busy=${speed.pending}>
		<h2 id="speed-title">Speed</h2>
		<p class="why">The kernel of ${COUNT} of the digits by a perceptron with ${DEPTH} hidden layers, ${COUNT} × ${COUNT} numbers:
		computed here, now, by this page’s WebAssembly and by the best plain TypeScript that we can write.</p>
		<button @click=${() => measureSpeed(!speed.pending)}>${speed.pending ? "Stop" : speed.value ? "Measure again" : "Measure"}</button>
		${speed.pending && !speed.progress ? html`<p class="hint">It begins when the rest of the page has been computed.</p>` : ""}
		${status(speed)}
		${
			speed.value && !speed.pending
				? html`<div class="pictures wide">${speed.value.map(contest)}</div>
					<p class="hint">Medians of ${ROUNDS} rounds in which all take turns, after a warm-up. The largest difference of the results, checked
					first, is ${short(Math.max(...speed.value.map(differenceOf)))} of the largest number.</p>`
				: ""
		}
	</section>`;
}

const differenceOf = ({ figures }: Contest) => Math.max(...figures.map(({ difference }) => difference ?? 0));

function contest(result: Contest): TemplateResult {
	const { title, figures } = result;
	const longest = Math.max(...figures.map(({ median }) => median));
	return html`<table class="times">
		<caption>${title}</caption>
		<thead><tr><th scope="col">by</th><th scope="col">ms</th><th scope="col" class="bars">time</th><th scope="col">faster</th></tr></thead>
		<tbody>
			${figures.map(
				(figure) => html`<tr>
					<th scope="row">${figure.name}</th>
					<td>${figure.median.toFixed(0)}</td>
					<td class="bars"><div class=${figure.name === TYPESCRIPT ? "" : "ours"} style="width: ${(100 * figure.median) / longest}%"></div></td>
					<td>${figure.name === TYPESCRIPT ? "" : html`<strong>${short(timesFaster(result, figure))}×</strong>`}</td>
				</tr>`,
			)}
		</tbody>
	</table>`;
}
