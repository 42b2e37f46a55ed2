/**
 * How long the first result takes: from the import of the library, in fresh processes of Node and on fresh pages in Chromium,
 * and where that time goes.
 * @module
 */
import type { Floor, Start } from "../first-gram.ts";
import { type Figure, figure, median } from "../harness.ts";
import { type Browser, chromiumOrNone } from "../host/browsers.ts";
import { servePages } from "../host/pages.ts";
import { emptyProcess, inFreshProcess } from "../host/process.ts";
import type { Options } from "../options.ts";
import type { Report } from "../report.ts";

/** Milliseconds in which the first Gram shall be there, by one worker. */
const AIMS = { Node: 150, Chromium: 300 };
const WORKERS = { "1 worker": 1, "in this thread": 0 } as const;
type Way = keyof typeof WORKERS;
const WAYS = Object.keys(WORKERS) as Way[];

/** What is done until each moment of a start. */
const PARTS: Record<keyof Start, string> = {
	imported: "the import",
	unpacking: "the text with the wasm module, to bytes",
	compiling: "its unpacking",
	compiled: "its compilation",
	first: "the rest: the first call, and all that workers do",
};

/** Starts afresh; what its clock says. */
type Starter = (workers: number) => Promise<Start>;

/** Runs the suite. */
export async function run(report: Report, { rounds }: Options): Promise<void> {
	await inNode(report, rounds);
	const browser = await chromiumOrNone(report);
	if (!browser) return;
	try {
		await inChromium(report, rounds, browser);
	} finally {
		await browser.close();
	}
}

async function inNode(report: Report, rounds: number): Promise<void> {
	await starts(report, "Node", rounds, (workers) => inFreshProcess<Start>("fresh", "start", String(workers)));
	const floors: Floor[] = [];
	const processes: number[] = [];
	for (let round = 0; round < rounds; round++) {
		floors.push(await inFreshProcess("fresh", "floor"));
		processes.push(await emptyProcess());
	}
	report.contest({ title: "Node alone", figures: [figure("start of a process", processes), ...floorsOf(floors)] });
}

async function inChromium(report: Report, rounds: number, browser: Browser): Promise<void> {
	const served = await servePages();
	const page = (query: string) => browser.resultsOf(`${served.address}start.html?${query}`);
	try {
		await starts(report, "Chromium", rounds, async (workers) => (await page(`workers=${workers}`)) as Start);
		const floors: Floor[] = [];
		for (let round = 0; round < rounds; round++) floors.push((await page("floor")) as Floor);
		report.contest({ title: "Chromium alone", figures: floorsOf(floors) });
	} finally {
		served.close();
	}
}

function floorsOf(floors: Floor[]): Figure[] {
	const part = (name: string, of: (floor: Floor) => number) => figure(name, floors.map(of));
	return [
		part("import of an empty module", ({ imported }) => imported),
		part("start of a thread that does nothing", ({ thread }) => thread),
	];
}

/** Both ways in turns, after each once: files are in the system's memory then. */
async function starts(report: Report, host: keyof typeof AIMS, rounds: number, start: Starter): Promise<void> {
	const all: Record<Way, Start[]> = { "1 worker": [], "in this thread": [] };
	for (const way of WAYS) await start(WORKERS[way]);
	for (let round = 0; round < rounds; round++)
		for (const way of round % 2 === 0 ? WAYS : WAYS.toReversed()) all[way].push(await start(WORKERS[way]));
	for (const way of WAYS) {
		const figures = figuresOf(all[way]);
		report.contest({ title: `${host}, ${way}: import to the first Gram (n = 64, d = 784)`, figures });
	}
	const firsts = all["1 worker"].map(({ first }) => first);
	report.atMost(`${host}: import to the first Gram, 1 worker [ms]`, median(firsts), AIMS[host]);
}

/** All of the time, and its parts one after the other. */
function figuresOf(all: Start[]): Figure[] {
	const figures = [
		figure(
			"all",
			all.map(({ first }) => first),
		),
	];
	let begins = all.map(() => 0);
	for (const [end, name] of Object.entries(PARTS) as [keyof Start, string][]) {
		const ends = all.map((start) => start[end]);
		if (ends.includes(undefined)) continue;
		const times = (ends as number[]).map((time, round) => time - (begins[round] as number));
		figures.push(figure(name, times));
		begins = ends as number[];
	}
	return figures;
}
