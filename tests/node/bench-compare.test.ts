/** What two results files tell: changes beyond the noise, what only one has, and what can't be compared. */
import { expect, test } from "vitest";
import { compare, inWords } from "../../bench/compare.ts";
import { UsageError } from "../../bench/options.ts";
import { resultsOf as read } from "../../bench/read.ts";
import { random } from "../../dist/index.js";
import { contestOf, growthOf, resultsOf, sourceOf, suite } from "../support/bench-results.ts";

const old = sourceOf(
	"old.json",
	resultsOf([
		suite("dense", {
			contests: [contestOf("Gram", { "1 worker": [100, 101, 102, 103, 104], TypeScript: [300, 303, 306, 309, 312] })],
			growths: [growthOf("with n", 2, 2)],
		}),
		suite("conv", { contests: [contestOf("pair", { "1 worker": [5, 5.1, 5.2], Flatten: [7, 7.1, 7.2] })] }),
	]),
);

/** The verdicts of one contest by name, of rounds before and after. */
function verdictOf(before: number[], after: number[]) {
	const [one, other] = [before, after].map((rounds, k) =>
		sourceOf(`${k}.json`, resultsOf([suite("s", { contests: [contestOf("t", { e: rounds })] })])),
	) as [typeof old, typeof old];
	return compare(one, other).changes[0]?.verdict;
}

test("a file and itself differ in nothing", () => {
	const { changes, onlyBefore, onlyAfter, warnings } = compare(old, old);
	// Two and two entrants, and three sizes.
	expect(changes).toHaveLength(7);
	for (const { ratio, verdict } of changes) expect([ratio, verdict]).toEqual([1, "within noise"]);
	expect([onlyBefore, onlyAfter, warnings]).toEqual([[], [], []]);
});

test("what takes longer is slower, what takes less faster, and both are told", () => {
	const now = structuredClone(old);
	const dense = now.results.suites[0] as ReturnType<typeof suite>;
	dense.contests = [
		contestOf("Gram", { "1 worker": [120, 121, 122, 123, 124], TypeScript: [150, 151, 152, 153, 154] }),
	];
	for (const point of dense.growths[0]?.points ?? []) if (point.at === 128) point.milliseconds = [9, 9.1, 9.2];
	const comparison = compare(old, now);
	const found = comparison.changes.filter(({ verdict }) => verdict !== "within noise");
	expect(found).toMatchObject([
		{ suite: "dense", title: "Gram", name: "1 worker", before: 102, after: 122, verdict: "slower" },
		{ name: "TypeScript", before: 306, after: 152, verdict: "faster" },
		{ title: "with n", name: "n = 128", verdict: "slower" },
	]);
	for (const { low, ratio, high } of found)
		expect([low, ratio, high]).toEqual([low, ratio, high].sort((a, b) => a - b));
	expect(found[0]?.ratio).toBeCloseTo(122 / 102, 2);
	const text = inWords(comparison).join("\n");
	expect(text).toMatch(/Slower\n.*\n.*with n: n = 128 .*\n.*Gram: 1 worker +102 ms +122 ms +1\.20/);
	expect(text).toMatch(/Faster\n.*\n.*Gram: TypeScript +306 ms +152 ms +0\.50/);
	expect(text).toContain("7 times in both: 2 slower, 1 faster, 4 within noise, 0 too few rounds.");
});

test("the interval is that of the rank test", () => {
	// Of five rounds each, 7 of 252 orders have three or fewer inverted pairs: more than 2.5 %, so that two are left out.
	const [before, after] = [
		[1, 2, 4, 8, 16],
		[1, 3, 9, 27, 81],
	];
	const one = sourceOf("a", resultsOf([suite("s", { contests: [contestOf("t", { e: before as number[] })] })]));
	const other = sourceOf("b", resultsOf([suite("s", { contests: [contestOf("t", { e: after as number[] })] })]));
	const [change] = compare(one, other).changes;
	const all = (after as number[]).flatMap((a) => (before as number[]).map((b) => a / b)).sort((a, b) => a - b);
	expect([change?.low, change?.ratio, change?.high]).toEqual([all[2], all[12], all[22]]);
});

test("a difference below the noise is none, however sure, and two rounds say nothing", () => {
	expect(verdictOf([100, 100.1, 100.2, 100.3, 100.4], [104, 104.1, 104.2, 104.3, 104.4])).toBe("within noise");
	expect(verdictOf([100, 101], [200, 201])).toBe("too few rounds");
	expect(verdictOf([100, 101, 102], [200, 201])).toBe("too few rounds");
	expect(verdictOf([100, 101, 102], [200, 201, 202])).toBe("slower");
	// One disturbed round hides nothing of seven, but several do.
	expect(verdictOf([100, 101, 102, 103, 104, 105, 190], [130, 131, 132, 133, 134, 135, 136])).toBe("slower");
	expect(verdictOf([100, 101, 102, 103, 170, 180, 190], [130, 131, 132, 133, 134, 135, 136])).toBe("within noise");
});

