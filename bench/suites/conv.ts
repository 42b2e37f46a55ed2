/**
 * Convolutional NTKs against plain TypeScript, against the library's own executor of all location pairs at once, and
 * against neural-tangents.
 * @module
 */
import type { Engine, KernelOptions, Network, Tensor } from "../../ts/index.ts";
import { type Contest, contest, type Entrant, ratio, type Values } from "../harness.ts";
import type { ConvMemory } from "../host/fresh-conv.ts";
import { freshProcess, loadLibrary } from "../host/node.ts";
import { cnn, digitImages, images, POOLING_NAMES, type Pooling, type Precision } from "../networks.ts";
import type { Options } from "../options.ts";
import { neuralTangents, type Peer } from "../peers/python.ts";
import { TypeScript } from "../peers/typescript.ts";
import type { Report } from "../report.ts";

const SIDE = 28;
const LOCATIONS = SIDE ** 2;
/** Location pairs that a pair of images has. */
const LOCATION_PAIRS = { gap: LOCATIONS ** 2, flatten: LOCATIONS } as const;

/**
 * Images in rows and in columns: so many that everybody but neural-tangents takes about a second. The columns are other
 * images than the rows, so that symmetry saves nobody anything.
 */
const COUNT = { gap: 4, flatten: 128 } as const;
/** Images that neural-tangents takes, for which a pair with global pooling is a second. */
const PEER_COUNT = { gap: 2, flatten: 128 } as const;
const QUICK_COUNT = { gap: 2, flatten: 16 } as const;
/** Sizes of blocks that neural-tangents may choose from. */
const BLOCKS = { gap: [1], flatten: [32, 64] };
const QUICK_BLOCKS = { gap: [1], flatten: [8] };
/** Columns of the Gram whose memory is measured, with so many rows. */
const MANY = { gap: { rows: 1, columns: 512 }, flatten: { rows: 16, columns: 8192 } } as const;
const QUICK_MANY = { gap: { rows: 1, columns: 64 }, flatten: { rows: 8, columns: 1024 } } as const;

const POOLINGS = ["gap", "flatten"] as const;
const PRECISIONS = ["f64", "f32"] as const;
const DEPTHS = [1, 5] as const;

/** How many times faster than TypeScript one worker shall be with global pooling. */
const OVER_TYPESCRIPT = { f64: 3, f32: 7 };
/** How many times faster than neural-tangents at as many processors, of those that are aimed at. */
const OVER_NEURAL_TANGENTS: Record<Pooling, Record<Precision, Partial<Record<number, number>>>> = {
	gap: { f64: { 1: 8, 5: 10 }, f32: { 1: 40, 5: 40 } },
	flatten: { f64: { 1: 5, 5: 5 }, f32: { 1: 5, 5: 5 } },
};

/** Cosines lose up to half the digits where patches are parallel, as the backgrounds of digits are. */
const TOLERANCE = { ordinary: { f64: 1e-6, f32: 5e-3 }, own: { f64: 1e-12, f32: 1e-5 } };

const ONE_WORKER = "1 worker";
const TWO_WORKERS = "2 workers";
const COVARIANCE = "all location pairs at once";

interface Setting {
	pooling: Pooling;
	depth: number;
	precision: Precision;
	network: Network;
	x: Tensor;
	other: Tensor;
	rounds: number;
}

type Engines = Record<"one" | "two", Engine>;

