import { fileURLToPath } from "node:url";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

/** No page starts a Python: what suites import from there is never called. */
const noPython = {
	name: "no-python",
	enforce: "pre",
	load: (id) => (id === at("../peers/python.ts") ? { code: "export default {};", syntheticNamedExports: true } : null),
};

/** Bundles the benchmarks' pages; the library's published files stand beside them. */
export default {
	root: at("."),
	base: "./",
	plugins: [noPython],
	// What suites need of where they run.
	resolve: { alias: [{ find: /^(\.\.?\/)+host\/node\.ts$/, replacement: at("../host/page.ts") }] },
	worker: { format: "es" },
	build: {
		target: "es2022",
		emptyOutDir: false,
		// What fails names its place.
		minify: false,
		reportCompressedSize: false,
		modulePreload: { polyfill: false },
		// Peers are large.
		chunkSizeWarningLimit: 2000,
		rollupOptions: { input: { index: at("index.html"), start: at("start.html") } },
	},
};
