/**
 * The module of groups: its exports, declared by hand after crate/groups's wasm.rs, and how it is loaded. Kernels do without:
 * it is a file of its own, groups.js, that a thread imports with its first transform.
 * @module
 */
import * as crate from "../../crate/groups/Cargo.toml?custom";
import { start } from "../start.ts";

/** A group as tables. */
export interface GroupTable {
	order(): number;
	identity(): number;
	generators(): Uint32Array;
	product(): Uint32Array;
	inverse(): Uint32Array;
	classOf(): Uint32Array;
	representatives(): Uint32Array;
	characters(): Float64Array;
	members(): Uint32Array;
	layout(): Uint32Array;
	matrices(irrep: number): Float64Array;
	free(): void;
}

/** Orbits under a group, and what is computed on them. */
export interface Orbits {
	identity(): number;
	inverse(): Uint32Array;
	representatives(): Uint32Array;
	layout(): Uint32Array;
	forward(functions: Float64Array, times: number): Float64Array;
	backward(spectrum: Float64Array): Float64Array;
	spectra(functions: Float64Array): Float64Array;
	functions(spectra: Float64Array): Float64Array;
	kernelSpectra(a: number, b: number, kernels: Float64Array, scale: number): Float64Array;
	fit(
		first: number,
		end: number,
		spectra: Float64Array,
		own: Float64Array,
		ridge: number,
		targets: Float64Array,
		count: number,
	): GroupFit;
	inverseBlocks(first: number, end: number, factors: Float64Array, pairs: Uint32Array): Float64Array;
	explained(first: number, end: number, factors: Float64Array, functions: Float64Array, points: number): Float64Array;
	leaveOut(
		inverse: Float64Array,
		pairs: Uint32Array,
		points: Uint32Array,
		sizes: Uint32Array,
		coefficients: Float64Array,
		count: number,
	): Float64Array;
	free(): void;
}

/** Some irreps of a regression on their way out. */
export interface GroupFit {
	takeFactors(): Float64Array;
	takeCoefficients(): Float64Array;
	takeDiagonal(): Float64Array;
	free(): void;
}

/** What the module exports. */
export interface GroupsWasm {
	GroupTable: new (group: string) => GroupTable;
	Orbits: new (group: string, seeds: number, stabilizers: string) => Orbits;
	spectrum(values: Float64Array, length: number): Float64Array;
	memoryBytes(): number;
}

let loading: Promise<GroupsWasm> | undefined;

/** Compiles and starts the module, once a thread. */
export function loadGroupsWasm(): Promise<GroupsWasm> {
	loading ??= start(crate);
	return loading;
}
