/**
 * NumPy's .npy files, read and written.
 *
 * Own code: npyjs (1.2) reads big-endian types as unknown, leaves Fortran order to the caller, throws a bare
 * RangeError for unaligned or truncated data, and brings a fetch polyfill along.
 *
 * Source: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 * @module
 */
import { OrbitKernelsError } from "../errors.ts";
import {
	bytesPerElement,
	decodeElements,
	type ElementArray,
	type ElementType,
	elementCount,
	elementTypeOf,
	encodeElements,
	isElementType,
	type NumericArray,
} from "./elements.ts";

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // "\x93NUMPY"

/** NumPy starts the data at a multiple of this, so that files can be mapped into memory. */
const ALIGNMENT = 64;

/**
 * Reads one array from the bytes of a .npy file of version 1, 2 or 3.
 *
 * Integers and floats of 1 to 8 bytes (booleans as 0 and 1) in either byte order, C or Fortran order, any number of
 * dimensions. The result is a fresh row-major array of the file's own type: 64-bit integers are BigInts, see {@link toFloat64}.
 *
 * @param bytes the whole file
 * @param name the file's name, for error messages
 * @throws OrbitKernelsError "file" for a wrong magic number or header, an unsupported type, missing or surplus bytes
 * @example
 * const { data, shape } = readNpy(await readFile("x.npy"), "x.npy");
 */
