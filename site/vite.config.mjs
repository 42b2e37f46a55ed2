import { fileURLToPath } from "node:url";
import { createViteLicensePlugin } from "rollup-license-plugin";
import { defineConfig } from "vite";
import { palette, variables } from "../figures/palette.ts";
import { labNotices } from "../tools/notices.mjs";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

/** What a page that takes the package as it is published says: where it is. */
const IMPORTS = { imports: { "orbit-kernels": "./orbit-kernels/index.js" } };

/** The page's colours are those of the figures. */
const colours = `:root { ${variables(palette.light)} } @media (prefers-color-scheme: dark) { :root { ${variables(palette.dark)} } }`;

const licences = createViteLicensePlugin({
	outputFilename: false,
	additionalFiles: { "THIRD-PARTY-NOTICES.txt": labNotices },
});

/** Built, the page imports the package's published files, which stand in a folder beside it; developed, those of dist/. */
export default defineConfig(({ command }) => {
	const built = command === "build";
	const head = {
		name: "head",
		transformIndexHtml: {
			order: "pre",
			handler: () => [
				...(built
					? [
							{
								tag: "script",
								attrs: { type: "importmap" },
								children: JSON.stringify(IMPORTS),
								injectTo: "head-prepend",
							},
						]
					: []),
				{ tag: "style", children: colours, injectTo: "head" },
			],
		},
	};
	const library = built ? "orbit-kernels" : at("../dist/index.js");
	return {
		root: at("."),
		base: "./",
		plugins: [head, licences],
		// Figures read the library's sources: here they share the page's one copy.
		resolve: { alias: [{ find: /^(orbit-kernels|\.\.\/ts\/index\.ts)$/, replacement: library }] },
		server: { fs: { allow: [at("..")] } },
		worker: { format: "es", rollupOptions: { output: { entryFileNames: "[name].js" } } },
		build: {
			target: "es2022",
			// Browsers that have what the page needs preload by themselves.
			modulePreload: { polyfill: false },
			rollupOptions: {
				// The page, the element that others embed, and a page that does.
				input: { index: at("index.html"), embed: at("embed/orbit-spectrum.ts"), example: at("embed.html") },
				external: ["orbit-kernels"],
				output: { entryFileNames: "[name].js", chunkFileNames: "[name].js", assetFileNames: "[name][extname]" },
			},
		},
	};
});
