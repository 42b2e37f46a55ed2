/**
 * The plain TypeScript versions as entrants, in a thread of their own.
 *
 * V8 trusts the addresses of typed arrays until the first buffer of a thread is detached, which every growth of wasm
 * memory and every transfer of an array does; from then on it checks at each access. Beside the library, the
 * TypeScript product would run at half its speed.
 * @module
 */
import type { Network, Tensor } from "../../ts/index.ts";
import type { Entrant, Values } from "../harness.ts";
import { startThread } from "../host/node.ts";
import type { ConvTask } from "../reference/conv.ts";

/** What the thread shall compute: X·Xᵀ, or the NTK of x with itself, or that of images with others. */
export type Task =
	| { name: "product"; x: Float64Array; dimension: number }
	| { name: "gram"; network: Network; x: Tensor; precision: "f64" | "f32" }
	| ({ name: "conv" } & ConvTask);

/** What it answers. */
export interface Answer {
	milliseconds: number;
	values?: Values;
}

/** The thread; ends with `close`. */
export class TypeScript {
	readonly #thread = startThread();

	/** Takes a task, in place of the one before. */
	entrant(task: Task, tolerance: number): Entrant {
		this.#thread.post(task);
		return {
			name: "TypeScript",
			run: async () => (await this.#ask("result")).values as Values,
			time: async () => (await this.#ask("time")).milliseconds,
			tolerance,
		};
	}

	async close(): Promise<void> {
		await this.#thread.close();
	}

	async #ask(request: "time" | "result"): Promise<Answer> {
		this.#thread.post(request);
		return (await this.#thread.answer()) as Answer;
	}
}
