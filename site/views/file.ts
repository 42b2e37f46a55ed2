/**
 * Pictures from files.
 * @module
 */
import { html } from "lit-html";
import { greyOf } from "../photo.ts";
import { encodePicture } from "../pictures.ts";
import type { Picture } from "../state.ts";
import type { Way } from "./chooser.ts";

/** Rows and columns to which the browser shrinks a picture, before the mean of each 8 × 8 is taken. */
const SIDE = 224;

/**
 * The middle square of a picture that the browser can decode, as 28 × 28 greys.
 *
 * Errors: a sentence for the reader where the file is no such picture, or has but one grey.
 */
export async function pictureOf(file: File): Promise<Picture> {
	const bitmap = await createImageBitmap(file).catch(() => {
		throw new Error(`“${file.name}” is no picture that this browser can read.`);
	});
	const { width, height } = bitmap;
	const side = Math.min(width, height);
	const context = new OffscreenCanvas(SIDE, SIDE).getContext("2d", { willReadFrequently: true });
	if (!context) throw new Error("This browser cannot draw pictures.");
	// What is transparent lies on white paper.
	context.fillStyle = "white";
	context.fillRect(0, 0, SIDE, SIDE);
	context.imageSmoothingQuality = "high";
	context.drawImage(bitmap, (width - side) / 2, (height - side) / 2, side, side, 0, 0, SIDE, SIDE);
	bitmap.close();
	const pixels = greyOf(context.getImageData(0, 0, SIDE, SIDE).data, SIDE);
	if (!pixels) throw new Error(`“${file.name}” has one and the same grey everywhere.`);
	return { own: encodePicture(pixels) };
}

export const filePicker: Way = ({ letter, choose }, redraw, first) => {
	let message = first;
	/** The last of several that are decoded at the same time. */
	let awaited: File | undefined;
	const read = async (file: File | undefined) => {
		if (!file) return;
		awaited = file;
		try {
			const picture = await pictureOf(file);
			if (awaited === file) choose(picture);
		} catch (error) {
			if (awaited !== file) return;
			message = (error as Error).message;
			redraw();
		}
	};
	const drop = (event: DragEvent) => {
		event.preventDefault();
		void read(event.dataTransfer?.files[0]);
	};
	return () => html`<div class="way" @drop=${drop}>
		<label class="file">
			<span>A picture from your device, which does not leave it</span>
			<input type="file" accept="image/*" @change=${(event: Event) => read((event.target as HTMLInputElement).files?.[0])}>
		</label>
		<p class="failure" role="alert">${message}</p>
		<p class="hint">Its middle square becomes 28 × 28 greys, bright on dark. You can also drop a file here, or on the small
		picture ${letter} of the page.</p>
	</div>`;
};
