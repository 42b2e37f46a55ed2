/**
 * The blocks of a Gram on orbits, one for each irrep: transforms and factors as plain data, spread over the pool.
 * @module
 */
import { checkMemory, doubles, type Tensor } from "../arrays.ts";
import { OrbitKernelsError } from "../errors.ts";
import type { CallOptions, Context } from "../kernel.ts";
import type { Job } from "../pool.ts";
import { type Component, componentsOf } from "./structure.ts";
import type { Targets } from "./targets.ts";
import type { IrrepRun, OrbitsSetup } from "./task.ts";

/** Numbers of functions that one job transforms: some 10 ms of work. */
const NUMBERS_PER_JOB = 2 ** 19;
/** Numbers of the pairs' matrices that one job factorizes, unless a single irrep has more. */
const NUMBERS_PER_RUN = 2 ** 15;
/** A block of so many rows takes long enough that an abort does not wait for it. */
const LONG_ROWS = 500;

/** Some irreps, and where their matrices stand in those of one function. */
interface Run extends IrrepRun {
	from: number;
	to: number;
}

/** Transforms of the kernel, irrep after irrep; in their place, once they are fitted, the factors. */
export class Blocks {
	/** The identity of the group. */
	readonly identity: number;
	/** For each seed and element the first element that makes the same point; missing when all orbits are free. */
	readonly representatives: Uint32Array | undefined;
	readonly #context: Context;
	readonly #orbits: OrbitsSetup;
	readonly #options: CallOptions;
	readonly #inverse: Uint32Array;
	readonly #components: Component[];
	readonly #runs: Run[];
	readonly #order: number;
	/** Numbers of one function. */
	readonly #packed: number;
	readonly #pairs: number;
	readonly #long: boolean;
	#data = new Float64Array(0);
	#done = 0;

