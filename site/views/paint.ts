/**
 * Drawing on canvases in the page's colours.
 * @module
 */
import { html, type TemplateResult } from "lit-html";
import { guard } from "lit-html/directives/guard.js";
import { type Ref, ref } from "lit-html/directives/ref.js";
import type { ColourName } from "../../figures/palette.ts";

/** A colour of the page, as CSS has it now. */
export function colourNow(name: ColourName): string {
	return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** Red, green and blue of `#rrggbb`, 0 … 255. */
export function channels(colour: string): [number, number, number] {
	const whole = Number.parseInt(colour.slice(1), 16);
	return [whole >> 16, (whole >> 8) & 255, whole & 255];
}

/** Whether the page is dark: a picture that is drawn depends on it, and is to be drawn anew when it changes. */
export const dark = matchMedia("(prefers-color-scheme: dark)");

/** A square canvas that is drawn anew when one of `inputs` is another. */
export function canvas(
	{ label, width }: { label: string; width: number },
	inputs: readonly unknown[],
	draw: (context: CanvasRenderingContext2D) => void,
): unknown {
	const drawn = (element?: Element) => {
		if (!(element instanceof HTMLCanvasElement)) return;
		const context = element.getContext("2d") as CanvasRenderingContext2D;
		context.clearRect(0, 0, width, width);
		draw(context);
	};
	return guard(
		[...inputs, dark.matches, label],
		(): TemplateResult =>
			html`<canvas width=${width} height=${width} role="img" aria-label=${label} ${ref(drawn as unknown as Ref)}></canvas>`,
	);
}

/** Grey images on a canvas of their own: value 0 in the one colour, 1 in the other. */
export function tiles(images: ArrayLike<number>, size: number, ground: string, ink: string): OffscreenCanvas {
	const count = images.length / (size * size);
	const [from, to] = [channels(ground), channels(ink)];
	const picture = new ImageData(size, count * size);
	for (let k = 0; k < images.length; k++) {
		const value = Math.min(1, Math.max(0, images[k] as number));
		for (const c of [0, 1, 2] as const) picture.data[4 * k + c] = from[c] + value * (to[c] - from[c]);
		picture.data[4 * k + 3] = 255;
	}
	const target = new OffscreenCanvas(size, count * size);
	(target.getContext("2d") as OffscreenCanvasRenderingContext2D).putImageData(picture, 0, 0);
	return target;
}
