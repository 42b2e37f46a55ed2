/**
 * The library with another build of its wasm modules, and processes that can run it.
 * @module
 */
import { execFile } from "node:child_process";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { type Build, folderOf, NoBuild, wasmOf } from "./builds.ts";

/** The address of a build's script. */
async function address(file: string, build: Build): Promise<string> {
	const folder = build === "shipped" ? resolve("dist") : await folderOf(build);
	return pathToFileURL(join(folder, file)).href;
}

const load = async (file: string, build: Build) => import(/* @vite-ignore */ await address(file, build));

/**
 * Makes a build of the library, unless it is there, and says why it can't be had otherwise.
 *
 * @example
 * const why = await missing("plain"); // "cargo is missing"
 */
export async function missing(build: Build): Promise<string | undefined> {
	try {
		await folderOf(build);
		return undefined;
	} catch (error) {
		if (error instanceof NoBuild) return error.message;
		throw error;
	}
}

/** The package's main module in a build, after `missing` found it. */
export const libraryOf = (build: Build): Promise<typeof import("../../ts/index.ts")> => load("index.js", build);

/** A build's instance without workers, which knows its other modules. */
export async function coreOf(build: Build): Promise<import("../../ts/engine.ts").Core> {
	const { Core }: typeof import("../../ts/engine.ts") = await load("chunk-engine.js", build);
	const core = new Core();
	core.locate({ groups: await address("groups.js", build), training: await address("training.js", build) });
	return core;
}

/** Bytes of a build's core, the wasm module of kernels. */
export async function moduleSize(build: Build): Promise<{ raw: number; gzipped: number }> {
	const wasm = await wasmOf(build);
	return { raw: wasm.length, gzipped: gzipSync(wasm, { level: 9 }).length };
}

/** What a Node needs for relaxed SIMD that doesn't have it yet; later ones know the flag no more. */
const RELAXED_SIMD = "--experimental-wasm-relaxed-simd";

/**
 * Runs a part in a process that has relaxed SIMD, and gives the line of JSON that it answers with; undefined where there
 * is no such process.
 */
export async function withRelaxedSimd<Result>(...part: string[]): Promise<Result | undefined> {
	const { stdout: known } = await promisify(execFile)(process.execPath, ["--v8-options"]);
	const flags = known.includes(RELAXED_SIMD) ? [RELAXED_SIMD] : [];
	const args = [...flags, process.argv[1] as string, ...part];
	const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 2 ** 26 });
	return (JSON.parse(stdout) as Result | null) ?? undefined;
}
