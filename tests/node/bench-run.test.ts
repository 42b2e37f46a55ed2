/** A run of suites keeps what it has. */
import { expect, test } from "vitest";
import type { Report } from "../../bench/report.ts";
import type { Results } from "../../bench/results.ts";
import { chosen, runSuites, type Suites } from "../../bench/run.ts";
import { resultsOf } from "../support/bench-results.ts";

const measuring = (title: string, run: (report: Report) => void) => ({
	title,
	load: async () => ({ run: async (report: Report) => run(report) }),
});
const suites: Suites = {
	first: measuring("First", (report) => report.fact("answer", 42, "ms")),
	failing: measuring("Failing", () => {
		throw new Error("the results differ");
	}),
	last: { ...measuring("Last", (report) => report.atLeast("speed", 1, 2)), apart: true },
};
const { machine } = resultsOf([]);
const options = { rounds: 2, quick: false };

test("what a suite measured is kept when the next one fails", async () => {
	const kept: Results[] = [];
	const lines: string[] = [];
	const keep = (results: Results) => kept.push(structuredClone(results));
	const run = runSuites(suites, ["first", "failing", "last"], machine, options, (line) => lines.push(line), keep);
	await expect(run).rejects.toThrow("the results differ");
	expect(kept).toHaveLength(1);
	expect(kept[0]).toMatchObject({
		machine,
		options,
		suites: [{ name: "first", facts: [{ name: "answer", value: 42 }] }],
	});
	expect(lines.join("\n")).toMatch(/answer: 42 ms\n\nfirst: \d+ s; 1 of 3 suites are done\n\nFailing$/);
});

test("all suites that are not apart run without names", async () => {
	expect(chosen(suites, [])).toEqual(["first", "failing"]);
	expect(() => chosen(suites, ["last", "lats"])).toThrow("lats: expected one of first, failing, last");
	const { suites: measured } = await runSuites(suites, chosen(suites, ["last", "first"]), machine, options, () => {});
	expect(measured.map(({ name }) => name)).toEqual(["last", "first"]);
	expect(measured[0]?.aims).toEqual([{ name: "speed", aim: "≥ 2", measured: 1, met: false }]);
});
