/**
 * Arrays as users give them and as they get them back.
 * @module
 */
import { OrbitKernelsError } from "./errors.ts";

/** Values in row-major order and their shape. */
export interface Tensor<Data extends Float64Array | Float32Array = Float64Array | Float32Array> {
	data: Data;
	shape: number[];
}

/** Nested arrays of numbers, all rows of equal length. */
export type Nested = number | readonly Nested[];

/** What is accepted as an array: values with their shape, or nested arrays of numbers. */
export type ArrayInput = Tensor | { data: Float64Array | Float32Array; shape: readonly number[] } | readonly Nested[];

/** Options and arrays can stand in the same place of a call. */
export function isArrayLike(value: unknown): value is ArrayInput {
	return Array.isArray(value) || (typeof value === "object" && value !== null && "data" in value);
}

/**
 * Checks an array argument: its shape, its length and that all values are finite.
 *
 * Nothing is copied when it is a typed array already. Errors: `shape` and `value`, with the
 * argument's name as path and the flat index of the value.
 */
export function toTensor(value: unknown, path: string): Tensor {
	const tensor = Array.isArray(value) ? flatten(value, path) : checkTensor(value, path);
	const index = firstNotFinite(tensor.data);
	if (index >= 0) {
		const value = tensor.data[index] as number;
		const expected = "finite numbers";
		const message = `${path} holds ${value} at index ${index}: expected ${expected}`;
		throw new OrbitKernelsError("value", message, { path, index, value, expected });
	}
	return tensor;
}

/** Where the first NaN or infinity stands; −1 when there is none. */
function firstNotFinite(data: Float64Array | Float32Array): number {
	// Only NaN and infinities times zero are not zero. Four sums in turn: one would wait for each addition.
	let [a, b, c, d] = [0, 0, 0, 0];
	const whole = data.length - (data.length % 4);
	for (let k = 0; k < whole; k += 4) {
		a += (data[k] as number) * 0;
		b += (data[k + 1] as number) * 0;
		c += (data[k + 2] as number) * 0;
		d += (data[k + 3] as number) * 0;
	}
	const allFinite = a + b + c + d === 0;
	for (let k = allFinite ? whole : 0; k < data.length; k++) if (!Number.isFinite(data[k])) return k;
	return -1;
}

function checkTensor(value: unknown, path: string): Tensor {
	const { data, shape } = (value ?? {}) as Partial<Tensor>;
	if (!(data instanceof Float64Array || data instanceof Float32Array) || !Array.isArray(shape))
		throw shapeError(
			path,
			value === null || typeof value !== "object" ? value : typeof data,
			"{ data: Float64Array | Float32Array, shape } or nested arrays of numbers",
		);
	if (!shape.every((side) => Number.isInteger(side) && side > 0))
		throw shapeError(`${path}.shape`, shape, "positive integers: an array must not be empty");
	const size = shape.reduce((product, side) => product * side, 1);
	if (size !== data.length)
		throw shapeError(`${path}.shape`, shape, `a shape of ${data.length} values, as many as the data has`);
	return { data, shape: [...shape] };
}

function flatten(value: readonly Nested[], path: string): Tensor {
	const shape: number[] = [];
	for (let level: Nested | undefined = value; Array.isArray(level); level = level[0]) {
		if (level.length === 0) throw shapeError(path, "an empty array", "at least one value");
		shape.push(level.length);
	}
	const data = new Float64Array(shape.reduce((product, side) => product * side, 1));
	let index = 0;
	const visit = (entry: unknown, depth: number, place: string): void => {
		const length = shape[depth];
		if (length === undefined) {
			if (typeof entry !== "number") throw shapeError(place, entry, "a number, as deep as the others");
			data[index++] = entry;
			return;
		}
		if (!Array.isArray(entry) || entry.length !== length)
			throw shapeError(
				place,
				Array.isArray(entry) ? `${entry.length} entries` : entry,
				`an array of ${length}, as its neighbours are`,
			);
		entry.forEach((inner, k) => {
			visit(inner, depth + 1, `${place}[${k}]`);
		});
	};
	visit(value, 0, path);
	return { data, shape };
}

/** An error about an array's shape. */
export function shapeError(path: string, value: unknown, expected: string): OrbitKernelsError {
	const shown = typeof value === "string" ? value : JSON.stringify(value);
	return new OrbitKernelsError("shape", `${path}: got ${shown}, expected ${expected}`, { path, value, expected });
}

/** A copy of values `from…to` as doubles, in memory of its own. */
export function doubles(data: Float64Array | Float32Array, from = 0, to = data.length): Float64Array {
	return data instanceof Float64Array ? data.slice(from, to) : Float64Array.from(data.subarray(from, to));
}

/** A copy of values `from…to` in a precision, in memory of its own. */
export function inPrecision(
	data: Float64Array | Float32Array,
	precision: "f64" | "f32",
	from: number,
	to: number,
): Float64Array | Float32Array {
	return precision === "f64" ? doubles(data, from, to) : new Float32Array(data.subarray(from, to));
}

/** Bytes in words. */
export function sizeInWords(bytes: number): string {
	const units = ["bytes", "KiB", "MiB", "GiB", "TiB"];
	const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
	return `${(bytes / 2 ** (10 * power)).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}

/** Refuses work whose arrays would not fit, before it starts. */
export function checkMemory(what: string, bytes: number, maxBytes: number): void {
	if (bytes <= maxBytes) return;
	const expected = `at most ${sizeInWords(maxBytes)} (maxBytes)`;
	throw new OrbitKernelsError("memory", `${what} needs ${sizeInWords(bytes)}: expected ${expected}`, {
		path: "maxBytes",
		value: bytes,
		expected,
	});
}

/** Refuses options that nobody reads. */
export function checkOptions(options: unknown, known: readonly string[]): void {
	if (typeof options !== "object" || options === null) throw usageError("options", options, "an object");
	for (const [name, value] of Object.entries(options))
		if (!known.includes(name)) throw usageError(`options.${name}`, value, `only ${known.join(", ")}`);
	const { signal, onProgress } = options as Record<string, unknown>;
	if (signal !== undefined && !(signal instanceof AbortSignal))
		throw usageError("options.signal", signal, "an AbortSignal");
	if (onProgress !== undefined && typeof onProgress !== "function")
		throw usageError("options.onProgress", onProgress, "a function");
}

/** An error about how the library is called. */
export function usageError(path: string, value: unknown, expected: string): OrbitKernelsError {
	return new OrbitKernelsError("usage", `${path}: got ${String(value)}, expected ${expected}`, {
		path,
		value,
		expected,
	});
}
