/**
 * Runs batches of jobs on workers, or in this thread when there are none: dynamic scheduling,
 * abort, and replacement of workers that crash or have grown too large.
 * @module
 */

import type { Files, Tasks } from "./engine.ts";
import { OrbitKernelsError } from "./errors.ts";
import { Lane } from "./lane.ts";

/** Memory that a worker may keep after a job; wasm memory never shrinks. */
const KEPT_BYTES = 256 * 2 ** 20;
/** A job is tried on this many workers before it counts as failed. */
const TRIES = 2;
/** Jobs that a worker has at a time: while it is at one, the next is on its way. */
const DEPTH = 2;

/** One call of a task. */
export interface Job<Name extends keyof Tasks = keyof Tasks> {
	name: Name;
	/** Makes the request for the lane that was chosen; its arrays are moved, so they must be its own. */
	request(lane: Lane): Tasks[Name]["request"];
	/** Takes the value, on the calling thread. */
	deliver(value: Tasks[Name]["value"]): void;
	/** May run long: an abort then replaces the worker instead of waiting for it. */
	long?: boolean;
}

/** Jobs that succeed, fail and are aborted together. */
interface Batch {
	jobs: Iterator<Job>;
	retries: Job[];
	tries: Map<Job, number>;
	running: number;
	exhausted: boolean;
	settle(error?: unknown): void;
}

/** A job in a lane. */
interface Work {
	batch: Batch;
	job: Job;
}

/** A fixed number of lanes that take jobs from the batches in turn. */
export class Pool {
	/** Worker threads; 0 means that all is done in this thread. */
	readonly workers: number;
	readonly #files: Files;
	readonly #workerUrl: string | URL | undefined;
	readonly #lanes: Lane[];
	readonly #work = new Map<Lane, Set<Work>>();
	#batches: Batch[] = [];
	#disposed = false;

	constructor(workers: number, files: Files, workerUrl?: string | URL) {
		this.workers = workers;
		this.#files = files;
		this.#workerUrl = workerUrl;
		this.#lanes = Array.from({ length: Math.max(1, workers) }, () => this.#newLane());
	}

	/** Runs all jobs; settles when the last is delivered, at the first failure, or at once on abort. */
	run<Name extends keyof Tasks>(jobs: Iterable<Job<Name>>, signal?: AbortSignal): Promise<void> {
		return new Promise((resolve, reject) => {
			if (this.#disposed) return reject(disposedError());
			if (signal?.aborted) return reject(abortError(signal));
			const forget = signal && onceAborted(signal, () => this.#stop(batch, abortError(signal)));
			const batch: Batch = {
				jobs: jobs[Symbol.iterator]() as Iterator<unknown> as Iterator<Job>,
				retries: [],
				tries: new Map(),
				running: 0,
				exhausted: false,
				settle: (error) => {
					forget?.();
					this.#batches = this.#batches.filter((other) => other !== batch);
					if (error === undefined) resolve();
					else reject(error);
				},
			};
			this.#batches.push(batch);
			this.#schedule();
		});
	}

	/** Runs one job and gives its value. */
	async call<Name extends keyof Tasks>(
		name: Name,
		request: () => Tasks[Name]["request"],
		{ signal, long = false }: { signal?: AbortSignal | undefined; long?: boolean } = {},
	): Promise<Tasks[Name]["value"]> {
		let result: Tasks[Name]["value"] | undefined;
		const deliver = (value: Tasks[Name]["value"]) => {
			result = value;
		};
		await this.run([{ name, request, long, deliver }], signal);
		return result as Tasks[Name]["value"];
	}

	/** Frees what the instances hold for a Gram, without waiting. */
	closeGram(id: number): void {
		for (const lane of this.#lanes) if (lane.residents.close(id)) lane.run("closeGram", { id }).catch(() => {});
	}

	/** Ends all workers; calls under way and later ones fail with code "disposed". */
	async dispose(): Promise<void> {
		this.#disposed = true;
		for (const batch of [...this.#batches]) batch.settle(disposedError());
		await Promise.all(this.#lanes.map((lane) => lane.end()));
	}

	#newLane(): Lane {
		return new Lane(this.workers === 0, this.#files, this.#workerUrl);
	}

	/** Ends an instance and puts a fresh lane in its place. */
	#retire(lane: Lane): void {
		const place = this.#lanes.indexOf(lane);
		if (place >= 0) this.#lanes[place] = this.#newLane();
		this.#work.delete(lane);
		void lane.end();
	}

	/** Hands out jobs as long as there are both jobs and lanes that take one. */
	#schedule(): void {
		for (;;) {
			const lane = this.#nextLane();
			const work = lane && this.#next();
			if (!work) return;
			this.#workOf(lane).add(work);
			work.batch.running++;
			void this.#perform(lane, work);
		}
	}

	#workOf(lane: Lane): Set<Work> {
		const work = this.#work.get(lane) ?? new Set();
		this.#work.set(lane, work);
		return work;
	}

	/** The lane with the least to do, of those that take a job: running ones first, and none behind a long job. */
	#nextLane(): Lane | undefined {
		const load = (lane: Lane) => this.#workOf(lane).size;
		const takes = (lane: Lane) =>
			load(lane) < (lane.inline ? 1 : DEPTH) && !lane.closing && ![...this.#workOf(lane)].some(({ job }) => job.long);
		const order = (a: Lane, b: Lane) => load(a) - load(b) || Number(b.started) - Number(a.started);
		return this.#lanes.filter(takes).sort(order)[0];
	}

	/** The next job, from the batches in turn. */
	#next(): Work | undefined {
		for (const batch of this.#batches) {
			const job = this.#take(batch);
			if (!job) continue;
			this.#batches = [...this.#batches.filter((other) => other !== batch), batch];
			return { batch, job };
		}
		return undefined;
	}

	#take(batch: Batch): Job | undefined {
		const retry = batch.retries.pop();
		if (retry || batch.exhausted) return retry;
		const { value, done } = batch.jobs.next();
		if (!done) return value;
		batch.exhausted = true;
		this.#settleIfDone(batch);
		return undefined;
	}

	#settleIfDone(batch: Batch): void {
		if (batch.exhausted && batch.running === 0 && batch.retries.length === 0) batch.settle();
	}

