/** The linker strips the section in which wasm-opt would find the features in use: they are named. */
export const wasmFeatures = [
	"--enable-simd",
	"--enable-bulk-memory",
	"--enable-bulk-memory-opt",
	"--enable-nontrapping-float-to-int",
	"--enable-sign-ext",
	"--enable-mutable-globals",
	"--enable-reference-types",
	"--enable-multivalue",
];