	private constructor(context: Context, orbits: OrbitsSetup, known: Known, options: CallOptions) {
		this.#context = context;
		this.#orbits = orbits;
		this.#options = options;
		this.identity = known.identity;
		this.representatives = known.representatives;
		this.#inverse = known.inverse;
		this.#order = known.inverse.length;
		this.#components = componentsOf(known.layout);
		const last = this.#components[this.#components.length - 1] as Component;
		this.#packed = last.offset + last.length;
		this.#pairs = (orbits.seeds * (orbits.seeds + 1)) / 2;
		this.#runs = runsOf(this.#components, this.#pairs);
		const rows = orbits.seeds * Math.max(...this.#components.map(({ degree }) => degree));
		this.#long = rows >= LONG_ROWS;
		// The matrix, its inverse and the factor in a worker, and as much on the way.
		const block = 4 * 16 * rows * rows;
		checkMemory("the blocks", 8 * this.#packed * this.#pairs + block, context.maxBytes);
	}

	/** Learns what the group and the stabilizers are like; errors: `group`, `memory`. */
	static async open(context: Context, orbits: OrbitsSetup, options: CallOptions): Promise<Blocks> {
		const { signal } = options;
		const known = await context.pool.call("orbits", () => orbits, { signal, long: true });
		return new Blocks(context, orbits, known, options);
	}

	/** The kernel of each seed with itself. */
	own({ data, shape }: Tensor): Float64Array {
		const m = this.#orbits.seeds;
		const row = (a: number) => (shape.length === 3 ? a * m + a : pairIndex(a, a, m));
		return Float64Array.from({ length: m }, (_, a) => data[row(a) * this.#order + this.identity] as number);
	}

	/** Takes the kernel's transforms; errors: `value` where it contradicts the group or itself. */
	async transform(kernel: Tensor, own: Float64Array): Promise<void> {
		const [m, order] = [this.#orbits.seeds, this.#order];
		const scale = own.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
		if (kernel.shape.length === 3) this.#checkSymmetric(kernel, scale);
		this.#data = new Float64Array(this.#packed * this.#pairs);
		const step = Math.max(1, Math.floor(NUMBERS_PER_JOB / order));
		const total = Math.ceil(this.#pairs / step) + this.#runs.length;
		this.#done = 0;
		const { onProgress } = this.#options;
		const blocks = this;
		function* jobs(): Generator<Job<"kernelSpectra">> {
			let pair: [number, number] = [0, 0];
			for (let first = 0; first < blocks.#pairs; first += step) {
				const count = Math.min(step, blocks.#pairs - first);
				const start = pair;
				yield {
					name: "kernelSpectra",
					request: () => ({
						orbits: blocks.#orbits,
						pair: start,
						kernels: rowsOf(kernel, first, count, start, m),
						scale,
					}),
					deliver(values) {
						blocks.#scatter(blocks.#data, values, blocks.#pairs, first, count);
						onProgress?.({ done: ++blocks.#done, total });
					},
				};
				pair = pairAfter(pair, count, m);
			}
		}
		await this.#context.pool.run(jobs(), this.#options.signal);
	}

	/** Factorizes all blocks and solves; coefficients m × |G| × columns, the inverse's diagonal blocks m × |G|. */
	async fit(
		own: Float64Array,
		ridge: number,
		targets: Targets,
	): Promise<{ coefficients: Float64Array; diagonal: Float64Array }> {
		const { seeds: m } = this.#orbits;
		const { columns: count, varying } = targets;
		const order = this.#order;
		const spectra = varying ? await this.#spectra(targets.functions()) : this.#constant(targets);
		const solved = new Float64Array(this.#packed * m * count);
		const diagonal = new Float64Array(this.#packed * m);
		const { signal, onProgress } = this.#options;
		const total = this.#done + this.#runs.length;
		const jobs = this.#runs.map((run): Job<"groupFit"> => {
			const part = (data: Float64Array, rows: number) => data.subarray(run.from * rows, run.to * rows);
			// Constant functions have only the trivial irrep, the first one.
			const needed = varying !== undefined || run.first === 0;
			return {
				name: "groupFit",
				long: this.#long,
				request: () => ({
					orbits: this.#orbits,
					run: { first: run.first, end: run.end },
					spectra: part(this.#data, this.#pairs).slice(),
					own: own.slice(),
					ridge,
					targets: needed ? part(spectra, m * count).slice() : new Float64Array(0),
					count,
				}),
				deliver: (value) => {
					part(this.#data, this.#pairs).set(value.factors);
					part(diagonal, m).set(value.diagonal);
					if (needed) part(solved, m * count).set(value.coefficients);
					onProgress?.({ done: ++this.#done, total });
				},
			};
		});
		await this.#context.pool.run(jobs, signal);
		const functions = (values: Float64Array) => this.#functions(values);
		return {
			coefficients: varying
				? pointMajor(await functions(solved), m, count, order)
				: Float64Array.from({ length: m * order * count }, (_, at) => {
						const [seed, column] = [Math.floor(at / (order * count)), at % count];
						return (solved[seed * count + column] as number) / order;
					}),
			diagonal: await functions(diagonal),
		};
	}

	/** Residuals of the points of each set, predicted without the set, from their rows of K^-1 y. */
	async leaveOut(
		sets: readonly (readonly (readonly [number, number])[])[],
		coefficients: Float64Array,
		count: number,
	): Promise<Float64Array> {
		const m = this.#orbits.seeds;
		const wanted = new Set<number>();
		for (const set of sets) {
			const seeds = [...new Set(set.map(([seed]) => seed))];
			for (const a of seeds) for (const b of seeds) if (a <= b) wanted.add(a * m + b);
		}
		const pairs = Uint32Array.from([...wanted].flatMap((key) => [Math.floor(key / m), key % m]));
		checkMemory("the blocks of the inverse", 3 * 8 * this.#packed * wanted.size, this.#context.maxBytes);
		const inverse = new Float64Array(this.#packed * wanted.size);
		const jobs = this.#runs.map((run): Job<"inverseBlocks"> => {
			return {
				name: "inverseBlocks",
				request: () => ({ ...this.#factors(run), pairs: pairs.slice() }),
				deliver: (value) => inverse.set(value, run.from * wanted.size),
			};
		});
		await this.#context.pool.run(jobs);
		const request = () => ({
			orbits: this.#orbits,
			inverse,
			pairs,
			points: Uint32Array.from(sets.flat(2)),
			sizes: Uint32Array.from(sets, (set) => set.length),
			coefficients,
			count,
		});
		return this.#context.pool.call("leaveSetsOut", request, { long: true });
	}

	/** `f·(K + ridge·I)^-1 f` of functions f on the points, p × m × |G|. */
	async explained(cross: Tensor): Promise<Float64Array> {
		const [points, m] = cross.shape as [number, number];
		checkMemory("the transforms of new points", 2 * 8 * this.#packed * points * m, this.#context.maxBytes);
		const spectra = await this.#spectra(cross.data);
		const parts: Float64Array[] = [];
		const jobs = this.#runs.map((run, k): Job<"groupExplained"> => {
			return {
				name: "groupExplained",
				request: () => ({
					...this.#factors(run),
					functions: spectra.slice(run.from * points * m, run.to * points * m),
					points,
				}),
				deliver: (value) => {
					parts[k] = value;
				},
			};
		});
		await this.#context.pool.run(jobs);
		// In the order of the irreps, whichever worker was first.
		const sums = new Float64Array(points);
		for (const part of parts) for (let k = 0; k < points; k++) sums[k] = (sums[k] as number) + (part[k] as number);
		return sums;
	}

	#factors({ first, end, from, to }: Run) {
		const factors = this.#data.slice(from * this.#pairs, to * this.#pairs);
		return { orbits: this.#orbits, run: { first, end }, factors };
	}

	/** Transforms of functions on the group, irrep after irrep. */
	async #spectra(functions: Tensor["data"]): Promise<Float64Array> {
		const rows = functions.length / this.#order;
		const out = new Float64Array(this.#packed * rows);
		const step = Math.max(1, Math.floor(NUMBERS_PER_JOB / this.#order));
		const blocks = this;
		function* jobs(): Generator<Job<"spectra">> {
			for (let first = 0; first < rows; first += step) {
				const count = Math.min(step, rows - first);
				const values = () => doubles(functions, first * blocks.#order, (first + count) * blocks.#order);
				yield {
					name: "spectra",
					request: () => ({ orbits: blocks.#orbits, values: values() }),
					deliver: (value) => blocks.#scatter(out, value, rows, first, count),
				};
			}
		}
		await this.#context.pool.run(jobs(), this.#options.signal);
		return out;
	}

	/** The functions of all transforms, row by row. */
	async #functions(spectra: Float64Array): Promise<Float64Array> {
		const rows = spectra.length / this.#packed;
		const out = new Float64Array(rows * this.#order);
		const step = Math.max(1, Math.floor(NUMBERS_PER_JOB / this.#packed));
		const blocks = this;
		function* jobs(): Generator<Job<"functions">> {
			for (let first = 0; first < rows; first += step) {
				const count = Math.min(step, rows - first);
				yield {
					name: "functions",
					request: () => ({ orbits: blocks.#orbits, values: blocks.#gather(spectra, rows, first, count) }),
					deliver: (value) => out.set(value, first * blocks.#order),
				};
			}
		}
		await this.#context.pool.run(jobs(), this.#options.signal);
		return out;
	}

	/** The transforms of constant functions, for the run of the trivial irrep alone. */
	#constant({ columns, at }: Targets): Float64Array {
		const [{ to }, rows] = [this.#runs[0] as Run, this.#orbits.seeds * columns];
		const out = new Float64Array(to * rows);
		for (let row = 0; row < rows; row++)
			out[row] = this.#order * at(Math.floor(row / columns) * this.#order, row % columns);
		return out;
	}

	/** Puts the transforms of functions `first…` among those of all `rows`. */
	#scatter(to: Float64Array, values: Float64Array, rows: number, first: number, count: number): void {
		for (const { offset, length } of this.#components)
			to.set(values.subarray(offset * count, (offset + length) * count), offset * rows + first * length);
	}

	/** Takes the transforms of functions `first…` from those of all `rows`. */
	#gather(from: Float64Array, rows: number, first: number, count: number): Float64Array {
		const out = new Float64Array(this.#packed * count);
		for (const { offset, length } of this.#components) {
			const start = offset * rows + first * length;
			out.set(from.subarray(start, start + length * count), offset * count);
		}
		return out;
	}

	/** k_ba(u) = k_ab(u⁻¹): of the two only the one with a ≤ b is used. */
	#checkSymmetric({ data }: Tensor, scale: number): void {
		const [m, order] = [this.#orbits.seeds, this.#order];
		for (let a = 0; a < m; a++)
			for (let b = a + 1; b < m; b++)
				for (let u = 0; u < order; u++) {
					const index = (b * m + a) * order + (this.#inverse[u] as number);
					const gap = Math.abs((data[(a * m + b) * order + u] as number) - (data[index] as number));
					if (gap <= 1e-8 * scale) continue;
					const path = `k[${b}][${a}][${this.#inverse[u]}]`;
					const expected = `k[${a}][${b}][${u}], as the inverse element exchanges the seeds, to 1e-8 of the largest`;
					const message = `${path}: differs by ${gap}, expected ${expected}`;
					throw new OrbitKernelsError("value", message, { path, index, value: data[index], expected });
				}
	}
}

/** What an instance tells about orbits. */
interface Known {
	identity: number;
	inverse: Uint32Array;
	layout: Uint32Array;
	representatives: Uint32Array | undefined;
}

/** Cuts the irreps into runs of enough work, by their shapes alone. */
function runsOf(components: Component[], pairs: number): Run[] {
	const runs: Run[] = [];
	let first = 0;
	let from = 0;
	components.forEach(({ offset, length }, irrep) => {
		const to = offset + length;
		if ((to - from) * pairs < NUMBERS_PER_RUN && irrep + 1 < components.length) return;
		runs.push({ first, end: irrep + 1, from, to });
		[first, from] = [irrep + 1, to];
	});
	return runs;
}

/** The place of a pair a ≤ b among all. */
const pairIndex = (a: number, b: number, m: number) => a * m - (a * (a - 1)) / 2 + b - a;

/** The pair that comes so many after another. */
function pairAfter([a, b]: [number, number], count: number, m: number): [number, number] {
	let [row, column] = [a, b + count];
	while (column >= m && row < m) {
		row++;
		column += row - m;
	}
	return [row, column];
}

/** The kernels of so many pairs a ≤ b from a start, row by row. */
function rowsOf(
	{ data, shape }: Tensor,
	first: number,
	count: number,
	start: [number, number],
	m: number,
): Float64Array {
	const order = shape[shape.length - 1] as number;
	if (shape.length === 2) return doubles(data, first * order, (first + count) * order);
	const out = new Float64Array(count * order);
	let [a, b] = start;
	for (let at = 0; at < count; ) {
		const run = Math.min(m - b, count - at);
		const from = (a * m + b) * order;
		out.set(data.subarray(from, from + run * order), at * order);
		at += run;
		b = ++a;
	}
	return out;
}

/** Seeds × columns × elements → seeds × elements × columns. */
function pointMajor(functions: Float64Array, m: number, columns: number, order: number): Float64Array {
	if (columns === 1) return functions;
	const out = new Float64Array(functions.length);
	for (let seed = 0; seed < m; seed++)
		for (let column = 0; column < columns; column++)
			for (let g = 0; g < order; g++)
				out[(seed * order + g) * columns + column] = functions[(seed * columns + column) * order + g] as number;
	return out;
}
