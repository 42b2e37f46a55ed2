/**
 * What suites need of where they run: Node here, a page in page.ts, which stands in this one's place there.
 * @module
 */
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { inFreshProcess } from "./process.ts";
import type { DataFolder, Thread } from "./types.ts";

/** Where a file of the library is as users get it: what `npm run build` made. */
export const libraryFile = (name: string): string => pathToFileURL(resolve("dist", name)).href;

const load = (name: string) => import(/* @vite-ignore */ libraryFile(name));

/** The package's main module. */
export const loadLibrary = (): Promise<typeof import("../../ts/index.ts")> => load("index.js");

/** The wasm instance without workers, for what the facade does not offer: the product in single precision. */
export const loadEngine = (): Promise<typeof import("../../ts/engine.ts")> => load("chunk-engine.js");

/** The folder of tfjs's wasm files. */
export const wasmPath = (): string => `${resolve("node_modules/@tensorflow/tfjs-backend-wasm/dist")}/`;

/** Folders that may hold data sets: the given one, or else $ORBIT_KERNELS_DATA/data and ../shared/data. */
export function dataFolders(given?: string): Promise<DataFolder[]> {
	const parent = process.env.ORBIT_KERNELS_DATA;
	const places = given ? [given] : [...(parent ? [join(parent, "data")] : []), "../shared/data"];
	return Promise.all(
		places.map(async (place) => ({
			names: await readdir(place).catch(() => []),
			read: (name) => readFile(join(place, name)),
		})),
	);
}

/** Runs a part in a process of its own; undefined where there are none. */
export const freshProcess: typeof inFreshProcess | undefined = inFreshProcess;

/** Starts the thread of plain TypeScript. */
export function startThread(): Thread {
	const worker = new Worker(process.argv[1] as string, { argv: ["typescript"] });
	return {
		post: (message) => worker.postMessage(message),
		answer: async () => (await once(worker, "message"))[0],
		close: async () => void (await worker.terminate()),
	};
}

const EMPTY = "data:text/javascript,";

/** Imports a module that does nothing. */
export const loadNothing = (): Promise<unknown> => import(/* @vite-ignore */ EMPTY);

/** Milliseconds from the start of a thread that does nothing to its first message. */
export async function emptyThread(): Promise<number> {
	const start = performance.now();
	const worker = new Worker('require("node:worker_threads").parentPort.postMessage("")', { eval: true });
	await once(worker, "message");
	const milliseconds = performance.now() - start;
	await worker.terminate();
	return milliseconds;
}
