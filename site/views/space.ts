/**
 * The two orbits as curves in the three directions in which their poses vary most, to be turned.
 * @module
 */
import { html, svg, type TemplateResult } from "lit-html";
import { guard } from "lit-html/directives/guard.js";
import { percent } from "../../figures/words.ts";
import { actions } from "../actions.ts";
import type { Model } from "../page.ts";
import type { State } from "../state.ts";
import { type Seen, seenFrom, turned } from "../turning.ts";
import { nameOfPoint } from "./words.ts";

const WIDTH = 420;
const HEIGHT = 372;
/** Of the farthest pose from the middle. */
const REACH = 148;
/** Poses that are nearer, as a part of that, share a dot, which has the names of all. */
const ONE = 0.01;
/** Degrees for each pixel that is dragged, and for each key. */
const DRAG = 0.5;
const KEY = 5;

type Place = [first: number, second: number, third: number];

/** Where the reader took hold of the picture, and how it was seen then. */
let grip: { x: number; y: number; view: State["view"] } | undefined;

export function space(model: Model): TemplateResult | string {
	const { state, set, orbits } = model;
	if (!orbits.value) return "";
	const { coordinates, shares } = orbits.value.space;
	const turn = (view: State["view"]) => set({ view });

	const take = (event: PointerEvent) => {
		if (event.button !== 0) return;
		(event.currentTarget as Element).setPointerCapture(event.pointerId);
		grip = { x: event.clientX, y: event.clientY, view: state.view };
	};
	const drag = (event: PointerEvent) => {
		if (grip) turn(turned(grip.view, DRAG * (grip.x - event.clientX), DRAG * (event.clientY - grip.y)));
	};
	const release = () => {
		grip = undefined;
	};
	const move = (event: KeyboardEvent) => {
		const [around, up] =
			{ ArrowLeft: [KEY, 0], ArrowRight: [-KEY, 0], ArrowUp: [0, -KEY], ArrowDown: [0, KEY] }[event.key] ?? [];
		const onwards = { PageDown: 1, PageUp: -1 }[event.key];
		if (around !== undefined && up !== undefined) turn(turned(model.state.view, around, up));
		else if (onwards) walk(event.currentTarget as Element, onwards);
		else return;
		event.preventDefault();
	};
	return html`<figure class="space">
		<div class="turning" tabindex="0" role="application" aria-label="Both orbits as curves in space" aria-describedby="space-hint"
			@pointerdown=${take} @pointermove=${drag} @lostpointercapture=${release} @keydown=${move}>
			${picture(model, coordinates, shares)}
		</div>
		<figcaption class="hint" id="space-hint">Both orbits in the three directions in which their poses vary most,
		${percent(shares.reduce((sum, share) => sum + share, 0))} of their variance: A round, B square, the unseen pose with a
		ring. Drag it, or use the arrow keys, to turn it; page up and page down go from pose to pose.</figcaption>
	</figure>`;
}

/** Goes on to the next pose, or the one before: all of A, then all of B. */
function walk(picture: Element, step: number): void {
	const points = [...picture.querySelectorAll<SVGElement>(".point")];
	const now = points.indexOf(document.activeElement as SVGElement);
	const next = now < 0 && step < 0 ? -1 : now + step;
	points.at(next % points.length)?.focus();
}

