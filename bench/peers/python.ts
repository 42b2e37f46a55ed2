/**
 * neural-tangents in a Python of the user's, as an entrant.
 * @module
 */
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import type { Network, Tensor } from "../../ts/index.ts";
import type { Entrant, Values } from "../harness.ts";
import { loadLibrary } from "../library.ts";

/** What the Python process shall do. */
export interface PeerOptions {
	/** The Python program. */
	python: string;
	processors: number;
	precision: "f64" | "f32";
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

interface Answer {
	versions: Record<string, string>;
	block: number;
	milliseconds: number[];
}

/**
 * Starts neural-tangents for the NTK of `x` with itself or others. In each round it computes it twice, and the better time counts.
 *
 * @throws Error when the Python process ends, with what it printed
 */
export async function neuralTangents(network: Network, x: Tensor, options: PeerOptions): Promise<Peer> {
	const { python, processors, precision, tolerance, other, blocks = [], name = "neural-tangents" } = options;
	const { readNpy, writeNpy } = await loadLibrary();
	const folder = await mkdtemp(join(tmpdir(), "orbit-kernels-bench-"));
	const files = {
		x: join(folder, "x.npy"),
		out: join(folder, "k.npy"),
		...(other && { other: join(folder, "y.npy") }),
	};
	await writeFile(files.x, writeNpy(x));
	if (other) await writeFile(files.other as string, writeNpy(other));

	const script = resolve("bench/peers/jax_ntk.py");
	const child = spawn(python, [script, String(processors), precision], { stdio: ["pipe", "pipe", "pipe"] });
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
	const ask = async (request: object): Promise<Answer> => {
		child.stdin.write(`${JSON.stringify(request)}\n`);
		const { value, done } = await Promise.race([lines.next(), ended]);
		return done ? ended : JSON.parse(value);
	};

	const close = async () => {
		child.kill();
		await rm(folder, { recursive: true, force: true });
	};
	try {
		const { versions, block } = await ask({ network, blocks, ...files });
		const result = readNpy(await readFile(files.out)).data as Values;
		return {
			entrant: {
				name,
				run: () => result,
				time: async () => Math.min(...(await ask({ repeat: 2 })).milliseconds),
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
