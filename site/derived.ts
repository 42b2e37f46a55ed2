/**
 * What follows from a part of the state, computed in the background: the last request wins, those before it are aborted.
 * @module
 */
import { OrbitKernelsError, type Progress } from "orbit-kernels";

/** What a computation gets beside its input. */
export interface Call {
	signal: AbortSignal;
	onProgress(progress: Progress): void;
}

/** Results that are kept, so that going back takes no time. */
const KEPT = 24;

export class Derived<Input, Value> {
	/** Of the last input that was computed: while a newer one is awaited, that before. */
	value: Value | undefined;
	/** Why there is none, in one sentence. */
	failure: string | undefined;
	/** Of what is under way. */
	progress: Progress | undefined;
	/** Whether `value` is of an older input than the last, or there is none yet. */
	pending = false;
	/** Resolves when the last request has ended, whatever came of it. */
	settled: Promise<void> = Promise.resolve();
	readonly #compute: (input: Input, call: Call) => Promise<Value>;
	readonly #changed: () => void;
	readonly #kept = new Map<string, Value>();
	#key: string | undefined;
	#abort: AbortController | undefined;

	/**
	 * @param compute from plain data, equal ones being equal as JSON
	 * @param changed called whenever a property above has another value
	 */
	constructor(compute: (input: Input, call: Call) => Promise<Value>, changed: () => void) {
		this.#compute = compute;
		this.#changed = changed;
	}

	/** Asks for the value of an input; nothing happens where that is the last one. */
	update(input: Input): void {
		const key = JSON.stringify(input);
		if (key === this.#key) return;
		this.#await(key);
		const kept = this.#kept.get(key);
		if (kept !== undefined) this.#end(key, kept);
		else this.settled = this.#run(key, input);
	}

	/** Says that an input will be asked for: what is of another one is the value of an older input from now on. */
	expect(input: Input): void {
		if (JSON.stringify(input) !== this.#key) this.#await(undefined);
	}

	/** Ends what is under way. */
	cancel(): void {
		if (!this.pending) return;
		this.#await(undefined);
		this.pending = false;
	}

	#await(key: string | undefined): void {
		this.#abort?.abort();
		this.#key = key;
		Object.assign(this, { failure: undefined, pending: true, progress: undefined });
		this.#changed();
	}

	async #run(key: string, input: Input): Promise<void> {
		const abort = new AbortController();
		this.#abort = abort;
		const onProgress = (progress: Progress) => {
			if (abort.signal.aborted) return;
			this.progress = progress;
			this.#changed();
		};
		try {
			const value = await this.#compute(input, { signal: abort.signal, onProgress });
			if (!abort.signal.aborted) this.#end(key, value);
		} catch (error) {
			if (abort.signal.aborted) return;
			// What is not a failure of the input is one of the page.
			if (!(error instanceof OrbitKernelsError)) reportError(error);
			this.#set(undefined, (error as Error).message);
		}
	}

	#end(key: string, value: Value): void {
		this.#kept.delete(key);
		this.#kept.set(key, value);
		const [oldest] = this.#kept.keys();
		if (this.#kept.size > KEPT) this.#kept.delete(oldest as string);
		this.#set(value, undefined);
	}

	#set(value: Value | undefined, failure: string | undefined): void {
		Object.assign(this, { value, failure, pending: false, progress: undefined });
		this.#changed();
	}
}
