/**
 * What a Gram costs, and how that bounds its tiles.
 * @module
 */
import { sizeInWords } from "./arrays.ts";
import type { Cost, GramSetup } from "./engine.ts";
import { OrbitKernelsError } from "./errors.ts";
import type { Context } from "./kernel.ts";
import { BUDGET_BYTES } from "./residents.ts";

/** Operations of a second by which tiles are cut, whatever the machine is. */
const FLOPS = 2e9;
/** What a tile of costly pairs may take, in seconds. */
const TILE_SECONDS = 0.1;
/** Four blocks are in use at a time: of the tile under way and of the next. */
const BLOCK_BYTES = BUDGET_BYTES / 4;
/** All memory that a wasm instance can have. */
const INSTANCE_BYTES = 2 ** 32;
/** Costs that are remembered for later calls. */
const KEPT_COSTS = 32;

/** The cost of a Gram, as a worker finds it, or remembered from one before. */
export async function costOf({ pool, costs }: Context, wanted: GramSetup, signal?: AbortSignal): Promise<Cost> {
	const { id: _, ...request } = wanted;
	const key = JSON.stringify(request);
	const cost = costs.get(key) ?? (await pool.call("cost", () => request, signal ? { signal } : {}));
	// The one that is used comes last.
	costs.delete(key);
	costs.set(key, cost);
	if (costs.size > KEPT_COSTS) costs.delete(costs.keys().next().value as string);
	return cost;
}

/** The cost of a network that reads images; undefined where samples are vectors, whose entries cost next to nothing. */
export async function imageCost(
	context: Context,
	wanted: GramSetup,
	signal: AbortSignal | undefined,
): Promise<Cost | undefined> {
	if (wanted.sample.length < 2) return undefined;
	const cost = await costOf(context, wanted, signal);
	if (cost.executor === "dense" || cost.executor === "classical") return undefined;
	const { maxBytes } = context;
	const most = Math.min(maxBytes, INSTANCE_BYTES);
	if (cost.pairBytes <= most) return cost;
	const expected = `at most ${sizeInWords(most)} (${most === maxBytes ? "maxBytes" : "what a worker can have"})`;
	throw new OrbitKernelsError("memory", `one entry needs ${sizeInWords(cost.pairBytes)}: expected ${expected}`, {
		...(most === maxBytes && { path: "maxBytes" }),
		value: cost.pairBytes,
		expected,
	});
}

/** Whether one entry takes so long that an abort can't wait for it. */
export function isLong(cost: Cost | undefined): boolean {
	return cost !== undefined && cost.pairFlops > TILE_SECONDS * FLOPS;
}

/** As many entries as a job may have where they are costly. */
function entriesOf({ pairFlops }: Cost): number {
	return Math.max(1, Math.floor((TILE_SECONDS * FLOPS) / pairFlops));
}

/** As many samples as a block may have where much is kept of each. */
function samplesOf({ sampleBytes }: Cost): number {
	return Math.max(1, Math.floor(BLOCK_BYTES / sampleBytes));
}

/** The samples per tile edge: from their number and the cost of an entry alone, so that results do not depend on workers. */
export function tileEdge(count: number, cost: Cost | undefined): number {
	const edge = count >= 1536 ? 256 : count >= 256 ? 128 : count;
	return cost ? Math.min(edge, Math.floor(Math.sqrt(entriesOf(cost))), samplesOf(cost)) : edge;
}

/** The samples per run along the diagonal. */
export function runLength(cost: Cost | undefined): number {
	return cost ? Math.min(256, entriesOf(cost), samplesOf(cost)) : 256;
}

/** What is kept of a sample in each worker. */
export function keptBytes({ sample, precision }: GramSetup, cost: Cost | undefined): number {
	const numbers = sample.reduce((product, side) => product * side, 1) + 16;
	return cost?.sampleBytes ?? numbers * (precision === "f64" ? 8 : 4);
}
