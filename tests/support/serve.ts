import type { Plugin } from "vite";
import { nodeBits } from "./node-bits.ts";
import { findFile, type Kind } from "./roots.ts";

/** Gives the tests in browsers the files that those in Node read themselves, and the bits that Node computes. */
export const serveFiles: Plugin = {
	name: "serve-test-files",
	configureServer(server) {
		for (const kind of ["reference", "data"] satisfies Kind[]) {
			server.middlewares.use(`/test-files/${kind}`, async (request, response) => {
				const path = decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname);
				const bytes = await findFile(kind, path);
				response.statusCode = bytes ? 200 : 404;
				response.setHeader("Content-Type", "application/octet-stream");
				response.end(bytes);
			});
		}
		server.middlewares.use("/node-bits", async (_request, response) => {
			response.end(await nodeBits());
		});
	},
};
