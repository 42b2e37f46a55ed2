/**
 * What is shown to the network: two images and the group that moves them.
 * @module
 */
import { html, type TemplateResult } from "lit-html";
import { type ActionName, actions } from "../actions.ts";
import type { Model } from "../page.ts";
import { SIZES } from "../state.ts";
import { select, status, steps } from "./controls.ts";
import { pictures } from "./pictures.ts";
import { ring } from "./ring.ts";
import { space } from "./space.ts";

export function scene(model: Model): TemplateResult {
	const { state, set } = model;
	const poses = actions[state.action].poses(state.size);
	const names = Object.entries(actions).map(([name, { label }]) => [name as ActionName, label] as const);
	const sizes = SIZES.map((size) => [String(size), `${size} × ${size}`] as const);
	return html`<section class="scene" aria-labelledby="scene-title" aria-busy=${model.orbits.pending}>
		<h2 id="scene-title">The poses</h2>
		<div class="controls">
			${select("group", names, state.action, (action) => set({ action }))}
			${poses.length > 1 ? steps("N, poses of each", poses, state.poses, (poses) => set({ poses })) : ""}
			${select("pixels", sizes, String(state.size), (size) => set({ size: Number(size) }))}
		</div>
		<div class="stage">${pictures(model)} ${ring(model)}</div>
		${status(model.orbits, "")}
		<p class="hint">Click a pose, or use the arrow keys and the space bar, to make it the unseen one.</p>
		${space(model)}
	</section>`;
}
