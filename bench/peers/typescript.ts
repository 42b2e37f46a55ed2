/**
 * The plain TypeScript versions as entrants, and ml-matrix, in a thread of their own.
 *
 * V8 trusts the addresses of typed arrays until the first buffer of a thread is detached, which every growth of wasm
 * memory and every transfer of an array does; from then on it checks at each access. Beside the library, the
 * TypeScript product would run at half its speed, and ml-matrix at two thirds.
 * @module
 */
import type { Network, Tensor } from "../../ts/index.ts";
import type { Entrant, Values } from "../harness.ts";
import { startThread } from "../host/node.ts";
import type { ConvTask } from "../reference/conv.ts";
import { packedPairs, TOLERANCE } from "./fourier.ts";
import type { Product, Rows, System } from "./jobs.ts";

/**
 * What the thread shall compute: X·Yᵀ, the solution of A·x = b, the transforms of rows, so many times, the
 * NTK of x with itself, that of images with others, or two of these by ml-matrix.
 */
export type Task =
	| { name: "product"; x: Float64Array; y: Float64Array; dimension: number }
	| { name: "solve"; a: Float64Array; b: Float64Array }
	| { name: "fourier"; values: Float64Array; length: number; times: number }
	| { name: "gram"; network: Network; x: Tensor; precision: "f64" | "f32" }
	| ({ name: "conv" } & ConvTask)
	| { name: "ml-matrix product"; a: Tensor; b: Tensor }
	| { name: "ml-matrix solve"; a: Tensor<Float64Array>; b: Tensor<Float64Array> };

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

	/** The transforms of rows whose length is a power of two. */
	fourier({ values, times }: Rows): Entrant {
		const shape = values.shape as [number, number];
		const length = shape[1];
		const { run, time } = this.entrant({ name: "fourier", values: values.data, length, times }, TOLERANCE.f64);
		return {
			name: "TypeScript, f64",
			run: async () => {
				const pairs = await run();
				return packedPairs(shape, (row) => pairs.subarray(row * (length + 2), (row + 1) * (length + 2)));
			},
			time: async () => (await time()) / times,
			tolerance: TOLERANCE.f64,
		};
	}

	async close(): Promise<void> {
		await this.#thread.close();
	}

	async #ask(request: Request): Promise<Answer> {
		this.#thread.post(request);
		return (await this.#thread.answer()) as Answer;
	}
}