export function readNpy(bytes: Uint8Array, name = ".npy data"): NumericArray {
	const fail = (problem: string, fields: { value?: unknown; expected?: string } = {}): OrbitKernelsError =>
		new OrbitKernelsError("file", `${name} ${problem}`, { path: name, ...fields });

	if (MAGIC.some((byte, i) => bytes[i] !== byte)) {
		throw fail("is not a .npy file: its magic number is wrong", { expected: "\\x93NUMPY" });
	}
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const version = bytes[6];
	if (version !== undefined && (version < 1 || version > 3)) {
		throw fail(`has the unknown .npy version ${version}`, { value: version, expected: "1, 2 or 3" });
	}
	const headerStart = version === 1 ? 10 : 12;
	if (bytes.length < headerStart) throw fail("is truncated in its header");
	const headerEnd = headerStart + (version === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
	if (bytes.length < headerEnd) throw fail("is truncated in its header");
	const header = new TextDecoder().decode(bytes.subarray(headerStart, headerEnd));

	const { descr, fortranOrder, shape } = parseHeader(header, fail);
	const { type, littleEndian } = parseType(descr, fail);
	const expected = elementCount(shape) * bytesPerElement(type);
	const found = bytes.length - headerEnd;
	if (found !== expected) {
		const problem = found < expected ? "is truncated" : "has surplus bytes after its data";
		throw fail(`${problem}: shape (${shape.join(", ")}) of ${descr} takes ${expected} bytes, found ${found}`, {
			value: found,
			expected: `${expected} bytes`,
		});
	}
	const data = decodeElements(bytes.subarray(headerEnd), type, littleEndian);
	return { data: fortranOrder ? toRowMajor(data, shape) : data, shape };
}

/**
 * The bytes of a .npy file (version 1, little-endian, C order) that holds an array of any element type.
 *
 * @throws OrbitKernelsError "shape" when the shape does not fit the number of values, "value" when the data are no typed array of numbers
 * @example
 * await writeFile("k.npy", writeNpy({ data: Float64Array.of(1, 2, 3, 4), shape: [2, 2] }));
 */
export function writeNpy({ data, shape }: { data: ElementArray; shape: readonly number[] }): Uint8Array {
	const type = elementTypeOf(data);
	if (!type) {
		throw new OrbitKernelsError("value", "writeNpy needs a typed array", { value: data, expected: "a typed array" });
	}
	if (elementCount(shape) !== data.length) {
		throw new OrbitKernelsError("shape", `${data.length} values do not fill the shape (${shape.join(", ")})`, {
			value: data.length,
			expected: `${elementCount(shape)} values`,
		});
	}
	const order = bytesPerElement(type) === 1 ? "|" : "<";
	const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
	const dictionary = `{'descr': '${order}${type}', 'fortran_order': False, 'shape': (${sizes}), }`;
	const headerStart = 10;
	const headerEnd = Math.ceil((headerStart + dictionary.length + 1) / ALIGNMENT) * ALIGNMENT;
	const header = `${dictionary.padEnd(headerEnd - headerStart - 1)}\n`;

	const bytes = new Uint8Array(headerEnd + data.byteLength);
	bytes.set([...MAGIC, 1, 0]);
	new DataView(bytes.buffer).setUint16(8, header.length, true);
	bytes.set(new TextEncoder().encode(header), headerStart);
	encodeElements(data, bytes.subarray(headerEnd));
	return bytes;
}

/**
 * The same values as 64-bit floats, which the engine computes with; a Float64Array is returned as it is.
 *
 * @throws OrbitKernelsError "value" with the index of a 64-bit integer beyond ±2^53, which a float can't hold exactly
 * @example
 * const labels = toFloat64(readNpy(bytes)); // also from int64, NumPy's ordinary type of labels
 */
export function toFloat64({ data, shape }: NumericArray): NumericArray<Float64Array> {
	if (data instanceof Float64Array) return { data, shape };
	const out = new Float64Array(data.length);
	for (let i = 0; i < data.length; i++) {
		const value = data[i] as number | bigint;
		out[i] = Number(value);
		if (typeof value === "bigint" && BigInt(out[i] as number) !== value) {
			throw new OrbitKernelsError("value", `the integer ${value} at index ${i} has no exact 64-bit float`, {
				index: i,
				value,
			});
		}
	}
	return { data: out, shape };
}

type Fail = (problem: string, fields?: { value?: unknown; expected?: string }) => OrbitKernelsError;

/** The three entries of the header, which is a Python dictionary literal in any order and spacing. */
function parseHeader(header: string, fail: Fail) {
	const entry = (key: string, value: string) => new RegExp(`['"]${key}['"]\\s*:\\s*${value}`).exec(header)?.[1];
	const fortran = entry("fortran_order", "(True|False)");
	const sizes = entry("shape", "\\(([\\dL,\\s]*)\\)"); // Python 2 wrote long integers as 3L
	if (!/['"]descr['"]/.test(header) || fortran === undefined || sizes === undefined) {
		throw fail("has a malformed header", { value: header.trim(), expected: "descr, fortran_order and shape" });
	}
	const descr = entry("descr", "['\"]([^'\"]*)['\"]");
	if (descr === undefined) throw fail("holds records: only plain numbers are supported", { value: header.trim() });
	return {
		descr,
		fortranOrder: fortran === "True",
		shape: Array.from(sizes.matchAll(/\d+/g), ([digits]) => Number(digits)),
	};
}

function parseType(descr: string, fail: Fail): { type: ElementType; littleEndian: boolean } {
	const type = descr.slice(1) === "b1" ? "u1" : descr.slice(1);
	if (!/^[<>|=]/.test(descr) || !isElementType(type)) {
		throw fail(`has elements of the unsupported type ${JSON.stringify(descr)}`, {
			value: descr,
			expected: "integers or floats of 1, 2, 4 or 8 bytes (no half floats, complex numbers or strings)",
		});
	}
	return { type, littleEndian: !descr.startsWith(">") };
}

/** From Fortran order (the first index fastest) to C order (the last index fastest). */
function toRowMajor(data: ElementArray, shape: readonly number[]): ElementArray {
	const out = data.slice();
	const strides = shape.map((_, axis) => elementCount(shape.slice(0, axis)));
	const index = shape.map(() => 0);
	for (let to = 0, from = 0; to < out.length; to++) {
		out[to] = data[from] as never; // both arrays are of one type, which TypeScript can't see
		for (let axis = shape.length - 1; axis >= 0; axis--) {
			from += strides[axis] as number;
			index[axis] = (index[axis] as number) + 1;
			if ((index[axis] as number) < (shape[axis] as number)) break;
			from -= (strides[axis] as number) * (shape[axis] as number);
			index[axis] = 0;
		}
	}
	return out;
}
