/**
 * Two results files: what became slower or faster beyond the noise.
 * @module
 */
import { median } from "./harness.ts";
import { requireAlike, type Source } from "./read.ts";
import { isBusy, type Machine, type Results } from "./results.ts";
import { columns, shorten } from "./words.ts";

/** Times of one operation by one entrant, or at one size of a growth. */
interface Timed {
	suite: string;
	/** Of the contest or the growth. */
	title: string;
	/** Of the entrant, or a size. */
	name: string;
	/** Milliseconds. */
	rounds: number[];
}

/** What has become of a time. */
export type Verdict = "slower" | "faster" | "within noise" | "too few rounds";

/** A time that both files have. */
export interface Change {
	suite: string;
	title: string;
	name: string;
	/** Medians, in milliseconds. */
	before: number;
	after: number;
	/** How many times longer it takes: the middle one of all quotients of a new and an old round. */
	ratio: number;
	/** The ends of its interval. */
	low: number;
	high: number;
	verdict: Verdict;
}

/** What two files tell together. */
export interface Comparison {
	changes: Change[];
	/** What only one file has: a whole suite, a whole contest "suite: title", or a line of it "suite: title: name". */
	onlyBefore: string[];
	onlyAfter: string[];
	/** What else could be a cause of changes. */
	warnings: string[];
}

/**
 * A ratio counts when its whole interval is beyond this: where memory lies and how fast the clock is differ from run to
 * run by some percent, which no number of rounds in one run averages away.
 */
const NOISE = 1.05;
/** The chance that a ratio is outside of its interval, where the rounds suffice for it. */
const OUTSIDE = 0.05;
/** Of fewer rounds even all quotients together are no interval: two would be wrong one time in three. */
const LEAST_ROUNDS = 3;

/**
 * Pairs the times of two runs by suite, title and name.
 *
 * @throws UsageError when one is a quick run and the other is not
 * @example
 * compare(old, new).changes.filter(({ verdict }) => verdict === "slower")
 */
export function compare(before: Source, after: Source): Comparison {
	requireAlike(before, after);
	const [old, now] = [timesOf(before.results), timesOf(after.results)];
	const rest = [...now];
	const missing: Timed[] = [];
	const changes = old.flatMap((one): Change[] => {
		const place = rest.findIndex((other) => nameOf(other) === nameOf(one));
		const [found] = place < 0 ? [] : rest.splice(place, 1);
		if (!found) missing.push(one);
		return found ? [changeOf(one, found.rounds)] : [];
	});
	return {
		changes,
		onlyBefore: widest(missing, now),
		onlyAfter: widest(rest, old),
		warnings: warningsOf(before, after),
	};
}

/** Names of what is not among `others`: of a whole suite or contest where nothing of it is. */
function widest(missing: readonly Timed[], others: readonly Timed[]): string[] {
	const names = missing.map((one) => {
		const suite = others.filter((other) => other.suite === one.suite);
		if (suite.length === 0) return one.suite;
		return suite.some(({ title }) => title === one.title) ? nameOf(one) : `${one.suite}: ${one.title}`;
	});
	return [...new Set(names)];
}

function timesOf({ suites }: Results): Timed[] {
	return suites.flatMap(({ name: suite, contests, growths }) => [
		...contests.flatMap(({ title, figures }) => figures.map(({ name, rounds }) => ({ suite, title, name, rounds }))),
		...growths.flatMap(({ title, variable, points }) =>
			points.map(({ at, milliseconds: rounds }) => ({ suite, title, name: `${variable} = ${at}`, rounds })),
		),
	]);
}

const nameOf = ({ suite, title, name }: Pick<Timed, "suite" | "title" | "name">) => `${suite}: ${title}: ${name}`;

function changeOf({ rounds: old, ...place }: Timed, rounds: number[]): Change {
	const { ratio, low, high } = ratioOf(old, rounds);
	const enough = Math.min(old.length, rounds.length) >= LEAST_ROUNDS;
	const verdict = low > NOISE ? "slower" : high < 1 / NOISE ? "faster" : "within noise";
	return {
		...place,
		...{ before: median(old), after: median(rounds), ratio, low, high },
		verdict: enough ? verdict : "too few rounds",
	};
}

