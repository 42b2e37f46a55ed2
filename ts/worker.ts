/**
 * A worker: the engine behind Comlink.
 * @module
 */
import { expose, transfer } from "comlink";
import { Core, type Tasks } from "./engine.ts";
import { workerEndpoint } from "./platform.ts";
import { buffersOf } from "./transfer.ts";

const core = new Core();
const run = async <Name extends keyof Tasks>(name: Name, request: Tasks[Name]["request"]) => {
	const outcome = await core.run(name, request);
	return transfer(outcome, buffersOf(outcome));
};
expose({ locate: core.locate.bind(core), run }, workerEndpoint());
