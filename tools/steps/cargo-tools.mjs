/** Programs that come as Rust crates: taken from PATH when they have the right version, else built into the tool cache. */

import { readFileSync } from "node:fs";
import { cp } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { Failure } from "../failure.mjs";
import { crate, toolCache } from "../paths.mjs";
import { attempt, run } from "../process.mjs";
import { makeFolder, step, withScratch } from "../step.mjs";

/**
 * Turns cargo's module into JavaScript and wasm, and runs the Rust tests in WebAssembly. Both programs have to have the
 * version of the library in Cargo.lock, and wasm-pack looks for them in one folder.
 */
export function wasmBindgen() {
	const lock = readFileSync(join(crate, "Cargo.lock"), "utf8");
	const version = /name = "wasm-bindgen"\r?\nversion = "([^"]+)"/.exec(lock)?.[1];
	if (!version) throw new Failure("crate/Cargo.lock doesn't mention wasm-bindgen.");
	return cargoTool("wasm-bindgen-cli", version, ["wasm-bindgen", "wasm-bindgen-test-runner"]);
}

/** Drives cargo and the test runner. */
export const wasmPack = () => cargoTool("wasm-pack", "0.15.0", ["wasm-pack"]);

/** @returns {Promise<string>} the folder of the programs, which is first on PATH from then on */
async function cargoTool(source, version, programs) {
	const files = programs.map((program) => (process.platform === "win32" ? `${program}.exe` : program));
	const folder = join(toolCache, `${source}-${version}`);
	const candidates = [folder, ...process.env.PATH.split(delimiter)];
	const found = await step(`${source} ${version}`, {
		async done() {
			for (const candidate of candidates) {
				const answers = await Promise.all(files.map((file) => attempt([join(candidate, file), "--version"])));
				if (answers.every(({ status, stdout }) => status === 0 && stdout.includes(` ${version}`))) return candidate;
			}
		},
		how: "cargo install into the tool cache",
		make: () =>
			withScratch(async (scratch) => {
				const settings = ["--version", `=${version}`, "--no-default-features", "--debug"];
				const bins = programs.flatMap((program) => ["--bin", program]);
				// Unoptimized they are built in half the time and still work in a second.
				const env = { CARGO_PROFILE_DEV_DEBUG: "0", CARGO_TARGET_DIR: join(scratch, "target") };
				const place = ["--root", scratch, "--no-track"];
				await run(["cargo", "install", source, ...settings, ...bins, ...place], { env, cwd: scratch });
				await makeFolder(folder, async (partial) => {
					for (const file of files) await cp(join(scratch, "bin", file), join(partial, file));
				});
			}),
	});
	process.env.PATH = found + delimiter + process.env.PATH;
	return found;
}
