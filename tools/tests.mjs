/** The tests in their order, and their sum in the last line. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "./failure.mjs";
import { crate, packageProgram } from "./paths.mjs";
import { attempt } from "./process.mjs";
import { withScratch } from "./step.mjs";
import { setUp } from "./steps/set-up.mjs";

/** Each part: what it needs, and its runs as [heading, count]; `count` returns { passed, failed, skipped }. */
const PARTS = {
	lint: {
		needs: { linters: true, dist: true },
		runs: [
			["Rust formatting", check(["cargo", "fmt", "--all", "--check"], { cwd: crate })],
			["Clippy, native", check(clippy(), { cwd: crate })],
			["Clippy, WebAssembly", check(clippy("--target", "wasm32-unknown-unknown"), { cwd: crate })],
			["Biome", check([...packageProgram("@biomejs/biome/bin/biome"), "check", "--error-on-warnings"])],
			["Generated polynomials", check([process.execPath, "crate/core/src/kernel/polynomials.mjs", "--check"])],
			["Types", check([...packageProgram("typescript/bin/tsc"), "--noEmit"])],
		],
	},
	rust: {
		needs: {},
		runs: [["Rust tests, native", cargoTests(["cargo", "test", "--workspace", "--no-fail-fast"], { cwd: crate })]],
	},
	wasm: {
		needs: { wasmPack: true },
		// The TypeScript tests hold the training module against its reference numbers.
		runs: ["core", "groups"].map((name) => [
			`Rust tests of ${name}, WebAssembly in Node`,
			// All targets: everything but the examples in comments, which rustdoc compiles without SIMD.
			cargoTests([
				...["wasm-pack", "test", "--node", "--mode", "no-install", join(crate, name)],
				...["--profile", "test", "--all-targets"],
			]),
		]),
	},
	// What is installed and what is served runs in browsers too.
	node: { needs: { dist: true, browser: true, firefox: true }, runs: [["TypeScript tests, Node", vitest("node")]] },
	browser: { needs: { dist: true, browser: true }, runs: [["TypeScript tests, Chromium", vitest("browser")]] },
};

/**
 * Sets up, runs parts of the tests and prints their sum, `N passed, N failed, N skipped`, as the last line.
 *
 * @param {string[]} names of parts; none means all
 * @returns {Promise<number>} exit status
 */
export async function runTests(names) {
	const unknown = names.find((name) => !PARTS[name]);
	if (unknown) throw new Failure(`There is no part "${unknown}": ${Object.keys(PARTS).join(", ")}.`);
	const sum = { passed: 0, failed: 0, skipped: 0 };
	try {
		const parts = (names.length > 0 ? names : Object.keys(PARTS)).map((name) => PARTS[name]);
		await setUp(Object.assign({}, ...parts.map(({ needs }) => needs)));
		for (const [heading, count] of parts.flatMap(({ runs }) => runs)) {
			const start = performance.now();
			console.log(`\n── ${heading}`);
			const result = await count();
			for (const key in sum) sum[key] += result[key];
			console.log(`   ${describe(result)} in ${((performance.now() - start) / 1000).toFixed(1)} s`);
		}
	} catch (error) {
		console.error(error instanceof Failure ? error.message : error);
		sum.failed++;
	}
	console.log(`\n${describe(sum)}`);
	return sum.failed > 0 ? 1 : 0;
}

const describe = ({ passed, failed, skipped }) => `${passed} passed, ${failed} failed, ${skipped} skipped`;

function clippy(...target) {
	return ["cargo", "clippy", "--workspace", "--all-targets", ...target, "--", "-D", "warnings"];
}

/** A program whose status is its whole result: counts as one test. */
function check(command, options) {
	return async () => {
		const { status, output } = await attempt(command, options);
		if (status !== 0) console.log(output.trimEnd());
		return { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: 0 };
	};
}

/** A failure that is in no count, such as a test that doesn't compile, is one more failed test. */
function withStatus(sum, status) {
	return status !== 0 && sum.failed === 0 ? { ...sum, failed: 1 } : sum;
}

/** Adds up the result lines that cargo's test programs and wasm-bindgen's runner print alike. */
function cargoTests(command, options) {
	return async () => {
		const { status, output } = await attempt(command, { ...options, echo: true });
		const sum = { passed: 0, failed: 0, skipped: 0 };
		for (const [, passed, failed, ignored] of output.matchAll(
			/^test result: .*?(\d+) passed; (\d+) failed; (\d+) ignored/gm,
		)) {
			sum.passed += Number(passed);
			sum.failed += Number(failed);
			sum.skipped += Number(ignored);
		}
		return withStatus(sum, status);
	};
}

function vitest(project) {
	return () =>
		withScratch(async (scratch) => {
			const report = join(scratch, "report.json");
			const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
			const command = [...packageProgram("vitest/vitest.mjs"), "run", "--project", project, ...reporters];
			// Vitest colours its output even in a file.
			const env = process.stdout.isTTY ? {} : { NO_COLOR: "1" };
			const { status } = await attempt(command, { env, echo: true });
			let counts = {};
			try {
				counts = JSON.parse(readFileSync(report, "utf8"));
			} catch {
				// Vitest ended before it could report: its status says so.
			}
			const { numPassedTests: passed = 0, numFailedTests: failed = 0, numPendingTests = 0, numTodoTests = 0 } = counts;
			return withStatus({ passed, failed, skipped: numPendingTests + numTodoTests }, status);
		});
}
