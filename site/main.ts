/**
 * The page's life: the address gives a state, the state gives numbers, both give what is shown; a control makes a new state.
 * @module
 */

import { render } from "lit-html";
import { createEngine, embeddedDigits } from "orbit-kernels";
import { nearestPoses } from "./actions.ts";
import { readAddress, writeAddress } from "./address.ts";
import { type ArchitectureName, architectures } from "./architectures.ts";
import { Derived } from "./derived.ts";
import { growthInput, growthOf, orbitsInput, orbitsOf, pairOf, verdictInput, verdictOf } from "./numbers.ts";
import { type Model, page } from "./page.ts";
import type { State } from "./state.ts";

/** A module with one SIMD instruction (a vector of zeros, dropped). */
const SIMD = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 9, 1, 7, 0, 65, 0, 253, 15, 26, 11];

const supported = "WebAssembly" in globalThis && WebAssembly.validate(Uint8Array.from(SIMD));
if (supported) await start();
else
	document.body.textContent =
		"The kernels are computed in this page, by WebAssembly with SIMD, which this browser does not have. Any browser since 2023 has it.";

async function start(): Promise<void> {
	const source = { engine: await createEngine(), digits: await embeddedDigits() };
	const digits = source.digits.labels.length;

	let state = readAddress(location.hash, digits);
	let drawn = false;
	/** Draws the page before the next frame, however much has changed. */
	const changed = () => {
		if (drawn) return;
		drawn = true;
		requestAnimationFrame(() => {
			drawn = false;
			render(page(model()), document.body);
		});
	};

	const orbits = new Derived(orbitsOf.bind(null, source), changed);
	const verdict = new Derived(verdictOf.bind(null, source), changed);
	const growth = new Derived(growthOf.bind(null, source), changed);
	const names = Object.keys(architectures) as ArchitectureName[];
	const ofOthers = names.map((name) => [name, new Derived(pairOf.bind(null, source), changed)] as const);
	const others = Object.fromEntries(ofOthers) as Record<ArchitectureName, (typeof ofOthers)[number][1]>;

	/** First what the reader looks at; the rest when that is there. */
	const compute = async () => {
		const wanted = state;
		for (const later of [growth, ...Object.values(others)]) later.cancel();
		orbits.update(orbitsInput(state));
		verdict.update(verdictInput(state));
		await Promise.all([orbits.settled, verdict.settled]);
		if (state !== wanted) return;
		growth.update(growthInput(state));
		await growth.settled;
		for (const [name, other] of ofOthers) {
			if (state !== wanted) return;
			other.update({ ...verdictInput(state), architecture: name, parameters: {} });
			await other.settled;
		}
	};
	const show = (next: State) => {
		state = next;
		changed();
		void compute();
	};
	const set = (change: Partial<State>) => {
		const next = { ...state, ...change };
		next.poses = nearestPoses(next.action, next.size, next.poses);
		next.unseen = { ...next.unseen, pose: Math.min(next.unseen.pose, next.poses - 1) };
		history.replaceState(null, "", `#${writeAddress(next)}`);
		show(next);
	};
	const model = (): Model => ({ state, set, digits: source.digits, orbits, verdict, growth, others });

	addEventListener("hashchange", () => show(readAddress(location.hash, digits)));
	show(state);
}
