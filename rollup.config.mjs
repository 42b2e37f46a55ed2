import commonjs from "@rollup/plugin-commonjs";
import nodeResolve from "@rollup/plugin-node-resolve";
import rust from "@wasm-tool/rollup-plugin-rust";
import { createRollupLicensePlugin } from "rollup-license-plugin";
import { transformWithEsbuild } from "vite";
import { compressed } from "./tools/compressed.mjs";
import { notices } from "./tools/notices.mjs";
import { packedWasm } from "./tools/packed-wasm.mjs";
import { wasmFeatures } from "./tools/wasm-features.mjs";

// TypeScript 7 has no compiler API for plugins; removing types needs none.
const stripTypes = {
	name: "strip-types",
	transform: (code, id) => (id.endsWith(".ts") ? transformWithEsbuild(code, id, { target: "es2022" }) : null),
};

/** Inlined, a module needs no address, file system or MIME type: it loads the same way everywhere. */
const plugins = (level) => [
	stripTypes,
	compressed,
	rust({ inlineWasm: true, optimize: { release: true }, extraArgs: { wasmOpt: [level, ...wasmFeatures] } }),
	packedWasm,
	nodeResolve({ preferBuiltins: true }),
	commonjs(),
];

function onwarn(warning, next) {
	// The plugin only warns when wasm-opt fails, and would ship the slow module.
	if (warning.message.includes("wasm-opt failed")) throw new Error(warning.message);
	next(warning);
}

/** One file that imports nothing: bundlers need only copy it, and workers import it by its address. */
const alone = (input, level) => ({
	input,
	output: { dir: "dist", format: "es", entryFileNames: "[name].js", inlineDynamicImports: true },
	plugins: plugins(level),
	onwarn,
});

export default [
	{
		input: { index: "ts/index.ts", worker: "ts/worker.ts", cli: "ts/cli/main.ts" },
		output: { dir: "dist", format: "es", entryFileNames: "[name].js", chunkFileNames: "chunk-[name].js" },
		plugins: [
			...plugins("-O3"),
			createRollupLicensePlugin({ outputFilename: false, additionalFiles: { "THIRD-PARTY-NOTICES.txt": notices } }),
		],
		onwarn,
	},
	alone({ groups: "ts/symmetry/groups-wasm.ts" }, "-O3"),
	// More takes minutes, gains no time and makes it larger when it is compressed.
	alone({ training: "ts/training/training-wasm.ts" }, "-O1"),
];
