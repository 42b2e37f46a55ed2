/** Digests of files: a result is up to date when the digest of all it depends on is the one stored beside it. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { root } from "./paths.mjs";

function* filesUnder(path) {
	if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return yield path;
	for (const entry of readdirSync(path).sort()) if (entry !== "target") yield* filesUnder(join(path, entry));
}

/**
 * @param {string[]} paths files and folders (without cargo's target folders), relative to the project; missing ones count as empty
 * @param {...string} extra anything else the result depends on
 */
export function fingerprint(paths, ...extra) {
	const hash = createHash("sha256");
	const add = (text) => hash.update(text).update("\0");
	for (const path of paths) {
		for (const file of filesUnder(join(root, path))) {
			add(relative(root, file).replaceAll(sep, "/"));
			add(readIfThere(file) ?? "");
		}
	}
	for (const text of extra) add(text);
	return hash.digest("hex");
}

/** A file's bytes, or undefined. */
export function readIfThere(file) {
	try {
		return readFileSync(file);
	} catch {
		return undefined;
	}
}
