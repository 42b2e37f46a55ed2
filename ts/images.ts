/**
 * Images as cubic splines, and what precedes a kernel.
 * @module
 */
import {
	type ArrayInput,
	checkMemory,
	checkOptions,
	doubles,
	shapeError,
	type Tensor,
	toTensor,
	usageError,
} from "./arrays.ts";
import type { Tasks } from "./engine.ts";
import { OrbitKernelsError } from "./errors.ts";
import type { CallOptions, Context } from "./kernel.ts";
import type { Job } from "./pool.ts";

type ImageTask = "rotate" | "resize" | "centerUnit";

/** Output pixels of one job: some 20 ms of work. */
const PIXELS_PER_JOB = 2 ** 20;

/** Runs a task over a stack of images in runs of some 20 ms, each image giving `pixels` numbers. */
async function mapImages<Name extends ImageTask>(
	context: Context,
	stack: Tensor,
	name: Name,
	pixels: number,
	request: (images: Float64Array, first: number) => Tasks[Name]["request"],
	{ signal, onProgress }: CallOptions,
): Promise<Float64Array> {
	const count = stack.shape[0] as number;
	const size = stack.data.length / count;
	checkMemory("the images", 8 * count * pixels, context.maxBytes);
	const data = new Float64Array(count * pixels);
	const step = Math.max(1, Math.floor(PIXELS_PER_JOB / pixels));
	let done = 0;
	function* jobs(): Generator<Job<ImageTask>> {
		for (let first = 0; first < count; first += step) {
			const end = Math.min(first + step, count);
			yield {
				name,
				request: () => request(doubles(stack.data, first * size, end * size), first),
				deliver(values) {
					data.set(values, first * pixels);
					done += end - first;
					onProgress?.({ done, total: count });
				},
			};
		}
	}
	await context.pool.run(jobs(), signal);
	return data;
}

/** Images (m × rows × columns) turned by angles in degrees, and without mean and of unit norm if wanted. */
export function turn(
	context: Context,
	stack: Tensor,
	[rows, columns]: readonly [number, number],
	degrees: Float64Array,
	centerUnit: boolean,
	options: CallOptions,
): Promise<Float64Array> {
	const request = (images: Float64Array, first: number) => {
		return { images, rows, columns, degrees: degrees.slice(), centerUnit, first };
	};
	return mapImages(context, stack, "rotate", degrees.length * rows * columns, request, options);
}

/** Each sample (m × …) without its mean and of unit norm. */
export function centerUnit(context: Context, stack: Tensor, options: CallOptions): Promise<Float64Array> {
	const size = stack.data.length / (stack.shape[0] as number);
	const request = (images: Float64Array, first: number) => ({ images, size, first });
	return mapImages(context, stack, "centerUnit", size, request, options);
}

/** Images m × H × W, checked. */
function stackOf(value: unknown): { stack: Tensor; count: number; rows: number; columns: number } {
	const stack = toTensor(value, "images");
	if (stack.shape.length !== 3) throw shapeError("images", stack.shape, "images × rows × columns");
	const [count, rows, columns] = stack.shape as [number, number, number];
	return { stack, count, rows, columns };
}

function checkAngles(degrees: unknown): Float64Array {
	const expected = "a list of finite angles in degrees";
	if (!Array.isArray(degrees) || degrees.length === 0) throw usageError("degrees", degrees, expected);
	const index = degrees.findIndex((angle) => !Number.isFinite(angle));
	if (index < 0) return Float64Array.from(degrees);
	const path = `degrees[${index}]`;
	const message = `${path}: got ${degrees[index]}, expected ${expected}`;
	throw new OrbitKernelsError("value", message, { path, index, value: degrees[index], expected });
}

/** See `Engine.rotate`. */
export async function rotate(
	context: Context,
	images: ArrayInput,
	degrees: readonly number[],
	options: CallOptions = {},
): Promise<Tensor<Float64Array>> {
	checkOptions(options, ["signal", "onProgress"]);
	const angles = checkAngles(degrees);
	const { stack, count, rows, columns } = stackOf(images);
	const data = await turn(context, stack, [rows, columns], angles, false, options);
	return { data, shape: [count, angles.length, rows, columns] };
}

/** See `Engine.resize`. */
export async function resize(
	context: Context,
	images: ArrayInput,
	[newRows, newColumns]: readonly [number, number],
	options: CallOptions = {},
): Promise<Tensor<Float64Array>> {
	checkOptions(options, ["signal", "onProgress"]);
	if (![newRows, newColumns].every((side) => Number.isInteger(side) && side > 0))
		throw shapeError("size", [newRows, newColumns], "two positive integers");
	const { stack, count, rows, columns } = stackOf(images);
	const request = (part: Float64Array) => ({ images: part, rows, columns, newRows, newColumns });
	const data = await mapImages(context, stack, "resize", newRows * newColumns, request, options);
	return { data, shape: [count, newRows, newColumns] };
}

/** See `Engine.prepare`. */
export async function prepare(
	context: Context,
	images: ArrayInput,
	options: CallOptions = {},
): Promise<Tensor<Float64Array>> {
	checkOptions(options, ["signal", "onProgress"]);
	const { stack } = stackOf(images);
	return { data: await centerUnit(context, stack, options), shape: stack.shape };
}
