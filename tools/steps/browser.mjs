/** Browsers for the tests and the benchmarks: installed ones, else Playwright's download (of Chromium), else the distribution's packages. */

import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { Failure } from "../failure.mjs";
import { packageProgram, toolCache } from "../paths.mjs";
import { attempt } from "../process.mjs";
import { step } from "../step.mjs";

const INSTALLED = {
	linux: ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/usr/bin/google-chrome-stable"],
	darwin: [
		"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
		"/Applications/Chromium.app/Contents/MacOS/Chromium",
	],
	win32: ["C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe"],
};

/** @returns {Promise<string>} path of the browser, also in CHROMIUM_BIN */
export async function browser() {
	const path = await step("Chromium for the tests", {
		done: findChromium,
		how: "playwright install chromium, or the distribution's package",
		make: installChromium,
	});
	process.env.CHROMIUM_BIN = path;
	return path;
}

/** Only a smoke test needs it. The path is in FIREFOX_BIN. */
export async function firefox() {
	const path = await step("Firefox for the tests", {
		done: findFirefox,
		how: "the distribution's package",
		make: () => installPackage("firefox-esr"),
		without: "its test is skipped",
	});
	if (path) process.env.FIREFOX_BIN = path;
}

/** Names those that are there in CHROMIUM_BIN and FIREFOX_BIN, and installs none. */
export async function installedBrowsers() {
	const found = { CHROMIUM_BIN: await findChromium(), FIREFOX_BIN: await findFirefox() };
	for (const [name, path] of Object.entries(found)) if (path) process.env[name] = path;
}

async function findFirefox() {
	const folders = process.env.PATH.split(delimiter);
	const onPath = folders.flatMap((folder) => ["firefox", "firefox-esr"].map((name) => join(folder, name)));
	const installed = process.platform === "darwin" ? ["/Applications/Firefox.app/Contents/MacOS/firefox"] : onPath;
	for (const path of [process.env.FIREFOX_BIN, ...installed]) if (path && (await starts(path))) return path;
}

async function findChromium() {
	for (const path of [process.env.CHROMIUM_BIN, ...(INSTALLED[process.platform] ?? [])]) {
		if (path && (await starts(path))) return path;
	}
	// Playwright's own place first, then ours: both only if they were filled before.
	for (const env of [{}, DOWNLOADS]) {
		const script = 'console.log(require("playwright").chromium.executablePath())';
		const path = (await attempt([process.execPath, "-e", script], { env })).stdout.trim();
		if (path && (await starts(path))) return path;
	}
}

/** The downloaded browser stays inside the project. */
const DOWNLOADS = { PLAYWRIGHT_BROWSERS_PATH: join(toolCache, "browsers") };

/** A file that exists is not enough: a download lacks the system's libraries on a bare machine. */
async function starts(path) {
	// On Windows the option would open a window.
	if (process.platform === "win32") return existsSync(path);
	return (await attempt([path, "--version"])).status === 0;
}

async function installChromium() {
	const download = await attempt([...packageProgram("playwright/cli.js"), "install", "--no-shell", "chromium"], {
		env: DOWNLOADS,
	});
	if (download.status === 0 && (await findChromium())) return;
	await installPackage("chromium");
	if (await findChromium()) return;
	throw new Failure(
		`Install Chromium or Chrome, or name one in CHROMIUM_BIN, and run this again.\nPlaywright: ${download.output.trim().split("\n").pop()}`,
	);
}

/** Only root can, and only where there is apt. */
async function installPackage(name) {
	if (process.getuid?.() !== 0) return;
	const env = { DEBIAN_FRONTEND: "noninteractive" };
	await attempt(["apt-get", "update"], { env });
	await attempt(["apt-get", "install", "--yes", "--no-install-recommends", name], { env });
}
