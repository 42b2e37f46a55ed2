/**
 * The whole page, from the state and its numbers.
 * @module
 */

import { html, type TemplateResult } from "lit-html";
import type { LabelledImages } from "orbit-kernels";
import type { Contest } from "../bench/harness.ts";
import type { ArchitectureName } from "./architectures.ts";
import type { Derived } from "./derived.ts";
import type { CirclesNumbers, Growth, KernelNumbers, Orbits, Verdict } from "./numbers.ts";
import type { State } from "./state.ts";
import type { Pointed } from "./views/gram.ts";
import { growth } from "./views/growth.ts";
import { kernel } from "./views/kernel.ts";
import { others } from "./views/others.ts";
import { scene } from "./views/scene.ts";
import { spectrum } from "./views/spectrum.ts";
import { speed } from "./views/speed.ts";
import { toy } from "./views/toy.ts";
import { verdict } from "./views/verdict.ts";

/** All that a view can show, and how it says what a reader chose. */
export interface Model {
	/** As it is now, also where an event comes before the next frame. */
	readonly state: State;
	/** Makes a new state. */
	set(change: Partial<State>): void;
	digits: LabelledImages;
	orbits: Shown<Orbits>;
	kernel: Shown<KernelNumbers>;
	verdict: Shown<Verdict>;
	growth: Shown<Growth | null>;
	others: Record<ArchitectureName, Shown<Verdict>>;
	toy: Shown<CirclesNumbers>;
	speed: Shown<Contest[]>;
	/** Begins a measurement, or ends it. */
	measureSpeed(go: boolean): void;
	/** In the Gram, now: what is not worth an address. */
	readonly pointed: Pointed | undefined;
	point(at: Pointed): void;
}

/** What is computed, as far as it is. */
export type Shown<Value> = Pick<Derived<never, Value>, "value" | "failure" | "pending" | "progress">;

/** From the top of the page to its end. */
const SECTIONS: readonly ((model: Model) => TemplateResult)[] = [
	scene,
	(model) => html`<div class="answers">${verdict(model)} ${kernel(model)}</div>`,
	...[spectrum, growth, others, speed, toy],
];

/** How many sections there are. */
export const ALL = SECTIONS.length;

/** @param count how many of the sections are shown, the first ones */
export function page(model: Model, count: number): TemplateResult {
	return html`
		<header>
			<h1>Orbit lab</h1>
			<p>A group moves two images. A network sees all their poses but one. Will it recognize that one?</p>
		</header>
		<main>${SECTIONS.slice(0, count).map((section) => section(model))}</main>
		<footer>
			Theory: <a href="https://arxiv.org/abs/2412.11521">Perin &amp; Deny, On the Ability of Deep Networks to Learn Symmetries from
			Data</a>. Digits: <a href="https://doi.org/10.24432/C50P49">Alpaydin &amp; Kaynak, Optical Recognition of Handwritten Digits</a>
			(CC BY 4.0). Everything is computed in this page, by orbit-kernels; nothing leaves it.
		</footer>
	`;
}
