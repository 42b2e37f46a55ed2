/**
 * The training module: its exports, declared by hand after crate/training's wasm.rs, and how it is loaded: only when
 * something is trained.
 * @module
 */
import type { Floats } from "./wasm.ts";

/** A training of one network; arrays that are undefined stand for what is held. */
export interface Training {
	settings(): string;
	outputs(): number;
	size(): number;
	stepCount(): number;
	hold(samples: Floats, targets: Floats | Uint32Array): void;
	steps(indices: Uint32Array, batch: number): Float64Array;
	predict(samples: Floats | undefined): Floats;
	/** Loss and accuracy. */
	score(samples: Floats | undefined, targets: Floats | Uint32Array | undefined): Float64Array;
	linearized(samples: Floats | undefined, origin: Uint8Array | undefined): Floats;
	empiricalNngp(samples: Floats | undefined, others: Floats | undefined): Floats;
	empiricalNtk(samples: Floats | undefined, others: Floats | undefined, all: boolean): Floats;
	parameters(): Uint8Array;
	setParameters(file: Uint8Array): void;
	checkpoint(): Uint8Array;
	restore(file: Uint8Array): void;
	free(): void;
}

/** What the module exports. */
export interface TrainingWasm {
	Training: new (settings: string) => Training;
	permutation(seed: number, epoch: number, count: number): Uint32Array;
	memoryBytes(): number;
}

/** Fetches, compiles and starts the module, once a thread. */
export const loadTrainingWasm = async (): Promise<TrainingWasm> => {
	const { init, module } = await import("../crate/training/Cargo.toml?custom");
	return init({ module });
};
