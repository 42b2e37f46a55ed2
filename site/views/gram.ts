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

/** Which point stands at each row: an index into A₀ B₀ A₁ B₁ …. */
function rowsOf(arrangement: Arrangement, size: number): number[] {
	const half = size / 2;
	const byClass = (k: number) => (k < half ? 2 * k : 2 * (k - half) + 1);
	return Array.from({ length: size }, (_, k) => (arrangement === "inTurn" ? k : byClass(k)));
}

/** The entry under the pointer or the cursor, shared by all pictures. */
const pointed = { row: 0, column: 0 };

export function gramPictures(model: Model): TemplateResult | string {
	const kernel = model.kernel.value;
	if (!kernel || model.kernel.failure) return "";
	const { gram, circularized } = kernel;
	const { arrangement } = model.state;
	return html`<div class="pictures">
		${gramPicture("as it is", gram.data, gram, arrangement)}
		${circularized ? gramPicture("circularized", circularized, gram, arrangement) : ""}
	</div>`;
}

function gramPicture(title: string, data: ArrayLike<number>, gram: Tensor, arrangement: Arrangement): TemplateResult {
	const size = gram.shape[0] as number;
	const rows = rowsOf(arrangement, size);
	const entry = (i: number, j: number) => data[(rows[i] as number) * size + (rows[j] as number)] as number;
	const paint = (context: CanvasRenderingContext2D) => {
		let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
		for (const value of gram.data) [least, most] = [Math.min(least, value), Math.max(most, value)];
		const [from, to] = [channels(colourNow("sheet")), channels(colourNow("good"))];
		const picture = context.createImageData(size, size);
		for (let i = 0; i < size; i++)
			for (let j = 0; j < size; j++) {
				const share = (entry(i, j) - least) / (most - least || 1);
				const at = 4 * (i * size + j);
				for (const c of [0, 1, 2] as const) picture.data[at + c] = from[c] + share * (to[c] - from[c]);
				picture.data[at + 3] = 255;
			}
		context.putImageData(picture, 0, 0);
	};
	const read = (figure: Element) => {
		const { row, column } = pointed;
		const [one, other] = [row, column].map((index) => nameOfPoint(rows[Math.min(index, size - 1)] as number));
		const value = entry(Math.min(row, size - 1), Math.min(column, size - 1));
		(figure.querySelector("output") as HTMLElement).textContent = `${one}, ${other}: ${value.toPrecision(5)}`;
	};
	const point = (event: PointerEvent) => {
		const target = event.currentTarget as Element;
		const bounds = target.getBoundingClientRect();
		const at = (offset: number, length: number) =>
			Math.min(size - 1, Math.max(0, Math.floor((offset * size) / length)));
		pointed.row = at(event.clientY - bounds.top, bounds.height);
		pointed.column = at(event.clientX - bounds.left, bounds.width);
		read(target.parentElement as Element);
	};
	const move = (event: KeyboardEvent) => {
		const [down, right] =
			{ ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key] ?? [];
		if (down === undefined || right === undefined) return;
		event.preventDefault();
		pointed.row = (Math.min(pointed.row, size - 1) + down + size) % size;
		pointed.column = (Math.min(pointed.column, size - 1) + right + size) % size;
		read((event.currentTarget as Element).parentElement as Element);
	};
	return html`<figure>
		<figcaption>${title}</figcaption>
		<div class="pixels" tabindex="0" role="application" aria-label="Kernel of all poses, ${title}: read its entries with the arrow keys"
			@pointermove=${point} @keydown=${move}>
			${canvas({ label: `Kernel, ${title}`, width: size }, [data, gram, arrangement], paint)}
		</div>
		<output aria-live="polite">&nbsp;</output>
	</figure>`;
}
