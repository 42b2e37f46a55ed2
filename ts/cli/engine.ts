/**
 * The engine of one command.
 * @module
 */
import { createEngine, type Engine } from "../index.ts";

/** Lends an engine to `work`; when the signal aborts, even calls that take none end at once. */
export async function withEngine<Value>(
	workers: number | undefined,
	signal: AbortSignal,
	work: (engine: Engine) => Promise<Value>,
): Promise<Value> {
	const engine = await createEngine({ workers: workers ?? "auto" });
	const end = () => void engine.dispose();
	signal.addEventListener("abort", end);
	try {
		signal.throwIfAborted();
		return await work(engine);
	} finally {
		signal.removeEventListener("abort", end);
		await engine.dispose();
	}
}
