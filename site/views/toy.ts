/**
 * Two circles of points: what separation and density do to the error of an unseen one.
 * @module
 */
import { html, svg, type TemplateResult } from "lit-html";
import { twoCircles } from "orbit-kernels";
import type { CirclesNumbers } from "../numbers.ts";
import type { Model } from "../page.ts";
import { nearestStep, TOY, type Toy } from "../state.ts";
import { slider, status } from "./controls.ts";
import { ratio, spectrumBars } from "./ratio.ts";
import { short } from "./words.ts";

export function toy(model: Model): TemplateResult {
	const { state, set, toy } = model;
	const change = (part: Partial<Toy>) => set({ toy: { ...state.toy, ...part } });
	const names = Object.keys(TOY) as (keyof Toy)[];
	return html`<section class="toy" aria-labelledby="toy-title" aria-busy=${toy.pending}>
		<h2 id="toy-title">Two circles</h2>
		<div class="beside">
			<div>
				<p>The same question without images: points on two circles, all known but one. Drag a circle.</p>
				${circles(state.toy, toy.value, (delta) => change({ delta }))}
				<div class="controls">
					${names.map((name) => slider(TOY[name], state.toy[name], (value) => change({ [name]: value })))}
				</div>
				<p class="hint">The kernel is exp(−L²d²) at the distance d of two points; lines show its values at A₀, the unseen point.</p>
			</div>
			<div>${toy.value ? answer(toy.value) : ""} ${status(toy)}</div>
		</div>
	</section>`;
}

function answer({ quantities }: CirclesNumbers): TemplateResult {
	const { reciprocalSpectrum: bars, lastReciprocal, meanReciprocal, exactError, ridge } = quantities;
	return html`<div class="pictures wide">
			<figure>
				<figcaption>The reciprocal spectrum of the kernel</figcaption>
				${spectrumBars(bars)}
			</figure>
			<figure>
				<figcaption>The error, a ratio of two areas</figcaption>
				${ratio({
					...{ numerator: lastReciprocal, denominator: meanReciprocal, bars },
					...{ names: ["last 1/λ", "mean 1/λ"], answers: ["right", "wrong"] },
				})}
				${scale(lastReciprocal, meanReciprocal)}
			</figure>
		</div>
		<p>Circles that move apart make the numerator small; more points make the denominator large. A regression on all other points has the same
		error, ${short(exactError)}: this kernel is circulant.</p>
		<p class="hint">All errors carry a ridge of ${short(ridge)}, 10⁻⁵ of the kernel’s trace.</p>`;
}

const SCALE_WIDTH = 400;
/** Powers of ten between which the reciprocals of all circles lie (the last from 0.03 to 12 300, the mean from 1 to 4200). */
const POWERS = { least: -2, most: 5 };

/** Numerator and denominator on one logarithmic scale that stays: right where the numerator is to the left. */
function scale(numerator: number, denominator: number): TemplateResult {
	const { least, most } = POWERS;
	const x = (value: number) => 24 + ((SCALE_WIDTH - 48) * (Math.log10(value) - least)) / (most - least);
	const [from, to] = [x(numerator), x(denominator)];
	const ticks = Array.from({ length: most - least + 1 }, (_, k) => 10 ** (least + k));
	const label = `On a logarithmic scale: numerator ${short(numerator)}, denominator ${short(denominator)}`;
	return html`<svg class="scale" viewBox="0 0 ${SCALE_WIDTH} 52" role="img" aria-label=${label}>
		<line class="rule" x1="0" x2=${SCALE_WIDTH} y1="26" y2="26"></line>
		${ticks.map((tick) => svg`<text x=${x(tick)} y="46">${tick}</text>`)}
		<line class=${from < to ? "between right" : "between wrong"} x1=${from} x2=${to} y1="26" y2="26"></line>
		<circle class="last" cx=${from} cy="26" r="7"></circle>
		<circle class="mean" cx=${to} cy="26" r="7"></circle>
		<text class=${from < to ? "last end" : "last start"} x=${from} y="13">last</text>
		<text class=${from < to ? "mean start" : "mean end"} x=${to} y="13">mean</text>
	</svg>`;
}

/** From where the circles are seen, in radians. */
const TURN = 0.55;
const TILT = 0.16;
/** Of the eye from the middle, in radii. */
const AWAY = 10;
const UNIT = 88;
const [WIDTH, HEIGHT] = [480, 270] as const;
const MIDDLE = [WIDTH / 2 - 10, HEIGHT / 2 + 4] as const;

