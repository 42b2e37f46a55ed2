/**
 * The dialog in which a picture is chosen: out of the digits, by drawing, or from a file.
 * @module
 */
import { html, nothing, render, type TemplateResult } from "lit-html";
import type { LabelledImages } from "orbit-kernels";
import type { Picture } from "../state.ts";
import { digitGrid } from "./digits.ts";
import { filePicker } from "./file.ts";
import { pad } from "./pad.ts";
import { dark } from "./paint.ts";

/** For what a picture is chosen. */
export interface Choosing {
	/** The letter of the orbit. */
	letter: string;
	digits: LabelledImages;
	/** What was chosen before. */
	picture: Picture;
	choose(picture: Picture): void;
}

/** A way to a picture: what it shows, which is asked for again after each `redraw`; what is on it lasts as long as the dialog. */
export type Way = (choosing: Choosing, redraw: () => void, message: string) => () => TemplateResult;

const WAYS = {
	digits: { label: "a digit", way: digitGrid },
	pad: { label: "draw one", way: pad },
	file: { label: "a file", way: filePicker },
} as const satisfies Record<string, { label: string; way: Way }>;

type WayName = keyof typeof WAYS;
const NAMES = Object.keys(WAYS) as WayName[];

/** Opens the dialog, with a message if there is one. */
export function openChooser(dialog: HTMLDialogElement, choosing: Choosing, first?: WayName, message = ""): void {
	let name: WayName = first ?? ("own" in choosing.picture ? "pad" : "digits");
	let isOpen = true;
	const choose = (picture: Picture) => {
		// A file may be decoded when it is too late.
		if (!isOpen) return;
		isOpen = false;
		dialog.close();
		choosing.choose(picture);
	};
	const redraw = () => {
		if (isOpen) render(template(), dialog);
	};
	const shown = Object.fromEntries(
		NAMES.map((one) => [one, WAYS[one].way({ ...choosing, choose }, redraw, message)]),
	) as Record<WayName, () => TemplateResult>;
	const open = (next: WayName) => {
		name = next;
		redraw();
		dialog.querySelector<HTMLElement>("[aria-selected=true]")?.focus();
	};
	const move = (event: KeyboardEvent) => {
		const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
		if (!step) return;
		event.preventDefault();
		open(NAMES[(NAMES.indexOf(name) + step + NAMES.length) % NAMES.length] as WayName);
	};
	const template = () => html`
		<h2 id="chooser-title">Choose ${choosing.letter}</h2>
		<div class="tabs" role="tablist" aria-label="Ways to a picture" @keydown=${move}>
			${NAMES.map(
				(one) => html`<button type="button" role="tab" id="way-${one}" aria-controls="way" aria-selected=${one === name}
					tabindex=${one === name ? 0 : -1} @click=${() => open(one)}>${WAYS[one].label}</button>`,
			)}
		</div>
		<button type="button" class="close" aria-label="close" @click=${() => dialog.close()}>✕</button>
		<div class="way" role="tabpanel" id="way" aria-labelledby="way-${name}">${shown[name]()}</div>
	`;
	const end = () => {
		isOpen = false;
		dark.removeEventListener("change", redraw);
		render(nothing, dialog);
	};
	dialog.addEventListener("close", end, { once: true });
	dark.addEventListener("change", redraw);
	redraw();
	dialog.showModal();
}
