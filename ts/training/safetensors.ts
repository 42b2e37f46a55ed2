/**
 * Tensors by name in one file: the safetensors format, version 0.
 * @module
 */
import { shapeError, type Tensor } from "../arrays.ts";
import { OrbitKernelsError } from "../errors.ts";

/** Where a tensor is in the file, from the end of the header on. */
interface Entry {
	dtype: string;
	shape: number[];
	data_offsets: [number, number];
}

/** Tensors, and the text entries that stand beside them. */
export interface TensorFile {
	tensors: Record<string, Tensor>;
	metadata: Record<string, string>;
}

const HEADER_START = 8;
const TYPES = { F32: Float32Array, F64: Float64Array };

/**
 * Reads the tensors of a safetensors file.
 *
 * @throws OrbitKernelsError "file" for other files, and for tensors of other numbers than 32 or 64 bit floats
 * @example
 * const { tensors } = readSafetensors(trained.checkpoint);
 * tensors["layers.0.weight"].shape; // [784, 512]
 *
 * Source: https://huggingface.co/docs/safetensors
 */
export function readSafetensors(file: Uint8Array): TensorFile {
	const { __metadata__: metadata = {}, ...entries } = header(file);
	const start = HEADER_START + headerLength(file);
	const tensors = Object.entries(entries as Record<string, Entry>).map(([name, { dtype, shape, data_offsets }]) => {
		const Type = TYPES[dtype as keyof typeof TYPES];
		if (!Type) throw fileError(`${name} holds numbers of type ${dtype}`, "F32 or F64");
		// A copy: places in the file need not be multiples of a number's size.
		const bytes = file.slice(start + data_offsets[0], start + data_offsets[1]);
		const size = shape.reduce((product, side) => product * side, 1);
		if (bytes.length !== size * Type.BYTES_PER_ELEMENT)
			throw fileError(`${name} is cut off`, `${size * Type.BYTES_PER_ELEMENT} bytes`);
		return [name, { data: new Type(bytes.buffer), shape }] as const;
	});
	return { tensors: Object.fromEntries(tensors), metadata: metadata as Record<string, string> };
}

/**
 * Writes tensors as a safetensors file.
 *
 * @throws OrbitKernelsError "shape" where a shape is not that of the numbers
 * @example const file = writeSafetensors({ "layers.0.weight": { data: new Float32Array(6), shape: [3, 2] } });
 */
export function writeSafetensors(tensors: Record<string, Tensor>, metadata: Record<string, string> = {}): Uint8Array {
	let end = 0;
	const entries = Object.entries(tensors).map(([name, { data, shape }]) => {
		if (shape.reduce((product, side) => product * side, 1) !== data.length)
			throw shapeError(name, shape, `a shape of ${data.length} numbers`);
		const start = end;
		end += data.byteLength;
		const dtype = data instanceof Float64Array ? "F64" : "F32";
		return [name, { dtype, shape, data_offsets: [start, end] }];
	});
	const text = JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(entries) });
	const bytes = new TextEncoder().encode(text);
	// Numbers begin at a multiple of eight bytes, after blanks.
	const length = Math.ceil(bytes.length / 8) * 8;
	const file = new Uint8Array(HEADER_START + length + end).fill(0x20, HEADER_START, HEADER_START + length);
	new DataView(file.buffer).setBigUint64(0, BigInt(length), true);
	file.set(bytes, HEADER_START);
	let at = HEADER_START + length;
	for (const { data } of Object.values(tensors)) {
		file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
		at += data.byteLength;
	}
	return file;
}

function headerLength(file: Uint8Array): number {
	if (!(file instanceof Uint8Array) || file.length < HEADER_START) throw fileError("it has no header", "safetensors");
	const length = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
	if (length > file.length - HEADER_START) throw fileError("its header is cut off", "safetensors");
	return length;
}

function header(file: Uint8Array): Record<string, unknown> {
	const bytes = file.subarray(HEADER_START, HEADER_START + headerLength(file));
	try {
		return JSON.parse(new TextDecoder().decode(bytes));
	} catch (cause) {
		throw fileError("its header is no JSON", "safetensors", cause);
	}
}

function fileError(why: string, expected: string, cause?: unknown): OrbitKernelsError {
	return new OrbitKernelsError("file", `not a usable file: ${why}: expected ${expected}`, { expected, cause });
}
