/** The inlined wasm modules, gzipped before they become base64: text of compressed bytes is a third smaller, sent or not, than compressed text. */
import { gzipSync } from "node:zlib";

const INLINED = /base64Decode\("([A-Za-z0-9+/=]*)"\)/;

export const packedWasm = {
	name: "packed-wasm",
	transform(code, id) {
		if (!id.endsWith("?inline")) return null;
		const [, base64] = INLINED.exec(code) ?? this.error(`no wasm in base64 in ${id}`);
		const packed = gzipSync(Buffer.from(base64, "base64"), { level: 9 }).toString("base64");
		return { code: code.replace(base64, packed), map: null };
	},
};
