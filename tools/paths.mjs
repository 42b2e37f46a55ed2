/** Places inside the project. Everything that set-up makes lies in one of the last three. */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const crate = join(root, "crate");
export const nodeModules = join(root, "node_modules");
/** Built programs and downloads, named by version: removing it only costs time. */
export const toolCache = join(root, ".tools");
export const dist = join(root, "dist");

/** A program of an npm package, started by the running Node: no shell and no .cmd files in between. */
export const packageProgram = (path) => [process.execPath, join(nodeModules, path)];
