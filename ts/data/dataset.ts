/**
 * Data sets of labelled images in the file layout of MNIST.
 * @module
 */
import { OrbitKernelsError } from "../errors.ts";
import type { LabelledImages } from "./digits.ts";
import { readIdx } from "./idx.ts";

/** The two files of one data set. */
export interface DatasetFiles {
	images: string;
	labels: string;
}

const IMAGES = /^(.+)-images-idx3-ubyte(\.gz)?$/;

/** Which data set of a folder is meant when none is named. */
const PREFERRED = ["train", "t10k"];

/**
 * Chooses a data set among the file names of a folder: `<name>-images-idx3-ubyte[.gz]` with `<name>-labels-idx1-ubyte[.gz]`.
 *
 * @param names the names of the folder's files
 * @param split the `<name>` wanted; by default train before t10k before the others in alphabetical order
 * @throws OrbitKernelsError "file" when there is no such data set, or its images or labels are missing
 * @example
 * const files = datasetFiles(await readdir("mnist")); // { images: "train-images-idx3-ubyte.gz", labels: … }
 */
export function datasetFiles(names: readonly string[], split?: string): DatasetFiles {
	const found = names.flatMap((name) => IMAGES.exec(name)?.[1] ?? []);
	const splits = [...new Set([...PREFERRED.filter((name) => found.includes(name)), ...found.sort()])];
	const chosen = split ?? splits[0];
	if (chosen === undefined || !splits.includes(chosen)) {
		const among = splits.length > 0 ? ` (the folder has ${splits.join(", ")})` : "";
		throw new OrbitKernelsError("file", `no images ${split ?? "<name>"}-images-idx3-ubyte[.gz]${among}`, {
			value: splits,
			expected: `${split ?? "<name>"}-images-idx3-ubyte[.gz]`,
		});
	}
	const plainOrPacked = (name: string) => [name, `${name}.gz`].find((candidate) => names.includes(candidate));
	const images = plainOrPacked(`${chosen}-images-idx3-ubyte`) as string;
	const labels = plainOrPacked(`${chosen}-labels-idx1-ubyte`);
	if (!labels) {
		const expected = `${chosen}-labels-idx1-ubyte[.gz]`;
		throw new OrbitKernelsError("file", `the labels of ${images} are missing: no ${expected}`, {
			path: images,
			expected,
		});
	}
	return { images, labels };
}

/**
 * Reads a data set from the bytes of its two IDX files, plain or gzipped; grey values 0 … 255 become 0 … 1.
 *
 * @param images the images file, bytes of shape [n, H, W]
 * @param labels the labels file, bytes of shape [n]
 * @param files the names of the files, for error messages
 * @throws OrbitKernelsError "file" when a file is damaged, has another layout, or the two counts differ
 * @example
 * const { images, labels } = await readDataset(await readFile(files.images), await readFile(files.labels), files);
 */
export async function readDataset(
	images: Uint8Array,
	labels: Uint8Array,
	files: DatasetFiles = { images: "the images file", labels: "the labels file" },
): Promise<LabelledImages> {
	const pixels = await readLayout(images, 3, files.images);
	const classes = await readLayout(labels, 1, files.labels);
	const [count, labelCount] = [pixels.shape[0], classes.shape[0]];
	if (count !== labelCount) {
		throw new OrbitKernelsError("file", `${files.images} holds ${count} images, ${files.labels} ${labelCount} labels`, {
			path: files.labels,
			value: labelCount,
			expected: `${count} labels`,
		});
	}
	const data = new Float64Array(pixels.data);
	for (let i = 0; i < data.length; i++) data[i] = (data[i] as number) / 255;
	return { images: { data, shape: pixels.shape }, labels: new Int32Array(classes.data) };
}

async function readLayout(bytes: Uint8Array, dimensions: number, name: string) {
	const { data, shape } = await readIdx(bytes, name);
	if (!(data instanceof Uint8Array) || shape.length !== dimensions) {
		throw new OrbitKernelsError("file", `${name} holds other data than bytes of ${dimensions} dimensions`, {
			path: name,
			value: shape,
			expected: `unsigned bytes of ${dimensions} dimensions`,
		});
	}
	return { data, shape };
}
