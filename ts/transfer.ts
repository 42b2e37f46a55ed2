/**
 * Moving arrays between threads instead of copying them.
 * @module
 */

/** The buffers of all arrays in a message: what can move instead of being copied. */
export function buffersOf(message: unknown): ArrayBuffer[] {
	const found = new Set<ArrayBuffer>();
	const visit = (value: unknown): void => {
		if (ArrayBuffer.isView(value)) found.add(value.buffer as ArrayBuffer);
		else if (value && typeof value === "object") Object.values(value).forEach(visit);
	};
	visit(message);
	return [...found];
}
