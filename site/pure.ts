/**
 * Plain TypeScript in a thread of its own.
 * @module
 */
import type { Network, Tensor } from "orbit-kernels";
import type { Values } from "../bench/harness.ts";

/** A Gram: the NTK of a network of dense layers. */
export interface Task {
	network: Network;
	x: Tensor;
	precision: "f64" | "f32";
}

/** What the thread is asked: a Gram, or how far numbers are from those of its last one. */
export type Question = Task | { values: Values };

/** What it answers: milliseconds, or the largest difference in units of the largest number. */
export type Answer = number;

/** The thread, which computes nothing but that; one question at a time. */
export class Pure {
	readonly #worker = new Worker(new URL("./pure.worker.ts", import.meta.url), { type: "module" });
	readonly #ended: Promise<never>;

	/** @param signal ends it */
	constructor(signal: AbortSignal) {
		this.#ended = new Promise((_, reject) => {
			this.#worker.onerror = ({ message }) => reject(new Error(message || "the thread could not be started"));
			signal.addEventListener("abort", () => {
				this.end();
				reject(signal.reason);
			});
		});
		// It may fail while nothing is asked.
		this.#ended.catch(() => {});
	}

	/** How many milliseconds a Gram takes, its result staying in the thread. */
	time(task: Task): Promise<Answer> {
		return this.#ask(task);
	}

	/** The largest difference of values to the last Gram's, in units of its largest number. */
	compare(values: Values): Promise<Answer> {
		return this.#ask({ values });
	}

	end(): void {
		this.#worker.terminate();
	}

	#ask(question: Question): Promise<Answer> {
		const answer = new Promise<Answer>((resolve) => {
			this.#worker.onmessage = ({ data }: MessageEvent<Answer>) => resolve(data);
			// Copied, not moved: see pure.worker.ts.
			this.#worker.postMessage(question);
		});
		return Promise.race([answer, this.#ended]);
	}
}
