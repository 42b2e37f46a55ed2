/**
 * Progress of long work, on stderr, for people only.
 * @module
 */
import { SingleBar } from "cli-progress";
import type { Progress } from "../index.ts";

/** Before this many seconds a guess of the time left is worth nothing. */
const FIRST_GUESS = 1;

/**
 * Shows a bar with the time left while `work` runs, when stderr is a terminal, and takes it away afterwards.
 *
 * @param title what is being done
 * @param unit what is counted, for "312 of 512 pairs"
 */
export async function withProgress<Value>(
	title: string,
	unit: string,
	work: (onProgress: (progress: Progress) => void) => Promise<Value>,
): Promise<Value> {
	if (!process.stderr.isTTY) return work(() => {});
	const start = performance.now();
	const bar = new SingleBar({
		stream: process.stderr,
		clearOnComplete: true,
		// The program ends itself on Ctrl-C, after the bar was taken away.
		gracefulExit: false,
		format: (_, { progress, value, total }) => {
			const done = "█".repeat(Math.round(24 * progress)).padEnd(24, "░");
			return `${title} ${done} ${value} of ${total} ${unit}${timeLeft(start, progress)}`;
		},
	});
	let started = false;
	try {
		return await work(({ done, total }) => {
			if (!started) bar.start(total, done);
			started = true;
			bar.update(done);
		});
	} finally {
		bar.stop();
	}
}

function timeLeft(start: number, progress: number): string {
	const passed = (performance.now() - start) / 1000;
	if (passed < FIRST_GUESS || progress === 0) return "";
	const left = Math.ceil((passed * (1 - progress)) / progress);
	return left < 90 ? ` · ${left} s left` : ` · ${Math.ceil(left / 60)} min left`;
}
