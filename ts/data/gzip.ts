/**
 * Compressed bytes, by the platform's own decompressor.
 * @module
 */

/** Whether the bytes begin like a gzip file. */
export function isGzip(bytes: Uint8Array): boolean {
	return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** Unpacks a gzip file; rejects when it is damaged or cut off. */
export async function gunzip(bytes: Uint8Array): Promise<Uint8Array> {
	// The copy is for Blob, which refuses shared memory.
	const stream = new Blob([new Uint8Array(bytes)]).stream().pipeThrough(new DecompressionStream("gzip"));
	return new Uint8Array(await new Response(stream).arrayBuffer());
}
