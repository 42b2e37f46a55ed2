/** Imports of files that are read as they are: `import text from "package/file.wasm?compressed"` is the file, Brotli in base64. */
import { readFileSync } from "node:fs";
import { brotliCompressSync, constants } from "node:zlib";

const SUFFIX = "?compressed";
/** The highest takes 26 s for 2.5 MB, and gains a tenth of what this does. */
const QUALITY = 9;

export const compressed = {
	name: "compressed",
	async resolveId(id, importer) {
		if (!id.endsWith(SUFFIX)) return null;
		const file = await this.resolve(id.slice(0, -SUFFIX.length), importer, { skipSelf: true });
		return file && file.id + SUFFIX;
	},
	load(id) {
		if (!id.endsWith(SUFFIX)) return null;
		const bytes = readFileSync(id.slice(0, -SUFFIX.length));
		const params = { [constants.BROTLI_PARAM_QUALITY]: QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
		return `export default ${JSON.stringify(brotliCompressSync(bytes, { params }).toString("base64"))};`;
	},
};
