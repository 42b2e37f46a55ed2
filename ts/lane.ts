/**
 * One wasm instance, in a worker or in this thread, from its lazy start to its end.
 * @module
 */
import { transfer, wrap } from "comlink";
import type { Core, Outcome, Tasks } from "./engine.ts";
import { nextTurn, spawnWorker, type Thread } from "./platform.ts";
import { Residents } from "./residents.ts";
import { buffersOf } from "./transfer.ts";

/** What both a core in this thread and a remote one offer. */
interface Runner {
	run<Name extends keyof Tasks>(name: Name, request: Tasks[Name]["request"]): Promise<Outcome<Tasks[Name]["value"]>>;
	/** Rejects when the runner has died; Comlink alone would never settle a call to it. */
	failed?: Promise<never>;
}

/** An instance that starts with its first task; after `end`, or any rejection, it is used no more. */
export class Lane {
	/** The blocks that the instance holds. */
	readonly residents = new Residents();
	/** Runs in this thread. */
	readonly inline: boolean;
	readonly #workerUrl: string | URL | undefined;
	#runner: Promise<Runner> | undefined;
	#thread: Thread | undefined;
	#pending = 0;

	constructor(inline: boolean, workerUrl?: string | URL) {
		this.inline = inline;
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
		this.#runner ??= this.inline ? startInline() : this.#startWorker();
		const { run, failed } = await this.#runner;
		if (this.#pending++ === 0) this.#thread?.hold(true);
		try {
			const call = run(name, request);
			return await (failed ? Promise.race([call, failed]) : call);
		} finally {
			if (--this.#pending === 0) this.#thread?.hold(false);
		}
	}

	/** Ends the worker, whatever it is doing. */
	async end(): Promise<void> {
		await this.#thread?.terminate();
	}

	async #startWorker(): Promise<Runner> {
		const thread = spawnWorker(this.#workerUrl);
		this.#thread = thread;
		const failed = new Promise<never>((_, reject) => thread.onFailure(reject));
		failed.catch(() => {});
		const core = wrap<Core>(thread.endpoint);
		// Comlink's types do not follow a generic method; its answers are what the core gives.
		const remote = core as unknown as Runner;
		const run: Runner["run"] = (name, request) => remote.run(name, transfer(request, buffersOf(request)));
		return { run, failed };
	}
}

async function startInline(): Promise<Runner> {
	// Loaded only here, so that a page with workers does not compile the module twice.
	const { Core } = await import("./engine.ts");
	const core = new Core();
	return {
		run: async (name, request) => {
			await nextTurn();
			return core.run(name, request);
		},
	};
}
