/**
 * Seeded inputs of the benchmarks.
 * @module
 */
import type { Engine, Tensor } from "../ts/index.ts";
import { dataFolders, loadLibrary } from "./host/node.ts";
import { UsageError } from "./options.ts";

/** Inputs and where they are from. */
export interface Inputs {
	name: string;
	/** [n, d] */
	x: Tensor<Float64Array>;
}

/** One row in this many is a copy of the row before it, moved by 1e-6 … 1e-9 of its length. */
const COPY_EVERY = 32;

/** A generator of standard normal numbers (G. E. P. Box, M. E. Muller, 1958). */
export async function normal(seed: number): Promise<() => number> {
	const { random } = await loadLibrary();
	const uniform = random(seed);
	return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** Rows of independent standard normal numbers. */
export async function gaussian(count: number, dimension: number, seed: number): Promise<Tensor<Float64Array>> {
	const next = await normal(seed);
	return { data: Float64Array.from({ length: count * dimension }, next), shape: [count, dimension] };
}

/**
 * Handwritten digits without their mean and of unit norm, some of them nearly equal: 28 × 28 pixels of MNIST where it
 * is found, otherwise the embedded digits, turned a little where there are too few and resized.
 *
 * @param folder where MNIST's files are; by default see `dataFolders`
 * @throws UsageError when the given folder has none
 */
export async function digits(engine: Engine, count: number, folder?: string): Promise<Inputs> {
	const found = (await mnist(count, folder)) ?? (await embedded(engine, count));
	const { data } = await engine.prepare(found.images);
	const next = await normal(2);
	for (let row = COPY_EVERY - 1; row < count; row += COPY_EVERY) {
		const distance = 10 ** -(6 + ((row / COPY_EVERY) % 4)) / Math.sqrt(784);
		for (let k = row * 784; k < (row + 1) * 784; k++) data[k] = (data[k - 784] as number) + distance * next();
	}
	return { name: found.name, x: { data, shape: [count, 784] } };
}

interface Found {
	name: string;
	/** [n, 28, 28] */
	images: Tensor<Float64Array>;
}

async function mnist(count: number, folder: string | undefined): Promise<Found | undefined> {
	const { datasetFiles, readDataset } = await loadLibrary();
	for (const { names, read } of await dataFolders(folder)) {
		if (!names.some((name) => name.includes("-images-idx3-ubyte"))) continue;
		const files = datasetFiles(names);
		const { images } = await readDataset(await read(files.images), await read(files.labels), files);
		if ((images.shape[0] as number) >= count && images.data.length === (images.shape[0] as number) * 784)
			return {
				name: `the first ${count} of ${files.images}`,
				images: { data: images.data.slice(0, count * 784), shape: [count, 28, 28] },
			};
	}
	if (folder) throw new UsageError(`--data ${folder}: holds no data set with ${count} digits of 28 × 28 pixels`);
	return undefined;
}

async function embedded(engine: Engine, count: number): Promise<Found> {
	const { embeddedDigits } = await loadLibrary();
	const { images } = await embeddedDigits();
	const angles = Array.from({ length: Math.ceil(count / (images.shape[0] as number)) }, (_, k) => 10 * k);
	const large = await engine.resize(images, [28, 28]);
	const { data } = await engine.rotate(large, angles);
	return {
		name: `embedded digits resized to 28 × 28, turned by ${angles.join("°, ")}°`,
		images: { data: data.slice(0, count * 784), shape: [count, 28, 28] },
	};
}