	async #perform(lane: Lane, work: Work): Promise<void> {
		const { batch, job } = work;
		let finish: () => void;
		try {
			const outcome = await lane.run(job.name, job.request(lane));
			finish = () => {
				if ("failure" in outcome) {
					const { code, message, ...fields } = outcome.failure;
					throw new OrbitKernelsError(code, message, fields);
				}
				job.deliver(outcome.value);
			};
			lane.closing ||= outcome.memory > KEPT_BYTES && !lane.inline;
		} catch (error) {
			finish = () => this.#retry(batch, job, error);
			this.#retire(lane);
		}
		const others = this.#work.get(lane);
		others?.delete(work);
		if (lane.closing && others?.size === 0) this.#retire(lane);
		// The lane's next job is on its way before this one's value is taken.
		this.#schedule();
		batch.running--;
		if (this.#batches.includes(batch)) {
			try {
				finish();
				this.#settleIfDone(batch);
			} catch (error) {
				this.#stop(batch, error);
			}
		}
		this.#schedule();
	}

	#retry(batch: Batch, job: Job, cause: unknown): void {
		const tries = (batch.tries.get(job) ?? 0) + 1;
		if (tries >= TRIES) {
			const reason = cause instanceof Error ? cause.message : String(cause);
			const message = `a worker failed ${tries} times on the same work: ${reason}`;
			throw new OrbitKernelsError("worker", message, { cause });
		}
		batch.tries.set(job, tries);
		batch.retries.push(job);
	}

	/** Ends a batch: no job of it starts any more, and long ones are cut off. */
	#stop(batch: Batch, error: unknown): void {
		batch.settle(error);
		for (const [lane, work] of this.#work)
			if (!lane.inline && [...work].some(({ batch: other, job }) => other === batch && job.long)) this.#retire(lane);
		this.#schedule();
	}
}

const waitingForAbort = new WeakMap<AbortSignal, Set<() => void>>();

/** Calls back when a signal is aborted, by one listener for all calls that share it; returns how to forget it. */
function onceAborted(signal: AbortSignal, callback: () => void): () => void {
	let callbacks = waitingForAbort.get(signal);
	if (!callbacks) {
		callbacks = new Set();
		waitingForAbort.set(signal, callbacks);
		const all = callbacks;
		const onAbort = () => {
			for (const call of [...all]) call();
		};
		signal.addEventListener("abort", onAbort, { once: true });
	}
	callbacks.add(callback);
	return () => callbacks.delete(callback);
}

function disposedError(): OrbitKernelsError {
	return new OrbitKernelsError("disposed", "the engine has been disposed");
}

/** The error of a call whose signal is aborted. */
export function abortError(signal: AbortSignal): OrbitKernelsError {
	return new OrbitKernelsError("aborted", "the call was aborted", { cause: signal.reason });
}
