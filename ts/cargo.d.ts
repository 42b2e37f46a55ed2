/** What the rollup plugin makes of the crate, declared by hand: a wrong path must not become `any`. */
declare module "*/crate/core/Cargo.toml?custom" {
	type Floats = Float64Array | Float32Array;

	interface Gram<Values extends Floats> {
		put(id: number, first: number, samples: Values): void;
		remove(id: number): void;
		tile(row: number, column: number | undefined, nngp: boolean, ntk: boolean, transposed: boolean): Values;
		diagonal(id: number): Values;
		free(): void;
	}

	interface Fit {
		readonly ridge: number;
		takeFactor(): Float64Array;
		takeCoefficients(): Float64Array;
		free(): void;
	}

	export interface Wasm {
		GramF64: new (network: string, dimension: number) => Gram<Float64Array>;
		GramF32: new (network: string, dimension: number) => Gram<Float32Array>;
		Fit: new (
			gram: Float64Array,
			size: number,
			targets: Float64Array,
			count: number,
			unit: string,
			ridge: number,
		) => Fit;
		canonical(network: string, dimension: number): string;
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
		spectrum(values: Float64Array, length: number): Float64Array;
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

	export const module: Uint8Array;
	export function init(options: { module: Uint8Array }): Promise<Wasm>;
}
