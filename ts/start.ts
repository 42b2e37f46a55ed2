/**
 * How wasm modules start.
 * @module
 */
import { gunzip } from "./data/gzip.ts";
import { isNode } from "./platform.ts";

/** What the rollup plugin makes of a crate. */
export interface Crate<Exports> {
	/** Gzipped, by tools/packed-wasm.mjs. */
	module: Uint8Array;
	init(options: { module: Promise<Uint8Array> }): Promise<Exports>;
	initSync(options: { module: Uint8Array }): Exports;
}

/** Compiles and starts a module. */
export async function start<Exports>({ module, init, initSync }: Crate<Exports>): Promise<Exports> {
	const bytes = gunzip(module);
	// wasm-bindgen's asynchronous way asks for fetch's classes, whose first use takes Node ten milliseconds; a browser may refuse
	// to compile as much at once in a page's own thread.
	return isNode ? initSync({ module: await bytes }) : init({ module: bytes });
}
