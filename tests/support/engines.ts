/** Engines that end with the test. */
import { afterEach } from "vitest";
import { createEngine, type Engine, type EngineOptions } from "../../dist/index.js";

/** Makes engines in the tests of a file. */
export function engines(): (options: EngineOptions) => Promise<Engine> {
	let made: Engine[] = [];
	afterEach(async () => {
		await Promise.all(made.map((engine) => engine.dispose()));
		made = [];
	});
	return async (options) => {
		const engine = await createEngine(options);
		made.push(engine);
		return engine;
	};
}
