/**
 * IDX files, the format of MNIST.
 *
 * Source: "THE IDX FILE FORMAT", http://yann.lecun.com/exdb/mnist/
 * @module
 */
import { OrbitKernelsError } from "../errors.ts";
import { bytesPerElement, decodeElements, type ElementType, elementCount, type NumericArray } from "./elements.ts";
import { gunzip, isGzip } from "./gzip.ts";

/** The third byte of the magic number. */
const elementTypes: Record<number, ElementType> = { 8: "u1", 9: "i1", 11: "i2", 12: "i4", 13: "f4", 14: "f8" };

/**
 * Reads an IDX file, plain or gzipped, of any of its element types and any number of dimensions.
 *
 * @param bytes the whole file
 * @param name the file's name, for error messages
 * @throws OrbitKernelsError "file" for a wrong magic number, a damaged gzip file, missing or surplus bytes
 * @example
 * const { data, shape } = await readIdx(await readFile("t10k-images-idx3-ubyte.gz")); // shape [10000, 28, 28]
 */
export async function readIdx(bytes: Uint8Array, name = "IDX data"): Promise<NumericArray> {
	const fail = (problem: string, fields: { value?: unknown; expected?: string; cause?: unknown } = {}) =>
		new OrbitKernelsError("file", `${name} ${problem}`, { path: name, ...fields });

	const plain = isGzip(bytes)
		? await gunzip(bytes).catch((cause) => {
				throw fail("is a damaged or truncated gzip file", { cause });
			})
		: bytes;
	const type = plain[0] === 0 && plain[1] === 0 ? elementTypes[plain[2] as number] : undefined;
	if (!type) {
		throw fail("is not an IDX file: its magic number is wrong", {
			value: Array.from(plain.subarray(0, 4)),
			expected: `0, 0, one of ${Object.keys(elementTypes).join(" ")}, number of dimensions`,
		});
	}
	const dimensions = plain[3];
	const dataStart = 4 + 4 * (dimensions ?? 0);
	if (dimensions === undefined || plain.length < dataStart) throw fail("is truncated in its header");
	const view = new DataView(plain.buffer, plain.byteOffset, plain.byteLength);
	const shape = Array.from({ length: dimensions }, (_, axis) => view.getUint32(4 + 4 * axis));
	const expected = elementCount(shape) * bytesPerElement(type);
	const found = plain.length - dataStart;
	if (found !== expected) {
		const problem = found < expected ? "is truncated" : "has surplus bytes after its data";
		throw fail(`${problem}: ${shape.join(" × ")} elements take ${expected} bytes, found ${found}`, {
			value: found,
			expected: `${expected} bytes`,
		});
	}
	return { data: decodeElements(plain.subarray(dataStart), type, false), shape };
}
