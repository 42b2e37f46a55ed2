#!/usr/bin/env node
/** The commands of package.json: each sets up what it needs, then does its work. */
import { join } from "node:path";
import { Failure } from "./failure.mjs";
import { crate, packageProgram, root, toolCache } from "./paths.mjs";
import { run, show } from "./process.mjs";
import { makeFolder } from "./step.mjs";
import { setUp } from "./steps/set-up.mjs";

const COMMANDS = {
	/** The main job; arguments go on to it. */
	async start(args) {
		await setUp({ dist: true });
		return show([process.execPath, "dist/cli.js", "figure", "all", "--out", "out/report", ...args]);
	},
	async build() {
		await setUp({ dist: true });
		return 0;
	},
	/** The orbit lab with live reload; arguments go on to Vite. */
	async lab(args) {
		await setUp({ dist: true });
		return show([...packageProgram("vite/bin/vite.js"), "--config", "site/vite.config.mjs", ...args]);
	},
	/** The orbit lab as static files. */
	async "lab:build"() {
		await setUp({ dist: true });
		return show([process.execPath, "tools/lab.mjs", "out/lab"]);
	},
	/** All tests, or the named parts. */
	async test(parts) {
		const { runTests } = await import("./tests.mjs");
		return runTests(parts);
	},
	/** Arguments go on to the benchmarks. */
	async bench(args) {
		await setUp({ dist: true });
		const bundle = [...packageProgram("vite/bin/vite.js"), "build", "--config", "bench/vite.config.mjs"];
		bundle.push("--ssr", "bench/main.ts", "--logLevel", "warn");
		const folder = join(toolCache, "bench");
		await makeFolder(folder, (partial) => run([...bundle, "--outDir", partial, "--emptyOutDir"]));
		return show([process.execPath, join(folder, "main.js"), ...args]);
	},
	async format() {
		await setUp({ linters: true });
		await run(["cargo", "fmt", "--all"], { cwd: crate });
		return show([...packageProgram("@biomejs/biome/bin/biome"), "check", "--write"]);
	},
};

const [name, ...args] = process.argv.slice(2);
process.chdir(root);
try {
	if (!COMMANDS[name]) throw new Failure(`usage: node tools/run.mjs ${Object.keys(COMMANDS).join("|")} …`);
	process.exitCode = await COMMANDS[name](args);
} catch (error) {
	console.error(error instanceof Failure ? error.message : error);
	process.exitCode = 1;
}
