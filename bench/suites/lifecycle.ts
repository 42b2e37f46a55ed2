/**
 * What users feel around the computing: how fast an abort is, and how much memory a large Gram takes.
 * @module
 */
import { gaussian } from "../data.ts";
import { figure } from "../harness.ts";
import type { Memory } from "../host/fresh.ts";
import { loadLibrary } from "../host/node.ts";
import { inFreshProcess } from "../host/process.ts";
import type { Options } from "../options.ts";
import type { Report } from "../report.ts";

const COUNT = 8192;
const QUICK_COUNT = 2048;
const DIMENSION = 784;
const MEBIBYTE = 2 ** 20;

/** Runs the suite. */
export async function run(report: Report, options: Options): Promise<void> {
	const { rounds, quick } = options;
	const count = quick ? QUICK_COUNT : COUNT;
	await aborts(report, rounds, count);
	await memory(report, count);
}

/** From abort() to the rejection, and to the next result, in the middle of a large Gram. */
async function aborts(report: Report, rounds: number, count: number): Promise<void> {
	const { createEngine, serial, dense, relu } = await loadLibrary();
	const network = serial(dense({ biasStd: 1 }), relu(), dense({ biasStd: 1 }));
	const large = await gaussian(count, DIMENSION, 1);
	const small = await gaussian(64, DIMENSION, 2);
	const engine = await createEngine();
	const settled: number[] = [];
	const next: number[] = [];
	const idle: number[] = [];
	try {
		await engine.gram(network, small);
		for (let round = 0; round < rounds; round++) {
			let start = performance.now();
			await engine.gram(network, small);
			idle.push(performance.now() - start);

			const controller = new AbortController();
			let timer: NodeJS.Timeout | undefined;
			const onProgress = ({ done, total }: { done: number; total: number }) => {
				if (timer || done < total / 20) return;
				// At a time of its own, not when a tile has just come.
				timer = setTimeout(
					() => {
						start = performance.now();
						controller.abort();
					},
					20 + 13 * round,
				);
			};
			const outcome = await engine.gram(network, large, { signal: controller.signal, onProgress }).then(
				() => "finished",
				(error) => error.code,
			);
			settled.push(performance.now() - start);
			if (outcome !== "aborted") throw new Error(`the Gram should have been aborted: ${outcome}`);
			await engine.gram(network, small);
			next.push(performance.now() - start);
		}
	} finally {
		await engine.dispose();
	}
	const result = figure("abort to rejection", settled);
	report.contest({
		title: `abort of a running Gram (n = ${count}, d = ${DIMENSION}, ${engine.workers} workers)`,
		figures: [result, figure("abort to the result of the next, small Gram", next), figure("that Gram, idle", idle)],
	});
	report.atMost("abort to rejection, slowest [ms]", result.max, 100);
}

/** Peak memory of a process that computes one large Gram. */
async function memory(report: Report, count: number): Promise<void> {
	const { before, peak } = await inFreshProcess<Memory>("fresh", "memory", String(count), String(DIMENSION));
	const result = (8 * count * count) / MEBIBYTE;
	report.heading(`memory of a process with one Gram (n = ${count}, d = ${DIMENSION}, all workers)`);
	report.fact("inputs made, library loaded", before / MEBIBYTE, "MiB");
	report.fact("peak", peak / MEBIBYTE, "MiB");
	report.fact("the result alone", result, "MiB");
	report.atMost("peak memory − result [MiB]", peak / MEBIBYTE - result, 400);
}
