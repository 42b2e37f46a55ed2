/**
 * `<orbit-spectrum>`: the reciprocal spectrum of two orbits and the error of an unseen pose, computed where it stands.
 * @module
 */
import { html, render, type TemplateResult } from "lit-html";
import { createEngine, embeddedDigits } from "orbit-kernels";
import { palette, variables } from "../../figures/palette.ts";
import { entriesOf, readAddress } from "../address.ts";
import { architectures } from "../architectures.ts";
import charts from "../charts.css?inline";
import { Derived } from "../derived.ts";
import { type Source, type Verdict, type VerdictInput, verdictInput, verdictOf } from "../numbers.ts";
import { supported, UNSUPPORTED } from "../simd.ts";
import type { State } from "../state.ts";
import { status } from "../views/controls.ts";
import { spectrumOf } from "../views/spectrum.ts";
import { errorsOf } from "../views/verdict.ts";
import { short } from "../views/words.ts";
import styles from "./orbit-spectrum.css?inline";

const colours = `:host { ${variables(palette.light)} } @media (prefers-color-scheme: dark) { :host { ${variables(palette.dark)} } }`;

/** What `orbit-spectrum-ready` tells: the exact error of the unseen pose and the one that a formula predicts; below 1 it is recognized. */
export interface Ready {
	error: number;
	predicted: number;
}

/** All elements of a page share one engine. */
let source: Promise<Source> | undefined;
function sourceOfPage(): Promise<Source> {
	source ??= newSource().catch((error) => {
		// The next that asks tries again.
		source = undefined;
		throw error;
	});
	return source;
}

async function newSource(): Promise<Source> {
	const digits = await embeddedDigits();
	return { digits, engine: await createEngine() };
}

const parameters = Object.values(architectures).flatMap((choice) => Object.keys(choice.parameters));
/** Attributes: parts of the lab's address. */
const ATTRIBUTES = [...new Set(["a", "b", "size", "group", "poses", "unseen", "network", ...parameters])];

class OrbitSpectrum extends HTMLElement {
	static observedAttributes = ATTRIBUTES.map((name) => name.toLowerCase());

	readonly #root = this.attachShadow({ mode: "open" });
	readonly #verdict: Derived<VerdictInput, Verdict> = new Derived(
		async (input, call) => verdictOf(await sourceOfPage(), input, call),
		() => this.#changed(),
	);
	#state: State | undefined;
	/** What the attributes ask for that there is not. */
	#failure: string | undefined;
	#announced: Verdict | undefined;

	connectedCallback(): void {
		this.#changed();
		this.#update().catch((error: Error) => this.#fail(error.message));
	}

	disconnectedCallback(): void {
		this.#verdict.cancel();
	}

	attributeChangedCallback(): void {
		if (this.isConnected) this.connectedCallback();
	}

	async #update(): Promise<void> {
		if (!supported) return this.#fail(UNSUPPORTED);
		const { digits } = await sourceOfPage();
		if (!this.isConnected) return;
		const given = new Map(
			ATTRIBUTES.flatMap((name) => {
				const value = this.getAttribute(name);
				return value === null ? [] : [[name, value] as const];
			}),
		);
		this.#state = readAddress(new URLSearchParams([...given]).toString(), digits.labels.length);
		const taken = new Map(entriesOf(this.#state));
		const wrong = [...given].find(([name, value]) => !isSame(value, taken.get(name)));
		if (wrong) return this.#fail(refusal(wrong, taken));
		this.#failure = undefined;
		this.#announced = undefined;
		this.#verdict.update(verdictInput(this.#state));
		this.#changed();
	}

	#fail(message: string): void {
		this.#verdict.cancel();
		this.#failure = message;
		this.#changed();
	}

	#changed(): void {
		render(this.#template(), this.#root);
		const { value, pending } = this.#verdict;
		if (!value || !this.#state || pending || this.#failure || value === this.#announced) return;
		this.#announced = value;
		const { exact, predicted, block } = errorsOf(value.pair, this.#state.unseen.of);
		// Of so few points there is always regression, and where there is no row of frequencies the group formula.
		const detail: Ready = { error: exact as number, predicted: predicted ?? (block as number) };
		this.dispatchEvent(new CustomEvent("orbit-spectrum-ready", { detail, bubbles: true, composed: true }));
	}

	#template(): TemplateResult {
		return html`<style>${colours} ${charts} ${styles}</style>
			<section aria-busy=${this.#verdict.pending}>
				${this.#failure ? html`<p class="failure" role="alert">${this.#failure}</p>` : this.#answer()}
			</section>`;
	}

	#answer(): TemplateResult {
		const pair = this.#verdict.value?.pair;
		if (!pair || !this.#state || this.#verdict.failure)
			return html`${status({ ...this.#verdict, pending: !this.#verdict.failure })}`;
		const { of } = this.#state.unseen;
		const { exact, predicted } = errorsOf(pair, of);
		const isRight = (exact as number) < 1;
		const sentence = html`${of.toUpperCase()}’s unseen pose is ${isRight ? "recognized" : "not recognized"}: its error is
			<strong>${short(exact as number)}</strong>${predicted === null ? "" : `, predicted ${short(predicted)}`}.`;
		// Of older attributes the picture stays, but nothing is said.
		return html`<p class=${isRight ? "right" : "wrong"} role="status">${this.#verdict.pending ? "\u00a0" : sentence}</p>
			${spectrumOf(pair, of)} ${status(this.#verdict)}`;
	}
}

/** Whether an attribute was taken as it is written: "1.0" is "1". */
const isSame = (value: string, taken: string | undefined) =>
	value === taken || (value.trim() !== "" && Number(value) === Number(taken));

/** What is wrong with an attribute, in one sentence. */
function refusal([name, value]: readonly [string, string], taken: ReadonlyMap<string, string>): string {
	const possible = taken.get(name);
	return possible === undefined
		? `${name}="${value}": this network has no such parameter`
		: `${name}="${value}" can’t be; what can be is such as ${name}="${possible}"`;
}

customElements.define("orbit-spectrum", OrbitSpectrum);
