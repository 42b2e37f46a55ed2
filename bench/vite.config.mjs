/** What Node's older modules have: tfjs asks for it. */
const older = [
	'import { createRequire } from "node:module";',
	"const require = createRequire(import.meta.url);",
	"const __dirname = import.meta.dirname;",
];

/** Bundles the benchmarks. */
export default {
	// tfjs's modules import each other without the endings that Node wants.
	ssr: { noExternal: [/^@tensorflow/] },
	// Another build may write beside this one.
	build: { emptyOutDir: false, rollupOptions: { output: { banner: older.join(" ") } } },
};
