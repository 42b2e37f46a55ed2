/**
 * A Gram as a picture whose entries can be read: by pointing, or by the arrow keys.
 * @module
 */
import { html, type TemplateResult } from "lit-html";
import type { Tensor } from "orbit-kernels";
import type { Model } from "../page.ts";
import type { Arrangement } from "../state.ts";
import { canvas, channels, colourNow } from "./paint.ts";
import { nameOfPoint } from "./words.ts";

/** An entry that a reader points at, in all pictures: its row and column as points of A₀ B₀ A₁ B₁ …. */
export interface Pointed {
	row: number;
	column: number;
	/** The picture that says it aloud: that of the keys. */
	aloud: string | undefined;
}

/** Which point stands at each row: an index into A₀ B₀ A₁ B₁ …. */
function rowsOf(arrangement: Arrangement, size: number): number[] {
	const half = size / 2;
	const byClass = (k: number) => (k < half ? 2 * k : 2 * (k - half) + 1);
	return Array.from({ length: size }, (_, k) => (arrangement === "inTurn" ? k : byClass(k)));
}

export function gramPictures(model: Model): TemplateResult | string {
	const kernel = model.kernel.value;
	if (!kernel || model.kernel.failure) return "";
	const { gram, circularized } = kernel;
	return html`<div class="pictures">
		${gramPicture("as it is", gram.data, gram, model)}
		${circularized ? gramPicture("circularized", circularized, gram, model) : NOT_CIRCULARIZED}
	</div>`;
}

const NOT_CIRCULARIZED = html`<figure>
	<figcaption>circularized</figcaption>
	<p class="hint">There is none: the elements of this group do not follow one another in a single circle, as turns and shifts do.</p>
</figure>`;

function gramPicture(title: string, data: ArrayLike<number>, gram: Tensor, model: Model): TemplateResult {
	const { arrangement } = model.state;
	const size = gram.shape[0] as number;
	const rows = rowsOf(arrangement, size);
	const entry = (row: number, column: number) => data[row * size + column] as number;
	const paint = (context: CanvasRenderingContext2D) => {
		let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
		for (const value of gram.data) [least, most] = [Math.min(least, value), Math.max(most, value)];
		const [from, to] = [channels(colourNow("sheet")), channels(colourNow("good"))];
		const picture = context.createImageData(size, size);
		for (let i = 0; i < size; i++)
			for (let j = 0; j < size; j++) {
				const share = (entry(rows[i] as number, rows[j] as number) - least) / (most - least || 1);
				const at = 4 * (i * size + j);
				for (const c of [0, 1, 2] as const) picture.data[at + c] = from[c] + share * (to[c] - from[c]);
				picture.data[at + 3] = 255;
			}
		context.putImageData(picture, 0, 0);
	};
	const pointAt = (i: number, j: number, aloud?: string) =>
		model.point({ row: rows[i] as number, column: rows[j] as number, aloud });
	/** Where an entry stands; one of two orbits with more poses nowhere. */
	const placeOf = (pointed: Pointed | undefined) => {
		const [top, left] = [rows.indexOf(pointed?.row ?? -1), rows.indexOf(pointed?.column ?? -1)];
		return pointed && top >= 0 && left >= 0 ? { ...pointed, top, left } : undefined;
	};
	const seen = placeOf(model.pointed);

	const follow = (event: PointerEvent) => {
		const bounds = (event.currentTarget as Element).getBoundingClientRect();
		const at = (offset: number, length: number) =>
			Math.min(size - 1, Math.max(0, Math.floor((offset * size) / length)));
		pointAt(at(event.clientY - bounds.top, bounds.height), at(event.clientX - bounds.left, bounds.width));
	};
	const move = (event: KeyboardEvent) => {
		const [down, right] =
			{ ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key] ?? [];
		if (down === undefined || right === undefined) return;
		event.preventDefault();
		const from = placeOf(model.pointed);
		const [i, j] = from ? [from.top + down, from.left + right] : [0, 0];
		pointAt((i + size) % size, (j + size) % size, title);
	};
	const share = (count: number) => `${(100 * count) / size}%`;
	return html`<figure>
		<figcaption>${title}</figcaption>
		<div class="pixels" tabindex="0" role="application" aria-label="Kernel of all poses, ${title}: read its entries with the arrow keys"
			@pointerdown=${follow} @pointermove=${follow} @keydown=${move}>
			${canvas({ label: `Kernel, ${title}`, width: size }, [gram, arrangement], paint)}
			${seen ? html`<div class="mark" style="top: ${share(seen.top)}; left: ${share(seen.left)}; width: ${share(1)}"></div>` : ""}
		</div>
		<output aria-live=${seen?.aloud === title ? "polite" : "off"}>
			${seen ? `${nameOfPoint(seen.row)}, ${nameOfPoint(seen.column)}: ${entry(seen.row, seen.column).toPrecision(5)}` : "\u00a0"}
		</output>
	</figure>`;
}
