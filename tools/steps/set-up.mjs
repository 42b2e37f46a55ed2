/** The steps in their order. */
import { browser } from "./browser.mjs";
import { build } from "./build.mjs";
import { wasmBindgen, wasmPack } from "./cargo-tools.mjs";
import { packages } from "./packages.mjs";
import { findRust, rustComponents, wasmStandardLibrary } from "./rust.mjs";

/** Everything up to dist/. */
export async function setUp() {
	await packages();
	const rust = await findRust();
	await wasmStandardLibrary(rust);
	await build(rust, await wasmBindgen());
}

/** What the tests need besides. */
export async function setUpTests() {
	await setUp();
	await rustComponents();
	await wasmPack();
	await browser();
}
