/**
 * The digits that come along, some at a time, as buttons.
 * @module
 */
import { html, type TemplateResult } from "lit-html";
import { imageOf } from "../pictures.ts";
import type { Way } from "./chooser.ts";
import { canvas, colourNow, tiles } from "./paint.ts";

/** Images that are shown at a time. */
const SHOWN = 48;
const LABELS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

export const digitGrid: Way = ({ digits, picture, choose }, redraw) => {
	const now = "digit" in picture ? picture.digit : undefined;
	const numbersOf = (label: number) => [...digits.labels.keys()].filter((number) => digits.labels[number] === label);
	let label = now === undefined ? 0 : (digits.labels[now] as number);
	let numbers = numbersOf(label);
	let first = now === undefined ? 0 : SHOWN * Math.floor(numbers.indexOf(now) / SHOWN);

	const turnTo = (next: number) => {
		label = next;
		numbers = numbersOf(next);
		first = 0;
		redraw();
	};
	const turnPage = () => {
		first = first + SHOWN < numbers.length ? first + SHOWN : 0;
		redraw();
	};
	const chooseAny = () => {
		const others = numbers.filter((number) => number !== now);
		choose({ digit: others[Math.floor(others.length * Math.random())] as number });
	};
	const thumbnails = (shown: readonly number[]): TemplateResult[] => {
		const [ground, ink] = [colourNow("sheet"), colourNow("ink")];
		return shown.map((digit) => {
			const { data, shape } = imageOf({ digit }, digits);
			const length = shape[1] as number;
			const draw = (context: CanvasRenderingContext2D) => context.drawImage(tiles(data, length, ground, ink), 0, 0);
			return html`<button type="button" aria-label="digit ${label}, number ${digit}" aria-pressed=${digit === now}
				@click=${() => choose({ digit })}>
				${canvas({ label: `digit ${label}`, width: length }, [digit], draw)}
			</button>`;
		});
	};
	return () => {
		const shown = numbers.slice(first, first + SHOWN);
		return html`
			<div class="labels" role="group" aria-label="Which digit">
				${LABELS.map(
					(one) =>
						html`<button type="button" aria-pressed=${one === label} @click=${() => turnTo(one)}>${one}</button>`,
				)}
			</div>
			<div class="buttons">
				<button type="button" @click=${chooseAny}>a random ${now !== undefined && digits.labels[now] === label ? "other " : ""}${label}</button>
				<button type="button" @click=${turnPage}>show others</button>
				<span role="status">${first + 1} to ${first + shown.length} of ${numbers.length}</span>
			</div>
			<div class="thumbnails" role="group" aria-label="Images of ${label}">${thumbnails(shown)}</div>
		`;
	};
};
