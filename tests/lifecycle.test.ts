import { describe, expect, test } from "vitest";
import {
	createEngine,
	dense,
	type Kernels,
	OrbitKernelsError,
	type Progress,
	random,
	relu,
	serial,
} from "../dist/index.js";
import { engines } from "./support/engines.ts";
import { failure, rejection } from "./support/failure.ts";

const network = serial(dense({ biasStd: 1 }), relu(), dense({ biasStd: 1 }));
const next = random(1);
/** Enough samples for 36 tiles. */
const x = { data: Float64Array.from({ length: 1000 * 20 }, next), shape: [1000, 20] };
const TILES = 36;
const ENTRIES = (1000 * 1001) / 2;

const create = engines();

/** Element by element: a matcher's comparison of a million numbers takes seconds. */
const sameBits = (a: Kernels, b: Kernels) =>
	expect(a.ntk?.data.every((value, i) => Object.is(value, b.ntk?.data[i]))).toBe(true);

describe.each([0, 1, 2])("with %i workers", (workers) => {
	test("progress counts every entry once, of a symmetric Gram one of each two", async () => {
		const engine = await create({ workers });
		const seen: Progress[] = [];
		await engine.gram(network, x, { onProgress: (progress) => seen.push(progress) });
		expect(seen.map(({ total }) => total)).toEqual(Array(TILES).fill(ENTRIES));
		expect(seen.every(({ done }, k) => done > (seen[k - 1]?.done ?? 0))).toBe(true);
		expect(seen.at(-1)?.done).toBe(ENTRIES);
		const other = { data: x.data.slice(0, 300 * 20), shape: [300, 20] };
		seen.length = 0;
		await engine.gram(network, x, other, { onProgress: (progress) => seen.push(progress) });
		expect(seen.at(-1)).toEqual({ done: 300_000, total: 300_000 });
	});

	test("an abort settles the call, starts no tile and leaves the engine working", async () => {
		const engine = await create({ workers });
		const whole = await engine.gram(network, x);
		const abort = new AbortController();
		let tiles = 0;
		const call = engine.gram(network, x, {
			signal: abort.signal,
			onProgress() {
				if (++tiles === 5) abort.abort(new Error("enough"));
			},
		});
		const error = await rejection(call);
		expect(error).toBeInstanceOf(OrbitKernelsError);
		expect(error).toMatchObject({ code: "aborted", name: "AbortError", cause: new Error("enough") });
		// Work that went on would report more, before or after a whole Gram that is computed meanwhile.
		sameBits(await engine.gram(network, x), whole);
		expect(tiles).toBe(5);
	});

	test("a signal that is aborted already starts nothing", async () => {
		const engine = await create({ workers });
		let tiles = 0;
		const error = await rejection(engine.gram(network, x, { signal: AbortSignal.abort(), onProgress: () => tiles++ }));
		expect(error).toMatchObject({ code: "aborted", name: "AbortError" });
		expect(tiles).toBe(0);
	});

	test("calls at the same time do not disturb each other", async () => {
		const engine = await create({ workers });
		const alone = await engine.gram(network, x);
		const together = await Promise.all([
			engine.gram(network, x),
			engine.gram(network, { data: x.data.slice(0, 400), shape: [20, 20] }),
			engine.gram(network, x),
			failure(() => engine.gram({ type: "rely" } as never, x)),
		]);
		sameBits(together[0], alone);
		sameBits(together[2], alone);
		expect(together[3].code).toBe("network");
	});

	test("a small call does not wait for a large one that came first", async () => {
		const engine = await create({ workers });
		const order: string[] = [];
		const large = engine.gram(network, x).then(() => order.push("large"));
		const small = engine.gram(network, [[1, 2]]).then(() => order.push("small"));
		await Promise.all([large, small]);
		expect(order).toEqual(["small", "large"]);
	});

	test("dispose ends what is under way and refuses what comes later, twice too", async () => {
		const engine = await createEngine({ workers });
		const call = rejection(engine.gram(network, x));
		await engine.dispose();
		expect(await call).toMatchObject({ code: "disposed" });
		expect(await rejection(engine.gram(network, [[1]]))).toMatchObject({ code: "disposed" });
		await engine.dispose();
	});

	test("an error thrown by onProgress fails the call, not the engine", async () => {
		const engine = await create({ workers });
		const reason = new Error("mine");
		const call = engine.gram(network, x, {
			onProgress() {
				throw reason;
			},
		});
		expect(await rejection(call)).toBe(reason);
		await engine.gram(network, [[1]]);
	});
});

test("an abort cuts off a factorization", async () => {
	const engine = await create({ workers: 1 });
	const n = 1500;
	const k = new Float64Array(n * n).map((_, i) =>
		i % (n + 1) === 0 ? 2 : 1 / (1 + Math.abs((i % n) - Math.floor(i / n))),
	);
	const abort = new AbortController();
	const call = rejection(engine.regression({ data: k, shape: [n, n] }, Array(n).fill(1), { signal: abort.signal }));
	setTimeout(() => abort.abort(), 20);
	expect(await call).toMatchObject({ code: "aborted" });
	expect((await engine.regression([[4]], [8])).coefficients.data[0]).toBe(2);
});

test("a worker that can't be started is an error, not a wait", async () => {
	const engine = await create({ workers: 1, workerUrl: new URL("./no-such-worker.js", import.meta.url) });
	expect(await rejection(engine.gram(network, [[1]]))).toMatchObject({ code: "worker" });
});
