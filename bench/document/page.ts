/**
 * The page of a run: what it is made of is the results alone, and texts about causes.
 * @module
 */
import { signed } from "../../figures/words.ts";
import { type Contest, type Figure, ratio } from "../harness.ts";
import type { Fact, Results, SuiteResults } from "../results.ts";
import { differing, shorten, valued } from "../words.ts";
import { escapeMarkdown, folded, picture, table } from "./markdown.ts";
import { contestsPlot, growthsPlot } from "./plots.ts";

/** Lines of a table, of which a longer one is folded. */
const LONG = 30;

/** A page and its pictures by the names of their files. */
export interface Page {
	markdown: string;
	pictures: Record<string, string>;
}

/**
 * Words and draws a run in Node and runs in browsers.
 *
 * @param prose Markdown at the head of a suite's section, by the name of the suite
 */
export function pageOf(run: Results, browsers: readonly Results[], prose: Readonly<Record<string, string>>): Page {
	const sections = run.suites.map((suite) => section(suite, prose[suite.name]));
	const parts = [
		"# Performance",
		`Made by \`npm run bench -- document\` from ${[run, ...browsers].map(fileLink).join(", ")}: no number here is typed in by hand.
\`×\` is how many times longer than the first line of its contest something takes, \`difference\` how far its result is from the
first one's; [bench/README.md](../bench/README.md) says how both come about.`,
		`## This run\n\n${conditions(run)}`,
		`## What you gain\n\n${aims([run, ...browsers])}`,
		...sections.map(({ text }) => text),
		...browsers.map((one) => browserSection(one, run)),
	];
	const pictures = Object.assign({}, ...sections.map(({ pictures }) => pictures));
	return { markdown: `${parts.join("\n\n")}\n`, pictures };
}

/** The name of an engine without its version, as a part of names of files. */
export const engineOf = ({ machine }: Results) => machine.runtime.split(" ")[0]?.toLowerCase() as string;

/** The file in which results lie beside the page. */
export const fileOf = (results: Results) =>
	engineOf(results) === "node" ? "performance.json" : `performance-${engineOf(results)}.json`;

const fileLink = (results: Results) => `[${fileOf(results)}](${fileOf(results)})`;

/** What the numbers depend on. */
function conditions({ date, machine, options, suites }: Results): string {
	const { cpu, processors, memory, system, load, runtime, version, commit } = machine;
	const seconds = suites.reduce((sum, suite) => sum + suite.seconds, 0);
	return table(
		["", ""],
		[
			["machine", `${cpu}, ${processors} processors, ${shorten(memory / 2 ** 30)} GiB, ${system}`],
			["load before", shorten(load)],
			["runtime", runtime],
			["orbit-kernels", `${version}, ${commit}`],
			["date", date],
			["rounds", `${options.rounds}${options.quick ? "; a quick run, whose numbers mean little" : ""}`],
			["suites", suites.map(({ name }) => name).join(", ")],
			["time", `${shorten(seconds)} s`],
		].map((row) => row.map(escapeMarkdown)),
		[0, 1],
	);
}

/** All that was aimed at, and what became of it. */
function aims(runs: readonly Results[]): string {
	const rows = runs.flatMap((run) =>
		run.suites.flatMap(({ name: suite, aims }) =>
			aims.map(({ name, aim, measured, met }) => [
				...[escapeMarkdown(run.machine.runtime), suite, escapeMarkdown(name)],
				...[shorten(measured), escapeMarkdown(aim), met ? "met" : "**missed**"],
			]),
		),
	);
	if (rows.length === 0) return "Nothing is judged: a quick run, or suites without aims.";
	const met = rows.filter((row) => row.at(-1) === "met").length;
	return `${met} of ${rows.length} aims are met.

${table(["engine", "suite", "what", "measured", "aim", ""], rows, [0, 1, 2, 5])}`;
}

