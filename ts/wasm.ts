/**
 * The wasm module: its exports, declared by hand after wasm.rs, and how it is loaded.
 * @module
 */
import * as crate from "../crate/core/Cargo.toml?custom";
import { start } from "./start.ts";

/** Values of one of the two precisions. */
export type Floats = Float64Array | Float32Array;

/** An open Gram in one precision. */
export interface Gram<Values extends Floats> {
	put(id: number, first: number, samples: Values): void;
	remove(id: number): void;
	tile(row: number, column: number | undefined, nngp: boolean, ntk: boolean, transposed: boolean, out: Values): void;
	diagonal(id: number): Values;
	free(): void;
}

/** A fitted regression on its way out. */
export interface Fit {
	readonly ridge: number;
	takeFactor(): Float64Array;
	takeCoefficients(): Float64Array;
	free(): void;
}

/** What the module exports. */
export interface Wasm {
	GramF64: new (description: string, sample: Uint32Array, executor: string | undefined) => Gram<Float64Array>;
	GramF32: new (description: string, sample: Uint32Array, executor: string | undefined) => Gram<Float32Array>;
	Fit: new (gram: Float64Array, size: number, targets: Float64Array, count: number, unit: string, ridge: number) => Fit;
	canonical(description: string, sample: Uint32Array): string;
	/** A `Cost` as JSON. */
	explain(description: string, sample: Uint32Array, precision: string, executor: string | undefined): string;
	multiply(a: Float64Array, b: Float64Array, rows: number, columns: number): Float64Array;
	multiplyF32(a: Float32Array, b: Float32Array, rows: number, columns: number): Float32Array;
	explained(factor: Float64Array, size: number, cross: Float64Array): Float64Array;
	inverseDiagonal(factor: Float64Array, size: number): Float64Array;
	leaveOut(
		factor: Float64Array,
		size: number,
		coefficients: Float64Array,
		members: Uint32Array,
		ends: Uint32Array,
	): Float64Array;
	rotate(
		images: Float64Array,
		rows: number,
		columns: number,
		degrees: Float64Array,
		centerUnit: boolean,
		first: number,
	): Float64Array;
	resize(images: Float64Array, rows: number, columns: number, newRows: number, newColumns: number): Float64Array;
	centerUnit(images: Float64Array, size: number, first: number): Float64Array;
	memoryBytes(): number;
}

/** Compiles and starts the module, once a thread. */
export const loadWasm = (): Promise<Wasm> => start(crate);
