/**
 * Files that commands read.
 * @module
 */
import { createHash } from "node:crypto";
import { type FileHandle, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import {
	datasetFiles,
	type ErrorFields,
	type Kernel,
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
	return naming({ value: source }, () => toFloat64(array));
}

/** Reads the JSON of a network or kernel; the engine checks it. */
export async function readNetwork(option: string, path: string): Promise<Network | Kernel> {
	const source = `--${option} ${path}`;
	const text = new TextDecoder().decode(await readBytes(source, path));
	try {
		return JSON.parse(text) as Network | Kernel;
	} catch (cause) {
		throw new OrbitKernelsError("file", `${source} is not JSON: ${(cause as Error).message}`, { path, cause });
	}
}

/** A data set in the layout of MNIST, and which it is: the names of its files and what their bytes are. */
export interface Dataset extends LabelledImages {
	source: string;
}

/** Reads a data set from a folder; `split` chooses one of several. */
export async function readDatasetFolder(option: string, folder: string, split?: string): Promise<Dataset> {
	const source = `--${option} ${folder}`;
	const names = await readdir(folder).catch((cause) => {
		throw new OrbitKernelsError("file", `${source}: ${reason(cause)}`, { path: folder, cause });
	});
	return naming({ file: source }, async () => {
		const { images, labels } = datasetFiles(names, split);
		const read = (name: string) => readBytes(join(folder, name), join(folder, name));
		const [pixels, classes] = [await read(images), await read(labels)];
		const source = sourceOf([images, labels], [pixels, classes]);
		return { ...(await readDataset(pixels, classes, { images, labels })), source };
	});
}

/** Which files they are: their names, not where they lie, and what their bytes are. */
export function sourceOf(names: readonly string[], contents: readonly Uint8Array[]): string {
	const hash = createHash("sha256");
	for (const bytes of contents) hash.update(bytes);
	return `${names.join(", ")} (SHA-256 ${hash.digest("hex").slice(0, 16)})`;
}

/**
 * Says where the input came from that a call refuses: `sources` has the words for the first name in
 * the error's path, or else for its code.
 */
export async function naming<Value>(
	sources: Readonly<Record<string, string>>,
	call: () => Value | Promise<Value>,
): Promise<Value> {
	try {
		return await call();
	} catch (error) {
		if (!(error instanceof OrbitKernelsError)) throw error;
		const { code, message, path = "", index, value, expected, cause } = error;
		const source = sources[path.replace(/\W.*/, "")] ?? sources[code];
		if (source === undefined || message.startsWith(source)) throw error;
		throw new OrbitKernelsError(code, `${source}: ${message}`, { path, index, value, expected, cause } as ErrorFields);
	}
}

/** All bytes of a file or pipe. */
export async function readBytes(source: string, path: string): Promise<Uint8Array> {
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
