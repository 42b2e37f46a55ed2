/**
 * One wasm instance, in a worker or in this thread, from its lazy start to its end.
 * @module
 */
import { transfer, wrap } from "comlink";
import type { Core, Files, Outcome, Tasks } from "./engine.ts";
import { nextTurn, spawnWorker, type Thread } from "./platform.ts";
import { Residents } from "./residents.ts";
import { buffersOf } from "./transfer.ts";

/** What both a core in this thread and a remote one offer. */
type Runner = Pick<Core, "run">;

/** An instance that starts with its first task; after `end`, or any rejection, it is used no more. */
export class Lane {
	/** The blocks that the instance holds. */
	readonly residents = new Residents();
	/** Runs in this thread. */
	readonly inline: boolean;
	/** Takes no more jobs, and ends with its last. */
	closing = false;
	readonly #files: Files;
	readonly #workerUrl: string | URL | undefined;
	#runner: Promise<Runner> | undefined;
	#thread: Thread | undefined;
	#pending = 0;

	constructor(inline: boolean, files: Files, workerUrl?: string | URL) {
		this.inline = inline;
		this.#files = files;
		this.#workerUrl = workerUrl;
	}

	get started(): boolean {
		return this.#runner !== undefined;
	}

	/** Runs a task; rejects when the instance can't be used any more. */
	async run<Name extends keyof Tasks>(
		name: Name,
		request: Tasks[Name]["request"],
	): Promise<Outcome<Tasks[Name]["value"]>> {
		this.#runner ??= this.inline ? startInline(this.#files) : this.#startWorker();
		const runner = await this.#runner;
		if (this.#pending++ === 0) this.#thread?.hold(true);
		try {
			return await runner.run(name, request);
		} finally {
			if (--this.#pending === 0) this.#thread?.hold(false);
		}
	}

	/** Ends the worker, whatever it is doing. */
	async end(): Promise<void> {
		await this.#thread?.terminate();
	}

	async #startWorker(): Promise<Runner> {
		this.#thread = spawnWorker(this.#workerUrl);
		return connect(this.#thread, this.#files);
	}
}

/**
 * The core in a worker, whose calls reject when the worker dies: Comlink alone would never settle
 * them. Each call is kept only as long as it is waited for; racing it with one promise of the
 * worker's death would keep every outcome as long as the worker.
 */
function connect(thread: Thread, files: Files): Runner {
	// Comlink's types do not follow a generic method; its answers are what the core gives.
	const core = wrap<Core>(thread.endpoint) as unknown as Pick<Core, "run" | "locate">;
	// The first message; nobody waits for an answer that tells nothing.
	core.locate(files);
	const waiting = new Set<(reason: unknown) => void>();
	let death: { reason: unknown } | undefined;
	thread.onFailure((reason) => {
		death = { reason };
		for (const reject of waiting) reject(reason);
	});
	return {
		run: (name, request) =>
			new Promise((resolve, reject) => {
				if (death) return reject(death.reason);
				const settle =
					<Value>(how: (value: Value) => void) =>
					(value: Value) => {
						waiting.delete(reject);
						how(value);
					};
				waiting.add(reject);
				core.run(name, transfer(request, buffersOf(request))).then(settle(resolve), settle(reject));
			}),
	};
}

async function startInline(files: Files): Promise<Runner> {
	// Loaded only here, so that a page with workers does not compile the module twice.
	const { Core } = await import("./engine.ts");
	const core = new Core();
	core.locate(files);
	return {
		run: async (name, request) => {
			await nextTurn();
			return core.run(name, request);
		},
	};
}
