/**
 * The two pictures, and how others are chosen.
 * @module
 */
import { html, type TemplateResult } from "lit-html";
import type { Model } from "../page.ts";
import { imageOf, nameOf } from "../pictures.ts";
import type { Picture, Side } from "../state.ts";
import { type Choosing, openChooser } from "./chooser.ts";
import { pictureOf } from "./file.ts";
import { canvas, colourNow, tiles } from "./paint.ts";

export function pictures(model: Model): TemplateResult {
	return html`<div class="choosers">
		${(["a", "b"] as const).map((side) => chooser(model, side))}
		<dialog class="chooser" aria-labelledby="chooser-title" closedby="any" @dragover=${stay} @drop=${stay}></dialog>
	</div>`;
}

/** Where a file is dropped, the browser would leave the page and show it. */
const stay = (event: Event) => event.preventDefault();

/** The file that was dropped last on each picture, as long as nothing else was chosen for it. */
const awaited: Partial<Record<Side, File>> = {};

function chooser({ state, set, digits }: Model, side: Side): TemplateResult {
	const picture = state[side];
	const letter = side.toUpperCase();
	const name = nameOf(picture, digits);
	const { data, shape } = imageOf(picture, digits);
	const length = shape[1] as number;
	const draw = (context: CanvasRenderingContext2D) =>
		context.drawImage(tiles(data, length, colourNow("sheet"), colourNow("ink")), 0, 0);

	const choose = (chosen: Picture) => {
		delete awaited[side];
		set({ [side]: chosen });
	};
	const choosing: Choosing = { letter, digits, picture, choose };
	const dialogBeside = (event: Event) =>
		(event.currentTarget as Element).closest(".choosers")?.querySelector("dialog") as HTMLDialogElement;
	const drop = async (event: DragEvent) => {
		event.preventDefault();
		const dialog = dialogBeside(event);
		const file = event.dataTransfer?.files[0];
		if (!file) return;
		awaited[side] = file;
		try {
			const picture = await pictureOf(file);
			if (awaited[side] === file) choose(picture);
		} catch (error) {
			if (awaited[side] === file && !dialog.open) openChooser(dialog, choosing, "file", (error as Error).message);
		}
	};
	return html`<figure class="chosen" @dragover=${stay} @drop=${drop}>
		<div class="thumbnail ${side}">
			${canvas({ label: `${letter}: ${name}`, width: length }, [JSON.stringify(picture)], draw)}
		</div>
		<figcaption>${letter}: ${name}</figcaption>
		<button type="button" aria-haspopup="dialog" @click=${(event: Event) => openChooser(dialogBeside(event), choosing)}>
			choose ${letter}
		</button>
	</figure>`;
}