/** What a suite measured in Node. */
function section(suite: SuiteResults, prose: string | undefined) {
	const { name, title, seconds } = suite;
	const drawn = [
		[`performance-${name}.svg`, `Times of ${title}`, contestsPlot(suite)],
		[`performance-${name}-growth.svg`, `Growth of the cost of ${title}`, growthsPlot(suite)],
	] as const;
	const there = drawn.filter(([, , svg]) => svg !== undefined);
	const text = [
		`## ${escapeMarkdown(`${name}: ${title}`)}`,
		prose?.trim() ?? "",
		...there.map(([file, description]) => picture(description, file)),
		...tables(suite),
		`${escapeMarkdown(name)} took ${shorten(seconds)} s.`,
	];
	return {
		text: text.filter(Boolean).join("\n\n"),
		pictures: Object.fromEntries(there.map(([file, , svg]) => [file, svg as string])),
	};
}

/** Tables of a suite: contests, growths and facts. */
function tables({ contests, growths, facts }: SuiteResults, extra: Extra = NOTHING): string[] {
	const lines = contests.reduce((sum, { figures }) => sum + figures.length + 1, 0);
	const single = distinct(facts);
	const fold = (long: boolean, summary: string, text: string) => (long ? folded(summary, text) : text);
	const growing = table(
		["growth", "of", "exponent", "expected"],
		growths.map(({ title, variable, points, exponent, expected }) => [
			escapeMarkdown(title),
			escapeMarkdown(`${variable} = ${points.map(({ at }) => at).join(", ")}`),
			signed(exponent, 2),
			shorten(expected),
		]),
		[0, 1],
	);
	return [
		fold(lines > LONG, `All times of ${contests.length} contests`, contestsTable(contests, extra)),
		growing,
		fold(single.length > LONG, `${single.length} numbers more`, table(["what else", ""], single)),
	].filter(Boolean);
}

/** A column more of the contests' table. */
interface Extra {
	head: string[];
	cells(contest: Contest, figure: Figure): string[];
}
const NOTHING: Extra = { head: [], cells: () => [] };

function contestsTable(contests: readonly Contest[], extra: Extra): string {
	const head = ["", "median [ms]", "least … greatest", "×", "difference", ...extra.head];
	const rows = contests.flatMap((contest) => {
		const first = contest.figures[0]?.name as string;
		return [
			[`**${escapeMarkdown(contest.title)}**`, ...Array(head.length - 1).fill("")],
			...contest.figures.map((figure) => [
				escapeMarkdown(figure.name),
				shorten(figure.median),
				`${shorten(figure.min)} … ${shorten(figure.max)}`,
				shorten(ratio(contest, figure.name, { [first]: 1 })),
				differing(figure.difference),
				...extra.cells(contest, figure),
			]),
		];
	});
	return table(head, rows);
}

/** Facts as rows, each once: several contests of a suite may tell the version of a peer. */
const distinct = (facts: readonly Fact[]): string[][] =>
	[...new Map(facts.map((fact) => [`${fact.name}: ${valued(fact)}`, fact])).values()].map((fact) => [
		escapeMarkdown(fact.name),
		escapeMarkdown(valued(fact)),
	]);

/** A browser's run, with how much longer everything takes than in Node. */
function browserSection(run: Results, node: Results): string {
	const parts = run.suites.map((suite) => {
		const same = node.suites.find(({ name }) => name === suite.name)?.contests ?? [];
		const extra: Extra = {
			head: [`× ${node.machine.runtime}`],
			cells({ title }, figure) {
				const contest = same.find((one) => one.title === title);
				const other = contest?.figures.find(({ name }) => name === figure.name);
				return [other ? shorten(figure.median / other.median) : ""];
			},
		};
		return [`### ${escapeMarkdown(suite.title)}`, ...tables(suite, extra)].join("\n\n");
	});
	return [`## In ${escapeMarkdown(run.machine.runtime)}`, conditions(run), ...parts].join("\n\n");
}