/**
 * How many times longer the new rounds are, with an interval that needs no assumption about the noise but that it is the
 * same in both (Hodges & Lehmann 1963): all quotients in order, without as many at each end as the rank test of Mann and
 * Whitney allows. A single disturbed round moves it little.
 */
function ratioOf(old: number[], rounds: number[]): { ratio: number; low: number; high: number } {
	const quotients = rounds.flatMap((time) => old.map((before) => time / before)).sort((a, b) => a - b);
	const left = leftOut(old.length, rounds.length);
	return {
		ratio: median(quotients),
		low: quotients[left] as number,
		high: quotients[quotients.length - 1 - left] as number,
	};
}

/** How many quotients may be left out at each end: none where the rounds are too few. */
function leftOut(n: number, m: number): number {
	// In how many orders of all rounds, u of the pairs are inverted: coefficients of Π (1 − q^(m + i)) / (1 − q^i).
	const orders = Array.from({ length: n * m + 1 }, (_, u) => Number(u === 0));
	const at = (u: number) => orders[u] ?? 0;
	for (let i = 1; i <= n; i++) {
		for (let u = n * m; u >= m + i; u--) orders[u] = at(u) - at(u - m - i);
		for (let u = i; u <= n * m; u++) orders[u] = at(u) + at(u - i);
	}
	const all = orders.reduce((sum, count) => sum + count, 0);
	let [left, below] = [-1, 0];
	while ((below + at(left + 1)) / all <= OUTSIDE / 2) {
		left++;
		below += at(left);
	}
	return Math.max(0, left);
}

function warningsOf(before: Source, after: Source): string[] {
	const fields: (keyof Machine)[] = ["cpu", "processors", "system", "runtime"];
	const [old, now] = [before.results.machine, after.results.machine];
	const differing = fields
		.filter((field) => old[field] !== now[field])
		.map((field) => `machine.${field} differs: ${JSON.stringify(old[field])} and ${JSON.stringify(now[field])}`);
	const busy = [before, after]
		.filter(({ results }) => isBusy(results.machine))
		.map(({ file, results }) => `the machine was busy before ${file} (load ${results.machine.load.toFixed(1)})`);
	return [...differing, ...busy];
}

/** A comparison as lines of text. */
export function inWords({ changes, onlyBefore, onlyAfter, warnings }: Comparison): string[] {
	const of = (verdict: Verdict) => changes.filter((change) => change.verdict === verdict);
	const lines = warnings.map((warning) => `Warning: ${warning}`);
	for (const [title, list] of [
		["Slower", of("slower").sort((a, b) => b.ratio - a.ratio)],
		["Faster", of("faster").sort((a, b) => a.ratio - b.ratio)],
	] as const)
		if (list.length > 0) lines.push("", title, ...columns([HEAD, ...list.map(row)]));
	for (const [title, list] of [
		["Only in the old file", onlyBefore],
		["Only in the new file", onlyAfter],
	] as const)
		if (list.length > 0) lines.push("", title, ...list.map((name) => `  ${name}`));
	const counts = (["slower", "faster", "within noise", "too few rounds"] as const)
		.map((verdict) => `${of(verdict).length} ${verdict}`)
		.join(", ");
	lines.push("", `${changes.length} times in both: ${counts}.`);
	if (changes.length > 0)
		// Where the machine itself was slower, so are peers whose code has not changed.
		lines.push(`The median of all ratios is ${median(changes.map(({ ratio }) => ratio)).toFixed(2)}.`);
	return lines;
}

const HEAD = ["", "old", "new", "×", "interval"];

const row = (change: Change): string[] => [
	nameOf(change),
	`${shorten(change.before)} ms`,
	`${shorten(change.after)} ms`,
	change.ratio.toFixed(2),
	`${change.low.toFixed(2)} … ${change.high.toFixed(2)}`,
];
