/** The orbit lab as static files for any place, dist/ being there: `node tools/lab.mjs FOLDER`. */
import { cp, readdir, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";
import { rollup } from "rollup";
import { dist } from "./paths.mjs";
import { makeFolder } from "./step.mjs";

const folder = process.argv[2];
const library = await filesOf("index.js", "worker.js", "groups.js");
await makeFolder(folder, async (partial) => {
	await cp(join(dist, "lab"), partial, { recursive: true });
	for (const name of [...library, "THIRD-PARTY-NOTICES.txt"])
		await cp(join(dist, name), join(partial, "orbit-kernels", name));
});
const sizes = await gzippedSizes(folder);
const kilobytes = Math.round(sizes.reduce((sum, size) => sum + size, 0) / 1000);
console.log(`${folder}: ${sizes.length} files, ${kilobytes} kB when the server compresses them (gzip)`);

/** These files of dist/ and all that they import, now or later. */
async function filesOf(...names) {
	const bundle = await rollup({ input: names.map((name) => join(dist, name)), treeshake: false });
	await bundle.close();
	return bundle.watchFiles.map((file) => basename(file));
}

async function gzippedSizes(folder) {
	const files = (await readdir(folder, { recursive: true })).map((name) => join(folder, name));
	const isFile = await Promise.all(files.map(async (file) => (await stat(file)).isFile()));
	return Promise.all(files.filter((_, k) => isFile[k]).map(async (file) => gzipSync(await readFile(file)).length));
}
