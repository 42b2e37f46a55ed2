/**
 * How the time of an operation grows with its sizes, beside what its flops let expect.
 * @module
 */
import type { Engine, Tensor } from "../../ts/index.ts";
import { gaussian } from "../data.ts";
import { interleaved, median } from "../harness.ts";
import { loadLibrary } from "../host/node.ts";
import { cnn, perceptron } from "../networks.ts";
import type { Options } from "../options.ts";
import { byBlocks, turned } from "../orbits.ts";
import type { Report } from "../report.ts";

type Library = Awaited<ReturnType<typeof loadLibrary>>;

/** An operation at several sizes. */
interface Series {
	title: string;
	variable: string;
	/** The exponent that the operation's flops have where they are many. */
	expected: number;
	at: number[];
	/** With --quick. */
	quick: number[];
	/** What is timed at one of the sizes. */
	work(engine: Engine, at: number): Promise<() => Promise<unknown>>;
}

const SERIES: readonly Series[] = [
	{
		...{ title: "Dense, d = 784, depth 5", variable: "n", expected: 2 },
		...{ at: [512, 1024, 2048, 4096], quick: [64, 128] },
		work: async (engine, n) => dense(engine, { n, d: 784, depth: 5 }),
	},
	{
		...{ title: "Dense, n = 1024, depth 1", variable: "d", expected: 1 },
		...{ at: [256, 784, 2352, 7056], quick: [64, 128] },
		work: async (engine, d) => dense(engine, { n: d > 128 ? 1024 : 64, d, depth: 1 }),
	},
	{
		...{ title: "Dense, n = 1024, d = 16", variable: "depth", expected: 1 },
		...{ at: [2, 4, 8, 16, 32], quick: [2, 4] },
		work: async (engine, depth) => dense(engine, { n: 1024, d: 16, depth }),
	},
	{
		...{ title: "GAP, 4 × 4 images, depth 2", variable: "side" },
		...{ expected: 4, at: [8, 14, 28, 42], quick: [4, 8] },
		work: async (engine, side) => pooled(engine, side, 2),
	},
	{
		...{ title: "GAP, 4 × 4 images of 14 × 14", variable: "depth" },
		...{ expected: 1, at: [1, 2, 4, 8], quick: [1, 2] },
		work: async (engine, depth) => pooled(engine, 14, depth),
	},
	{
		...{ title: "Regression on 8 orbits", variable: "N", expected: 1 },
		...{ at: [256, 512, 1024, 2048, 4096], quick: [16, 32] },
		work: regression,
	},
	{
		...{ title: "Regression, whole Gram", variable: "n", expected: 3 },
		...{ at: [256, 512, 1024, 2048], quick: [64, 128] },
		work: whole,
	},
];

/** A Gram that all workers share, and how many of them. */
const SHARED = { n: 2048, quick: 128, d: 784, depth: 5 };

/** Runs the suite; sizes in rounds that interleave them. */
export async function run(report: Report, { rounds, quick }: Options): Promise<void> {
	const library = await loadLibrary();
	const engine = await library.createEngine({ workers: 1 });
	try {
		for (const { work, ...series } of SERIES) {
			const works = new Map<number, () => Promise<unknown>>();
			for (const size of quick ? series.quick : series.at) works.set(size, await work(engine, size));
			await grow(report, series, works, rounds);
		}
	} finally {
		await engine.dispose();
	}
	await byWorkers(report, library, quick ? SHARED.quick : SHARED.n, rounds);
}

/** One engine for each number of workers, up to that of the processors. */
async function byWorkers(report: Report, library: Library, n: number, rounds: number): Promise<void> {
	const all = await library.createEngine();
	const counts = Array.from({ length: all.workers }, (_, k) => k + 1).filter((count) => (count & (count - 1)) === 0);
	if (counts.length < 2) return report.fact("growth with workers", "not measured: one processor");
	const engines = [all];
	try {
		const works = new Map<number, () => Promise<unknown>>();
		for (const workers of counts) {
			const engine = await library.createEngine({ workers });
			engines.push(engine);
			works.set(workers, await dense(engine, { ...SHARED, n }));
		}
		const title = `Dense, n = ${n}, depth ${SHARED.depth}`;
		await grow(report, { title, variable: "workers", expected: -1 }, works, rounds);
	} finally {
		await Promise.all(engines.map((engine) => engine.dispose()));
	}
}

async function grow(
	report: Report,
	{ title, variable, expected }: Pick<Series, "title" | "variable" | "expected">,
	works: ReadonlyMap<number, () => Promise<unknown>>,
	rounds: number,
): Promise<void> {
	const times = await interleaved([...works.values()].map(timed), rounds);
	const points = [...works.keys()].map((at, k) => ({ at, milliseconds: times[k] as number[] }));
	report.growth({ title, variable, points, exponent: exponentOf(points), expected });
}

/** What is short is repeated for so many milliseconds. */
const TURN = 50;

const timed = (work: () => Promise<unknown>) => async () => {
	const start = performance.now();
	for (let times = 1; ; times++) {
		await work();
		const taken = performance.now() - start;
		if (taken >= TURN) return taken / times;
	}
};

/** The slope of the line nearest to the medians, logarithms of both. */
function exponentOf(points: readonly { at: number; milliseconds: number[] }[]): number {
	const x = points.map(({ at }) => Math.log(at));
	const y = points.map(({ milliseconds }) => Math.log(median(milliseconds)));
	const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
	const [centre, height] = [mean(x), mean(y)];
	const product = mean(x.map((value, k) => (value - centre) * ((y[k] as number) - height)));
	return product / mean(x.map((value) => (value - centre) ** 2));
}

async function dense(engine: Engine, { n, d, depth }: Record<"n" | "d" | "depth", number>) {
	const [network, x] = [await perceptron(depth), await gaussian(n, d, 1)];
	return () => engine.gram(network, x);
}

/** Images of normal numbers: what they show costs nothing. */
async function pooled(engine: Engine, side: number, depth: number) {
	const network = await cnn(depth, "gap");
	const image = async (seed: number): Promise<Tensor> => ({
		data: (await gaussian(4, side * side, seed)).data,
		shape: [4, side, side],
	});
	const [x, other] = [await image(1), await image(2)];
	return () => engine.gram(network, x, other);
}

async function regression(engine: Engine, order: number) {
	const orbits = await turned(8, order);
	return () => byBlocks(engine, orbits);
}

/** A Gram of normal points with all its eigenvalues above one. */
async function whole(engine: Engine, n: number) {
	const { data } = await engine.multiply(await gaussian(n, 64, 1), await gaussian(64, n, 2));
	const gram = new Float64Array(n * n);
	for (let i = 0; i < n; i++)
		for (let j = 0; j < n; j++)
			gram[i * n + j] = (i === j ? n : 0) + ((data[i * n + j] as number) + (data[j * n + i] as number)) / 128;
	const targets = await gaussian(n, 1, 3);
	return () => engine.regression({ data: gram, shape: [n, n] }, targets);
}
