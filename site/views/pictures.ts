/**
 * The two pictures, and how others are chosen.
 * @module
 */
import { html, type TemplateResult } from "lit-html";
import type { Model } from "../page.ts";
import { imageOf, nameOf } from "../pictures.ts";
import type { Side } from "../state.ts";
import { type Choosing, openChooser } from "./chooser.ts";
import { pictureOf } from "./file.ts";
import { canvas, colourNow, tiles } from "./paint.ts";

export function pictures(model: Model): TemplateResult {
	return html`<div class="choosers">
		${(["a", "b"] as const).map((side) => chooser(model, side))}
		<dialog class="chooser" aria-labelledby="chooser-title" closedby="any"></dialog>
	</div>`;
}

function chooser({ state, set, digits }: Model, side: Side): TemplateResult {
	const picture = state[side];
	const letter = side.toUpperCase();
	const name = nameOf(picture, digits);
	const { data, shape } = imageOf(picture, digits);
	const length = shape[1] as number;
	const draw = (context: CanvasRenderingContext2D) =>
		context.drawImage(tiles(data, length, colourNow("sheet"), colourNow("ink")), 0, 0);

	const choosing: Choosing = { letter, digits, picture, choose: (chosen) => set({ [side]: chosen }) };
	const dialogBeside = (event: Event) =>
		(event.currentTarget as Element).closest(".choosers")?.querySelector("dialog") as HTMLDialogElement;
	const drop = async (event: DragEvent) => {
		event.preventDefault();
		const dialog = dialogBeside(event);
		const file = event.dataTransfer?.files[0];
		if (!file) return;
		try {
			choosing.choose(await pictureOf(file));
		} catch (error) {
			openChooser(dialog, choosing, "file", (error as Error).message);
		}
	};
	return html`<figure class="chosen" @dragover=${(event: Event) => event.preventDefault()} @drop=${drop}>
		<div class="thumbnail ${side}">
			${canvas({ label: `${letter}: ${name}`, width: length }, [JSON.stringify(picture)], draw)}
		</div>
		<figcaption>${letter}: ${name}</figcaption>
		<button type="button" aria-haspopup="dialog" @click=${(event: Event) => openChooser(dialogBeside(event), choosing)}>
			choose ${letter}
		</button>
	</figure>`;
}
