/**
 * The plain TypeScript versions as entrants, and libraries in plain JavaScript, in a thread of their own.
 *
 * V8 trusts the addresses of typed arrays until the first buffer of a thread is detached, which every growth of wasm
 * memory and every transfer of an array does; from then on it checks at each access. Beside the library, the
 * TypeScript product would run at half its speed, ml-matrix's at two thirds, and webfft's transforms in JavaScript at
 * five sixths; fft.js, whose numbers are in plain arrays, loses nothing.
 * @module
 */
import type { Network, Tensor } from "../../ts/index.ts";
import type { Entrant, Values } from "../harness.ts";
import { startThread } from "../host/node.ts";
import type { ConvTask } from "../reference/conv.ts";
import { inTurns, TOLERANCE } from "./fourier.ts";
import type { Product, Rows, System } from "./jobs.ts";
import type { Transforms, transformers } from "./spectra.ts";

/** Who transforms rows there. */
export type TransformerName = keyof typeof transformers;

/**
 * What the thread shall compute: X·Yᵀ, the solution of A·x = b, the NTK of x with itself, that of images with others,
 * two of these by ml-matrix, or the transforms of rows, so many times.
 */
export type Task =
	| { name: "product"; x: Float64Array; y: Float64Array; dimension: number }
	| { name: "solve"; a: Float64Array; b: Float64Array }
	| { name: "gram"; network: Network; x: Tensor; precision: "f64" | "f32" }
	| ({ name: "conv" } & ConvTask)
	| { name: "ml-matrix product"; a: Tensor; b: Tensor }
	| { name: "ml-matrix solve"; a: Tensor<Float64Array>; b: Tensor<Float64Array> }
	| ({ name: TransformerName } & Transforms);

/** Asks it to do a task that it has. */
export interface Request {
	name: Task["name"];
	answer: "time" | "result";
}

/** What it answers. */
export interface Answer {
	milliseconds: number;
	values?: Values;
}

/** The thread; ends with `close`. */
export class TypeScript {
	readonly #thread = startThread();

	/** Takes a task, in place of the one before of the same name. */
	entrant(task: Task, tolerance: number, name = "TypeScript"): Required<Entrant> {
		this.#thread.post(task);
		return {
			name,
			run: async () => (await this.#ask({ name: task.name, answer: "result" })).values as Values,
			time: async () => (await this.#ask({ name: task.name, answer: "time" })).milliseconds,
			tolerance,
		};
	}

	/** `mmul` of ml-matrix. */
	mlMatrixProduct({ a, b, tolerance }: Product): Entrant {
		return this.entrant({ name: "ml-matrix product", a, b }, tolerance, "ml-matrix");
	}

	/** `CholeskyDecomposition` of ml-matrix and its `solve`. */
	mlMatrixSolve({ a, b, tolerance }: System): Entrant {
		return this.entrant({ name: "ml-matrix solve", a, b }, tolerance, "ml-matrix");
	}

	/** The transforms of rows whose length is a power of two, from 4 on. */
	fourier(name: TransformerName, job: Rows): Entrant {
		const { values, times } = job;
		const task = { name, values: values.data, length: values.shape[1] as number, times };
		return inTurns(this.entrant(task, name.endsWith("f32") ? TOLERANCE.f32 : TOLERANCE.f64, name), job);
	}

	async close(): Promise<void> {
		await this.#thread.close();
	}

	async #ask(request: Request): Promise<Answer> {
		this.#thread.post(request);
		return (await this.#thread.answer()) as Answer;
	}
}
