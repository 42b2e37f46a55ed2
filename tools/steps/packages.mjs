/** npm packages, as package-lock.json has them. */

import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../failure.mjs";
import { fingerprint, readIfThere } from "../fingerprint.mjs";
import { nodeModules } from "../paths.mjs";
import { run } from "../process.mjs";
import { step } from "../step.mjs";

const stamp = join(nodeModules, ".set-up");

export function packages() {
	// Some packages hold programs for one system.
	const wanted = fingerprint(["package-lock.json"], process.platform, process.arch);
	return step("npm packages", {
		done: () => readIfThere(stamp)?.toString() === wanted,
		how: "npm ci",
		async make() {
			rmSync(stamp, { force: true });
			const npm = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ["npm"];
			try {
				await run([...npm, "ci", "--no-audit", "--no-fund"]);
			} catch (error) {
				throw new Failure(`npm ci needs the npm registry, or its packages in npm's cache.\n${error.message}`);
			}
			writeFileSync(stamp, wanted);
		},
	});
}
