/** What the rollup plugin makes of the crates: a wrong path must not become `any`. */
declare module "*/crate/core/Cargo.toml?custom" {
	/** Gzipped, by tools/packed-wasm.mjs. */
	export const module: Uint8Array;
	export function init(options: { module: Promise<Uint8Array> }): Promise<import("./wasm.ts").Wasm>;
}
declare module "*/crate/groups/Cargo.toml?custom" {
	/** Gzipped, by tools/packed-wasm.mjs. */
	export const module: Uint8Array;
	export function init(options: {
		module: Promise<Uint8Array>;
	}): Promise<import("./symmetry/groups-wasm.ts").GroupsWasm>;
}
declare module "*/crate/training/Cargo.toml?custom" {
	/** Gzipped, by tools/packed-wasm.mjs. */
	export const module: Uint8Array;
	export function init(options: {
		module: Promise<Uint8Array>;
	}): Promise<import("./training/training-wasm.ts").TrainingWasm>;
}
/** What tools/compressed.mjs makes of a file. */
declare module "*?compressed" {
	/** Brotli in base64. */
	const text: string;
	export default text;
}
