/** `orbit-kernels lab` as people run it: what it serves, what it refuses, and how it ends. */
import { execFile } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { type IncomingMessage, request } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Lab, serveLab } from "../support/lab.ts";

const dist = fileURLToPath(new URL("../../dist/", import.meta.url));

let lab: Lab;
beforeAll(async () => {
	lab = await serveLab();
});
afterAll(() => lab.end());

/** Asks for a path as it is: `fetch` would take its dots away. */
async function ask(path: string, method = "GET") {
	const { hostname, port } = new URL(lab.address);
	const asked = request({ hostname, port, path, method, agent: false }).end();
	const [response] = (await once(asked, "response")) as [IncomingMessage];
	return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

describe("files", () => {
	test("the page, its parts and the library, with their types", async () => {
		const page = await ask("/");
		expect(page.body).toBe(await readFile(join(dist, "lab", "index.html"), "utf8"));
		expect((await ask("/index.html?x=1")).body).toBe(page.body);
		const types = { "/": "text/html", "/index.css": "text/css", "/index.js": "text/javascript" };
		for (const [path, type] of Object.entries({ ...types, "/orbit-kernels/worker.js": "text/javascript" })) {
			const { status, headers } = await ask(path);
			expect([path, status]).toEqual([path, 200]);
			// A newer build is seen at once.
			expect(headers).toMatchObject({ "content-type": `${type}; charset=utf-8`, "cache-control": "no-cache" });
		}
	});

	test("the size alone", async () => {
		const { status, headers, body } = await ask("/orbit-kernels/index.js", "HEAD");
		const { length } = await readFile(join(dist, "index.js"));
		expect([status, body]).toEqual([200, ""]);
		expect(headers["content-length"]).toBe(String(length));
	});

	test("nothing else", async () => {
		const others = (await readdir(dist)).filter((name) => !/^(index|worker|groups|chunk-.*)\.js$/.test(name));
		expect(others).toContain("cli.js");
		const paths = [
			...others.map((name) => `/orbit-kernels/${name}`),
			...["/orbit-kernels", "/orbit-kernels/", "/cli.js", "/lab/", "/none.js", "//", "*"],
			...["/../cli.js", "/orbit-kernels/../cli.js", "/orbit-kernels/../../package.json", "/..%2fcli.js", "/..\\cli.js"],
		];
		for (const path of paths) expect([path, (await ask(path)).status]).toEqual([path, 404]);
	});

	test("for reading only", async () => {
		const { status, headers } = await ask("/", "POST");
		expect(status).toBe(405);
		expect(headers.allow).toBe("GET, HEAD");
	});
});

test("a port that is taken, no port, no such host: one line, status 2", async () => {
	const run = (...args: string[]) =>
		promisify(execFile)(process.execPath, [join(dist, "cli.js"), "lab", ...args]).catch(({ code, stdout, stderr }) => ({
			code,
			stdout,
			stderr,
		}));
	const { port } = new URL(lab.address);
	expect(await run("--port", port)).toEqual({
		code: 2,
		stdout: "",
		stderr: `orbit-kernels lab: --host 127.0.0.1 --port ${port}: another program listens there\n`,
	});
	expect(await run("--port", "65536")).toMatchObject({
		code: 2,
		stderr: "orbit-kernels lab: --port 65536: expected an integer from 0 to 65535\n",
	});
	// An address for documents, which no machine has.
	expect(await run("--host", "192.0.2.1", "--port", "0")).toMatchObject({
		code: 2,
		stderr: "orbit-kernels lab: --host 192.0.2.1 --port 0: it is no address of this machine\n",
	});
});

test("without a port it takes the next that is free", async () => {
	const first = await serveLab([]);
	const second = await serveLab([]);
	const ports = [first, second].map(({ address }) => Number(new URL(address).port));
	expect(await Promise.all([first.end(), second.end()])).toEqual([0, 0]);
	expect(ports[0]).toBeGreaterThanOrEqual(8000);
	expect(ports[1]).toBeGreaterThan(ports[0] as number);
});

test.each(["SIGINT", "SIGTERM"] as const)("%s ends it with status 0, whoever is connected", async (signal) => {
	const served = await serveLab();
	const { hostname, port } = new URL(served.address);
	const socket = connect(Number(port), hostname);
	await new Promise((resolve) => socket.on("connect", resolve));
	expect(await served.end(signal)).toBe(0);
	socket.destroy();
});

test.skipIf(process.platform !== "linux")("--open asks the system for its browser", async () => {
	const folder = await mkdtemp(join(tmpdir(), "orbit-kernels-lab-"));
	const asked = join(folder, "asked");
	await writeFile(join(folder, "xdg-open"), `#!/bin/sh\nprintf %s "$1" > ${asked}.part && mv ${asked}.part ${asked}\n`);
	await chmod(join(folder, "xdg-open"), 0o755);
	const env = { PATH: folder + delimiter + process.env.PATH };
	const served = await serveLab(["--port", "0", "--open"], { env });
	try {
		await expect.poll(() => readFile(asked, "utf8").catch(() => ""), { timeout: 20_000 }).toBe(served.address);
	} finally {
		await served.end();
		await rm(folder, { recursive: true });
	}
});
