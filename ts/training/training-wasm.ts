/**
 * The training module: its exports, declared by hand after crate/training's wasm.rs, and how it is loaded. It is large: it
 * is a file of its own, training.js, that a thread imports with its first training.
 * @module
 */
import * as crate from "../../crate/training/Cargo.toml?custom";
import { start } from "../start.ts";
import type { Floats } from "../wasm.ts";

/** Classes as integers, or numbers, samples × outputs. */
export type TrainingTargets = Floats | Uint32Array;

/** A training of one network. */
export interface Training {
	settings(): string;
	outputs(): number;
	stepCount(): number;
	hold(samples: Floats, targets: TrainingTargets): void;
	/** Steps on held samples, and the loss before each; the indices of step k end before `ends[k]`. */
	steps(indices: Uint32Array, ends: Uint32Array): Float64Array;
	predict(samples: Floats): Floats;
	linearized(samples: Floats, origin: Uint8Array): Floats;
	empiricalNngp(samples: Floats, others: Floats | undefined): Floats;
	empiricalNtk(samples: Floats, others: Floats | undefined, all: boolean): Floats;
	setParameters(file: Uint8Array): void;
	checkpoint(): Uint8Array;
	restore(file: Uint8Array): void;
	free(): void;
}

/** What the module exports. */
export interface TrainingWasm {
	Training: new (settings: string) => Training;
	/** What a training of these settings needs beside its samples. */
	trainingBytes(settings: string): number;
	memoryBytes(): number;
}

let loading: Promise<TrainingWasm> | undefined;

/** Compiles and starts the module, once a thread. */
export function loadTrainingWasm(): Promise<TrainingWasm> {
	loading ??= start(crate);
	return loading;
}
