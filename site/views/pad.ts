/**
 * A pad to draw on, by pointer or by keys.
 * @module
 */
import { html } from "lit-html";
import { BRUSH, centred, inked, type Point, SOFT, type Stroke } from "../drawing.ts";
import { encodePicture, OWN } from "../pictures.ts";
import type { Way } from "./chooser.ts";
import { canvas, colourNow, tiles } from "./paint.ts";

/** Of the pad, for each pixel of the image. */
const SCALE = 16;
/** Between points of a stroke, in pixels of the image: nearer ones would change nothing. */
const STEP = 0.25;

const KEYS: Readonly<Record<string, readonly [right: number, down: number]>> = {
	...{ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] },
};

export const pad: Way = ({ choose }, redraw) => {
	let strokes: readonly Stroke[] = [];
	/** Of the keyboard: in the middle of a pixel. */
	let pen: Point = { x: OWN / 2 + 0.5, y: OWN / 2 + 0.5 };
	let usesKeys = false;

	const change = (next: readonly Stroke[]) => {
		strokes = next;
		redraw();
	};
	/** Goes on with the last stroke. */
	const extend = (points: readonly Point[]) => {
		const last = [...(strokes.at(-1) ?? [])];
		for (const point of points) {
			const { x, y } = last.at(-1) as Point;
			if (Math.hypot(point.x - x, point.y - y) >= STEP) last.push(point);
		}
		change([...strokes.slice(0, -1), last]);
	};
	const placeOf = (event: PointerEvent): Point => {
		const bounds = (event.currentTarget as Element).getBoundingClientRect();
		const [x, y] = [event.clientX - bounds.left, event.clientY - bounds.top];
		return { x: (OWN * x) / bounds.width, y: (OWN * y) / bounds.height };
	};
	const press = (event: PointerEvent) => {
		if (event.button !== 0) return;
		(event.currentTarget as Element).setPointerCapture(event.pointerId);
		usesKeys = false;
		change([...strokes, [placeOf(event)]]);
	};
	const drag = (event: PointerEvent) => {
		if (!(event.currentTarget as Element).hasPointerCapture(event.pointerId)) return;
		extend([placeOf(event)]);
	};
	const key = (event: KeyboardEvent) => {
		const step = KEYS[event.key];
		if (!step && event.key !== " ") return;
		event.preventDefault();
		usesKeys = true;
		if (!step) return change([...strokes, [pen]]);
		const from = pen;
		const [x, y] = [pen.x + step[0], pen.y + step[1]].map((place) => Math.min(OWN - 0.5, Math.max(0.5, place)));
		pen = { x: x as number, y: y as number };
		const last = strokes.at(-1)?.at(-1);
		if (!event.shiftKey) redraw();
		else if (last?.x === from.x && last.y === from.y) extend([pen]);
		else change([...strokes, [from, pen]]);
	};

	const draw = (context: CanvasRenderingContext2D) => {
		context.lineCap = context.lineJoin = "round";
		context.lineWidth = 2 * BRUSH * SCALE;
		context.strokeStyle = context.shadowColor = colourNow("ink");
		context.shadowBlur = SOFT * SCALE;
		for (const stroke of strokes) {
			context.beginPath();
			for (const { x, y } of stroke) context.lineTo(x * SCALE, y * SCALE);
			// A line to where it began would be none: a dot is a short one.
			if (stroke.length === 1) context.lineTo((stroke[0] as Point).x * SCALE + 0.1, (stroke[0] as Point).y * SCALE);
			context.stroke();
		}
		if (!usesKeys) return;
		context.shadowBlur = 0;
		context.strokeStyle = colourNow("accent");
		context.lineWidth = 4;
		context.strokeRect((pen.x - 0.5) * SCALE, (pen.y - 0.5) * SCALE, SCALE, SCALE);
	};
	const preview = (context: CanvasRenderingContext2D) =>
		context.drawImage(tiles(centred(strokes), OWN, colourNow("sheet"), colourNow("ink")), 0, 0);
	const penWords = () => {
		const [row, column] = [Math.floor(pen.y), Math.floor(pen.x)];
		const ink = inked(strokes)[row * OWN + column] as number;
		return `pen at row ${row + 1}, column ${column + 1}${ink > 0.5 ? ", on ink" : ""}`;
	};

	return () => html`
		<div class="drawing">
			<div class="pad" tabindex="0" role="application" aria-label="Drawing pad" aria-describedby="pad-hint"
				@pointerdown=${press} @pointermove=${drag} @keydown=${key}>
				${canvas({ label: "Your drawing", width: OWN * SCALE }, [strokes, pen, usesKeys], draw)}
			</div>
			<figure class="preview">
				${canvas({ label: "Your drawing in the middle, 28 × 28", width: OWN }, [strokes], preview)}
				<figcaption>as the network gets it</figcaption>
			</figure>
		</div>
		<output class="hint" aria-live="polite">${usesKeys ? penWords() : ""}</output>
		<div class="buttons">
			<button type="button" class="main" ?disabled=${strokes.length === 0}
				@click=${() => choose({ own: encodePicture(centred(strokes)) })}>take this drawing</button>
			<button type="button" @click=${() => change(strokes.slice(0, -1))}>undo</button>
			<button type="button" @click=${() => change([])}>clear</button>
		</div>
		<p class="hint" id="pad-hint">Draw with a mouse, a pen or a finger. With the keyboard: the arrow keys move the pen, with
		the shift key they draw a line, and the space bar puts a dot.</p>
	`;
};
