/**
 * Elements of binary array files: their types, byte orders and counts.
 * @module
 */

const constructors = {
	i1: Int8Array,
	u1: Uint8Array,
	i2: Int16Array,
	u2: Uint16Array,
	i4: Int32Array,
	u4: Uint32Array,
	i8: BigInt64Array,
	u8: BigUint64Array,
	f4: Float32Array,
	f8: Float64Array,
} as const;

/** Kind (signed, unsigned, floating) and size in bytes of an element, as NumPy writes it. */
export type ElementType = keyof typeof constructors;

/** A typed array of any element type; 64-bit integers are BigInts. */
export type ElementArray =
	| Int8Array
	| Uint8Array
	| Int16Array
	| Uint16Array
	| Int32Array
	| Uint32Array
	| BigInt64Array
	| BigUint64Array
	| Float32Array
	| Float64Array;

/** Values in row-major order (the last index fastest) with their shape. */
export interface NumericArray<A extends ElementArray = ElementArray> {
	data: A;
	shape: number[];
}

const hostIsLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

export function isElementType(name: string): name is ElementType {
	return Object.hasOwn(constructors, name);
}

export function bytesPerElement(type: ElementType): number {
	return constructors[type].BYTES_PER_ELEMENT;
}

export function elementTypeOf(array: ElementArray): ElementType | undefined {
	return (Object.keys(constructors) as ElementType[]).find((name) => array instanceof constructors[name]);
}

/** The number of elements of a shape; 1 for no dimension. */
export function elementCount(shape: readonly number[]): number {
	return shape.reduce((count, size) => count * size, 1);
}

/** A fresh array from whole elements in the given byte order; the bytes may lie at any alignment. */
export function decodeElements(bytes: Uint8Array, type: ElementType, littleEndian: boolean): ElementArray {
	const copy = new Uint8Array(bytes);
	if (littleEndian !== hostIsLittleEndian) reverseElements(copy, bytesPerElement(type));
	return new constructors[type](copy.buffer);
}

/** Writes the bytes of an array, little-endian, over `target`, which has its byteLength. */
export function encodeElements(array: ElementArray, target: Uint8Array): void {
	target.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
	if (!hostIsLittleEndian) reverseElements(target, array.BYTES_PER_ELEMENT);
}

function reverseElements(bytes: Uint8Array, size: number): void {
	for (let start = 0; start < bytes.length; start += size) {
		for (let i = start, j = start + size - 1; i < j; i++, j--) {
			const byte = bytes[i] as number;
			bytes[i] = bytes[j] as number;
			bytes[j] = byte;
		}
	}
}
