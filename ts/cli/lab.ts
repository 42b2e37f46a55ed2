/**
 * The command that serves the orbit lab.
 * @module
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { command } from "./command.ts";
import { flag, type Option, text, usageError, withDefault } from "./options.ts";
import { reason } from "./system.ts";

/** Ports that are tried when none is asked for. */
const [FIRST, LAST] = [8000, 8099];

const port: Option<number | undefined> = {
	hint: "n",
	help: `where it listens; 0: anywhere [default: ${FIRST}, or the next that is free]`,
	expected: "an integer from 0 to 65535",
	parse: (value) => (/^\d+$/.test(value) && Number(value) <= 65535 ? Number(value) : undefined),
};

export const lab = command({
	name: "lab",
	summary: "the orbit lab: is an unseen pose recognized, and why?",
	details:
		"Serves a page until Ctrl-C: a group moves two images, one pose of one of them is never seen, and the page shows whether a network recognizes it, and why. The browser computes everything, by this package; nothing leaves it. What a reader chose is in the address.",
	options: {
		port,
		host: withDefault("127.0.0.1", text("NAME", "whose address it listens at; 0.0.0.0: for other machines too")),
		open: flag("show it in the browser"),
	},
	examples: [
		["orbit-kernels lab", "the page, at http://127.0.0.1:8000"],
		["orbit-kernels lab --port 0 --open", "at any free port, shown at once"],
	],

	async run({ port, host, open }, { signal }) {
		const files = await publicFiles();
		const server = createServer((request, response) => void answer(files, request, response));
		await listen(server, host, port);
		const { address, family, port: at } = server.address() as AddressInfo;
		const page = `http://${family === "IPv6" ? `[${address}]` : address}:${at}/`;
		process.stdout.write(`The orbit lab: ${page} (Ctrl-C ends it)\n`);
		if (open) show(page);
		if (!signal.aborted) await once(signal, "abort");
		server.close();
		server.closeAllConnections();
	},
});

/** All that can be asked for: files by their addresses. The page imports the library from a folder beside it. */
async function publicFiles(): Promise<ReadonlyMap<string, string>> {
	const dist = fileURLToPath(new URL(".", import.meta.url));
	const page = join(dist, "lab");
	const library = (await readdir(dist)).filter((name) => /^(index|worker|groups|chunk-.+)\.js$/.test(name));
	return new Map([
		...(await readdir(page, { recursive: true })).map(
			(name) => [`/${name.replaceAll(sep, "/")}`, join(page, name)] as const,
		),
		...library.map((name) => [`/orbit-kernels/${name}`, join(dist, name)] as const),
	]);
}

const TYPES: Readonly<Record<string, string>> = {
	".html": "text/html; charset=utf-8",
	".css": "text/css; charset=utf-8",
	".js": "text/javascript; charset=utf-8",
	".txt": "text/plain; charset=utf-8",
};

async function answer(
	files: ReadonlyMap<string, string>,
	{ method = "", url = "" }: IncomingMessage,
	response: ServerResponse,
): Promise<void> {
	const refuse = (status: number, words: string, headers = {}) =>
		response.writeHead(status, { "Content-Type": TYPES[".txt"], ...headers }).end(`${words}\n`);
	if (method !== "GET" && method !== "HEAD") return void refuse(405, "Only for reading.", { Allow: "GET, HEAD" });
	const address = url.replace(/\?.*/, "").replace(/\/$/, "/index.html");
	const file = files.get(address);
	// A folder can't be read, nor what a build has taken away meanwhile.
	const bytes = file && (await readFile(file).catch(() => undefined));
	if (!file || !bytes) return void refuse(404, "There is no such file.");
	const type = TYPES[extname(file)] ?? "application/octet-stream";
	response.writeHead(200, { "Content-Type": type, "Content-Length": bytes.length, "Cache-Control": "no-cache" });
	response.end(bytes);
}

async function listen(server: Server, host: string, asked: number | undefined): Promise<void> {
	for (let port = asked ?? FIRST; ; port++) {
		try {
			await once(server.listen(port, host), "listening");
			return;
		} catch (error) {
			const isTaken = (error as NodeJS.ErrnoException).code === "EADDRINUSE";
			if (isTaken && asked === undefined && port < LAST) continue;
			throw usageError(`--host ${host} --port ${port}: ${reason(error)}`);
		}
	}
}

const OPENERS: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
	darwin: ["open"],
	win32: ["cmd", "/c", "start", ""],
};

/** Asks the system for its browser; where it has none, the address is there to be copied. */
function show(page: string): void {
	const [program, ...args] = OPENERS[process.platform] ?? ["xdg-open"];
	const opener = spawn(program, [...args, page], { stdio: "ignore", detached: true, windowsHide: true });
	opener.on("error", () => {}).unref();
}
