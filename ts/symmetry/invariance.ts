/**
 * Whether a kernel is invariant under an action.
 * @module
 */
import type { Tensor } from "../arrays.ts";
import type { Kernel } from "../classical.ts";
import { random } from "../data/random.ts";
import { inFlight } from "../in-flight.ts";
import { type Context, gram, type KernelName } from "../kernel.ts";
import type { Network } from "../network.ts";
import type { GroupTable } from "./group.ts";

/** Elements that are tried, each on 2 × 2 pairs of poses: 64 entries. */
const ELEMENTS = 16;
const SIDE = 2;

/** Of the random choice. */
const SEED = 1;

/**
 * The largest |κ(gx, gy) − κ(x, y)| over 64 seeded random entries, relative to the largest |κ|; always in double
 * precision.
 *
 * @param orbits m × |G| × …, prepared
 */
export async function invarianceDefect(
	context: Context,
	network: Network | Kernel,
	orbits: Tensor<Float64Array>,
	{ order, product, identity }: GroupTable,
	kernel: KernelName,
	signal?: AbortSignal,
): Promise<number> {
	const [count, , ...shape] = orbits.shape as [number, number, ...number[]];
	const size = orbits.data.length / (count * order);
	const next = random(SEED);
	const draw = (below: number) => Math.floor(next() * below);
	/** The poses gh·x of some (x, h). */
	const moved = (drawn: [number, number][], g: number) => {
		const data = new Float64Array(drawn.length * size);
		drawn.forEach(([seed, h], k) => {
			const from = (seed * order + (product[g * order + h] as number)) * size;
			data.set(orbits.data.subarray(from, from + size), k * size);
		});
		return { data, shape: [drawn.length, ...shape] };
	};
	const call = { kernels: [kernel], ...(signal && { signal }) };
	const valuesOf = async (x: Tensor, y: Tensor) => ((await gram(context, network, x, y, call))[kernel] as Tensor).data;

	const poses = () => Array.from({ length: SIDE }, (): [number, number] => [draw(count), draw(order)]);
	const tries = Array.from({ length: ELEMENTS }, () => ({ g: draw(order), rows: poses(), columns: poses() }));
	let [off, largest] = [0, 0];
	// Entries of images may take long: all workers have some.
	await inFlight(context.pool.workers + 1, tries, async ({ g, rows, columns }) => {
		const before = await valuesOf(moved(rows, identity), moved(columns, identity));
		const after = await valuesOf(moved(rows, g), moved(columns, g));
		for (const [entry, value] of before.entries()) {
			off = Math.max(off, Math.abs((after[entry] as number) - value));
			largest = Math.max(largest, Math.abs(value));
		}
	});
	return off === 0 ? 0 : off / largest;
}
