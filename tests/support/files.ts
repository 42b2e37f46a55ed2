/**
 * Reference numbers and data sets for tests, the same in Node and in browsers.
 * @module
 */

/** A file of the reference numbers, or undefined: then its test reports itself as skipped. */
export const readReference = (path: string): Promise<Uint8Array | undefined> => read("reference", path);

/** A file of the data sets (MNIST), or undefined. */
export const readData = (path: string): Promise<Uint8Array | undefined> => read("data", path);

type Find = typeof import("./roots.ts")["findFile"];
let find: Find | undefined;

/** Reads by this function from now on, where neither of the ways below can be taken. */
export function readWith(findFile: Find): void {
	find = findFile;
}

async function read(kind: "reference" | "data", path: string): Promise<Uint8Array | undefined> {
	if (globalThis.process?.versions?.node) {
		// A variable keeps what only Node has out of the browser's bundle.
		const nodeOnly = "./roots.ts";
		find ??= ((await import(/* @vite-ignore */ nodeOnly)) as typeof import("./roots.ts")).findFile;
		return find(kind, path);
	}
	const response = await fetch(`/test-files/${kind}/${path}`);
	return response.ok ? new Uint8Array(await response.arrayBuffer()) : undefined;
}

/** A family's conventions and cases, `<family>.json`. */
export async function loadManifest<Manifest = unknown>(family: string): Promise<Manifest | undefined> {
	const bytes = await readReference(`${family}.json`);
	return bytes && (JSON.parse(new TextDecoder().decode(bytes)) as Manifest);
}

/** An array as manifests have it: inline, or in a file beside the manifest. */
export type StoredArray = { shape: number[]; data: number[] } | { shape: number[]; file: string };

export interface LoadedArray {
	data: Float64Array;
	shape: number[];
}

/**
 * The values of an array of a family's manifest; undefined when its file is absent (those made from MNIST's pixels are not
 * in the project).
 */
export async function loadArray(family: string, stored: StoredArray): Promise<LoadedArray | undefined> {
	if ("data" in stored) return { data: Float64Array.from(stored.data), shape: stored.shape };
	// Paths are relative to the manifest.
	const bytes = await readReference(`${family}.json`.replace(/[^/]*$/, stored.file));
	return bytes && { data: float64Values(bytes), shape: stored.shape };
}

/** The one kind of .npy that the reference numbers use (version 1.0, "<f8", C order), read without the library under test. */
function float64Values(npy: Uint8Array): Float64Array {
	const view = new DataView(npy.buffer, npy.byteOffset, npy.byteLength);
	const start = 10 + view.getUint16(8, true);
	const header = new TextDecoder().decode(npy.subarray(10, start));
	if (!header.includes("'<f8'") || !header.includes("'fortran_order': False"))
		throw new Error(`unexpected array: ${header}`);
	return new Float64Array(npy.slice(start).buffer);
}
