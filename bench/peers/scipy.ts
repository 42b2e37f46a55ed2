/**
 * numpy and scipy on one processor as entrants, in one process.
 * @module
 */
import type { Tensor } from "../../ts/index.ts";
import type { Entrant, Values } from "../harness.ts";
import { packedPairs, TOLERANCE } from "./fourier.ts";
import type { Product, Rows, System } from "./jobs.ts";
import { type Python, startPython } from "./python.ts";

/** The process; ends with `close`. */
export class Scipy {
	/** Of its libraries; empty before the first task. */
	versions: Record<string, string> = {};
	readonly #process: Promise<Python>;

	/** @param python the Python program */
	constructor(python: string) {
		this.#process = startPython("scipy_numerics.py", { python, processors: 1, precision: "f64" });
	}

	/** `a @ b`; as all its tasks, in place of the one before. */
	async product({ a, b, tolerance }: Product): Promise<Entrant> {
		const result = await this.#give("product", { a, b });
		return { name: "numpy, 1 processor", run: () => result, time: () => this.#time(1), tolerance };
	}

	/** `cho_factor` and `cho_solve`: LAPACK. */
	async solve({ a, b, tolerance }: System): Promise<Entrant> {
		const result = await this.#give("solve", { a, b });
		return { name: "scipy, 1 processor", run: () => result, time: () => this.#time(1), tolerance };
	}

	/** `scipy.fft.rfft`: pocketfft. */
	async fourier({ values, times }: Rows): Promise<Entrant> {
		const result = await this.#give("fourier", { values });
		const shape = values.shape as [number, number];
		const row = result.length / shape[0];
		const spectra = packedPairs(shape, (k) => result.subarray(k * row, (k + 1) * row));
		const time = () => this.#time(times);
		return { name: "scipy, 1 processor, f64", run: () => spectra, time, tolerance: TOLERANCE.f64 };
	}

	async close(): Promise<void> {
		await (await this.#process).close();
	}

	/** Does a task once. */
	async #give(task: string, arrays: Record<string, Tensor>): Promise<Values> {
		const { ask, give, place, take } = await this.#process;
		const files: Record<string, string> = { out: place("out") };
		for (const [name, array] of Object.entries(arrays)) files[name] = await give(name, array);
		this.versions = (await ask({ task, ...files })).versions as Record<string, string>;
		return take("out");
	}

	/** The mean of some repetitions. */
	async #time(repeat: number): Promise<number> {
		const { milliseconds } = (await (await this.#process).ask({ repeat })) as { milliseconds: number[] };
		return milliseconds.reduce((sum, value) => sum + value, 0) / repeat;
	}
}
