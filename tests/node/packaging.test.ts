/** The package as strangers get it: packed, installed in an empty project, run in Node, type-checked, bundled by Vite. */
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, realpath, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { chromium } from "playwright";
import { build, preview } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchOptions } from "../support/chromium.ts";
import { serveLab, shown } from "../support/lab.ts";

const project = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const execute = promisify(execFile);

const kilobytes = (bytes: number) => `${Math.round(bytes / 1000)} kB`;
const npm = process.env.npm_execpath;
const runNpm = (cwd: string, ...args: string[]) => (npm ? runNode(cwd, npm, ...args) : run(cwd, "npm", args));
const runNode = (cwd: string, ...args: string[]) => run(cwd, process.execPath, args);

async function run(cwd: string, program: string, args: string[]): Promise<string> {
	const { stdout } = await execute(program, args, { cwd, timeout: 60_000 });
	return stdout;
}

/** Makes a Gram and a training with this many workers; used in Node and, as the text of a page, in the browser. */
const script = (workers: string, trains = "true") => `
	import { createEngine, dense, relu, serial } from "orbit-kernels";
	const engine = await createEngine({ workers: ${workers} });
	const x = Array.from({ length: 40 }, (_, i) => [Math.sqrt(i), i / 7, 1 / (i + 1)]);
	const { ntk } = await engine.gram(serial(dense({ biasStd: 1 }), relu(), dense()), x);
	const data = { x, targets: Uint32Array.from(x, (_, i) => i % 2) };
	const mlp = serial(dense({ width: 8, biasStd: 0 }), relu(), dense({ width: 2 }));
	const all = [ntk.data];
	if (${trains}) all.push((await engine.train(mlp, data, { loss: "crossEntropy", steps: 3 })).losses);
	const result = JSON.stringify(all.flatMap(({ buffer }) => [...new Uint32Array(buffer)]));
	await engine.dispose();
`;

let folder: string;
let packed: { filename: string; size: number; unpackedSize: number; files: { path: string }[] };

