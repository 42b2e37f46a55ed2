/**
 * Where the files of tests are looked for, on the side that has a file system.
 * @module
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const project = fileURLToPath(new URL("../..", import.meta.url));
const given = process.env.ORBIT_KERNELS_DATA;

/** The project's own files first, then $ORBIT_KERNELS_DATA, then a folder `shared` beside the project. */
const roots = {
	reference: [
		join(project, "tests/fixtures"),
		...(given ? [join(given, "reference")] : []),
		join(project, "../shared/reference"),
	],
	data: [...(given ? [join(given, "data")] : []), join(project, "../shared/data")],
};

export type Kind = keyof typeof roots;

/** The bytes of the first file of this path, or undefined. */
export async function findFile(kind: Kind, path: string): Promise<Uint8Array | undefined> {
	for (const root of roots[kind]) {
		const bytes = await readFile(join(root, path)).catch(() => undefined);
		// Not a Buffer: its slice() would share memory.
		if (bytes) return new Uint8Array(bytes);
	}
	return undefined;
}
