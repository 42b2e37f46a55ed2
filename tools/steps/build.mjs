/** dist/: the package as users get it. */
import { writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { fingerprint, readIfThere } from "../fingerprint.mjs";
import { dist, nodeModules, packageProgram } from "../paths.mjs";
import { run } from "../process.mjs";
import { makeFolder, step } from "../step.mjs";

const SOURCES = [
	...["crate", "ts", "figures", "site", "bench/harness.ts", "bench/reference", "data"],
	...["tools/compressed.mjs", "tools/notices.mjs", "tools/packed-wasm.mjs", "tools/wasm-features.mjs"],
	...["tools/steps/build.mjs"],
	...["package.json", "package-lock.json", "rollup.config.mjs", "tsconfig.json", "tsconfig.build.json"],
];

/** Changes nothing when dist/ was built from the same sources by the same compiler. */
export function build(rust, bindgenFolder) {
	const stamp = join(dist, ".built-from");
	const wanted = fingerprint(SOURCES, rust.version);
	return step("dist/", {
		done: () => readIfThere(stamp)?.toString() === wanted,
		how: "cargo, wasm-bindgen, wasm-opt, rollup, tsc, vite",
		local: true,
		make: () =>
			makeFolder(dist, async (partial) => {
				const env = {
					WASM_BINDGEN_BIN: join(bindgenFolder, "wasm-bindgen"),
					// wasm-opt comes with the package binaryen.
					PATH: join(nodeModules, ".bin") + delimiter + process.env.PATH,
				};
				await run([...packageProgram("rollup/dist/bin/rollup"), "-c", "--dir", partial], { env });
				await run([...packageProgram("typescript/bin/tsc"), "-p", "tsconfig.build.json", "--outDir", partial]);
				const lab = [...packageProgram("vite/bin/vite.js"), "build", "--config", "site/vite.config.mjs"];
				await run([...lab, "--outDir", join(partial, "lab"), "--emptyOutDir", "--logLevel", "warn"]);
				await writeFile(join(partial, ".built-from"), wanted);
			}),
	});
}
