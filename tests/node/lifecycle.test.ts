import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

const run = promisify(execFile);
const library = new URL("../../dist/index.js", import.meta.url).href;
const prelude = `
	import { createEngine, dense, relu, serial, random } from ${JSON.stringify(library)};
	import * as threads from "node:worker_threads";
	const network = serial(dense({ biasStd: 1 }), relu(), dense({ biasStd: 1 }));
	const next = random(1);
	const x = { data: Float64Array.from({ length: 1000 * 300 }, next), shape: [1000, 300] };
`;

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "orbit-kernels-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs a script with the library in a process of its own; a process that never ends fails. */
async function script(name: string, body: string, ...flags: string[]): Promise<string> {
	const file = join(folder, `${name}.mjs`);
	await writeFile(file, prelude + body);
	const { stdout } = await run(process.execPath, [...flags, file], { timeout: 110_000 });
	return stdout.trim();
}

/** Workers are seen as they are made, to be killed from outside the library, by engines of `create`. */
const watched = `
	const made = [];
	const { Worker } = threads.default ?? threads;
	process.getBuiltinModule("node:worker_threads").Worker = class extends Worker {
		constructor(...args) { super(...args); made.push(this); }
	};
	const { createEngine: create } = await import(${JSON.stringify(`${library}?watched`)});
`;

test.each([0, 1, 2])("a script that forgets dispose exits by itself: %i workers", async (workers) => {
	const body = `
		const engine = await createEngine({ workers: ${workers} });
		await engine.gram(network, x);
		console.log("done");
	`;
	expect(await script(`forgets-${workers}`, body)).toBe("done");
});

test("a script can be text on the command line, whose options are not those of workers", async () => {
	const body = `
		const engine = await createEngine({ workers: 1 });
		const { ntk } = await engine.gram(network, x);
		console.log(ntk.shape.join());
	`;
	const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", prelude + body], {
		timeout: 110_000,
	});
	expect(stdout.trim()).toBe("1000,1000");
});

test("a script with work under way waits for it, and dispose at the end is awaited", async () => {
	const body = `
		const engine = await createEngine({ workers: 2 });
		engine.gram(network, x).then(async ({ ntk }) => {
			await engine.dispose();
			console.log(ntk.shape.join());
		});
	`;
	expect(await script("waits", body)).toBe("1000,1000");
});

test("workers killed in the middle of a Gram are replaced, and the result has the same bits", async () => {
	const body = `
		${watched}
		const whole = await (await createEngine({ workers: 0 })).gram(network, x);
		const engine = await create({ workers: 2 });
		let [tiles, seen] = [0, 0];
		const { ntk } = await engine.gram(network, x, {
			onProgress({ done }) {
				seen = done;
				tiles++;
				if (tiles === 3) made[0].terminate();
				if (tiles === 20) made[1].terminate();
			},
		});
		const same = ntk.data.every((value, i) => Object.is(value, whole.ntk.data[i]));
		console.log(JSON.stringify({ made: made.length, tiles, seen, same }));
		await engine.dispose();
	`;
	const result = JSON.parse(await script("killed", body));
	expect(result).toEqual({ made: 4, tiles: 36, seen: 500500, same: true });
});

test("a worker killed in the middle of a training is replaced, and the weights have the same bits", async () => {
	const body = `
		${watched}
		const mlp = serial(dense({ width: 256 }), relu(), dense({ width: 2 }));
		const data = { x, targets: Uint32Array.from({ length: 1000 }, (_, k) => k % 2) };
		const how = { loss: "crossEntropy", steps: 200, seed: 3 };
		const whole = await (await createEngine({ workers: 0 })).train(mlp, data, how);
		const engine = await create({ workers: 1 });
		let killed = 0;
		const again = await engine.train(mlp, data, {
			...how,
			onProgress({ done }) {
				// While the next steps are under way.
				if (done > 20 && killed++ === 0) setTimeout(() => made[0].terminate(), 20);
			},
		});
		console.log(JSON.stringify({ made: made.length, same: Buffer.compare(whole.checkpoint, again.checkpoint) === 0 }));
		await engine.dispose();
	`;
	expect(JSON.parse(await script("killed-training", body))).toEqual({ made: 2, same: true });
});