function picture({ state, orbits }: Model, coordinates: number[][], shares: number[]): TemplateResult {
	const poses = orbits.value?.seen.shape[1] as number;
	const { unseen, view, action } = state;
	const places = Array.from({ length: 2 * poses }, (_, point) =>
		coordinates.map((component) => component[point] as number),
	) as Place[];
	const reach = Math.max(...places.map((place) => Math.hypot(...place))) || 1;
	const scale = REACH / reach;
	const areOne = (one: Place, other: Place) =>
		Math.hypot(...one.map((value, k) => value - (other[k] as number))) < ONE * reach;
	const look = seenFrom(view);
	const seen = places.map((place) => look(place));
	const x = (at: Seen) => WIDTH / 2 + scale * at.x;
	const y = (at: Seen) => HEIGHT / 2 - scale * at.y;
	/** From 0 (far) to 1 (near). */
	const nearness = (near: number) => 0.5 + (0.5 * scale * near) / REACH;
	const opacity = (near: number) => (0.3 + 0.7 * nearness(near)).toFixed(2);
	const radius = Math.max(2.6, Math.min(5.5, 60 / poses));

	const along = (axis: number, length: number) => look([0, 1, 2].map((k) => (k === axis ? length : 0)) as Place);
	const axes = ["first", "second", "third"].map((words, k) => {
		const [end, beyond] = [along(k, reach), along(k, 1.1 * reach)];
		const line = svg`<line class="space-axis" x1=${WIDTH - x(end)} y1=${HEIGHT - y(end)} x2=${x(end)} y2=${y(end)}></line>`;
		const name = svg`<text class="halo" x=${x(beyond)} y=${y(beyond) + 5}>${words}, ${percent(shares[k] as number)}</text>`;
		return { line, name };
	});
	const length = poses / actions[action].cycles;
	const lines = seen.map((from, point) => {
		const pose = point >> 1;
		const next = pose - (pose % length) + ((pose + 1) % length);
		const to = seen[2 * next + (point % 2)] ?? from;
		return svg`<line class="curve ${side(point)}" x1=${x(from)} y1=${y(from)} x2=${x(to)} y2=${y(to)}
			opacity=${opacity((from.near + to.near) / 2)}></line>`;
	});
	const farFirst = [...seen.keys()].sort((a, b) => (seen[a] as Seen).near - (seen[b] as Seen).near);
	const dots = farFirst.map((point) => {
		const at = seen[point] as Seen;
		const size = radius * (0.6 + 0.6 * nearness(at.near));
		return svg`<path class="dot ${side(point)}" d=${shape(point, x(at), y(at), size)} opacity=${opacity(at.near)}></path>`;
	});
	const held = 2 * unseen.pose + (unseen.of === "a" ? 0 : 1);
	const marked = seen[held];
	const points = [...places.keys()]
		.sort((a, b) => (a % 2) - (b % 2) || a - b)
		.map((point) => {
			const at = seen[point] as Seen;
			const pose = actions[action].pose(point >> 1, poses, state.size);
			const names = () =>
				[...places.keys()].filter((other) => areOne(places[point] as Place, places[other] as Place)).map(nameOfPoint);
			const label = `${nameOfPoint(point)}${point === held ? ", unseen" : ""}, ${pose}`;
			return svg`<g class="point" tabindex="-1" role="img" aria-label=${label} transform="translate(${x(at)} ${y(at)})">
				<circle r=${radius + 4}></circle><text class="halo" y=${-radius - 8}>${guard([coordinates], () => names().join(" "))}</text>
			</g>`;
		});
	return svg`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}">
		${axes.map(({ line }) => line)} ${lines} ${dots} ${axes.map(({ name }) => name)}
		${marked ? svg`<circle class="unseen-ring" cx=${x(marked)} cy=${y(marked)} r=${radius + 6}></circle>` : ""}
		${["A", "B"].map((letter, k) => {
			const at = seen[k] as Seen;
			return svg`<text class="halo letter" x=${x(at)} y=${y(at) - radius - 8}>${letter}</text>`;
		})}
		${points}
	</svg>`;
}

const side = (point: number) => (point % 2 === 0 ? "a" : "b");

/** The dots of A are round, those of B square. */
const shape = (point: number, x: number, y: number, radius: number) =>
	point % 2 === 0
		? `M${x - radius} ${y}a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0z`
		: `M${x - 0.9 * radius} ${y - 0.9 * radius}h${1.8 * radius}v${1.8 * radius}h${-1.8 * radius}z`;
