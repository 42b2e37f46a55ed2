/**
 * The wasm instance and typed arrays: named tasks with plain data in and out. It knows neither
 * workers nor Comlink, and runs in either a worker or the calling thread.
 * @module
 */
import type { Symmetry } from "./alike.ts";
import type { Failure } from "./errors.ts";
import { type HeldOutRequest, heldOut } from "./pair-task.ts";
import { trainingTasks } from "./training/task.ts";
import type { TrainingWasm } from "./training/training-wasm.ts";
import { type Floats, loadWasm, type Orbits, type Wasm } from "./wasm.ts";

/** Orbits that an instance keeps: those of two regressions at the same time. */
const KEPT_ORBITS = 2;

/** What comes back from a task: its value or its failure, and how large the instance has become. */
export type Outcome<Value> = { memory: number } & ({ value: Value } | { failure: Failure });

/** Samples that the instance shall keep for later tiles; `first` is the index of the first of them. */
export interface BlockInput {
	id: number;
	first: number;
	samples: Floats;
}

/** The Gram that tiles belong to. */
export interface GramSetup {
	id: number;
	/** A network or a classical kernel, as JSON. */
	description: string;
	/** The shape of a sample. */
	sample: readonly number[];
	precision: "f64" | "f32";
	/** How the network shall be computed; missing: as is best. */
	executor: string | undefined;
}

/** What a Gram costs, before any of it is computed. */
export interface Cost {
	executor: "dense" | "classical" | "location" | "offsets" | "covariance";
	/** Of one entry: operations, and the memory in which they are done. */
	pairFlops: number;
	pairBytes: number;
	/** Of one sample, before any entry: operations, and the memory that is kept for the entries. */
	sampleFlops: number;
	sampleBytes: number;
	/** What pooled kernels of images do not change under. */
	symmetry?: Symmetry;
	steps: StepCost[];
}

/** One layer's part of an entry. */
export interface StepCost {
	/** Its place in the network, such as `layers[0]`. */
	layer: string;
	type: string;
	/** Pairs of locations. */
	locations: number;
	flops: number;
	bytes: number;
}

/** One tile, with the blocks that the instance lacks and those it shall forget before. */
export interface TileRequest {
	gram: GramSetup;
	put: BlockInput[];
	remove: { gram: number; id: number }[];
	row: number;
	/** Missing: the block with itself. */
	column: number | undefined;
	nngp: boolean;
	ntk: boolean;
	transposed: boolean;
	/** Where the tile is written and given back, from the start on. */
	out: Floats;
}

/** Seeds and their orbits under a group; stabilizers as JSON text, "[]" when all orbits are free. */
export interface OrbitsSetup {
	group: string;
	seeds: number;
	stabilizers: string;
}

/** A run of irreps, `first` to `end` without it. */
export interface IrrepRun {
	first: number;
	end: number;
}

type Gram = InstanceType<Wasm["GramF64"]> | InstanceType<Wasm["GramF32"]>;

