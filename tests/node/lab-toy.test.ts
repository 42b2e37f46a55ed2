/** The lab's parts that need no page: areas, the two circles, and what is made of measured times. */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { figure, interleaved, largestDifference } from "../../bench/harness.ts";
import { createEngine, embeddedDigits } from "../../dist/index.js";
import { areas } from "../../site/areas.ts";
import { toyOf } from "../../site/numbers.ts";
import { paced } from "../../site/paced.ts";
import { timesFaster } from "../../site/speed.ts";

describe("areas", () => {
	test("are as large to each other as numerator and denominator", () => {
		const bars = [1, 4, 0.5, 4];
		const [above, below] = areas(0.5, bars);
		const sum = (heights: number[]) => heights.reduce((total, height) => total + height, 0);
		expect(sum(above) / sum(below)).toBeCloseTo(0.5 / 2.375, 14);
		expect(above).toHaveLength(bars.length);
		expect(Math.max(...above, ...below)).toBe(1);
	});

	test("a numerator above all bars sets the scale, and a negative one has the area of its size", () => {
		expect(areas(-8, [4])).toEqual([[1], [0.5]]);
	});
});

describe("the two circles", () => {
	let source: Parameters<typeof toyOf>[0];
	beforeAll(async () => {
		source = { engine: await createEngine({ workers: 0 }), digits: await embeddedDigits() };
	});
	afterAll(() => source.engine.dispose());

	// The paper's toy programs.
	test.each([
		[0, 7.51603],
		[1, 0.397726],
		[3, 0.235887],
	])("Δ = %d: the error is %d", async (delta, error) => {
		const call = { signal: new AbortController().signal, onProgress: () => {} };
		const { quantities, row } = await toyOf(source, { poses: 6, delta, inverseLength: 0.85 }, call);
		expect(quantities.spectralError / error).toBeCloseTo(1, 5);
		expect(quantities.exactError / quantities.spectralError).toBeCloseTo(1, 9);
		expect(quantities.ridge).toBeCloseTo(12e-5, 15);
		expect(row).toHaveLength(12);
		expect(row[0]).toBe(1);
	});
});

describe("speed", () => {
	test("ways are timed in turn, after once each that does not count", async () => {
		const order: string[] = [];
		const way = (name: string) => async () => order.push(name);
		const times = await interleaved([way("a"), way("b"), way("c")], 2);
		expect(order.join("")).toBe("abcabcbca");
		expect(times).toEqual([
			[4, 9],
			[5, 7],
			[6, 8],
		]);
	});

	test("how many times faster: the ratio of the medians", () => {
		const own = figure("WebAssembly, 1 worker", [10, 90, 20]);
		const contest = { title: "", figures: [own, figure("TypeScript", [50, 60, 900])] };
		expect(timesFaster(contest, own)).toBe(3);
	});

	test("the largest difference is in units of the largest number, and of what can't be compared none", () => {
		const expected = Float64Array.of(1, -4, 2);
		expect(largestDifference(Float64Array.of(1, -4, 2.5), expected)).toBe(0.125);
		expect(largestDifference(Float64Array.of(1, Number.NaN, 2), expected)).toBeNaN();
		expect(largestDifference(Float64Array.of(1, -4), expected)).toBe(Number.POSITIVE_INFINITY);
	});
});

test("an address is written at once, seldom when it changes all the time, and at last as it is at last", () => {
	vi.useFakeTimers({ toFake: ["setTimeout", "performance"] });
	try {
		let state = 0;
		const written: number[] = [];
		const write = paced(() => written.push(state));
		// Half a minute.
		for (state = 1; state <= 30 * 60; state++) {
			write();
			if (state === 1) expect(written).toEqual([1]);
			vi.advanceTimersByTime(1000 / 60);
		}
		expect(written.length).toBeLessThanOrEqual(100);
		expect(written.length).toBeGreaterThan(80);
		state = 1000;
		write();
		vi.advanceTimersByTime(1000);
		expect(written.at(-1)).toBe(1000);
	} finally {
		vi.useRealTimers();
	}
});
