/** The orbit lab's address: what it says of a state, and what it makes of any text. */
import { describe, expect, test } from "vitest";
import { readAddress, writeAddress } from "../../site/address.ts";
import { FIRST, nearestStep, type State } from "../../site/state.ts";

const DIGITS = 1797;
const read = (hash: string) => readAddress(hash, DIGITS);

describe("an address", () => {
	test("is empty at first, and gives any state again", () => {
		expect(writeAddress(FIRST)).toBe("");
		expect(read("")).toEqual(FIRST);
		const state: State = {
			...{ a: { own: "A".repeat(784) }, b: { digit: 1 }, size: 16, action: "shifts", poses: 4 },
			...{ unseen: { of: "b", pose: 3 }, architecture: "mlp", parameters: { depth: 3, bias: 0.3 } },
			...{ arrangement: "byClass", view: { azimuth: -40, elevation: 90 } },
			toy: { poses: 48, delta: 0.15, inverseLength: 0.85 },
		};
		expect(read(`#${writeAddress(state)}`)).toEqual(state);
	});

	test.each([
		["empty", "poses=&depth=&bias=&view=&circles=&unseen=&a=&size="],
		["empty in part", "view=,&circles=,,"],
		["no numbers", "poses=many&depth=two&view=x,y&circles=a,b,c"],
		["outside", "poses=65&depth=11&bias=-0.1&view=361,91&circles=1,-1,0.1&a=1797"],
		["of no end", "poses=1e999&depth=-Infinity&bias=NaN&circles=Infinity,Infinity,Infinity"],
	])("numbers that are %s are as at first", (_, hash) => {
		const { parameters, ...rest } = read(hash);
		const { parameters: none, ...first } = FIRST;
		expect(rest).toEqual(first);
		expect([undefined, 1]).toContain(parameters.depth);
		expect([undefined, 1]).toContain(parameters.bias);
	});

	test("numbers between the steps of a slider are the nearest of them", () => {
		const { parameters, poses, view, toy } = read(
			"depth=2.4&bias=0.5501&poses=8.4&view=10.6,-3.2&circles=6.5,1.03,0.33",
		);
		expect(parameters).toEqual({ depth: 2, bias: 0.6 });
		expect([poses, view.azimuth, view.elevation]).toEqual([8, 11, -3]);
		expect(toy).toEqual({ poses: 7, delta: 1.05, inverseLength: 0.35 });
	});

	test("steps begin at the least, and end at the ends", () => {
		const steps = { least: 0.2, most: 4, step: 0.05 };
		expect(nearestStep(steps, 0.72)).toBe(0.7);
		expect(nearestStep(steps, -3)).toBe(0.2);
		expect(nearestStep(steps, 30)).toBe(4);
	});
});
