/**
 * Whether the unseen pose is recognized, and why, in one sentence with the split.
 * @module
 */
import { html, type TemplateResult } from "lit-html";
import type { PairReport, Split } from "orbit-kernels";
import { blame } from "../../figures/cause.ts";
import type { Growth, Verdict } from "../numbers.ts";
import type { Model, Shown } from "../page.ts";
import type { Side, State } from "../state.ts";
import { status } from "./controls.ts";
import { short } from "./words.ts";

/** Errors 1 − margin of the unseen pose of either orbit; null where there is none. */
export function errorsOf({ margins }: PairReport, of: Side) {
	const error = (pair: readonly [number, number] | null) => pair && 1 - pair[of === "a" ? 0 : 1];
	return { exact: error(margins.exact), predicted: error(margins.spectral), block: error(margins.block) };
}

/** What an error is the ratio of, for one of the orbits. */
export function partsOf(split: Split | null, of: Side): { numerator: number; denominator: number } | null {
	if (!split) return null;
	const own = (columns: Split["density"]) => (columns as number[])[of === "a" ? 0 : 1] as number;
	return { numerator: own(split.separation), denominator: own(split.density) };
}

export function verdict({ verdict, state, growth }: Model): TemplateResult {
	const { value, failure, pending } = verdict;
	return html`<section class="verdict" aria-labelledby="verdict-title" aria-busy=${pending}>
		<h2 id="verdict-title">The verdict</h2>
		<div role="status">${failure ? html`<p class="failure">${failure}</p>` : value ? answer(value, state, growth) : ""}</div>
		${value && !failure ? errorTable(value.pair) : ""} ${status(verdict, "")}
	</section>`;
}

function answer(value: Verdict, state: State, growth: Shown<Growth | null>): TemplateResult {
	const { of } = state.unseen;
	const { exact } = errorsOf(value.pair, of);
	// Of so few points there is always regression.
	const right = (exact as number) < 1;
	return html`<p class="answer ${right ? "right" : "wrong"}">${of.toUpperCase()}’s unseen pose is ${right ? "recognized" : `taken for ${of === "a" ? "B" : "A"}`}</p>
		<p class="why">${reason(value, state, growth)}</p>`;
}

/** The sentence that the numbers allow; docs/symmetry.md has the rule. */
function reason({ pair, alike }: Verdict, { unseen, poses }: State, growth: Shown<Growth | null>): string {
	const { of } = unseen;
	const { exact, block } = errorsOf(pair, of);
	const parts = partsOf(pair.splits.exact, of);
	const ratio = parts
		? `class separation over orbit density, ${short(parts.numerator)} / ${short(parts.denominator)} = ${short(exact as number)}`
		: `the error is ${short(exact as number)}`;
	const copies = alike[of === "a" ? 0 : 1];
	if (copies > 1)
		return `${of.toUpperCase()} looks the same in ${copies} of its ${poses} poses: they are one point, and all of it is unseen (${ratio}).`;
	if (pair.collapsed)
		return "The network does not tell the poses of an orbit apart: it knows the unseen one from the others, and what error there is comes from the ridge.";

	const isInvariantRight = (block as number) < 1;
	const departure = `by ${short((pair.splits.block?.departure as number | undefined) ?? 0)} of its norm`;
	const from = growth.pending ? null : (growth.value?.curves.rightFrom ?? null);
	switch (blame((exact as number) < 1, isInvariantRight, from !== null && from > poses)) {
		case "right":
			return isInvariantRight
				? `The poses are dense enough for how far the classes are apart: ${ratio}, below 1.`
				: `Only because the kernel is not the same for all poses (${departure}): made invariant orbit by orbit, it would not recognize this one. It is ${ratio}.`;
		case "departure":
			return `The kernel is not the same for all poses (${departure}): made invariant orbit by orbit, it would recognize this one. It is ${ratio}.`;
		case "density":
			return `The poses are too few for how near the classes are: ${ratio}, is not below 1. From N = ${from} on the first poses of both are recognized.`;
		case "separation":
			return `The classes are too close: ${ratio}, is not below 1${more(growth, from)}.`;
	}
}

/** Whether more poses would help, as far as it is known. */
function more(growth: Shown<Growth | null>, from: number | null): string {
	if (growth.pending) return "; whether more poses would help is being computed";
	if (!growth.value) return "";
	if (from !== null) return `; the first poses of both are recognized from N = ${from} on, this one is harder`;
	return `, and no number of poses ${tried(growth.value)} is enough for good`;
}

/** The numbers of poses that were tried, in words. */
export function tried({ orders, isThinned }: Growth): string {
	return isThinned ? `of ${orders.join(", ")}` : `up to ${orders.at(-1)}`;
}

function errorTable(pair: PairReport): TemplateResult {
	const [a, b] = [errorsOf(pair, "a"), errorsOf(pair, "b")];
	const rows = [
		["exact", "regression on all other poses"],
		["predicted", "the paper’s formula"],
		["block", "the group formula"],
	] as const;
	const cell = (error: number | null, name: string) =>
		error === null
			? html`<td>–</td>`
			: html`<td class=${error < 1 ? "right" : "wrong"}><data class=${name} value=${error}>${short(error)}</data></td>`;
	return html`<table>
		<caption>Errors of the unseen pose, 1 − label · prediction: below 1 it is recognized</caption>
		<thead><tr><th scope="col">by</th><th scope="col">A</th><th scope="col">B</th></tr></thead>
		<tbody>
			${rows.map(([name, label]) => html`<tr><th scope="row">${label}</th>${cell(a[name], name)}${cell(b[name], name)}</tr>`)}
		</tbody>
	</table>`;
}
