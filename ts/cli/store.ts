/**
 * Finished parts of long work, kept beside its result until that is there: a run that was ended goes on where it was.
 * @module
 */
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";
import { OrbitKernelsError } from "../index.ts";
import { makeFolder, produce } from "./output.ts";
import { reason } from "./system.ts";

/** Values by their names; each is there as a whole or not at all. */
export interface Store {
	read<Value>(name: string): Promise<Value | undefined>;
	write(name: string, value: unknown): Promise<void>;
	/** Takes the folder away. */
	remove(): Promise<void>;
}

const SETTINGS = "settings";

/**
 * The folder `<out>.parts` of work with these settings; it is made with the first part.
 *
 * Errors: `file` when the folder holds parts of work with others.
 */
export async function openStore(out: string, settings: Readonly<Record<string, unknown>>): Promise<Store> {
	const folder = `${out}.parts`;
	const place = (name: string) => join(folder, name);

	async function read<Value>(name: string): Promise<Value | undefined> {
		try {
			return deserialize(await readFile(place(name)));
		} catch (cause) {
			if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
			const message = `${place(name)} can't be read: ${reason(cause)}`;
			throw new OrbitKernelsError("file", message, { path: place(name), cause });
		}
	}

	const put = (name: string, value: unknown) => produce("out", [place(name)], async () => [serialize(value)]);

	const text = JSON.stringify(settings);
	const before = await read<string>(SETTINGS);
	if (before !== undefined && before !== text) {
		const others = JSON.parse(before) as Record<string, unknown>;
		const name = Object.keys(settings).find((key) => JSON.stringify(settings[key]) !== JSON.stringify(others[key]));
		const was = `${name}: ${JSON.stringify(others[name as string])}`;
		const expected = "the same settings, another --out, or that folder removed";
		const message = `--out ${out}: ${folder} holds parts of a run with ${was}: expected ${expected}`;
		throw new OrbitKernelsError("file", message, { path: folder, expected });
	}
	let ready: Promise<void> | undefined;
	const prepare = async () => {
		await makeFolder("out", folder);
		await put(SETTINGS, text);
	};
	return {
		read,
		async write(name, value) {
			ready ??= prepare();
			await ready;
			await put(name, value);
		},
		remove: () => rm(folder, { recursive: true, force: true }),
	};
}
