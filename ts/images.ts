/**
 * Images and their orbits, as cubic splines.
 * @module
 */
import { type ArrayInput, checkMemory, checkOptions, doubles, shapeError, type Tensor, toTensor, usageError } from "./arrays.ts";
import { poseAngles, type Rotations } from "./data/images.ts";
import { OrbitKernelsError } from "./errors.ts";
import type { CallOptions, Context } from "./kernel.ts";
import type { Job } from "./pool.ts";

/** What happens to each pose after the action: nothing, or mean removal and unit norm. */
export type Prepare = "none" | "center-unit";

/** Options of `orbit`. */
export interface OrbitOptions extends CallOptions {
	/** Default "center-unit". */
	prepare?: Prepare;
}

/** Images m × H × W, checked. */
function stack(value: unknown): { tensor: Tensor; count: number; rows: number; columns: number } {
	const tensor = toTensor(value, "images");
	if (tensor.shape.length !== 3) throw shapeError("images", tensor.shape, "images × rows × columns");
	const [count, rows, columns] = tensor.shape as [number, number, number];
	return { tensor, count, rows, columns };
}

/** See `Engine.rotate`. */
export async function rotate(
	context: Context,
	images: ArrayInput,
	degrees: readonly number[],
	options: CallOptions = {},
): Promise<Tensor<Float64Array>> {
	checkOptions(options, ["signal", "onProgress"]);
	const bad = Array.isArray(degrees) ? degrees.findIndex((angle) => !Number.isFinite(angle)) : 0;
	if (!Array.isArray(degrees) || degrees.length === 0 || bad >= 0) {
		const [value, expected] = [Array.isArray(degrees) ? degrees[bad] : degrees, "a list of finite angles in degrees"];
		const message = `degrees[${bad}]: got ${value}, expected ${expected}`;
		throw new OrbitKernelsError("value", message, { path: `degrees[${bad}]`, index: bad, value, expected });
	}
	const { tensor, count, rows, columns } = stack(images);
	const size = rows * columns;
	const poses = degrees.length;
	checkMemory("the rotated images", 8 * count * poses * size, context.maxBytes);
	const data = new Float64Array(count * poses * size);
	// About a thousand poses, some 20 ms, at a time.
	const step = Math.max(1, Math.floor(1024 / poses));
	let done = 0;
	function* jobs(): Generator<Job<"rotate">> {
		for (let first = 0; first < count; first += step) {
			const end = Math.min(first + step, count);
			yield {
				name: "rotate",
				request: () => ({
					images: doubles(tensor.data, first * size, end * size),
					rows,
					columns,
					degrees: Float64Array.from(degrees),
				}),
				deliver(values) {
					data.set(values, first * poses * size);
					done += end - first;
					options.onProgress?.({ done, total: count });
				},
			};
		}
	}
	await context.pool.run(jobs(), options.signal);
	return { data, shape: [count, poses, rows, columns] };
}

/** See `Engine.resize`. */
export async function resize(
	{ pool }: Context,
	images: ArrayInput,
	[newRows, newColumns]: readonly [number, number],
): Promise<Tensor<Float64Array>> {
	for (const side of [newRows, newColumns])
		if (!Number.isInteger(side) || side < 1) throw shapeError("size", [newRows, newColumns], "two positive integers");
	const { tensor, count, rows, columns } = stack(images);
	const request = () => ({ images: doubles(tensor.data), rows, columns, newRows, newColumns });
	return { data: await pool.call("resize", request), shape: [count, newRows, newColumns] };
}

/** See `Engine.prepare`. */
export async function prepare({ pool }: Context, images: ArrayInput): Promise<Tensor<Float64Array>> {
	const tensor = toTensor(images, "images");
	if (tensor.shape.length < 3) throw shapeError("images", tensor.shape, "images × rows × columns");
	const size = (tensor.shape.at(-1) as number) * (tensor.shape.at(-2) as number);
	const data = await pool.call("centerUnit", () => ({ images: doubles(tensor.data), size }));
	return { data, shape: tensor.shape };
}

/** See `Engine.orbit`. */
export async function orbit(
	context: Context,
	images: ArrayInput,
	action: Rotations,
	options: OrbitOptions = {},
): Promise<Tensor<Float64Array>> {
	checkOptions(options, ["prepare", "signal", "onProgress"]);
	const { prepare: how = "center-unit", ...rest } = options;
	if (how !== "none" && how !== "center-unit") throw usageError("options.prepare", how, '"none" or "center-unit"');
	if (action?.type !== "rotations") {
		const expected = "rotations(N)";
		const message = `action: got ${JSON.stringify(action)}, expected ${expected}`;
		throw new OrbitKernelsError("action", message, { path: "action", value: action, expected });
	}
	const poses = await rotate(context, images, poseAngles(action), rest);
	return how === "none" ? poses : prepare(context, poses);
}
