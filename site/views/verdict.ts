/**
 * Whether the unseen pose is recognized, and why, in one sentence with the split.
 * @module
 */
import { html, type TemplateResult } from "lit-html";
import type { PairReport } from "orbit-kernels";
import { blame, type Cause } from "../../figures/cause.ts";
import type { Growth } from "../numbers.ts";
import type { Model } from "../page.ts";
import type { Side } from "../state.ts";
import { status } from "./controls.ts";
import { short } from "./words.ts";

/** Errors 1 − margin of the unseen pose of either orbit; null where there is none. */
export function errorsOf({ margins }: PairReport, of: Side) {
	const index = of === "a" ? 0 : 1;
	const error = (pair: readonly [number, number] | null) => pair && 1 - pair[index];
	return { exact: error(margins.exact), predicted: error(margins.spectral), block: error(margins.block) };
}

export function verdict(model: Model): TemplateResult {
	const { verdict, state, growth } = model;
	const pair = verdict.value?.pair;
	return html`<section class="verdict" aria-labelledby="verdict-title" aria-busy=${verdict.pending}>
		<h2 id="verdict-title">The verdict</h2>
		${pair && !verdict.failure ? found(pair, state.unseen.of, growth.pending ? undefined : growth.value) : ""} ${status(verdict)}
	</section>`;
}

function found(pair: PairReport, of: Side, growth: Growth | null | undefined): TemplateResult {
	const { exact, block } = errorsOf(pair, of);
	// Of so few points there is always regression.
	const right = (exact as number) < 1;
	const cause = blame(right, (block as number) < 1, (growth?.curves.rightFrom ?? null) !== null);
	return html`
		<p class="answer ${right ? "right" : "wrong"}" role="status">${of.toUpperCase()}’s unseen pose is ${right ? "recognized" : `taken for ${of === "a" ? "B" : "A"}`}</p>
		<p class="why">${reason(cause, pair, of, growth)}</p>
		${errorTable(pair)}`;
}

/** The sentence that the numbers allow. */
function reason(cause: Cause, pair: PairReport, of: Side, growth: Growth | null | undefined): string {
	const { numerator, denominator, error } = split(pair, of);
	const ratio = `${short(numerator)} / ${short(denominator)} = ${short(error)}`;
	const separation = `class separation over orbit density, ${ratio}`;
	const from = growth?.curves.rightFrom;
	switch (cause) {
		case "right":
			return pair.collapsed
				? "The network does not tell the poses of an orbit apart: it knows the unseen one from the others, and the error is that of the ridge."
				: `The poses are dense enough for how far the classes are apart: ${separation}, below 1.`;
		case "departure":
			return `The kernel is not the same for all poses (by ${short((pair.splits.block?.departure as number) ?? 0)} of its norm): made invariant orbit by orbit, it would recognize the pose.`;
		case "density":
			return `The poses are too few for how near the classes are: ${separation}, is not below 1; from N = ${from} on both orbits’ unseen poses are recognized.`;
		case "separation": {
			if (growth === undefined)
				return `The error is not below 1: ${separation}. Whether more poses would help is being computed.`;
			const more = growth ? `, and no number of poses up to ${growth.orders.at(-1)} is enough for good` : "";
			return `The classes are too close: ${separation}, is not below 1${more}.`;
		}
	}
}

/** Numerator and denominator: the paper's, or those of the group formula where there is no single row of frequencies. */
export function split({ spectralError, lastReciprocal, meanReciprocal, splits }: PairReport, of: Side) {
	if (spectralError !== null)
		return { numerator: lastReciprocal as number, denominator: meanReciprocal as number, error: spectralError };
	const index = of === "a" ? 0 : 1;
	const own = (columns: unknown) => (columns as [number, number] | undefined)?.[index] ?? Number.NaN;
	const [numerator, denominator] = [own(splits.block?.separation), own(splits.block?.density)];
	return { numerator, denominator, error: numerator / denominator };
}

function errorTable(pair: PairReport): TemplateResult {
	const [a, b] = [errorsOf(pair, "a"), errorsOf(pair, "b")];
	const rows = [
		["exact", "regression on all other poses"],
		["predicted", "the paper’s formula"],
		["block", "the group formula"],
	] as const;
	const cell = (error: number | null, name: string) =>
		html`<td class=${error !== null && error < 1 ? "right" : "wrong"}>
			${error === null ? "–" : html`<data class=${name} value=${error}>${short(error)}</data>`}
		</td>`;
	return html`<table class="errors">
		<caption>Errors of the unseen pose, 1 − label · prediction: below 1 it is recognized</caption>
		<thead><tr><th scope="col">by</th><th scope="col">A</th><th scope="col">B</th></tr></thead>
		<tbody>
			${rows.map(([name, label]) => html`<tr><th scope="row">${label}</th>${cell(a[name], name)}${cell(b[name], name)}</tr>`)}
		</tbody>
	</table>`;
}