/** Runs the suite. */
export async function run(report: Report, options: Options): Promise<void> {
	const { rounds, quick, data, python } = options;
	const { createEngine } = await loadLibrary();
	const engines = { one: await createEngine({ workers: 1 }), two: await createEngine({ workers: 2 }) };
	const typescript = new TypeScript();
	try {
		const found = await digitImages(engines.one, 2 * COUNT.flatten, data);
		report.fact("digits", found.name);
		for (const pooling of POOLINGS)
			for (const depth of quick ? [1] : DEPTHS)
				for (const precision of PRECISIONS) {
					const network = await cnn(depth, pooling);
					const setting = (count: number, rounds: number): Setting => {
						const x = images(found.x, 0, count, precision);
						const other = images(found.x, count, 2 * count, precision);
						return { pooling, depth, precision, network, x, other, rounds };
					};
					const whole = setting((quick ? QUICK_COUNT : COUNT)[pooling], rounds);
					await own(report, engines, typescript, whole);
					if (!python) continue;
					const blocks = (quick ? QUICK_BLOCKS : BLOCKS)[pooling];
					const count = (quick ? QUICK_COUNT : PEER_COUNT)[pooling];
					await peers(report, engines, { python, blocks }, setting(count, Math.ceil(rounds / 2)), whole);
				}
		await costs(report, engines.one);
	} finally {
		await Promise.all([engines.one.dispose(), engines.two.dispose()]);
		await typescript.close();
	}
	for (const pooling of POOLINGS) await memory(report, pooling, (quick ? QUICK_MANY : MANY)[pooling]);
}

/** The library with one and two workers, and with global pooling as if offsets were mixed; TypeScript. */
async function own(report: Report, { one, two }: Engines, typescript: TypeScript, setting: Setting): Promise<void> {
	const { pooling, depth, precision, network, x, other, rounds } = setting;
	const task = {
		...{ name: "conv" as const, pooling, depth, precision, height: SIDE, width: SIDE, weightStd: 1, biasStd: 0 },
		x: new Float64Array(x.data),
		other: new Float64Array(other.data),
	};
	const entrants: Entrant[] = [
		{ name: ONE_WORKER, run: () => ntk(one, network, x, other, { precision }) },
		{ name: TWO_WORKERS, run: () => ntk(two, network, x, other, { precision }) },
		typescript.entrant(task, TOLERANCE.ordinary[precision]),
	];
	if (pooling === "gap")
		entrants.push({
			name: COVARIANCE,
			run: () => ntk(one, network, x, other, { precision, executor: "covariance" }),
			tolerance: TOLERANCE.own[precision],
		});
	const result = await contest(title(setting), entrants, rounds);
	report.contest(result);
	perPair(report, result, setting);
	const name = nameOf(setting);
	const times = ratio(result, "TypeScript", { [ONE_WORKER]: 1 });
	if (pooling === "gap") {
		report.atLeast(`${name}: × TypeScript`, times, OVER_TYPESCRIPT[precision]);
		report.fact(`${name}: × ${COVARIANCE}`, ratio(result, COVARIANCE, { [ONE_WORKER]: 1 }));
	} else report.fact(`${name}: × TypeScript`, times);
	report.fact(`${name}: 2 workers over 1`, ratio(result, ONE_WORKER, { [TWO_WORKERS]: 1 }));
}

/**
 * The library with one and two workers, and neural-tangents on as many processors. The library's time is its share of the
 * `whole` Gram: of a few pairs alone it makes one task, and a second worker has nothing to do.
 */
async function peers(
	report: Report,
	{ one, two }: Engines,
	{ python, blocks }: { python: string; blocks: number[] },
	setting: Setting,
	whole: Setting,
): Promise<void> {
	const { pooling, depth, precision, network, x, other, rounds } = setting;
	const started: Peer[] = [];
	try {
		for (const processors of [1, 2]) {
			const name = peerName(processors);
			const options = { python, processors, precision, tolerance: TOLERANCE.ordinary[precision], other, blocks, name };
			started.push(await neuralTangents(network, withChannel(x), { ...options, other: withChannel(other) }));
		}
		for (const { entrant, block, versions } of started) {
			for (const [library, version] of Object.entries(versions)) report.fact(library, version);
			report.fact(`${nameOf(setting)}: ${entrant.name}`, block === 0 ? "in one piece" : `in blocks of ${block}`);
		}
		const ours = (name: string, engine: Engine): Entrant => ({
			name,
			run: () => ntk(engine, network, x, other, { precision }),
			async time() {
				const start = performance.now();
				await ntk(engine, network, whole.x, whole.other, { precision });
				return ((performance.now() - start) * pairsOf(setting)) / pairsOf(whole);
			},
		});
		const result = await contest(
			`${title(setting)}, neural-tangents`,
			[ours(ONE_WORKER, one), ours(TWO_WORKERS, two), ...started.map(({ entrant }) => entrant)],
			rounds,
		);
		report.contest(result);
		perPair(report, result, setting);
		for (const [processors, workers] of [
			[1, ONE_WORKER],
			[2, TWO_WORKERS],
		] as const) {
			const name = `${nameOf(setting)}, ${workers}: × ${peerName(processors)}`;
			const times = ratio(result, peerName(processors), { [workers]: 1 });
			const wanted = OVER_NEURAL_TANGENTS[pooling][precision][depth];
			if (wanted) report.atLeast(name, times, wanted);
			else report.fact(name, times);
		}
	} finally {
		await Promise.all(started.map((peer) => peer.close()));
	}
}