/** All that an instance can be asked to do. */
const tasks = {
	canonical: ({ wasm }, { description, sample }: Pick<GramSetup, "description" | "sample">) =>
		wasm.canonical(description, Uint32Array.from(sample)),

	cost: ({ wasm }, { description, sample, precision, executor }: Omit<GramSetup, "id">) =>
		JSON.parse(wasm.explain(description, Uint32Array.from(sample), precision, executor)) as Cost,

	tile: (instance, request: TileRequest) => {
		for (const { gram, id } of request.remove) instance.remove(gram, id);
		const gram = instance.gram(request.gram);
		for (const { id, first, samples } of request.put) gram.put(id, first, samples as never);
		gram.tile(request.row, request.column, request.nngp, request.ntk, request.transposed, request.out as never);
		return request.out;
	},

	diagonal: (instance, request: { gram: GramSetup; block: BlockInput }) => {
		const gram = instance.gram(request.gram);
		const { id, first, samples } = request.block;
		try {
			gram.put(id, first, samples as never);
			return gram.diagonal(id);
		} finally {
			instance.closeGram(request.gram.id);
		}
	},

	closeGram: (instance, { id }: { id: number }) => instance.closeGram(id),

	fit: (
		{ wasm },
		request: {
			gram: Float64Array;
			size: number;
			targets: Float64Array;
			count: number;
			unit: string;
			ridge: number;
		},
	) => {
		const { gram, size, targets, count, unit, ridge } = request;
		const fit = new wasm.Fit(gram, size, targets, count, unit, ridge);
		try {
			return { ridge: fit.ridge, factor: fit.takeFactor(), coefficients: fit.takeCoefficients() };
		} finally {
			fit.free();
		}
	},

	multiply: ({ wasm }, request: { a: Floats; b: Floats; rows: number; columns: number }): Floats => {
		const { a, b, rows, columns } = request;
		return a instanceof Float32Array
			? wasm.multiplyF32(a, b as Float32Array, rows, columns)
			: wasm.multiply(a, b as Float64Array, rows, columns);
	},

	explained: ({ wasm }, request: { factor: Float64Array; size: number; cross: Float64Array }) =>
		wasm.explained(request.factor, request.size, request.cross),

	inverseDiagonal: ({ wasm }, request: { factor: Float64Array; size: number }) =>
		wasm.inverseDiagonal(request.factor, request.size),

	leaveOut: (
		{ wasm },
		request: {
			factor: Float64Array;
			size: number;
			coefficients: Float64Array;
			members: Uint32Array;
			ends: Uint32Array;
		},
	) => wasm.leaveOut(request.factor, request.size, request.coefficients, request.members, request.ends),

	heldOut: ({ wasm }, request: HeldOutRequest) => heldOut(wasm, request),

	spectrum: ({ wasm }, request: { values: Float64Array; length: number }) =>
		wasm.spectrum(request.values, request.length),

	groupTable: ({ wasm }, { group: text, matrices }: { group: string; matrices: boolean }) => {
		const group = new wasm.GroupTable(text);
		try {
			const layout = group.layout();
			const each = matrices ? Array.from({ length: layout.length / 3 }, (_, irrep) => group.matrices(irrep)) : [];
			return {
				order: group.order(),
				product: group.product(),
				inverse: group.inverse(),
				identity: group.identity(),
				generators: group.generators(),
				classOf: group.classOf(),
				representatives: group.representatives(),
				characters: group.characters(),
				members: group.members(),
				layout,
				matrices: each,
			};
		} finally {
			group.free();
		}
	},

	orbits: (instance, setup: OrbitsSetup) => {
		const orbits = instance.orbits(setup);
		return {
			identity: orbits.identity(),
			inverse: orbits.inverse(),
			layout: orbits.layout(),
			// Of free orbits each element makes a point of its own.
			representatives: setup.stabilizers === "[]" ? undefined : orbits.representatives(),
		};
	},

	/** With `times`, repeated in place: what the transform alone takes. */
	fourier: (instance, { orbits, values, times }: { orbits: OrbitsSetup; values: Float64Array; times?: number }) =>
		instance.orbits(orbits).forward(values, times ?? 1),

	inverseFourier: (instance, { orbits, values }: { orbits: OrbitsSetup; values: Float64Array }) =>
		instance.orbits(orbits).backward(values),

	spectra: (instance, { orbits, values }: { orbits: OrbitsSetup; values: Float64Array }) =>
		instance.orbits(orbits).spectra(values),

	functions: (instance, { orbits, values }: { orbits: OrbitsSetup; values: Float64Array }) =>
		instance.orbits(orbits).functions(values),

	kernelSpectra: (
		instance,
		request: { orbits: OrbitsSetup; pair: [number, number]; kernels: Float64Array; scale: number },
	) => {
		const { orbits, pair, kernels, scale } = request;
		return instance.orbits(orbits).kernelSpectra(...pair, kernels, scale);
	},

	groupFit: (
		instance,
		request: {
			orbits: OrbitsSetup;
			run: IrrepRun;
			spectra: Float64Array;
			own: Float64Array;
			ridge: number;
			targets: Float64Array;
			count: number;
		},
	) => {
		const { orbits, run, spectra, own, ridge, targets, count } = request;
		const fit = instance.orbits(orbits).fit(run.first, run.end, spectra, own, ridge, targets, count);
		try {
			return { factors: fit.takeFactors(), coefficients: fit.takeCoefficients(), diagonal: fit.takeDiagonal() };
		} finally {
			fit.free();
		}
	},

	inverseBlocks: (
		instance,
		request: { orbits: OrbitsSetup; run: IrrepRun; factors: Float64Array; pairs: Uint32Array },
	) => {
		const { orbits, run, factors, pairs } = request;
		return instance.orbits(orbits).inverseBlocks(run.first, run.end, factors, pairs);
	},

	groupExplained: (
		instance,
		request: {
			orbits: OrbitsSetup;
			run: IrrepRun;
			factors: Float64Array;
			functions: Float64Array;
			points: number;
		},
	) => {
		const { orbits, run, factors, functions, points } = request;
		return instance.orbits(orbits).explained(run.first, run.end, factors, functions, points);
	},

	leaveSetsOut: (
		instance,
		request: {
			orbits: OrbitsSetup;
			inverse: Float64Array;
			pairs: Uint32Array;
			points: Uint32Array;
			sizes: Uint32Array;
			coefficients: Float64Array;
			count: number;
		},
	) => {
		const { orbits, inverse, pairs, points, sizes, coefficients, count } = request;
		return instance.orbits(orbits).leaveOut(inverse, pairs, points, sizes, coefficients, count);
	},

	rotate: (
		{ wasm },
		request: {
			images: Float64Array;
			rows: number;
			columns: number;
			degrees: Float64Array;
			centerUnit: boolean;
			first: number;
		},
	) => {
		const { images, rows, columns, degrees, centerUnit, first } = request;
		return wasm.rotate(images, rows, columns, degrees, centerUnit, first);
	},

	resize: (
		{ wasm },
		request: { images: Float64Array; rows: number; columns: number; newRows: number; newColumns: number },
	) => wasm.resize(request.images, request.rows, request.columns, request.newRows, request.newColumns),

	centerUnit: ({ wasm }, request: { images: Float64Array; size: number; first: number }) =>
		wasm.centerUnit(request.images, request.size, request.first),

	...trainingTasks,
} satisfies Record<string, (instance: Instance, request: never) => unknown>;