beforeAll(async () => {
	// Outside the project, whose node_modules would be found otherwise.
	folder = await realpath(await mkdtemp(join(tmpdir(), "orbit-kernels-")));
	[packed] = JSON.parse(await runNpm(project, "pack", "--json", "--ignore-scripts", "--pack-destination", folder));
	await writeFile(join(folder, "package.json"), '{ "type": "module", "private": true }');
	await runNpm(folder, "install", "--offline", "--no-audit", "--no-fund", packed.filename);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test("the package holds what users need, and nothing else", async () => {
	const paths = packed.files.map(({ path }) => path);
	expect(paths.filter((path) => !path.startsWith("dist/")).sort()).toEqual(["LICENSE", "README.md", "package.json"]);
	const known = /^[^/]+$|\.(js|d\.ts)$|^dist\/lab\/[\w/-]+\.(html|css)$|\/THIRD-PARTY-NOTICES\.txt$/;
	expect(paths.filter((path) => !known.test(path))).toEqual([]);
	expect(paths).toContain("dist/lab/index.html");
	expect(await readdir(join(folder, "node_modules"))).toEqual([".bin", ".package-lock.json", "orbit-kernels"]);
	console.log(`The package: ${kilobytes(packed.size)} gzipped, ${kilobytes(packed.unpackedSize)} installed.`);
});

test("a plain script in Node gets the same bits from any number of workers, and ends by itself", async () => {
	const outputs: string[] = [];
	for (const workers of ["0", "1", "2"]) {
		await writeFile(join(folder, "script.js"), `${script(workers)} console.log(result);`);
		outputs.push(await runNode(folder, "script.js"));
	}
	expect(JSON.parse(outputs[0] as string)).toHaveLength(2 * (40 * 40 + 3));
	expect(outputs[1]).toBe(outputs[0]);
	expect(outputs[2]).toBe(outputs[0]);
});

test("the example of the README runs", async () => {
	const [, example] = /```js\n(.*?)```/s.exec(await readFile(join(project, "README.md"), "utf8")) ?? [];
	await writeFile(join(folder, "example.js"), example as string);
	expect(Number(await runNode(folder, "example.js"))).toBeGreaterThan(0.95);
});

const installed = join("node_modules", "orbit-kernels", "dist", "cli.js");

test("the command is installed", async () => {
	expect(await runNode(folder, installed, "--help")).toContain("gram");
});

test("the lab comes along", async () => {
	const lab = await serveLab(["--port", "0"], { cli: join(folder, installed) });
	const browser = await chromium.launch(launchOptions);
	try {
		const tab = await browser.newPage();
		await tab.goto(lab.address);
		await expect.poll(() => tab.evaluate(shown), { timeout: 30_000 }).toBeDefined();
	} finally {
		await browser.close();
		await lab.end();
	}
});

test.each([
	["bundler", "esnext"],
	["nodenext", "nodenext"],
])("a user's TypeScript is checked against the types (%s)", async (moduleResolution, module) => {
	await writeFile(
		join(folder, "user.ts"),
		`import { createEngine, dense, type Engine, OrbitKernelsError, relu, serial, type Tensor } from "orbit-kernels";
		const engine: Engine = await createEngine({ workers: 2 });
		const { ntk } = await engine.gram(serial(dense({ weightStd: 1.5 }), relu(), dense()), [[1, 2], [3, 4]]);
		export const tensor: Tensor | undefined = ntk;
		// @ts-expect-error: an unknown option
		await createEngine({ threads: 2 });
		export const isOurs = (error: unknown) => error instanceof OrbitKernelsError && error.code === "network";
		`,
	);
	const compiler = join(project, "node_modules", "typescript", "bin", "tsc");
	const settings = { module, moduleResolution, target: "es2022", lib: "es2022,dom", types: "", skipLibCheck: "false" };
	const flags = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
	const check = execute(process.execPath, [compiler, "--noEmit", "--strict", ...flags, "user.ts"], { cwd: folder });
	// A rejection shows what the compiler printed.
	expect(
		await check.then(
			({ stdout }) => stdout,
			({ stdout }) => stdout,
		),
	).toBe("");
});

test("a page bundled by Vite computes the same bits in Chromium", async () => {
	const page = `<!doctype html><title>…</title><script type="module">${script("2", "location.search !== '?gram'")} globalThis.result = result;</script>`;
	await writeFile(join(folder, "index.html"), page);
	const shared = { root: folder, configFile: false, logLevel: "warn" } as const;
	await build({ ...shared, build: { target: "es2022" } });
	const assets = await readdir(join(folder, "dist", "assets"));
	expect(assets.filter((name) => name.startsWith("worker"))).toHaveLength(1);
	const server = await preview({ ...shared, preview: { port: 0, host: "127.0.0.1" } });
	const browser = await chromium.launch(launchOptions);
	try {
		const tab = await browser.newPage();
		const problems: string[] = [];
		tab.on("pageerror", ({ message }) => problems.push(message));
		const loaded = new Set<string>();
		tab.on("request", (request) => loaded.add(new URL(request.url()).pathname));
		const open = async (search: string) => {
			loaded.clear();
			await tab.goto(`${server.resolvedUrls?.local[0]}${search}`);
			const result = await tab.waitForFunction(() => (globalThis as { result?: string }).result, undefined, {
				timeout: 30_000,
			});
			// The page itself is asked for as a folder.
			const files = [...loaded]
				.map((name) => (name === "/" ? "index.html" : name))
				.filter((name) => name !== "/favicon.ico");
			const sizes = await Promise.all(files.map(async (name) => (await stat(join(folder, "dist", name))).size));
			const bytes = sizes.reduce((sum, size) => sum + size, 0);
			console.log(`A page${search || " that trains"}: ${files.length} files, ${kilobytes(bytes)}.`);
			return { result, others: files.filter((name) => /training|groups/.test(name)) };
		};
		expect((await open("?gram")).others).toEqual([]);
		const { result, others } = await open("");
		expect(others).toHaveLength(1);
		expect(problems).toEqual([]);
		await writeFile(join(folder, "script.js"), `${script("0")} console.log(result);`);
		expect(await result.jsonValue()).toBe((await runNode(folder, "script.js")).trim());
	} finally {
		await browser.close();
		await server.close();
	}
});
