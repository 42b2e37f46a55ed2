/** The steps in their order. */
import { browser, firefox } from "./browser.mjs";
import { build } from "./build.mjs";
import { wasmBindgen, wasmPack } from "./cargo-tools.mjs";
import { packages } from "./packages.mjs";
import { findRust, rustComponents, wasmStandardLibrary } from "./rust.mjs";

/** What the commands build on; the rest is made when it is asked for. */
const OPTIONAL = { dist: false, linters: false, wasmPack: false, browser: false, firefox: false };

/** @param {Partial<typeof OPTIONAL>} wanted */
export async function setUp(wanted) {
	const needs = { ...OPTIONAL, ...wanted };
	await packages();
	const rust = await findRust();
	await wasmStandardLibrary(rust);
	const bindgen = await wasmBindgen();
	if (needs.dist) await build(rust, bindgen);
	if (needs.linters) await rustComponents();
	if (needs.wasmPack) await wasmPack();
	if (needs.browser) await browser();
	if (needs.firefox) await firefox();
}