/** A place [x, y, z] of the data, the axis of the circles being z, in the picture; `near` is larger where it is near. */
function seen([x, y, z]: readonly [number, number, number]) {
	const across = -z * Math.cos(TURN) + y * Math.sin(TURN);
	const behind = z * Math.sin(TURN) + y * Math.cos(TURN);
	const up = x * Math.cos(TILT) + behind * Math.sin(TILT);
	const near = AWAY / (AWAY + behind * Math.cos(TILT) - x * Math.sin(TILT));
	return { x: MIDDLE[0] + UNIT * across * near, y: MIDDLE[1] - UNIT * up * near, near };
}

/** The z at which a circle's centre is seen at a place across the picture. */
function centreAt(x: number): number {
	const across = (x - MIDDLE[0]) / UNIT;
	return (-across * AWAY) / (AWAY * Math.cos(TURN) + across * Math.sin(TURN) * Math.cos(TILT));
}

/** The circle that is being dragged, and how far from its centre it was taken. */
let taken: { sign: 1 | -1; off: number } | undefined;

function circles(
	{ poses, delta }: Toy,
	numbers: CirclesNumbers | undefined,
	move: (delta: number) => void,
): TemplateResult {
	const { data } = twoCircles(poses, { delta });
	const points = Array.from({ length: 2 * poses }, (_, k) => ({
		k,
		...seen([data[3 * k] as number, data[3 * k + 1] as number, data[3 * k + 2] as number]),
	}));
	const [unseen] = points as [(typeof points)[number]];
	// Of the circles before the last change there may be another number.
	const row = numbers?.row.length === points.length ? numbers.row : [];

	const across = (event: PointerEvent) => {
		const bounds = (event.currentTarget as Element).closest("svg")?.getBoundingClientRect() as DOMRect;
		return ((event.clientX - bounds.left) * WIDTH) / bounds.width;
	};
	const take = (event: PointerEvent, sign: 1 | -1) => {
		(event.currentTarget as Element).setPointerCapture(event.pointerId);
		taken = { sign, off: across(event) - seen([0, 0, (sign * delta) / 2]).x };
	};
	const drag = (event: PointerEvent) => {
		if (!taken) return;
		move(nearestStep(TOY.delta, 2 * taken.sign * centreAt(across(event) - taken.off)));
	};
	const release = () => {
		taken = undefined;
	};
	const ring = (sign: 1 | -1, of: string) => svg`<path class="ring-${of}" d=${outline((sign * delta) / 2)}
		@pointerdown=${(event: PointerEvent) => take(event, sign)} @pointermove=${drag} @pointerup=${release} @pointercancel=${release}></path>`;
	const dot = ({ k, x, y, near }: (typeof points)[number]) =>
		svg`<circle class=${k === 0 ? "unseen" : k % 2 === 0 ? "of-a" : "of-b"} cx=${x} cy=${y} r=${(k === 0 ? 7 : 5) * near ** 2}></circle>`;
	const [one, other] = [seen([0, 0, delta / 2]), seen([0, 0, -delta / 2])];
	return html`<svg class="circles" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img"
			aria-label="Two circles of ${poses} points each, ${delta} apart; one point of A is unseen">
		${ring(1, "a")} ${ring(-1, "b")}
		<line class="apart" x1=${one.x} y1=${one.y} x2=${other.x} y2=${other.y}></line>
		<text class="apart" x=${(one.x + other.x) / 2} y=${(one.y + other.y) / 2 - 7}>Δ = ${delta}</text>
		${points.slice(1).map(
			({
				k,
				x,
				y,
			}) => svg`<line class=${k % 2 === 0 ? "link of-a" : "link of-b"} x1=${unseen.x} y1=${unseen.y} x2=${x} y2=${y}
			stroke-opacity=${row[k] ?? 0}></line>`,
		)}
		${points.toSorted((a, b) => a.near - b.near).map(dot)}
		<text class="last" x=${unseen.x} y=${unseen.y - 14}>A₀ unseen</text>
	</svg>`;
}

/** A circle in the picture. */
function outline(z: number): string {
	const places = Array.from({ length: 72 }, (_, k) => {
		const { x, y } = seen([Math.cos((k * Math.PI) / 36), Math.sin((k * Math.PI) / 36), z]);
		return `${x.toFixed(1)} ${y.toFixed(1)}`;
	});
	return `M${places.join("L")}Z`;
}
