/**
 * Files as a network carries them.
 * @module
 */
import { readFile } from "node:fs/promises";
import { relative, resolve } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";

/** Bytes of some files together: as they are, and each compressed as much as gzip (level 9) and Brotli (11) can. */
export interface Sizes {
	files: number;
	raw: number;
	gzip: number;
	brotli: number;
}

/** Of contents. */
export function sizesOf(contents: Uint8Array[]): Sizes {
	const sum = (of: (content: Uint8Array) => number) => contents.reduce((total, content) => total + of(content), 0);
	return {
		files: contents.length,
		raw: sum(({ length }) => length),
		gzip: sum((content) => gzipSync(content, { level: 9 }).length),
		brotli: sum((content) => brotliCompressSync(content).length),
	};
}

/** What is in files. */
export const contentsOf = (files: string[]): Promise<Uint8Array[]> => Promise.all(files.map((file) => readFile(file)));

/** Modules with all that they import at once; what they may import later is left out. */
export async function importedBy(files: string[]): Promise<string[]> {
	const { rollup } = await import("rollup");
	const later = { name: "later", resolveDynamicImport: () => ({ id: "later", external: true }) };
	const bundle = await rollup({ input: files, treeshake: false, plugins: [later], external: /^node:/ });
	await bundle.close();
	return bundle.watchFiles.map((file) => relative(resolve(), file));
}

/** What Vite makes of a module for a page, minified: its chunk, those that it needs at once, and its workers. */
export async function bundled(source: string): Promise<Uint8Array[]> {
	const { build } = await import("vite");
	const entry = "virtual:entry";
	const built = await build({
		configFile: false,
		logLevel: "error",
		plugins: [
			{
				name: "entry",
				resolveId: (id) => (id === entry ? `\0${entry}` : null),
				load: (id) => (id === `\0${entry}` ? source : null),
			},
		],
		build: { write: false, target: "es2022", modulePreload: false, rollupOptions: { input: entry } },
	});
	const files = [built].flat().flatMap((one) => ("output" in one ? one.output : []));
	const wanted = new Set<string>();
	const want = (name: string) => {
		const file = files.find(({ fileName }) => fileName === name);
		if (!file || wanted.has(name)) return;
		wanted.add(name);
		if (file.type === "chunk") file.imports.forEach(want);
	};
	for (const file of files)
		if (file.type === "chunk" ? file.isEntry : /worker[^/]*\.js$/.test(file.fileName)) want(file.fileName);
	return files
		.filter(({ fileName }) => wanted.has(fileName))
		.map((file) => Buffer.from(file.type === "chunk" ? file.code : file.source));
}
