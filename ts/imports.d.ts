/** What the rollup plugin makes of the crates: a wrong path must not become `any`. */
declare module "*/crate/core/Cargo.toml?custom" {
	type Crate = import("./start.ts").Crate<import("./wasm.ts").Wasm>;
	export const module: Crate["module"];
	export const init: Crate["init"];
	export const initSync: Crate["initSync"];
}
declare module "*/crate/groups/Cargo.toml?custom" {
	type Crate = import("./start.ts").Crate<import("./symmetry/groups-wasm.ts").GroupsWasm>;
	export const module: Crate["module"];
	export const init: Crate["init"];
	export const initSync: Crate["initSync"];
}
declare module "*/crate/training/Cargo.toml?custom" {
	type Crate = import("./start.ts").Crate<import("./training/training-wasm.ts").TrainingWasm>;
	export const module: Crate["module"];
	export const init: Crate["init"];
	export const initSync: Crate["initSync"];
}
/** What tools/compressed.mjs makes of a file. */
declare module "*?compressed" {
	/** Brotli in base64. */
	const text: string;
	export default text;
}
