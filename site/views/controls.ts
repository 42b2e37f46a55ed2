/**
 * The controls that choose a state.
 * @module
 */
import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";
import type { Shown } from "../page.ts";

/** A choice of several by name. */
export function select<Name extends string>(
	label: string,
	options: readonly (readonly [name: Name, text: string])[],
	value: Name,
	choose: (name: Name) => void,
): TemplateResult {
	return html`<label class="control">
		<span>${label}</span>
		<select .value=${live(value)} @change=${(event: Event) => choose((event.target as HTMLSelectElement).value as Name)}>
			${options.map(([name, text]) => html`<option value=${name} ?selected=${name === value}>${text}</option>`)}
		</select>
	</label>`;
}

/** What a slider goes over. */
export interface Range {
	label: string;
	least: number;
	most: number;
	step: number;
}

/** A number on a slider. (What a label names is the first of its contents that can have a name: an output would be.) */
export function slider(
	{ label, least, most, step }: Range,
	value: number,
	choose: (value: number) => void,
	text = String(value),
): TemplateResult {
	return html`<label class="control">
		<span>${label} <b>${text}</b></span>
		<input type="range" min=${least} max=${most} step=${step} .value=${live(String(value))}
			aria-valuetext=${text}
			@input=${(event: Event) => choose(Number((event.target as HTMLInputElement).value))}>
	</label>`;
}

/** One of a few numbers, on a slider. */
export function steps(
	label: string,
	values: readonly number[],
	value: number,
	choose: (value: number) => void,
): TemplateResult {
	const range = { label, least: 0, most: values.length - 1, step: 1 };
	return slider(range, values.indexOf(value), (index) => choose(values[index] as number), String(value));
}

/** What is under way, or why there is nothing, unless that is said elsewhere. */
export function status({ failure, pending, progress }: Shown<unknown>, why = failure): TemplateResult | typeof nothing {
	if (why) return html`<p class="failure">${why}</p>`;
	if (!pending) return nothing;
	const { done, total } = progress ?? { done: 0, total: 0 };
	return total > 0
		? html`<progress max=${total} value=${done} aria-label="computing"></progress>`
		: html`<progress aria-label="computing"></progress>`;
}
