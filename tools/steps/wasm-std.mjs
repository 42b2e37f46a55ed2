/**
 * Rust's standard library for WebAssembly where rustup's server can't be reached: Debian publishes the sources of each
 * compiler version; cargo compiles them, and the result goes where `rustup target add` would have put it.
 */

import { existsSync, readFileSync } from "node:fs";
import { cp, mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Failure } from "../failure.mjs";
import { attempt, run } from "../process.mjs";
import { makeFolder, withScratch } from "../step.mjs";

/** The suites that hold the newer compilers, nearest to a stable system first. */
const SUITES = ["stable-backports", "testing", "unstable", "oldstable-backports"];

export async function buildStandardLibrary({ version, sysroot }, target, reason) {
	const release = /^release: (\S+)/m.exec(version)?.[1];
	const library = join(sysroot, "lib", "rustlib", "src", "rust", "library");
	await withScratch(async (scratch) => {
		if (!existsSync(join(library, "Cargo.lock"))) {
			const source = await downloadSource(release, scratch).catch((error) => {
				throw new Failure(
					`Install it by "rustup target add ${target}" once rustup's server can be reached, or put the sources of Rust ${release} into\n` +
						`${library} (rustup's component rust-src).\nrustup: ${reason.trim()}\nDistribution: ${error.message}`,
				);
			});
			await makeFolder(library, (partial) => cp(source, partial, { recursive: true, dereference: true }));
		}
		const objects = await compile(scratch, target);
		await makeFolder(join(sysroot, "lib", "rustlib", target), async (partial) => {
			await mkdir(join(partial, "lib"));
			const names = (await readdir(objects)).filter((name) => name.endsWith(".rlib") && !name.startsWith("libempty"));
			await Promise.all(names.map((name) => cp(join(objects, name), join(partial, "lib", name))));
		});
	});
}

/** Compiles the standard library as a by-product of an empty crate; returns the folder of the libraries. */
async function compile(scratch, target) {
	const empty = join(scratch, "empty");
	await mkdir(join(empty, "src"), { recursive: true });
	await writeFile(join(empty, "Cargo.toml"), '[package]\nname = "empty"\nversion = "0.0.0"\nedition = "2021"\n');
	await writeFile(join(empty, "src", "lib.rs"), "");
	await run(["cargo", "build", "--release", "-Zbuild-std=std,panic_abort,test", "--target", target], {
		cwd: empty,
		env: {
			// Building the standard library is not stable yet; the compiler that compiles it is.
			RUSTC_BOOTSTRAP: "1",
			// Without bitcode, link-time optimization of what uses it fails.
			RUSTFLAGS: "-Cembed-bitcode=yes",
			CARGO_TARGET_DIR: join(empty, "target"),
		},
	});
	return join(empty, "target", target, "release", "deps");
}

/** Finds rust-src of exactly this release in one of the suites; returns the folder `library` in it. */
async function downloadSource(release, scratch) {
	const sources = debianSources();
	for (const suite of SUITES) {
		const folder = join(scratch, suite);
		await mkdir(join(folder, "lists", "partial"), { recursive: true });
		await mkdir(join(folder, "cache", "archives", "partial"), { recursive: true });
		await writeFile(join(folder, "debian.sources"), sources.replace(/^Suites:.*$/m, `Suites: ${suite}`));
		const settings = {
			"Dir::Etc::SourceList": join(folder, "debian.sources"),
			"Dir::Etc::SourceParts": "/dev/null",
			"Dir::State::Lists": join(folder, "lists"),
			"Dir::Cache": join(folder, "cache"),
			// Only the index of binary packages is needed.
			"Acquire::Languages": "none",
			"Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled": "false",
			// apt's own user can't read a project in somebody's home.
			"APT::Sandbox::User": "root",
		};
		const options = Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
		if ((await attempt(["apt-get", ...options, "update"])).status !== 0) continue;
		const known = await run(["apt-cache", ...options, "madison", "rust-src"]);
		const version = known
			.split("\n")
			.map((line) => line.split("|")[1]?.trim())
			.find((v) => v?.startsWith(`${release}+`) || v?.startsWith(`${release}-`));
		if (!version) continue;
		await run(["apt-get", ...options, "download", `rust-src=${version}`], { cwd: folder });
		const [file] = (await readdir(folder)).filter((name) => name.endsWith(".deb"));
		await run(["dpkg-deb", "-x", file, "contents"], { cwd: folder });
		return join(folder, "contents", "usr", "src", `rustc-${release}`, "library");
	}
	throw new Error(`no suite of Debian (${SUITES.join(", ")}) has rust-src of ${release}`);
}

/** The machine's own configured Debian source (its mirror and keys), as one deb822 stanza. */
function debianSources() {
	for (const file of ["/etc/apt/sources.list.d/debian.sources", "/etc/apt/sources.list"]) {
		if (!existsSync(file)) continue;
		const text = readFileSync(file, "utf8").replace(/^#.*\n/gm, "");
		const stanza = text.split(/\n{2,}/).find((part) => /^Types:.*\bdeb\b/m.test(part) && /^Suites:/m.test(part));
		if (stanza) return `${stanza.trim()}\n`;
		const [, options = "", uri] = /^deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+\S+\s+main/m.exec(text) ?? [];
		const key = /signed-by=(\S+)/.exec(options)?.[1];
		if (uri) return `Types: deb\nURIs: ${uri}\nSuites: any\nComponents: main\n${key ? `Signed-By: ${key}\n` : ""}`;
	}
	throw new Error("no Debian source is configured");
}
