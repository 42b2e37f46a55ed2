/**
 * Folders at an address of this machine, for browsers that this process starts.
 * @module
 */
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { text } from "node:stream/consumers";

/** What is served until `close`. */
export interface Served {
	/** With a slash at its end. */
	address: string;
	/** The files that were sent, in their order; to be emptied by whoever counts them. */
	sent: string[];
	close(): void;
}

const TYPES: Readonly<Record<string, string>> = {
	".html": "text/html; charset=utf-8",
	".js": "text/javascript; charset=utf-8",
	".json": "application/json",
	".wasm": "application/wasm",
};

/** With these a page is isolated: its clock is fine, and wasm may have shared memory. */
const ISOLATED = {
	"Cross-Origin-Opener-Policy": "same-origin",
	"Cross-Origin-Embedder-Policy": "require-corp",
	"Cache-Control": "no-store",
};

/**
 * Serves folders by the beginnings of their addresses; the first that fits counts.
 *
 * @param made what is made of what is sent when it is asked for, by whole address
 * @example
 * await serve({ "/dist/": "dist", "/": ".tools/bench/page" })
 */
export async function serve(
	folders: Readonly<Record<string, string>>,
	made: Readonly<Record<string, (body: string) => string>> = {},
): Promise<Served> {
	const sent: string[] = [];
	const answer = async (request: IncomingMessage, response: ServerResponse) => {
		const { pathname } = new URL(request.url ?? "/", "http://localhost");
		const path = pathname.endsWith("/") ? `${pathname}index.html` : pathname;
		const [start, folder] = Object.entries(folders).find(([start]) => path.startsWith(start)) ?? [];
		const file = start && join(folder as string, decodeURIComponent(path.slice(start.length)));
		const content = made[path]?.(await text(request)) ?? (file && (await readFile(file).catch(() => undefined)));
		if (content === undefined) return response.writeHead(404, ISOLATED).end();
		if (file && !made[path]) sent.push(file);
		const type = TYPES[extname(path)] ?? "application/octet-stream";
		return response.writeHead(200, { "Content-Type": type, ...ISOLATED }).end(content);
	};
	const server = createServer((request, response) => void answer(request, response));
	await once(server.listen(0, "127.0.0.1"), "listening");
	return {
		address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
		sent,
		close() {
			server.close();
			server.closeAllConnections();
		},
	};
}
