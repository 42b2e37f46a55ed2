/**
 * Compressed bytes, by the platform's own decompressor.
 * @module
 */

/** Whether the bytes begin like a gzip file. */
export function isGzip(bytes: Uint8Array): boolean {
	return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

// Synchronous, and invisible to bundlers for browsers.
const zlib = globalThis.process?.getBuiltinModule?.("node:zlib");

/** Unpacks a gzip file; rejects when it is damaged or cut off. */
export async function gunzip(bytes: Uint8Array): Promise<Uint8Array> {
	// Node's streams of the web come with its fetch, whose first use takes 30 ms.
	if (zlib) return inNode(zlib, bytes);
	// The copy is for Blob, which refuses shared memory.
	const stream = new Blob([new Uint8Array(bytes)]).stream().pipeThrough(new DecompressionStream("gzip"));
	return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Bytes that are unpacked at a time: a module in one go, where each would wait its turn. */
const CHUNK = 2 ** 20;

function inNode({ gunzip }: typeof import("node:zlib"), bytes: Uint8Array): Promise<Uint8Array> {
	return new Promise((resolve, reject) =>
		gunzip(bytes, { chunkSize: CHUNK }, (error, unpacked) => (error ? reject(error) : resolve(unpacked))),
	);
}
