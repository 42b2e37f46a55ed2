/**
 * Two orbits as rings of poses, one of which is marked as unseen and can be moved.
 * @module
 */
import { html, type TemplateResult } from "lit-html";
import { actions } from "../actions.ts";
import type { Model } from "../page.ts";
import type { Side } from "../state.ts";
import { canvas, colourNow, tiles } from "./paint.ts";

const WIDTH = 840;
/** Of the centres of poses, A's outside. */
const RADII: Record<Side, number> = { a: 360, b: 203 };
/** Of a pose, as a part of the way to the next: upright squares that are neighbours across a corner just part. */
const FILL = 0.7;
const LARGEST = 108;

/** Where a pose stands: the first on top, then counterclockwise as they turn. */
function place(side: Side, index: number, poses: number): [x: number, y: number] {
	const angle = -Math.PI / 2 - (2 * Math.PI * index) / poses;
	return [WIDTH / 2 + RADII[side] * Math.cos(angle), WIDTH / 2 + RADII[side] * Math.sin(angle)];
}

const sideLength = (side: Side, poses: number) =>
	Math.min(LARGEST, FILL * 2 * RADII[side] * Math.sin(Math.PI / Math.max(3, poses)));

export function ring(model: Model): TemplateResult {
	const { state, set, orbits } = model;
	const { unseen } = state;
	const seen = orbits.value?.seen;
	const poses = seen ? (seen.shape[1] as number) : state.poses;
	const size = seen ? (seen.shape[2] as number) : state.size;
	const words = `${unseen.of.toUpperCase()} ${actions[state.action].pose(unseen.pose, state.poses, state.size)}`;

	const draw = (context: CanvasRenderingContext2D) => {
		if (!seen) return;
		const images = tiles(seen.data, size, colourNow("sheet"), colourNow("ink"));
		context.imageSmoothingEnabled = false;
		context.lineWidth = 5;
		for (const [k, side] of (["a", "b"] as const).entries()) {
			const length = sideLength(side, poses);
			const colour = colourNow(side === "a" ? "good" : "middling");
			for (let index = 0; index < poses; index++) {
				const [x, y] = place(side, index, poses);
				const [left, top] = [x - length / 2, y - length / 2];
				context.drawImage(images, 0, (k * poses + index) * size, size, size, left, top, length, length);
				const isUnseen = unseen.of === side && unseen.pose === index;
				context.strokeStyle = isUnseen ? colourNow("bad") : colour;
				context.setLineDash(isUnseen ? [14, 8] : []);
				context.lineWidth = isUnseen ? 9 : 3;
				context.strokeRect(left, top, length, length);
			}
		}
		context.fillStyle = colourNow("ink");
		context.font = "600 34px system-ui, sans-serif";
		context.textAlign = "center";
		context.textBaseline = "middle";
		context.fillText("A outside", WIDTH / 2, WIDTH / 2 - 46);
		context.fillText("B inside", WIDTH / 2, WIDTH / 2);
		context.fillStyle = colourNow("bad");
		context.fillText(`unseen: ${unseen.of.toUpperCase()}`, WIDTH / 2, WIDTH / 2 + 46);
	};

	const choose = (event: MouseEvent) => {
		const bounds = (event.currentTarget as Element).getBoundingClientRect();
		const at = [event.clientX - bounds.left, event.clientY - bounds.top].map((v) => (v * WIDTH) / bounds.width);
		const candidates = (["a", "b"] as const).flatMap((of) =>
			Array.from({ length: state.poses }, (_, pose) => {
				const [x, y] = place(of, pose, state.poses);
				return { of, pose, away: Math.hypot(x - (at[0] as number), y - (at[1] as number)) };
			}),
		);
		const { away, ...nearest } = candidates.reduce((best, one) => (one.away < best.away ? one : best));
		if (away < LARGEST) set({ unseen: nearest });
	};
	const move = (event: KeyboardEvent) => {
		const step = { ArrowLeft: 1, ArrowUp: 1, ArrowRight: -1, ArrowDown: -1 }[event.key];
		const { unseen, poses } = model.state;
		const other = unseen.of === "a" ? ("b" as const) : ("a" as const);
		if (step) set({ unseen: { ...unseen, pose: (unseen.pose + step + poses) % poses } });
		else if (event.key === " ") set({ unseen: { ...unseen, of: other } });
		else return;
		event.preventDefault();
	};
	return html`<div class="ring" tabindex="0" role="slider" aria-label="The unseen pose" aria-valuemin="0"
			aria-valuemax=${state.poses - 1} aria-valuenow=${unseen.pose} aria-valuetext=${words}
			@click=${choose} @keydown=${move}>
		${canvas({ label: "Both orbits as rings of poses", width: WIDTH }, [seen, unseen.of, unseen.pose], draw)}
	</div>`;
}