/** The tasks by name, as callers see them. */
export type Tasks = {
	[Name in keyof typeof tasks]: {
		request: Parameters<(typeof tasks)[Name]>[1];
		value: Awaited<ReturnType<(typeof tasks)[Name]>>;
	};
};

/** The wasm module and the Grams that are open in it. */
class Instance {
	readonly wasm: Wasm;
	readonly #grams = new Map<number, Gram>();
	readonly #orbits = new Map<string, Orbits>();
	#training: TrainingWasm | undefined;

	constructor(wasm: Wasm) {
		this.wasm = wasm;
	}

	gram({ id, description, sample, precision, executor }: GramSetup): Gram {
		const Open = precision === "f32" ? this.wasm.GramF32 : this.wasm.GramF64;
		const gram = this.#grams.get(id) ?? new Open(description, Uint32Array.from(sample), executor);
		this.#grams.set(id, gram);
		return gram;
	}

	/** The irreps of a group may take long: the last few are kept. */
	orbits(setup: OrbitsSetup): Orbits {
		const { group, seeds, stabilizers } = setup;
		const key = `${seeds} ${stabilizers} ${group}`;
		const orbits = this.#orbits.get(key) ?? new this.wasm.Orbits(group, seeds, stabilizers);
		// The one that is used comes last.
		this.#orbits.delete(key);
		this.#orbits.set(key, orbits);
		for (const [oldest, other] of this.#orbits) {
			if (this.#orbits.size <= KEPT_ORBITS) break;
			other.free();
			this.#orbits.delete(oldest);
		}
		return orbits;
	}

	/** The module for trainings, which is large: a file of its own, fetched when it is asked for. */
	async training(url: string): Promise<TrainingWasm> {
		const { loadTrainingWasm }: typeof import("./training/training-wasm.ts") = await import(/* @vite-ignore */ url);
		this.#training = await loadTrainingWasm();
		return this.#training;
	}

	memoryBytes(): number {
		return this.wasm.memoryBytes() + (this.#training?.memoryBytes() ?? 0);
	}

	remove(gram: number, id: number): void {
		this.#grams.get(gram)?.remove(id);
	}

	closeGram(id: number): void {
		this.#grams.get(id)?.free();
		this.#grams.delete(id);
	}
}

/** Runs tasks on one instance; what a worker exposes and what `workers: 0` uses directly. */
export class Core {
	readonly #instance = loadWasm().then((wasm) => new Instance(wasm));

	/**
	 * Runs a task. Expected failures come back as data; anything that is thrown (a trap, memory
	 * exhausted) means that the instance can't be used any more.
	 */
	async run<Name extends keyof Tasks>(
		name: Name,
		request: Tasks[Name]["request"],
	): Promise<Outcome<Tasks[Name]["value"]>> {
		const instance = await this.#instance;
		type Value = Tasks[Name]["value"];
		const task = tasks[name] as (instance: Instance, request: Tasks[Name]["request"]) => Value | Promise<Value>;
		try {
			const value = await task(instance, request);
			return { memory: instance.memoryBytes(), value };
		} catch (error) {
			// The crate throws its failures as JSON text.
			if (typeof error !== "string") throw error;
			return { memory: instance.memoryBytes(), failure: JSON.parse(error) };
		}
	}
}
