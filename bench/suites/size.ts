/**
 * What a page downloads before its first result: of the library, and of the packages that a user could take instead.
 * @module
 */
import { type Browser, chromiumOrNone } from "../host/browsers.ts";
import { bundled, contentsOf, importedBy, type Sizes, sizesOf } from "../host/bytes.ts";
import { wasmPath } from "../host/node.ts";
import { servePages } from "../host/pages.ts";
import type { Report } from "../report.ts";

const KILOBYTE = 1000;
/** Bytes that the first Gram shall take, gzipped. */
const AIM = 350 * KILOBYTE;

/** How a page comes to a result: the address of the page that does only this, and the modules that this begins with. */
const PATHS = {
	"the first Gram, by workers": { query: "workers=1", modules: ["dist/index.js", "dist/worker.js"] },
	"the first training": { query: "training", modules: ["dist/index.js", "dist/worker.js", "dist/training.js"] },
} as const;
type Path = keyof typeof PATHS;

/** What a page imports that wants matrix products, or a Gram: the names and where they are from. */
const IMPORTS = {
	"this library": [["createEngine", "serial", "dense", "relu"], "./dist/index.js"],
	tfjs: [["matMul", "setBackend", "tensor"], "@tensorflow/tfjs-core", "@tensorflow/tfjs-backend-wasm"],
	"jax-js": [["init", "numpy"], "@jax-js/jax"],
	"ml-matrix": [["Matrix", "CholeskyDecomposition"], "ml-matrix"],
} as const;
type Name = keyof typeof IMPORTS;
/** What is not in the bundle, but loaded beside it. */
const BESIDE: Partial<Record<Name, string>> = {
	tfjs: `${wasmPath()}tfjs-backend-wasm-simd.wasm`,
};

/** Runs the suite. */
export async function run(report: Report): Promise<void> {
	const browser = await chromiumOrNone(report);
	report.fact("files of this library", browser ? "those that Chromium asked for" : "those that the modules import");
	report.heading("the published files");
	try {
		for (const path of Object.keys(PATHS) as Path[]) {
			const contents = await contentsOf(await filesOf(path, browser));
			const sizes = sizesOf(contents);
			state(report, path, sizes);
			const largest = Math.max(...contents.map((content) => sizesOf([content]).gzip));
			report.fact(`${path}: the largest of these, gzipped`, largest / KILOBYTE, "kB");
			if (path === "the first Gram, by workers")
				report.atMost(`${path}: gzipped [kB]`, sizes.gzip / KILOBYTE, AIM / KILOBYTE);
		}
	} finally {
		await browser?.close();
	}
	report.heading("bundled and minified by Vite, with the wasm module that a page loads");
	for (const name of Object.keys(IMPORTS) as Name[]) {
		const beside = BESIDE[name];
		const contents = beside ? await contentsOf([beside]) : [];
		state(report, name, sizesOf([...(await bundled(sourceOf(name))), ...contents]));
	}
}

/** A module that keeps what it imports. */
function sourceOf(name: Name): string {
	const [names, from, effects] = IMPORTS[name];
	return `import { ${names} } from "${from}"; ${effects ? `import "${effects}";` : ""} globalThis.kept = [${names}];`;
}

/** The library's files that a page loads. */
async function filesOf(path: Path, browser: Browser | undefined): Promise<string[]> {
	const { query, modules } = PATHS[path];
	if (!browser) return importedBy([...modules]);
	const served = await servePages();
	try {
		await browser.resultsOf(`${served.address}start.html?${query}`);
		// Page and workers may ask for the same one.
		return [...new Set(served.sent)].filter((file) => file.startsWith("dist"));
	} finally {
		served.close();
	}
}

function state(report: Report, name: string, { files, raw, gzip, brotli }: Sizes): void {
	report.fact(`${name}: files`, files);
	report.fact(`${name}: as they are`, raw / KILOBYTE, "kB");
	report.fact(`${name}: gzipped`, gzip / KILOBYTE, "kB");
	report.fact(`${name}: by Brotli`, brotli / KILOBYTE, "kB");
}
