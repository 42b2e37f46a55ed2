/**
 * Kernels of finite networks at random weights, over many draws of them.
 * @module
 */
import { type ArrayInput, checkOptions, isArrayLike, type Tensor, toTensor, usageError } from "../arrays.ts";
import { inFlight } from "../in-flight.ts";
import type { Context, KernelName } from "../kernel.ts";
import type { Network } from "../network.ts";
import { type EmpiricalOptions, empirical } from "./empirical.ts";
import { modelOf } from "./model.ts";
import { MODEL_OPTIONS, type ModelOptions, settingsOf } from "./options.ts";

/** Options of `monteCarlo`. */
export interface MonteCarloOptions extends ModelOptions, Omit<EmpiricalOptions, "outputs"> {
	/** Networks, of the seeds from `seed` on; two or more. */
	draws: number;
}

/** A mean over draws and how well it is known: the standard deviation of the draws over √draws. */
export interface Estimate {
	mean: Tensor;
	standardError: Tensor;
}

/** See `Engine.monteCarlo`. */
export async function monteCarlo(
	context: Context,
	network: Network,
	x: ArrayInput,
	otherOrOptions: ArrayInput | MonteCarloOptions,
	lastOptions?: MonteCarloOptions,
): Promise<Partial<Record<KernelName, Estimate>>> {
	const other = isArrayLike(otherOrOptions) ? otherOrOptions : undefined;
	const options = (other ? lastOptions : otherOrOptions) as MonteCarloOptions;
	checkOptions(options, [...MODEL_OPTIONS, "draws", "kernels", "signal", "onProgress"]);
	const {
		draws,
		kernels = ["ntk"],
		seed = 0,
		parameterization = "ntk",
		precision = "f32",
		signal,
		onProgress,
	} = options;
	if (!Number.isSafeInteger(draws) || draws < 2) throw usageError("options.draws", draws, "an integer of at least 2");
	const sample = toTensor(x, "x").shape.slice(1);
	const sums = new Map<KernelName, Sums>();
	let done = 0;
	const seeds = Array.from({ length: draws }, (_, draw) => seed + draw);
	// Draws add up in their order, so that workers change no bit.
	const turns = new InOrder();
	await inFlight(context.pool.workers + 1, seeds, async (seed) => {
		const { settings, weights } = settingsOf(network, sample, { ...options, precision, parameterization, seed });
		// Weights are drawn where they are used.
		const model = modelOf({ settings, outputs: 1 }, weights);
		const how = { kernels, ...(signal && { signal }) };
		const found = await (other ? empirical(context, model, x, other, how) : empirical(context, model, x, how));
		turns.put(seed - (options.seed ?? 0), () => {
			for (const name of kernels) {
				const kernel = found[name] as Tensor;
				const sum = sums.get(name) ?? new Sums(kernel);
				sums.set(name, sum);
				sum.add(kernel);
			}
		});
		onProgress?.({ done: ++done, total: draws });
	});
	return Object.fromEntries([...sums].map(([name, sum]) => [name, sum.estimate()]));
}

/** Does things in the order of their numbers, whatever the order in which they come. */
class InOrder {
	#next = 0;
	readonly #waiting = new Map<number, () => void>();

	put(number: number, action: () => void): void {
		this.#waiting.set(number, action);
		for (let ready = this.#waiting.get(this.#next); ready; ready = this.#waiting.get(this.#next)) {
			this.#waiting.delete(this.#next++);
			ready();
		}
	}
}

/** Mean and squared deviations of each entry, by Welford's recursion. */
class Sums {
	#count = 0;
	readonly #shape: number[];
	readonly #mean: Float64Array;
	readonly #squares: Float64Array;

	constructor({ data, shape }: Tensor) {
		this.#shape = shape;
		this.#mean = new Float64Array(data.length);
		this.#squares = new Float64Array(data.length);
	}

	add({ data }: Tensor): void {
		this.#count++;
		for (let k = 0; k < data.length; k++) {
			const apart = (data[k] as number) - (this.#mean[k] as number);
			this.#mean[k] = (this.#mean[k] as number) + apart / this.#count;
			this.#squares[k] = (this.#squares[k] as number) + apart * ((data[k] as number) - (this.#mean[k] as number));
		}
	}

	estimate(): Estimate {
		const count = this.#count;
		const error = this.#squares.map((squares) => Math.sqrt(squares / (count - 1) / count));
		return { mean: { data: this.#mean, shape: this.#shape }, standardError: { data: error, shape: [...this.#shape] } };
	}
}
