/** The Rust toolchain itself, and what has to be added to it. */

import { rm } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { Failure } from "../failure.mjs";
import { crate } from "../paths.mjs";
import { attempt, run } from "../process.mjs";
import { step } from "../step.mjs";
import { buildStandardLibrary } from "./wasm-std.mjs";

export const target = "wasm32-unknown-unknown";

/**
 * Finds rustc and cargo.
 *
 * @returns {Promise<{ version: string, sysroot: string }>} `version`: all that `rustc -vV` says
 */
export async function findRust() {
	// A shell opened before rustup was installed doesn't have its folder yet.
	process.env.PATH += delimiter + join(homedir(), ".cargo", "bin");
	const [version, sysroot] = await Promise.all([
		attempt(["rustc", "-vV"], { cwd: crate }),
		attempt(["rustc", "--print", "sysroot"], { cwd: crate }),
	]);
	if (version.status !== 0 || sysroot.status !== 0) {
		throw new Failure(
			`Rust is missing: install it with rustup (https://rustup.rs) and run this again.\n${version.output.trim()}`,
		);
	}
	return { version: version.stdout, sysroot: sysroot.stdout.trim() };
}

/** Rust's standard library for WebAssembly, in the toolchain's own folder. */
export function wasmStandardLibrary(rust) {
	return step(`Rust's standard library for ${target}`, {
		// Compiling an empty test is the one check that fits every way it can have come there.
		done: async () => {
			const args = ["--target", target, "--test", "--crate-name=probe", "--emit=metadata", "-o", "-", "-"];
			return (await attempt(["rustc", ...args], { cwd: crate })).status === 0;
		},
		how: "rustup target add, or compiled from the sources of the distribution",
		async make() {
			const rustup = await attempt(["rustup", "target", "add", target], { cwd: crate });
			if (rustup.status !== 0) await buildStandardLibrary(rust, target, rustup.output);
			// What was compiled against another build of the library can't be linked with this one.
			await rm(join(crate, "target", target), { recursive: true, force: true });
		},
	});
}

/** rustfmt and clippy, which a minimal rustup profile lacks. */
export function rustComponents() {
	return step("rustfmt and clippy", {
		done: async () => {
			const programs = [
				["cargo", "fmt", "--version"],
				["cargo", "clippy", "--version"],
			];
			return (await Promise.all(programs.map((program) => attempt(program, { cwd: crate })))).every(
				(p) => p.status === 0,
			);
		},
		how: "rustup component add",
		make: () => run(["rustup", "component", "add", "rustfmt", "clippy"], { cwd: crate }),
	});
}
