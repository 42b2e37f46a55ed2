/**
 * Scripts in a Python of the user's that answer questions.
 * @module
 */
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import type { Network, Tensor } from "../../ts/index.ts";
import type { Entrant, Values } from "../harness.ts";
import { loadLibrary } from "../host/node.ts";

/** What a Python process shall do. */
export interface PythonOptions {
	/** The Python program. */
	python: string;
	processors: number;
	precision: "f64" | "f32";
}

/** A Python process at its script: a JSON line for each question, one for each answer. */
export interface Python {
	/** @throws Error when the process ends, with what it printed */
	ask(request: object): Promise<Record<string, unknown>>;
	/** Writes an array where the process reads it. */
	give(name: string, array: Tensor): Promise<string>;
	/** Where the process shall write an array. */
	place(name: string): string;
	/** Reads it. */
	take(name: string): Promise<Values>;
	/** Ends the process. */
	close(): Promise<void>;
}

/** Starts a script of this folder. */
export async function startPython(script: string, { python, processors, precision }: PythonOptions): Promise<Python> {
	const { readNpy, writeNpy } = await loadLibrary();
	const folder = await mkdtemp(join(tmpdir(), "orbit-kernels-bench-"));
	const place = (name: string) => join(folder, `${name}.npy`);
	const line = [resolve("bench/peers", script), String(processors), precision];
	const child = spawn(python, line, { stdio: ["pipe", "pipe", "pipe"] });
	let problems = "";
	child.stderr.on("data", (text) => {
		problems += text;
	});
	const ended = new Promise<never>((_, reject) => {
		child.once("error", reject);
		child.once("exit", (status) => reject(new Error(`${python} ended with status ${status}:\n${problems}`)));
	});
	ended.catch(() => {});
	const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
	return {
		async ask(request) {
			child.stdin.write(`${JSON.stringify(request)}\n`);
			const { value, done } = await Promise.race([lines.next(), ended]);
			return done ? ended : JSON.parse(value);
		},
		async give(name, array) {
			await writeFile(place(name), writeNpy(array));
			return place(name);
		},
		place,
		take: async (name) => readNpy(await readFile(place(name))).data as Values,
		async close() {
			child.kill();
			await rm(folder, { recursive: true, force: true });
		},
	};
}

/** What neural-tangents shall do. */
export interface PeerOptions extends PythonOptions {
	tolerance: number;
	/** The columns of the Gram; missing: x itself. */
	other?: Tensor;
	/** Sizes of square blocks to try, the whole Gram among them; the fastest is taken. */
	blocks?: number[];
	/** Default "neural-tangents". */
	name?: string;
}

/** An entrant in another process. */
export interface Peer {
	entrant: Entrant;
	/** Versions of its libraries. */
	versions: Record<string, string>;
	/** The size of its blocks; 0 where it is one. */
	block: number;
	/** Ends the process. */
	close(): Promise<void>;
}

/**
 * Starts neural-tangents for the NTK of `x` with itself or others. In each round it computes it twice, and the better time counts.
 *
 * @throws Error when the Python process ends, with what it printed
 */
export async function neuralTangents(network: Network, x: Tensor, options: PeerOptions): Promise<Peer> {
	const { tolerance, other, blocks = [], name = "neural-tangents" } = options;
	const { ask, give, place, take, close } = await startPython("jax_ntk.py", options);
	try {
		const files = { x: await give("x", x), ...(other && { other: await give("other", other) }), out: place("out") };
		const { versions, block } = (await ask({ network, blocks, ...files })) as Pick<Peer, "versions" | "block">;
		const result = await take("out");
		return {
			entrant: {
				name,
				run: () => result,
				time: async () => Math.min(...((await ask({ repeat: 2 })).milliseconds as number[])),
				tolerance,
			},
			versions,
			block,
			close,
		};
	} catch (error) {
		await close();
		throw error;
	}
}
