/**
 * One operation of each kind, for builds of the library that are to be compared: all in the calling thread.
 * @module
 */
import type { Network, Tensor } from "../ts/index.ts";
import { gaussian } from "./data.ts";
import { type Contest, contest, type Entrant, type Values } from "./harness.ts";
import type { Build } from "./host/builds.ts";
import { coreOf, libraryOf } from "./host/modules.ts";
import { cnn, digitImages, images, type Precision, perceptron } from "./networks.ts";
import { taskValue } from "./outcome.ts";

interface Operations {
	all: Omit<Entrant, "tolerance">[];
	close(): Promise<void>;
}

/** What the builds are called where relaxed SIMD is judged. */
export const SHIPPED = "as it is shipped";
export const RELAXED = "relaxed SIMD";

const PRECISIONS = ["f64", "f32"] as const;
const DIMENSION = 784;
/** Rows of transforms stay in the cache, and are transformed so often that it takes long enough to be timed. */
const FOURIER = { length: 4096, rows: 8, times: 200 };
/** What rounding in another way, or sums in another order, may make of five layers. */
const TOLERANCE = { f64: 1e-9, f32: 1e-2 };

/**
 * The operations by builds of the library, each result compared with that of the first.
 *
 * @param builds what each build is called
 */
export async function compared(
	builds: Partial<Record<Build, string>>,
	{ rounds, quick }: { rounds: number; quick: boolean },
): Promise<Contest[]> {
	const entries = Object.entries(builds) as [Build, string][];
	const loaded: Operations[] = [];
	try {
		for (const [build] of entries) loaded.push(await operations(build, quick));
		const contests: Contest[] = [];
		const [first] = loaded;
		for (const [k, { name }] of first?.all.entries() ?? []) {
			const tolerance = name.endsWith("f32") ? TOLERANCE.f32 : TOLERANCE.f64;
			const entrants = loaded.map(({ all }, place) => {
				const { run } = all[k] as Omit<Entrant, "tolerance">;
				return { name: entries[place]?.[1] as string, run, tolerance };
			});
			contests.push(await contest(name, entrants, rounds));
		}
		return contests;
	} finally {
		await Promise.all(loaded.map(({ close }) => close()));
	}
}

async function operations(build: Build, quick: boolean): Promise<Operations> {
	const { createEngine } = await libraryOf(build);
	const core = await coreOf(build);
	const engine = await createEngine({ workers: 0 });
	const size = quick ? 256 : 1024;
	const square = (await gaussian(size, size, 1)).data;
	const x = await gaussian(size, DIMENSION, 2);
	const targets = { data: (await gaussian(size, 1, 3)).data, shape: [size] };
	const rows = (await gaussian(FOURIER.rows, FOURIER.length, 4)).data;
	const digits = (await digitImages(engine, 4)).x;
	const mlp = await perceptron(5);
	const convolutional = await cnn(2, "gap");

	const ntk = async (network: Network, x: Tensor, precision: Precision, other?: Tensor): Promise<Values> => {
		const { ntk } = await (other
			? engine.gram(network, x, other, { precision })
			: engine.gram(network, x, { precision }));
		return (ntk as Tensor).data;
	};
	const gram = { data: await ntk(mlp, x, "f64"), shape: [size, size] };
	const each = (run: (precision: Precision) => Promise<Values>, name: string) =>
		PRECISIONS.map((precision) => ({ name: `${name}, ${precision}`, run: () => run(precision) }));
	return {
		all: [
			...each(async (precision) => {
				const data = precision === "f64" ? square : new Float32Array(square);
				return taskValue(await core.run("multiply", { a: data, b: data, rows: size, columns: size }));
			}, `product of ${size} × ${size}`),
			...each((precision) => ntk(mlp, x, precision), `dense NTK Gram, n = ${size}, d = ${DIMENSION}, depth 5`),
			...each(
				(precision) => ntk(convolutional, images(digits, 0, 2, precision), precision, images(digits, 2, 4, precision)),
				"convolutional NTK with GAP, 2 × 2 images, depth 2",
			),
			{
				name: `${FOURIER.times} × ${FOURIER.rows} transforms of length ${FOURIER.length}, f64`,
				run: async () => {
					const group = JSON.stringify({ type: "cyclic", order: FOURIER.length });
					const request = { orbits: { group, seeds: 0, stabilizers: "[]" }, values: rows, times: FOURIER.times };
					return taskValue(await core.run("fourier", request));
				},
			},
			{
				name: `Cholesky and solution, n = ${size}, f64`,
				run: async () => (await engine.regression(gram, targets, { ridge: { meanDiagonal: 1e-3 } })).coefficients.data,
			},
		],
		close: () => engine.dispose(),
	};
}
