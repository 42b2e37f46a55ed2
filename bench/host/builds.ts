/**
 * The library with the wasm modules of another build: the same JavaScript around them.
 * @module
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { gunzipSync, gzipSync } from "node:zlib";
import { wasmFeatures } from "../../tools/wasm-features.mjs";

/** What users get; without SIMD; and with products and sums in one instruction. */
export type Build = "shipped" | "plain" | "relaxed";

/** A build that can't be made here, and why. */
export class NoBuild extends Error {}

export const CACHE = join(".tools", "builds");
/** The crates by the scripts that hold their modules. Trainings stay as they are: what they do is burn's. */
const SCRIPTS = { core: "chunk-engine.js", groups: "groups.js" };
type Crate = keyof typeof SCRIPTS;
const CRATES: Crate[] = ["core", "groups"];
/** A gzip file in base64: these are its first three bytes. */
const INLINED = /"(H4sI[A-Za-z0-9+/=]+)"/;
const TARGET = "wasm32-unknown-unknown";

/** The core's wasm module in a build. */
export async function wasmOf(build: Build): Promise<Uint8Array> {
	return inlined(await readFile(join(await folderOf(build), SCRIPTS.core), "utf8")).wasm;
}

/**
 * The folder of a build, like dist/; it is made when it isn't there, or not of this dist/.
 *
 * @throws NoBuild
 */
export async function folderOf(build: Build): Promise<string> {
	if (build === "shipped") return resolve("dist");
	const folder = resolve(CACHE, build);
	const scripts = await Promise.all(CRATES.map((crate) => readFile(join("dist", SCRIPTS[crate]), "utf8")));
	const stamp = join(folder, ".built-from");
	const wanted = createHash("sha256").update(scripts.join()).digest("hex");
	if ((await readFile(stamp, "utf8").catch(() => "")) === wanted) return folder;
	console.error(`Builds the library's "${build}" wasm modules …`);
	const modules: Partial<Record<Crate, Uint8Array>> = {};
	for (const [k, crate] of CRATES.entries()) {
		const { wasm } = inlined(scripts[k] as string);
		modules[crate] = build === "plain" ? await withoutSimd(crate, wasm) : (await import("./fused.ts")).fused(wasm);
	}
	await copyWith(modules, folder);
	await writeFile(stamp, wanted);
	return folder;
}

/** Copies the library to a folder inside the project, with other wasm modules. */
export async function copyWith(modules: Partial<Record<Crate, Uint8Array>>, folder: string): Promise<void> {
	await rm(folder, { recursive: true, force: true });
	await mkdir(folder, { recursive: true });
	const names = (await readdir("dist")).filter((name) => name.endsWith(".js"));
	await Promise.all(names.map((name) => copyFile(join("dist", name), join(folder, name))));
	for (const [crate, wasm] of Object.entries(modules)) {
		const file = join(folder, SCRIPTS[crate as Crate]);
		const script = await readFile(file, "utf8");
		await writeFile(file, script.replace(inlined(script).base64, gzipSync(wasm, { level: 1 }).toString("base64")));
	}
}

/** What tools/packed-wasm.mjs wrote. */
function inlined(script: string): { base64: string; wasm: Uint8Array } {
	const base64 = INLINED.exec(script)?.[1];
	if (!base64) throw new Error("dist/: no wasm in a script that should hold some");
	return { base64, wasm: gunzipSync(Buffer.from(base64, "base64")) };
}

/** A crate as rollup.config.mjs builds it, but for the target's features. */
async function withoutSimd(crate: Crate, shipped: Uint8Array): Promise<Uint8Array> {
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
	await program("cargo", ["rustc", ...kind], { cwd: join("crate", crate), env });
	const out = join(target, "bound");
	const linked = join(target, TARGET, "release", `orbit_kernels_${crate}.wasm`);
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
