/**
 * Files that commands write: each whole, or not at all.
 * @module
 */
import { rmSync } from "node:fs";
import { type FileHandle, mkdir, open, readdir, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { OrbitKernelsError } from "../index.ts";
import { reason, SystemFailure } from "./system.ts";

/** Where a file comes to be, and where it is written until it is whole. */
interface Place {
	path: string;
	partial: string;
	file: FileHandle;
}

/** Files to take away should the process end before they are whole. */
const partials = new Set<string>();
process.on("exit", () => {
	for (const partial of partials) rmSync(partial, { force: true });
});

/**
 * Makes files of what `work` gives, one for each path, after checking that they can be written.
 *
 * They are written beside their places and renamed at the end, so that a failure, an abort or a
 * full disk leaves nothing, and never half a file.
 *
 * Errors: `file` before `work` starts, when a path can't be written; SystemFailure when writing fails.
 */
export async function produce(
	option: string,
	paths: readonly string[],
	work: () => Promise<(Uint8Array | string)[]>,
): Promise<void> {
	const places: Place[] = [];
	try {
		for (const path of paths) places.push(await reserve(option, path));
		const contents = await work();
		for (const [k, { file }] of places.entries()) await file.writeFile(contents[k] as Uint8Array | string);
		for (const { path, partial, file } of places) {
			await file.close();
			if (partial !== path) await rename(partial, path);
			partials.delete(partial);
		}
	} catch (error) {
		if (!(error as NodeJS.ErrnoException).syscall) throw error;
		const all = paths.length > 3 ? `${paths[0]} and ${paths.length - 1} more files` : paths.join(", ");
		throw new SystemFailure(`--${option} ${all} can't be written: ${reason(error)}`, { cause: error });
	} finally {
		for (const { partial, file } of places) {
			await file.close();
			if (partials.delete(partial)) await rm(partial, { force: true });
		}
	}
}

/** Makes a folder, and those above it, unless it is there. */
export async function makeFolder(option: string, path: string): Promise<void> {
	await mkdir(path, { recursive: true }).catch((cause) => {
		throw refusal(option, path, reason(cause), cause);
	});
}

async function reserve(option: string, path: string): Promise<Place> {
	// A link stays, and what it points to is replaced.
	const target = await realpath(path).catch(() => path);
	const there = await stat(target).catch(() => undefined);
	if (there?.isDirectory()) throw refusal(option, path, "it is a folder");
	// A device or a pipe must not be replaced.
	const special = there !== undefined && !there.isFile();
	const partial = special ? target : partialOf(target, process.pid);
	try {
		const file = await open(partial, "w");
		if (!special) {
			partials.add(partial);
			await clearAway(target);
		}
		return { path: target, partial, file };
	} catch (cause) {
		const noFolder = (cause as NodeJS.ErrnoException).code === "ENOENT";
		throw refusal(option, path, noFolder ? `there is no folder ${dirname(path)}` : reason(cause), cause);
	}
}

/** Where a process writes a file until it is whole. */
const partialOf = (target: string, pid: number | string) =>
	join(dirname(target), `.${basename(target)}.${pid}.partial`);

/** Partial files that were in a folder when this process first wrote there: thousands of parts may be written to one. */
const leftovers = new Map<string, Promise<string[]>>();

/** Takes away what processes that were killed left of a file. */
async function clearAway(target: string): Promise<void> {
	const folder = dirname(target);
	const found = leftovers.get(folder) ?? readdir(folder).then((all) => all.filter((name) => name.endsWith(".partial")));
	leftovers.set(folder, found);
	const start = `.${basename(target)}.`;
	for (const name of await found) {
		if (!name.startsWith(start)) continue;
		const [, pid] = /^(\d+)\.partial$/.exec(name.slice(start.length)) ?? [];
		if (pid && !isRunning(Number(pid))) await rm(partialOf(target, pid), { force: true });
	}
}

function isRunning(pid: number): boolean {
	try {
		return process.kill(pid, 0);
	} catch (error) {
		// It is there, but another user's.
		return (error as NodeJS.ErrnoException).code === "EPERM";
	}
}

function refusal(option: string, path: string, why: string, cause?: unknown): OrbitKernelsError {
	return new OrbitKernelsError("file", `--${option} ${path} can't be written: ${why}`, { path, cause });
}
