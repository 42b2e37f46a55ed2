/**
 * The library as users get it: what `npm run build` made. And where this host finds the files of others.
 * @module
 */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const load = (file: string) => import(/* @vite-ignore */ pathToFileURL(resolve("dist", file)).href);

/** The package's main module. */
export const loadLibrary = (): Promise<typeof import("../../ts/index.ts")> => load("index.js");

/** The wasm instance without workers, for what the facade does not offer: the product in single precision. */
export const loadEngine = (): Promise<typeof import("../../ts/engine.ts")> => load("chunk-engine.js");

/** The folder of tfjs's wasm files. */
export const wasmPath = (): string => `${resolve("node_modules/@tensorflow/tfjs-backend-wasm/dist")}/`;
