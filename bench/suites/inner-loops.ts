/**
 * Instructions of the inner loops: which functions of the wasm module take the time, and how many instructions their
 * loops execute for each thing that is computed.
 * @module
 */
import type { Tensor } from "../../ts/index.ts";
import { gaussian } from "../data.ts";
import { loadLibrary } from "../host/node.ts";
import { counted, profile } from "../host/profile.ts";
import { KINDS, type Loop, none } from "../loops.ts";
import { cnn, type Precision } from "../networks.ts";
import type { Options } from "../options.ts";
import type { Report } from "../report.ts";

type Library = Awaited<ReturnType<typeof loadLibrary>>;

/** Something to do, and how many of what it does. */
interface Workload {
	name: string;
	unit: string;
	count: number;
	/** All in this thread. */
	start(library: Library): Promise<Started>;
}

interface Started {
	run(): Promise<unknown>;
	close(): Promise<void>;
}

const PRECISIONS = ["f64", "f32"] as const;
/** Milliseconds of a profile, which looks at the stack every fifth of one. */
const PROFILED = 400;
/** Functions with a smaller share of the time are left out. */
const SMALLEST = 0.02;

/** Runs the suite. */
export async function run(report: Report, { quick }: Options): Promise<void> {
	const size = quick ? 128 : 512;
	const workloads = [...PRECISIONS.flatMap((precision) => grams(precision, size)), product(size)];
	const library = await loadLibrary();
	const hot: [number, number][][] = [];
	for (const workload of workloads) hot.push(await hottest(await workload.start(library)));
	const { library: other, loops, turns, close } = await counted(new Set(hot.flat().map(([index]) => index)));
	try {
		for (const [k, { name, unit, count, start }] of workloads.entries()) {
			const functions = (hot[k] ?? []).map(([index, share]) => `${index} (${(100 * share).toFixed(0)} %)`);
			report.fact(`${name}: functions by their share of the time`, functions.join(", "));
			const total = instructions(loops, await turnsOf(await start(other), turns));
			const all = KINDS.reduce((sum, kind) => sum + total[kind], 0);
			report.fact(`${name}: instructions`, all / count, unit);
			for (const kind of KINDS) report.fact(`${name}: ${kind}`, total[kind] / count, unit);
		}
	} finally {
		close();
	}
}

/** The functions that take most of the time, by their indices, with their shares of it. */
async function hottest({ run, close }: Started): Promise<[number, number][]> {
	const often = async () => {
		const end = performance.now() + PROFILED;
		while (performance.now() < end) await run();
	};
	// Functions are optimized while they run for the first time.
	await often();
	const shares = await profile(often);
	await close();
	return [...shares].filter(([, share]) => share >= SMALLEST).sort(([, a], [, b]) => b - a);
}

/** How often each loop turns when something is done once. */
async function turnsOf({ run, close }: Started, turns: () => number[]): Promise<number[]> {
	const before = turns();
	await run();
	const after = turns();
	await close();
	return after.map((count, k) => count - (before[k] as number));
}

/** What the turns of loops execute. */
function instructions(loops: Loop[], turns: number[]): Loop["instructions"] {
	const total = none();
	for (const [k, loop] of loops.entries())
		for (const kind of KINDS) total[kind] += loop.instructions[kind] * (turns[k] as number);
	return total;
}

/** The general product, which the facade has in double precision. */
function product(size: number): Workload {
	return {
		name: "general product, f64",
		unit: "per multiplication and addition",
		count: size ** 3,
		async start({ createEngine }) {
			const engine = await createEngine({ workers: 0 });
			const x = await gaussian(size, size, 1);
			return { run: () => engine.multiply(x, x), close: () => engine.dispose() };
		},
	};
}

function grams(precision: Precision, size: number): Workload[] {
	const [dimension, depth, images, side] = [784, 5, 2, 28];
	const entries = (size * (size + 1)) / 2;
	const inPrecision = ({ data, shape }: Tensor): Tensor => ({
		data: precision === "f64" ? data : new Float32Array(data),
		shape,
	});
	return [
		{
			name: `product of a dense Gram, ${precision}`,
			unit: "per multiplication and addition",
			count: entries * dimension,
			async start({ createEngine, dense, serial }) {
				const engine = await createEngine({ workers: 0 });
				const x = inPrecision(await gaussian(size, dimension, 1));
				const network = serial(dense());
				const run = () => engine.gram(network, x, { kernels: ["nngp"], precision });
				return { run, close: () => engine.dispose() };
			},
		},
		{
			name: `layers of a dense Gram, ${precision}`,
			unit: "per pair and layer",
			count: entries * depth,
			async start({ createEngine, dense, relu, serial }) {
				const engine = await createEngine({ workers: 0 });
				// So few dimensions that the product is next to nothing.
				const x = inPrecision(await gaussian(size, 4, 1));
				const hidden = Array.from({ length: depth }, () => [dense({ biasStd: 1 }), relu()]);
				const network = serial(...hidden.flat(), dense({ biasStd: 1 }));
				return { run: () => engine.gram(network, x, { precision }), close: () => engine.dispose() };
			},
		},
		{
			name: `layers of a convolutional Gram with GAP, ${precision}`,
			unit: "per pair of locations and layer",
			count: images ** 2 * side ** 4 * depth,
			async start({ createEngine }) {
				const engine = await createEngine({ workers: 0 });
				const { data } = await gaussian(2 * images, side ** 2, 1);
				const half = data.length / 2;
				const shape = [images, side, side];
				const x = inPrecision({ data: data.slice(0, half), shape });
				const other = inPrecision({ data: data.slice(half), shape });
				const network = await cnn(depth, "gap");
				return { run: () => engine.gram(network, x, other, { precision }), close: () => engine.dispose() };
			},
		},
	];
}
