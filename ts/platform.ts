/**
 * The few things that Node and browsers do differently.
 * @module
 */
import type { Endpoint } from "comlink";
import nodeEndpoint from "comlink/dist/esm/node-adapter";

// Synchronous, and invisible to bundlers for browsers.
const node = <Name extends string>(name: Name) => globalThis.process?.getBuiltinModule?.(name as "node:fs") as unknown;
const threads = node("node:worker_threads") as typeof import("node:worker_threads") | undefined;
const os = node("node:os") as typeof import("node:os") | undefined;

/** Whether this is Node, or something that has its modules. */
export const isNode = threads !== undefined;

/** The endpoint on which a worker answers. */
export function workerEndpoint(): Endpoint {
	return threads?.parentPort ? nodeEndpoint(threads.parentPort) : (globalThis as unknown as Endpoint);
}

/** A worker thread of either kind. */
export interface Thread {
	endpoint: Endpoint;
	/** Calls back once, when the worker has died or can't be understood. */
	onFailure(callback: (reason: unknown) => void): void;
	/** Whether the process shall wait for it. */
	hold(busy: boolean): void;
	terminate(): Promise<void>;
}

/** Starts a worker from `url`, or from the worker.js beside this file. */
export function spawnWorker(url?: string | URL): Thread {
	return threads ? spawnInNode(threads, url) : spawnInBrowser(url);
}

function spawnInNode({ Worker }: typeof import("node:worker_threads"), url?: string | URL): Thread {
	// Not the literal form that bundlers look for: in Node the worker is never bundled.
	const here = import.meta.url;
	// The worker needs no option of the process; some, such as --input-type, would end it, and loaders would slow its start.
	const worker = new Worker(new URL(url ?? "./worker.js", here), { execArgv: [] });
	worker.unref();
	let ending = false;
	return {
		endpoint: nodeEndpoint(worker),
		onFailure(callback) {
			worker.once("error", callback);
			worker.once("messageerror", callback);
			worker.once("exit", (code) => callback(new Error(`the worker exited with status ${code}`)));
		},
		hold(busy) {
			if (busy || ending) worker.ref();
			else worker.unref();
		},
		async terminate() {
			// Held to its end, or the process could end before whoever waits for this has been told.
			ending = true;
			worker.ref();
			await worker.terminate();
		},
	};
}

function spawnInBrowser(url?: string | URL): Thread {
	const worker = url
		? new Worker(url, { type: "module" })
		: new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
	return {
		endpoint: worker,
		onFailure(callback) {
			worker.onerror = (event) =>
				callback(event.message ? new Error(event.message) : new Error("the worker could not be started"));
			worker.onmessageerror = () => callback(new Error("a message could not be read"));
		},
		hold: () => {},
		terminate: async () => worker.terminate(),
	};
}

/** Processors that workers can use. */
export function processors(): number {
	return os?.availableParallelism() ?? globalThis.navigator?.hardwareConcurrency ?? 1;
}

/** Default memory limit: half of what a machine has, or 2 GiB where that is not known. */
export function defaultMaxBytes(): number {
	return os ? os.totalmem() / 2 : 2 ** 31;
}

/** Resolves in a later turn of the event loop, so that timers, input and aborts are not starved. */
export function nextTurn(): Promise<void> {
	return new Promise((resolve) => {
		if (typeof setImmediate === "function") setImmediate(resolve);
		else {
			// Unlike setTimeout not slowed down when nested.
			const { port1, port2 } = new MessageChannel();
			port1.onmessage = () => {
				port1.close();
				resolve();
			};
			port2.postMessage(null);
		}
	});
}
