/**
 * The same Gram on the reader's machine: by the library's WebAssembly, and by plain TypeScript.
 * @module
 */
import { createEngine, dense, type Engine, gather, relu, serial, type Tensor } from "orbit-kernels";
import { type Contest, figure, interleaved } from "../bench/harness.ts";
import type { Call } from "./derived.ts";
import type { Source } from "./numbers.ts";
import { Pure } from "./pure.ts";

/** Images of the Gram. */
export const COUNT = 1024;
/** Hidden layers. */
export const DEPTH = 3;
/** In which each is timed. */
export const ROUNDS = 3;

/**
 * How far results may be apart, in units of the largest number: what the ordinary recursion of the TypeScript version, and then
 * single precision, make of nearly equal images.
 */
const PRECISIONS = [
	{ precision: "f64", title: "double precision", tolerance: 1e-7 },
	{ precision: "f32", title: "single precision", tolerance: 1e-5 },
] as const;

/** What it is computed by without the library. */
export const TYPESCRIPT = "TypeScript";

/**
 * A contest in each precision, TypeScript the last of each; inputs tell one measurement from another.
 *
 * @param idle resolves when nothing else is computed on the same processors
 */
export async function speedOf(source: Source, idle: Idle, _run: number, call: Call): Promise<Contest[]> {
	const { signal } = call;
	await idle();
	const images = await source.engine.prepare(gather(source.digits.images, [...Array(COUNT).keys()]), { signal });
	const engines: Engine[] = [];
	let pure: Pure | undefined;
	try {
		for (const workers of [1, "auto"] as const) engines.push(await createEngine({ workers }));
		signal.throwIfAborted();
		pure = new Pure(signal);
		const different = engines.filter(({ workers }, k) => k === 0 || workers > 1);
		return await contests({ engines: different, pure, images, idle }, call);
	} finally {
		pure?.end();
		await Promise.all(engines.map((engine) => engine.dispose()));
	}
}

type Idle = () => Promise<void>;

/** What is compared, and on what. */
interface Setting {
	engines: readonly Engine[];
	pure: Pure;
	images: Tensor<Float64Array>;
	idle: Idle;
}

async function contests({ engines, pure, images, idle }: Setting, { signal, onProgress }: Call): Promise<Contest[]> {
	const layers = Array.from({ length: DEPTH }, () => [dense({ biasStd: 1 }), relu()]).flat();
	const network = serial(...layers, dense({ biasStd: 1 }));
	// Each once to be checked and once to warm up.
	const total = PRECISIONS.length * (engines.length + 1) * (2 + ROUNDS);
	let done = 0;
	const counted = async <Value>(work: Promise<Value>): Promise<Value> => {
		const value = await work;
		onProgress({ done: ++done, total });
		return value;
	};
	const contests: Contest[] = [];
	for (const { precision, title, tolerance } of PRECISIONS) {
		const x = precision === "f64" ? images : { ...images, data: Float32Array.from(images.data) };
		const gram = async (engine: Engine) =>
			(await counted(engine.gram(network, x, { precision, signal }))).ntk as Tensor;
		await counted(pure.time({ network, x, precision }));
		const differences: number[] = [];
		for (const engine of engines) {
			const difference = await pure.compare((await gram(engine)).data);
			if (!(difference <= tolerance)) throw new Error(`results differ by ${difference}, more than ${tolerance}`);
			differences.push(difference);
		}
		const ways = [
			...engines.map((engine) => () => timeOf(() => gram(engine))),
			() => counted(pure.time({ network, x, precision })),
		];
		// What a reader asks for meanwhile is computed first.
		const alone = ways.map((way) => () => idle().then(way));
		const times = await interleaved(alone, ROUNDS);
		const names = [
			...engines.map(({ workers }) => `WebAssembly, ${workers} worker${workers > 1 ? "s" : ""}`),
			TYPESCRIPT,
		];
		const figures = names.map((name, k) => figure(name, times[k] as number[], differences[k]));
		contests.push({ title, figures });
	}
	return contests;
}

/** How many times less an entrant took than TypeScript: the ratio of their medians. */
export function timesFaster({ figures }: Contest, { median }: Contest["figures"][number]): number {
	return (figures.at(-1) as (typeof figures)[number]).median / median;
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
	const start = performance.now();
	await work();
	return performance.now() - start;
}
