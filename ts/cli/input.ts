/**
 * Files that commands read.
 * @module
 */
import { type FileHandle, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import {
	type DatasetFiles,
	datasetFiles,
	type LabelledImages,
	type Network,
	OrbitKernelsError,
	readDataset,
	readNpy,
	type Tensor,
	toFloat64,
} from "../index.ts";
import { reason } from "./system.ts";

/** Reads an array as doubles, or as single floats when the file holds those. */
export async function readArray(option: string, path: string): Promise<Tensor> {
	const source = `--${option} ${path}`;
	const array = readNpy(await readBytes(source, path), source);
	if (array.data instanceof Float32Array) return { data: array.data, shape: array.shape };
	return from(source, async () => toFloat64(array));
}

/** Reads a network's JSON; the engine checks its layers. */
export async function readNetwork(option: string, path: string): Promise<Network> {
	const source = `--${option} ${path}`;
	const text = new TextDecoder().decode(await readBytes(source, path));
	try {
		return JSON.parse(text) as Network;
	} catch (cause) {
		throw new OrbitKernelsError("file", `${source} is not JSON: ${(cause as Error).message}`, { path, cause });
	}
}

/** A data set in the layout of MNIST, and the names of its files. */
export interface Dataset extends LabelledImages {
	files: DatasetFiles;
}

/** Reads a data set from a folder; `split` chooses one of several. */
export async function readDatasetFolder(option: string, folder: string, split?: string): Promise<Dataset> {
	const source = `--${option} ${folder}`;
	const names = await readdir(folder).catch((cause) => {
		throw new OrbitKernelsError("file", `${source}: ${reason(cause)}`, { path: folder, cause });
	});
	return from(source, async () => {
		const { images, labels } = datasetFiles(names, split);
		const files = { images: join(folder, images), labels: join(folder, labels) };
		const [pixels, classes] = [
			await readBytes(files.images, files.images),
			await readBytes(files.labels, files.labels),
		];
		return { ...(await readDataset(pixels, classes, { images, labels })), files };
	});
}

/** Names the source of what a call refuses. */
export async function from<Value>(source: string, call: () => Promise<Value>): Promise<Value> {
	return fromEither(() => source, call);
}

/** The same for a call with several sources: `sourceOf` gets the error's path. */
export async function fromEither<Value>(
	sourceOf: (error: OrbitKernelsError) => string | undefined,
	call: () => Promise<Value>,
): Promise<Value> {
	try {
		return await call();
	} catch (error) {
		const source = error instanceof OrbitKernelsError ? sourceOf(error) : undefined;
		if (!(error instanceof OrbitKernelsError) || source === undefined || error.message.startsWith(source)) throw error;
		const { code, message, path, index, value, expected, cause } = error;
		const fields = { path, index, value, expected, cause };
		throw new OrbitKernelsError(code, `${source}: ${message}`, fields as object);
	}
}

/** All bytes of a file or pipe. */
async function readBytes(source: string, path: string): Promise<Uint8Array> {
	let file: FileHandle | undefined;
	try {
		file = await open(path);
		const stats = await file.stat();
		return stats.isFile() ? await readSized(file, stats.size) : await file.readFile();
	} catch (cause) {
		throw new OrbitKernelsError("file", `${source}: ${reason(cause)}`, { path, cause });
	} finally {
		await file?.close();
	}
}

/** readFile ends at 2 GiB, which a Gram of 16384 points exceeds. */
async function readSized(file: FileHandle, size: number): Promise<Uint8Array> {
	const bytes = new Uint8Array(size);
	const step = 2 ** 28;
	let end = 0;
	while (end < size) {
		const { bytesRead } = await file.read(bytes, end, Math.min(step, size - end), end);
		if (bytesRead === 0) break;
		end += bytesRead;
	}
	return bytes.subarray(0, end);
}
