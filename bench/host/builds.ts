/**
 * The library with the wasm module of another build: the same JavaScript around it.
 * @module
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { gunzipSync, gzipSync } from "node:zlib";
import { wasmFeatures } from "../../tools/wasm-features.mjs";

/** The module that users get, one without SIMD, and one with products and sums in one instruction. */
export type Build = "shipped" | "plain" | "relaxed";

/** A build that can't be made here, and why. */
export class NoBuild extends Error {}

export const CACHE = join(".tools", "builds");
const ENGINE = "chunk-engine.js";
const INLINED = /base64Decode\("([A-Za-z0-9+/=]*)"\)/;
const TARGET = "wasm32-unknown-unknown";

/** The wasm module in the engine of a build. */
export async function wasmOf(build: Build): Promise<Uint8Array> {
	return inlined(await readFile(join(await folderOf(build), ENGINE), "utf8")).wasm;
}

/**
 * The folder of a build, like dist/; it is made when it isn't there, or not of this dist/.
 *
 * @throws NoBuild
 */
export async function folderOf(build: Build): Promise<string> {
	if (build === "shipped") return resolve("dist");
	const folder = resolve(CACHE, build);
	const engine = await readFile(join("dist", ENGINE), "utf8");
	const stamp = join(folder, ".built-from");
	const wanted = createHash("sha256").update(engine).digest("hex");
	if ((await readFile(stamp, "utf8").catch(() => "")) === wanted) return folder;
	console.error(`Builds the library's "${build}" wasm module …`);
	const { wasm } = inlined(engine);
	const other = build === "plain" ? await withoutSimd(wasm) : (await import("./fused.ts")).fused(wasm);
	await copyWith(other, folder);
	await writeFile(stamp, wanted);
	return folder;
}

/** Copies the library to a folder inside the project, with another wasm module. */
export async function copyWith(wasm: Uint8Array, folder: string): Promise<void> {
	await rm(folder, { recursive: true, force: true });
	await mkdir(folder, { recursive: true });
	const scripts = (await readdir("dist")).filter((name) => name.endsWith(".js"));
	await Promise.all(scripts.map((name) => copyFile(join("dist", name), join(folder, name))));
	const engine = await readFile(join("dist", ENGINE), "utf8");
	const packed = gzipSync(wasm, { level: 1 }).toString("base64");
	await writeFile(join(folder, ENGINE), engine.replace(inlined(engine).base64, packed));
}

/** What tools/packed-wasm.mjs wrote. */
function inlined(engine: string): { base64: string; wasm: Uint8Array } {
	const base64 = INLINED.exec(engine)?.[1];
	if (!base64) throw new Error(`no wasm in dist/${ENGINE}`);
	return { base64, wasm: gunzipSync(Buffer.from(base64, "base64")) };
}

/** The core as rollup.config.mjs builds it, but for the target's features. */
async function withoutSimd(shipped: Uint8Array): Promise<Uint8Array> {
	const target = resolve(CACHE, "target");
	const config = await readFile(join("crate", ".cargo", "config.toml"), "utf8");
	const flags = JSON.parse(/^rustflags = (\[.*\])$/m.exec(config)?.[1] ?? "[]") as string[];
	const kept = flags.filter((flag) => !flag.startsWith("-Ctarget-feature="));
	const env = {
		CARGO_ENCODED_RUSTFLAGS: [...kept, "--cfg=without_simd"].join("\x1f"),
		CARGO_TARGET_DIR: target,
		CARGO_PROFILE_RELEASE_STRIP: "true",
	};
	const kind = ["--lib", "--target", TARGET, "--crate-type", "cdylib", "--release"];
	await program("cargo", ["rustc", ...kind], { cwd: join("crate", "core"), env });
	const out = join(target, "bound");
	const linked = join(target, TARGET, "release", "orbit_kernels_core.wasm");
	await program("wasm-bindgen", [
		"--out-dir",
		out,
		"--out-name",
		"index",
		"--target",
		"web",
		"--no-typescript",
		linked,
	]);
	const [bound, optimized] = [join(out, "index_bg.wasm"), join(out, "optimized.wasm")];
	// gemm has its kernels for SIMD in any case, and takes them where it is told that they run.
	const optimize = ["node_modules/binaryen/bin/wasm-opt", bound, "--output", optimized, "-O3", ...wasmFeatures];
	await program(process.execPath, optimize);
	const wasm = await readFile(optimized);
	if (surface(wasm) !== surface(shipped)) throw new NoBuild("dist/ was built from other sources");
	return wasm;
}

async function program(
	name: string,
	args: string[],
	{ cwd = ".", env = {} }: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<void> {
	try {
		await promisify(execFile)(name, args, { cwd, env: { ...process.env, ...env }, maxBuffer: 2 ** 26 });
	} catch (error) {
		const { code, stderr } = error as NodeJS.ErrnoException & { stderr?: string };
		throw new NoBuild(
			code === "ENOENT" ? `${name} is missing` : `${name} failed: ${stderr?.trim().split("\n").at(-1)}`,
		);
	}
}

/** The JavaScript around a module fits no other imports and exports. */
function surface(wasm: Uint8Array): string {
	const module = new WebAssembly.Module(new Uint8Array(wasm));
	return JSON.stringify([WebAssembly.Module.imports(module), WebAssembly.Module.exports(module)]);
}
