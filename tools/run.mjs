#!/usr/bin/env node
/** The commands of package.json: each sets up what it needs, then does its work. */
import { join } from "node:path";
import { buildBenchmarks } from "./bench.mjs";
import { Failure } from "./failure.mjs";
import { crate, packageProgram, root, toolCache } from "./paths.mjs";
import { run, show } from "./process.mjs";
import { installedBrowsers } from "./steps/browser.mjs";
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
		return benchmarks(args);
	},
	/** The same on a page, in Chromium unless another browser is named. */
	async "bench:browser"(args) {
		const given = args.some((word) => /^--(browser|serve)\b/.test(word)) ? args : [...args, "--browser", "chromium"];
		const names = (browser) => given.some((word) => word.endsWith(browser));
		await setUp({ dist: true, browser: names("chromium"), firefox: names("firefox") });
		return benchmarks(given);
	},
	async format() {
		await setUp({ linters: true });
		await run(["cargo", "fmt", "--all"], { cwd: crate });
		return show([...packageProgram("@biomejs/biome/bin/biome"), "check", "--write"]);
	},
};

async function benchmarks(args) {
	await installedBrowsers();
	const folder = join(toolCache, "bench");
	await buildBenchmarks(folder);
	return show([process.execPath, join(folder, "main.js"), ...args]);
}

const [name, ...args] = process.argv.slice(2);
process.chdir(root);
try {
	if (!COMMANDS[name]) throw new Failure(`usage: node tools/run.mjs ${Object.keys(COMMANDS).join("|")} …`);
	process.exitCode = await COMMANDS[name](args);
} catch (error) {
	console.error(error instanceof Failure ? error.message : error);
	process.exitCode = 1;
}
