/**
 * The kernel of all poses as a picture, beside what the formula takes for it.
 * @module
 */
import { html, type TemplateResult } from "lit-html";
import { type ArchitectureName, architectures, parametersOf } from "../architectures.ts";
import type { Model } from "../page.ts";
import type { Arrangement } from "../state.ts";
import { select, slider, status } from "./controls.ts";
import { gramPictures } from "./gram.ts";

const ARRANGEMENTS: readonly (readonly [Arrangement, string])[] = [
	["inTurn", "A and B in turn"],
	["byClass", "A, then B"],
];

export function kernel(model: Model): TemplateResult {
	const { state, set } = model;
	const names = Object.entries(architectures).map(([name, { label }]) => [name as ArchitectureName, label] as const);
	const { parameters: known, summary } = architectures[state.architecture];
	const values = parametersOf(state.architecture, state.parameters);
	return html`<section class="kernel" aria-labelledby="kernel-title" aria-busy=${model.kernel.pending}>
		<h2 id="kernel-title">The kernel</h2>
		<div class="controls">
			${select("network", names, state.architecture, (architecture) => set({ architecture, parameters: {} }))}
			${Object.entries(known).map(([name, range]) =>
				slider(range, values[name] as number, (value) => set({ parameters: { ...state.parameters, [name]: value } })),
			)}
			${select("rows and columns", ARRANGEMENTS, state.arrangement, (arrangement) => set({ arrangement }))}
		</div>
		<p class="hint">${summary}.</p>
		${gramPictures(model)} ${status(model.kernel, "")}
	</section>`;
}