test("hundreds of engines leave no worker, handle or memory behind", async () => {
	const body = `
		const round = async () => {
			const engine = await createEngine({ workers: 1 });
			await engine.gram(network, [[1, 2], [3, 4]]);
			await engine.dispose();
		};
		// Finalizers run in turns of their own, and free what the next collection finds.
		const measure = async () => {
			for (let k = 0; k < 5; k++) {
				gc();
				await new Promise((resolve) => setTimeout(resolve, 20));
			}
			return { heap: process.memoryUsage().heapUsed, handles: process.getActiveResourcesInfo().length };
		};
		for (let k = 0; k < 30; k++) await round();
		const before = await measure();
		for (let k = 0; k < 200; k++) await round();
		const after = await measure();
		console.log(JSON.stringify({ growth: after.heap - before.heap, handles: after.handles - before.handles }));
	`;
	const { growth, handles } = JSON.parse(await script("rounds", body, "--expose-gc"));
	// Bare workers without the library come to 1.5 kB a round at times; an engine that stayed would be far more.
	expect(growth / 200).toBeLessThan(2500);
	expect(handles).toBeLessThanOrEqual(0);
}, 120_000);

test("hundreds of Grams, finished and aborted, leave nothing in this thread's heap or the instance", async () => {
	const body = `
		const engine = await createEngine({ workers: 0 });
		const small = { data: x.data.slice(0, 600 * 100), shape: [600, 100] };
		const round = async (k) => {
			const abort = new AbortController();
			let tiles = 0;
			const onProgress = () => { if (k % 2 && ++tiles === 3) abort.abort(); };
			await engine.gram(network, small, { signal: abort.signal, onProgress }).catch(() => {});
		};
		const measure = () => { gc(); gc(); const { heapUsed, external, rss } = process.memoryUsage(); return { heap: heapUsed + external, rss }; };
		for (let k = 0; k < 20; k++) await round(k);
		const before = measure();
		for (let k = 0; k < 200; k++) await round(k);
		const after = measure();
		console.log(JSON.stringify({ heap: after.heap - before.heap, rss: after.rss - before.rss }));
	`;
	const { heap, rss } = JSON.parse(await script("grams", body, "--expose-gc"));
	expect(heap).toBeLessThan(2 ** 20);
	// One round holds about 8 MB: two hundred that stayed would be 1.6 GB.
	expect(rss).toBeLessThan(100 * 2 ** 20);
}, 120_000);

test("hundreds of calls to one worker keep none of their results", async () => {
	const body = `
		const engine = await createEngine({ workers: 1 });
		const wide = { data: new Float64Array(400 * 2).map(next), shape: [400, 2] };
		const round = () => engine.gram(network, wide);
		const measure = async () => {
			for (let k = 0; k < 5; k++) {
				gc();
				await new Promise((resolve) => setTimeout(resolve, 20));
			}
			return process.memoryUsage().rss;
		};
		for (let k = 0; k < 50; k++) await round();
		const before = await measure();
		for (let k = 0; k < 300; k++) await round();
		console.log((await measure()) - before);
		await engine.dispose();
	`;
	// A result and its tiles are 2.5 MB: kept, they would be 770 MB.
	expect(Number(await script("results", body, "--expose-gc"))).toBeLessThan(100 * 2 ** 20);
}, 120_000);

test("many calls can share one signal without a warning", async () => {
	const body = `
		process.on("warning", (warning) => console.log(warning.name));
		const engine = await createEngine({ workers: 1 });
		const abort = new AbortController();
		const calls = Array.from({ length: 40 }, () => engine.gram(network, x, { signal: abort.signal }).catch(({ code }) => code));
		setTimeout(() => abort.abort(), 5);
		console.log([...new Set(await Promise.all(calls))].join());
		await engine.dispose();
	`;
	expect(await script("signal", body)).toBe("aborted");
});