const peerName = (processors: number) =>
	`neural-tangents, ${processors} ${processors === 1 ? "processor" : "processors"}`;

const withChannel = ({ data, shape }: Tensor): Tensor => ({ data, shape: [...shape, 1] });

/** What the library says that a pair takes. */
async function costs(report: Report, engine: Engine): Promise<void> {
	report.heading("what engine.explain says of a pair, depth 1");
	for (const pooling of POOLINGS)
		for (const precision of PRECISIONS) {
			const shape = [64, SIDE, SIDE];
			const { executor, pair, sample } = await engine.explain(await cnn(1, pooling), shape, { precision });
			const name = `${POOLING_NAMES[pooling]}, ${precision}`;
			report.fact(`${name}: executor`, executor);
			report.fact(`${name}: per location pair`, pair.flops / LOCATION_PAIRS[pooling], "operations");
			report.fact(`${name}: memory of a worker at it`, pair.bytes / 1024, "KiB");
			report.fact(`${name}: kept of an image`, sample.bytes / 1024, "KiB");
		}
}

/** How much a worker grows when its share of a Gram has many images: not with their number. */
async function memory(
	report: Report,
	pooling: Pooling,
	{ rows, columns }: { rows: number; columns: number },
): Promise<void> {
	const MEBIBYTE = 2 ** 20;
	const name = `${POOLING_NAMES[pooling]}, depth 5, f64, ${rows} × ${columns} images`;
	if (!freshProcess) return report.fact(`${name}: memory`, "a page can't see it");
	const args = [pooling, String(rows), String(columns)];
	const { before, peak, workers } = await freshProcess<ConvMemory>("fresh-conv", ...args);
	const result = (8 * rows * columns) / MEBIBYTE;
	const grown = (peak - before) / MEBIBYTE - result;
	report.heading(`memory of a process with one Gram (${name}, ${workers} workers)`);
	report.fact(`${name}: images made, workers started`, before / MEBIBYTE, "MiB");
	report.fact(`${name}: the result alone`, result, "MiB");
	report.atMost(`${name}: peak − these, per worker [MiB]`, grown / workers, 100);
}

async function ntk(
	engine: Engine,
	network: Network,
	x: Tensor,
	other: Tensor,
	options: KernelOptions,
): Promise<Values> {
	const { ntk } = await engine.gram(network, x, other, options);
	return (ntk as Tensor).data;
}

const nameOf = ({ pooling, depth, precision }: Setting) => `${POOLING_NAMES[pooling]}, depth ${depth}, ${precision}`;

const pairsOf = ({ x, other }: Setting) => (x.shape[0] as number) * (other.shape[0] as number);

const title = (setting: Setting) =>
	`${nameOf(setting)} (${setting.x.shape[0]} × ${setting.other.shape[0]} images of ${SIDE} × ${SIDE})`;

/** Everybody's milliseconds for a pair of images, nanoseconds for a location pair and layer. */
function perPair(report: Report, { figures }: Contest, setting: Setting): void {
	const { pooling, depth } = setting;
	for (const { name, median } of figures) {
		const each = median / pairsOf(setting);
		report.fact(`${nameOf(setting)}, ${name}: a pair`, each, "ms");
		const nanoseconds = (1e6 * each) / (LOCATION_PAIRS[pooling] * depth);
		report.fact(`${nameOf(setting)}, ${name}: a location pair and layer`, nanoseconds, "ns");
	}
}
