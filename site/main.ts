/**
 * The page's life: the address gives a state, the state gives numbers, both give what is shown; a control makes a new state.
 * @module
 */

import { render } from "lit-html";
import { createEngine, type Engine, embeddedDigits } from "orbit-kernels";
import { nearestPoses } from "./actions.ts";
import { readAddress, writeAddress } from "./address.ts";
import { type ArchitectureName, architectures } from "./architectures.ts";
import { type Call, Derived } from "./derived.ts";
import {
	growthInput,
	growthOf,
	kernelInput,
	kernelOf,
	orbitsInput,
	orbitsOf,
	toyOf,
	type VerdictInput,
	verdictInput,
	verdictOf,
} from "./numbers.ts";
import { paced } from "./paced.ts";
import { ALL, type Model, page } from "./page.ts";
import { survivesReload } from "./reload.ts";
import { supported, UNSUPPORTED } from "./simd.ts";
import { speedOf } from "./speed.ts";
import type { State, Toy } from "./state.ts";
import { dark } from "./views/paint.ts";

/** Milliseconds that results wait for others. */
const MOMENT = 80;

if (supported) await start().catch(fail);
else tell(UNSUPPORTED);

/** Says in place of the page why there is none. */
function tell(message: string): void {
	document.body.textContent = message;
}

function fail(error: Error): void {
	tell(`The page could not start: ${error.message}`);
	reportError(error);
}

async function start(): Promise<void> {
	// One processor is left to the page itself.
	const workers = Math.max(1, navigator.hardwareConcurrency - 1);
	const source = { engine: await createEngine({ workers }), digits: await embeddedDigits() };
	const digits = source.digits.labels.length;
	document.getElementById("late")?.remove();

	const hash = () => `#${writeAddress(state)}`;
	survivesReload(hash);
	let state = readAddress(location.hash, digits);
	let drawn = false;
	let sections = 0;
	/** Draws the page before the next frame, however much has changed; at first a section a frame, so that none takes long. */
	const changed = () => {
		if (drawn) return;
		drawn = true;
		requestAnimationFrame(() => {
			drawn = false;
			if (sections < ALL) {
				sections++;
				changed();
			}
			render(page(model(), sections), document.body);
		});
	};

	/** Resolves when what there is has been drawn: what takes processors waits for that. */
	const drawing = () => new Promise<void>((resolve) => requestAnimationFrame(() => setTimeout(resolve)));

	/** Draws what belongs together when all of it is there, or what there is of it after a moment. */
	let waiting: ReturnType<typeof setTimeout> | undefined;
	const arrived = () => {
		const isWhole = ![orbits, kernel, verdict].some(({ pending }) => pending);
		if (!isWhole && waiting === undefined) waiting = setTimeout(drawArrived, MOMENT);
		if (isWhole) drawArrived();
	};
	const drawArrived = () => {
		clearTimeout(waiting);
		waiting = undefined;
		changed();
	};
	const orbits = new Derived(orbitsOf.bind(null, source), arrived);
	const kernel = new Derived(kernelOf.bind(null, source), arrived);
	const verdict = new Derived(verdictOf.bind(null, source), arrived);
	const growth = new Derived(growthOf.bind(null, source), changed);
	const names = Object.keys(architectures) as ArchitectureName[];
	const ofOthers = names.map((name) => [name, new Derived(verdictOf.bind(null, source), changed)] as const);
	const others = Object.fromEntries(ofOthers) as Record<ArchitectureName, (typeof ofOthers)[number][1]>;

	/** A worker of its own: it answers while the others are at long work. What the reader sees first goes before its start. */
	let ofToy: Promise<Engine> | undefined;
	const startToy = async () => {
		await verdict.settled;
		await drawing();
		return createEngine({ workers: 1 });
	};
	const toy = new Derived(async (input: Toy, call: Call) => {
		ofToy ??= startToy();
		return toyOf({ ...source, engine: await ofToy }, input, call);
	}, changed);

	/** All that was begun. */
	let work: Promise<unknown> = Promise.resolve();
	const idle = async () => {
		for (let known: unknown; known !== work; await known) known = work;
	};
	const speed = new Derived(speedOf.bind(null, source, idle), changed);
	let runs = 0;
	const measureSpeed = (go: boolean) => {
		if (go) return speed.update(++runs);
		speed.cancel();
		changed();
	};

	/** What all but the toy follows from. */
	let wanted = "";
	/** First what the reader looks at; the rest when that is there. */
	const compute = async () => {
		const own = JSON.stringify(verdictInput(state));
		if (own === wanted) return;
		wanted = own;
		const later = ofOthers.map(([architecture, other]) => {
			const input: VerdictInput = { ...verdictInput(state), architecture, parameters: {} };
			return { other, input };
		});
		growth.expect(growthInput(state));
		for (const { other, input } of later) other.expect(input);
		orbits.update(orbitsInput(state));
		verdict.update(verdictInput(state));
		kernel.update(kernelInput(state));
		await Promise.all([orbits.settled, verdict.settled, kernel.settled]);
		await drawing();
		if (wanted !== own) return;
		growth.update(growthInput(state));
		await growth.settled;
		for (const { other, input } of later) {
			if (wanted !== own) return;
			other.update(input);
			await other.settled;
		}
	};
	const show = (next: State) => {
		state = next;
		changed();
		const computed = compute();
		toy.update(state.toy);
		// Without the values, each of which would hold all before it.
		work = Promise.all([work, toy.settled, computed]).then(() => undefined);
	};
	const write = paced(() => history.replaceState(null, "", hash()));
	const set = (change: Partial<State>) => {
		const next = { ...state, ...change };
		next.poses = nearestPoses(next.action, next.size, next.poses);
		next.unseen = { ...next.unseen, pose: Math.min(next.unseen.pose, next.poses - 1) };
		show(next);
		write();
	};
	let pointed: Model["pointed"];
	const point: Model["point"] = (at) => {
		pointed = at;
		changed();
	};
	const model = (): Model => ({
		// Two keys may be pressed before the next frame: what a reader chose is asked for when it is needed.
		get state() {
			return state;
		},
		get pointed() {
			return pointed;
		},
		...{ set, point, digits: source.digits, orbits, kernel, verdict, growth, others, toy, speed, measureSpeed },
	});

	dark.addEventListener("change", changed);
	addEventListener("hashchange", () => show(readAddress(location.hash, digits)));
	show(state);
}