test("equal distributions are within noise, and 20 % more is seen", () => {
	const next = random(11);
	const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
	const trials = 400;
	for (const rounds of [3, 5, 7])
		for (const spread of [0.01, 0.03, 0.06]) {
			const timesOf = (scale: number) => Array.from({ length: rounds }, () => scale * Math.exp(spread * normal()));
			const share = (factor: number, wanted: string) => {
				const found = Array.from({ length: trials }, () => verdictOf(timesOf(50), timesOf(50 * factor)));
				return found.filter((verdict) => verdict === wanted).length / trials;
			};
			const place = `${rounds} rounds, spread ${spread}`;
			expect(share(1, "within noise"), place).toBeGreaterThan(0.98);
			// With the most noise the lower end of a few rounds is often below 5 % more.
			const seen = spread < 0.06 ? 0.9 : 0.5;
			expect(share(1.2, "slower"), place).toBeGreaterThan(seen);
			expect(share(1 / 1.2, "faster"), place).toBeGreaterThan(seen);
			expect(share(1.2, "faster"), place).toBe(0);
		}
});

test("tells what only one file has, as widely as it is missing", () => {
	const now = sourceOf(
		"new.json",
		resultsOf([
			suite("dense", {
				contests: [contestOf("Gram", { "1 worker": [100, 101, 102], tfjs: [1, 1, 1] }), contestOf("other", { a: [1] })],
			}),
			suite("fft", { contests: [contestOf("x", { a: [1], b: [1] })] }),
		]),
	);
	const comparison = compare(old, now);
	expect(comparison.onlyBefore).toEqual(["dense: Gram: TypeScript", "dense: with n", "conv"]);
	expect(comparison.onlyAfter).toEqual(["dense: Gram: tfjs", "dense: other", "fft"]);
	const text = inWords(comparison).join("\n");
	expect(text).toContain("Only in the old file\n  dense: Gram: TypeScript\n  dense: with n\n  conv");
});

test("warns of other machines and engines, and of busy ones", () => {
	const now = structuredClone(old);
	Object.assign(now.results.machine, { cpu: "Another CPU", processors: 8, runtime: "Chromium 140.0.1", load: 1.7 });
	const { warnings } = compare(old, { ...now, file: "new.json" });
	expect(warnings).toEqual([
		'machine.cpu differs: "Some CPU" and "Another CPU"',
		"machine.processors differs: 4 and 8",
		'machine.runtime differs: "Node 20.1.2" and "Chromium 140.0.1"',
		"the machine was busy before new.json (load 1.7)",
	]);
});

test("refuses what is no results file, of another version, or a quick run beside a full one", () => {
	const text = JSON.stringify(old.results);
	expect(read(text, "a.json")).toEqual({ file: "a.json", results: old.results });
	const refused = (text: string) => {
		try {
			read(text, "a.json");
		} catch (error) {
			expect(error).toBeInstanceOf(UsageError);
			return (error as Error).message;
		}
		throw new Error("was accepted");
	};
	expect(refused("# no JSON")).toMatch(/^a\.json: expected results as JSON: /);
	expect(refused("[]")).toBe("a.json: []: expected an object");
	expect(refused('{"name": "orbit-kernels"}')).toBe('a.json: format is missing: expected "orbit-kernels/bench"');
	const other = (change: (results: typeof old.results) => void) => {
		const results = structuredClone(old.results);
		change(results);
		return refused(JSON.stringify(results));
	};
	expect(other((results) => Object.assign(results, { version: 1 }))).toBe("a.json: version is 1: expected 2");
	expect(other((results) => Object.assign(results.options, { quick: "no" }))).toBe(
		'a.json: options.quick is "no": expected true or false',
	);
	expect(
		other((results) => Object.assign(results.suites[0]?.contests[0]?.figures[1] ?? {}, { rounds: [1, "2"] })),
	).toBe('a.json: suites[0].contests[0].figures[1].rounds[1] is "2": expected a number');

	const quick = sourceOf("quick.json", resultsOf([], "Node 20.1.2", true));
	expect(() => compare(old, quick)).toThrow(UsageError);
	expect(() => compare(old, quick)).toThrow("quick.json: options.quick is true: expected false, as in old.json");
});
