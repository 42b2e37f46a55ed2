/**
 * What the library's tasks give where no engine stands between.
 * @module
 */
import type { Outcome } from "../ts/engine.ts";

/**
 * The value of a task.
 *
 * @throws Error when it failed
 * @example
 * taskValue(await core.run("multiply", { a, b, rows, columns }))
 */
export function taskValue<Value>(outcome: Outcome<Value>): Value {
	if ("value" in outcome) return outcome.value;
	throw new Error(`the library failed: ${JSON.stringify(outcome.failure)}`);
}
