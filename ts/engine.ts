/**
 * The wasm instance and typed arrays: named tasks with plain data in and out. It knows neither
 * workers nor Comlink, and runs in either a worker or the calling thread.
 * @module
 */
import type { Symmetry } from "./alike.ts";
import type { Failure } from "./errors.ts";
import { type HeldOutRequest, heldOut } from "./pair-task.ts";
import { Groups, groupTasks } from "./symmetry/task.ts";
import { trainingTasks } from "./training/task.ts";
import type { TrainingWasm } from "./training/training-wasm.ts";
import { type Floats, loadWasm, type Wasm } from "./wasm.ts";

/** Addresses of the modules that not everybody needs. */
export interface Files {
	groups: string;
	training: string;
}

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

	heldOut: async (instance, request: HeldOutRequest) => heldOut(instance.wasm, (await instance.groups()).wasm, request),

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

	...groupTasks,
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
	readonly #files: Partial<Files>;
	#groups: Groups | undefined;
	#training: TrainingWasm | undefined;

	constructor(wasm: Wasm, files: Partial<Files>) {
		this.wasm = wasm;
		this.#files = files;
	}

	gram({ id, description, sample, precision, executor }: GramSetup): Gram {
		const Open = precision === "f32" ? this.wasm.GramF32 : this.wasm.GramF64;
		const gram = this.#grams.get(id) ?? new Open(description, Uint32Array.from(sample), executor);
		this.#grams.set(id, gram);
		return gram;
	}

	/** The module of groups: kernels do without. */
	async groups(): Promise<Groups> {
		if (!this.#groups) {
			const { loadGroupsWasm } = await this.#file<typeof import("./symmetry/groups-wasm.ts")>("groups");
			const wasm = await loadGroupsWasm();
			// Another task may have come first.
			this.#groups ??= new Groups(wasm);
		}
		return this.#groups;
	}

	/** The module for trainings, which is large. */
	async training(): Promise<TrainingWasm> {
		if (!this.#training) {
			const { loadTrainingWasm } = await this.#file<typeof import("./training/training-wasm.ts")>("training");
			this.#training = await loadTrainingWasm();
		}
		return this.#training;
	}

	/** A file of its own, fetched when it is asked for. */
	#file<Module>(name: keyof Files): Promise<Module> {
		return import(/* @vite-ignore */ this.#files[name] as string);
	}

	memoryBytes(): number {
		const others = [this.#groups?.wasm, this.#training];
		return others.reduce((sum, other) => sum + (other?.memoryBytes() ?? 0), this.wasm.memoryBytes());
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
	readonly #files: Partial<Files> = {};
	readonly #instance = loadWasm().then((wasm) => new Instance(wasm, this.#files));

	/** Says where the other modules are; comes before the first task that needs one. */
	locate(files: Files): void {
		Object.assign(this.#files, files);
	}

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
