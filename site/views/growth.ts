/**
 * How many poses would be enough?
 * @module
 */
import { html, svg, type TemplateResult } from "lit-html";
import type { Growth } from "../numbers.ts";
import type { Model } from "../page.ts";
import { status } from "./controls.ts";
import { tried } from "./verdict.ts";
import { short } from "./words.ts";

const WIDTH = 560;
const HEIGHT = 210;
const LEFT = 40;

export function growth(model: Model): TemplateResult {
	const { value, failure, pending } = model.growth;
	const none = html`<p>This group has as many poses as it has: rotations and shifts can have more.</p>`;
	return html`<section class="growth" aria-labelledby="growth-title" aria-busy=${pending}>
		<h2 id="growth-title">How many poses would it need?</h2>
		${value && !failure ? html`<p>${sentence(value)}</p>${curve(model, value)}` : ""}
		${value === null && !pending ? none : ""} ${status(model.growth)}
	</section>`;
}

function sentence(growth: Growth): string {
	const { firstRight, rightFrom } = growth.curves;
	const all = tried(growth);
	if (firstRight === null) return `At no number of poses ${all} are the first poses of both recognized.`;
	if (rightFrom === null)
		return `The first poses of both are recognized at N = ${firstRight}, but at no number ${all} for good.`;
	const first = rightFrom === firstRight ? "" : ` (and already at ${firstRight})`;
	const some = growth.isThinned ? `, of the numbers ${growth.orders.join(", ")}` : "";
	return `The first poses of both are recognized from N = ${rightFrom} on${first}${some}.`;
}

/** The exact error against N: dots that can be clicked, on a line. */
function curve({ state, set }: Model, { orders, curves }: Growth): TemplateResult {
	const errors = curves.exactError;
	const most = Math.max(1.2, ...errors);
	const [first, last] = [orders[0] as number, orders.at(-1) as number];
	const x = (order: number) => LEFT + 8 + ((WIDTH - LEFT - 20) * (order - first)) / (last - first || 1);
	const y = (error: number) => HEIGHT - (HEIGHT * error) / most;
	const ticks = orders.filter((order) => order === first || order === last || order % 8 === 0);
	const path = orders.map((order, k) => `${k === 0 ? "M" : "L"}${x(order)} ${y(errors[k] as number)}`).join("");
	const kinds = ["wrong", "half", "right"];
	const label = `Error of the held-out poses against the number of poses: ${short(errors[0] as number)} at ${first}, ${short(errors.at(-1) as number)} at ${last}`;
	return html`<svg viewBox="0 -8 ${WIDTH} ${HEIGHT + 44}" role="img" aria-label=${label}>
		<line class="one" x1=${LEFT} x2=${WIDTH} y1=${y(1)} y2=${y(1)}></line>
		<text class="end" x=${LEFT - 6} y=${y(1) + 4}>1</text>
		<text class="end" x=${LEFT - 6} y=${HEIGHT + 4}>0</text>
		<line class="here" x1=${x(state.poses)} x2=${x(state.poses)} y1="0" y2=${HEIGHT}></line>
		<path class="line" d=${path}></path>
		${orders.map(
			(
				order,
				k,
			) => svg`<circle class=${kinds[curves.correctCount[k] as number] as string} cx=${x(order)} cy=${y(errors[k] as number)}
				r=${order === state.poses ? 6 : 3.6} @click=${() => set({ poses: order })}><title>N = ${order}: ${short(errors[k] as number)}</title></circle>`,
		)}
		${ticks.map((order) => svg`<text x=${x(order)} y=${HEIGHT + 16}>${order}</text>`)}
		<text x=${(LEFT + WIDTH) / 2} y=${HEIGHT + 33}>N, poses of each: filled where both are recognized</text>
	</svg>`;
}
