/**
 * What suites need of where they run, on a page: see node.ts, in whose place this stands when the page is built.
 * @module
 */
import type * as node from "./node.ts";

type Node = typeof node;

// The published files, which the server has beside the page: they are not bundled.
export const libraryFile: Node["libraryFile"] = (name) => new URL(`/dist/${name}`, location.href).href;

const load = (name: string) => import(/* @vite-ignore */ libraryFile(name));

export const loadLibrary: Node["loadLibrary"] = () => load("index.js");

export const loadEngine: Node["loadEngine"] = () => load("chunk-engine.js");

export const wasmPath: Node["wasmPath"] = () => "/tfjs/";

export const dataFolders: Node["dataFolders"] = async () => [];

export const freshProcess: Node["freshProcess"] = undefined;

export const startThread: Node["startThread"] = () => {
	const worker = new Worker(new URL("../page/typescript.worker.ts", import.meta.url), { type: "module" });
	return {
		post: (message) => worker.postMessage(message),
		answer: () => nextMessage(worker),
		close: async () => worker.terminate(),
	};
};

export const loadNothing: Node["loadNothing"] = () =>
	import(/* @vite-ignore */ new URL("/empty.js", location.href).href);

export const emptyThread: Node["emptyThread"] = async () => {
	const source = URL.createObjectURL(new Blob(["postMessage('')"], { type: "text/javascript" }));
	const start = performance.now();
	const worker = new Worker(source, { type: "module" });
	await nextMessage(worker);
	const milliseconds = performance.now() - start;
	worker.terminate();
	return milliseconds;
};

const nextMessage = (worker: Worker): Promise<unknown> =>
	new Promise((resolve, reject) => {
		worker.onmessage = ({ data }) => resolve(data);
		worker.onerror = ({ message }) => reject(new Error(message || "the thread could not be started"));
	});
