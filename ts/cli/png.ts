/**
 * Pictures as PNG, by a rasterizer in WebAssembly that is loaded with the first one.
 * @module
 */
import { brotliDecompressSync } from "node:zlib";

/** Pixels for each unit of length of a picture. */
const RESOLUTION = 2;

let drawing: Promise<(svg: string) => Uint8Array> | undefined;

/** Draws an SVG on white, twice as large as it says; its letters are those that come along, whatever its fonts. */
export async function png(svg: string): Promise<Uint8Array> {
	drawing ??= load();
	return (await drawing)(svg);
}

async function load() {
	const [{ initWasm, Resvg }, wasm, ...fonts] = await Promise.all([
		import("@resvg/resvg-wasm"),
		import("@resvg/resvg-wasm/index_bg.wasm?compressed"),
		import("@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf?compressed"),
		import("@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf?compressed"),
	]);
	const unpack = ({ default: text }: { default: string }) => brotliDecompressSync(Buffer.from(text, "base64"));
	await initWasm(unpack(wasm));
	const font = { fontBuffers: fonts.map(unpack), sansSerifFamily: "Inter", defaultFontFamily: "Inter" };
	return (svg: string) => {
		const drawn = new Resvg(svg, { font, background: "white", fitTo: { mode: "zoom", value: RESOLUTION } });
		try {
			return drawn.render().asPng();
		} finally {
			drawn.free();
		}
	};
}
