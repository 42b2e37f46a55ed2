/** Set-up is a list of steps: each says in one line what it does, and is skipped when it is done. */

import { rmSync } from "node:fs";
import { chmod, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Failure } from "./failure.mjs";
import { toolCache } from "./paths.mjs";

const NOTICE = `Outside this folder, set-up writes only what rustup itself would (parts of the Rust toolchain), the usual
caches of npm and cargo, and, for the tests on a machine without them, packages of browsers.
`;

let noticed = false;

/**
 * Does a step, unless it is done, and prints its line.
 *
 * @param {string} title what there will be
 * @param {{ done: () => unknown, how: string, make: () => unknown, local?: boolean, without?: string }} step `done` is asked
 *   before `make` and after it; `local` if it writes nothing outside the project; `without` if it may fail, and what follows
 * @returns what `done` returned
 */
export async function step(title, { done, how, make, local = false, without }) {
	const start = performance.now();
	const seconds = () => `${((performance.now() - start) / 1000).toFixed(1)} s`;
	let result = await done();
	if (result) {
		process.stderr.write(`${title}: already there\n`);
		return result;
	}
	if (!noticed && !local) {
		process.stderr.write(NOTICE);
		noticed = true;
	}
	process.stderr.write(`${title}: ${how} … `);
	try {
		await make();
		result = await done();
		if (!result) throw new Failure(`${title} was made, but can't be used.`);
	} catch (error) {
		process.stderr.write(`failed after ${seconds()}${without ? `: ${without}` : ""}\n`);
		if (without) return;
		throw error;
	}
	process.stderr.write(`${seconds()}\n`);
	return result;
}

/**
 * Makes a folder as a whole or not at all: a step that was killed never leaves something that counts as done.
 *
 * @param {string} folder where it will be; what is there is replaced
 * @param {(partial: string) => Promise<void>} fill writes the contents into an empty folder
 */
export async function makeFolder(folder, fill) {
	await mkdir(dirname(folder), { recursive: true });
	// Beside its destination: a rename can't cross file systems.
	await withTemporary(join(dirname(folder), ".partial-"), async (partial) => {
		await fill(partial);
		await chmod(partial, 0o755);
		await rm(folder, { recursive: true, force: true });
		await rename(partial, folder);
	});
}

/** Runs `work` with a new empty folder, which is gone afterwards. */
export async function withScratch(work) {
	await mkdir(toolCache, { recursive: true });
	return withTemporary(join(toolCache, "scratch-"), work);
}

const temporaries = new Set();

// A signal ends the process without a chance to await anything.
process.on("exit", () => {
	for (const folder of temporaries) rmSync(folder, { recursive: true, force: true });
});

async function withTemporary(prefix, work) {
	const folder = await mkdtemp(prefix);
	temporaries.add(folder);
	try {
		return await work(folder);
	} finally {
		await rm(folder, { recursive: true, force: true });
		temporaries.delete(folder);
	}
}
