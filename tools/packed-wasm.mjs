/** The inlined wasm modules, gzipped before they become base64: text of compressed bytes is a third smaller, sent or not, than compressed text. */
import { gzipSync } from "node:zlib";

const INLINED = /base64Decode\("([A-Za-z0-9+/=]*)"\)/;

/** Runs where the module is loaded, once: by the platform, which is there before any code of ours is compiled. */
function decoded(base64) {
	if (Uint8Array.fromBase64) return Uint8Array.fromBase64(base64);
	if (globalThis.Buffer) return globalThis.Buffer.from(base64, "base64");
	const characters = atob(base64);
	const bytes = new Uint8Array(characters.length);
	for (let k = 0; k < bytes.length; k++) bytes[k] = characters.charCodeAt(k);
	return bytes;
}

export const packedWasm = {
	name: "packed-wasm",
	transform(code, id) {
		if (!id.endsWith("?inline")) return null;
		const [, base64] = INLINED.exec(code) ?? this.error(`no wasm in base64 in ${id}`);
		const packed = gzipSync(Buffer.from(base64, "base64"), { level: 9 }).toString("base64");
		return { code: `${decoded}\nexport default decoded("${packed}");`, map: null };
	},
};
