/**
 * The state as a part of the page's address: shared or reloaded, it gives the same page.
 * @module
 */
import { type ActionName, actions, nearestPoses } from "./actions.ts";
import { type ArchitectureName, architectures, parametersOf } from "./architectures.ts";
import { decodePicture } from "./pictures.ts";
import { FIRST, nearestStep, type Picture, SIZES, type Side, type State, type Steps, TOY } from "./state.ts";

/** Numbers as they stand in addresses. */
const short = (value: number) => String(Number(value.toFixed(4)));

/** What follows the address's `#`; what is as at first is left out. */
export function writeAddress(state: State): string {
	const written = entriesOf(state);
	const first = new Map(entriesOf(FIRST));
	return new URLSearchParams(written.filter(([name, value]) => first.get(name) !== value)).toString();
}

/** The state as names and values. */
export function entriesOf(state: State): [string, string][] {
	const { size, action, poses, unseen, architecture, parameters, arrangement, view, toy } = state;
	const picture = (one: Picture) => ("own" in one ? one.own : String(one.digit));
	return [
		["a", picture(state.a)],
		["b", picture(state.b)],
		["size", String(size)],
		["group", action],
		["poses", String(poses)],
		["unseen", `${unseen.of}${unseen.pose}`],
		["network", architecture],
		...Object.entries(parametersOf(architecture, parameters)).map(([name, value]): [string, string] => [
			name,
			short(value),
		]),
		["gram", arrangement],
		["view", `${Math.round(view.azimuth)},${Math.round(view.elevation)}`],
		["circles", [toy.poses, toy.delta, toy.inverseLength].map(short).join(",")],
	];
}

/** The state of an address; what is missing or makes no sense is as at first. */
export function readAddress(hash: string, digits: number): State {
	const given = new URLSearchParams(hash.replace(/^#/, ""));
	const text = (name: string) => given.get(name) ?? "";
	/** A number as its slider has it; otherwise where there is none, or one outside. */
	const number = (written: string | undefined, steps: Steps, otherwise: number) => {
		const value = written?.trim() ? Number(written) : Number.NaN;
		return value >= steps.least && value <= steps.most ? nearestStep(steps, value) : otherwise;
	};
	const whole = (least: number, most: number): Steps => ({ least, most, step: 1 });
	const known = <Name extends string>(table: Record<Name, unknown>, value: string, otherwise: Name) =>
		Object.hasOwn(table, value) ? (value as Name) : otherwise;
	const picture = (name: Side): Picture => {
		const value = text(name);
		if (decodePicture(value)) return { own: value };
		const digit = Number(value);
		return value !== "" && Number.isInteger(digit) && digit >= 0 && digit < digits ? { digit } : FIRST[name];
	};

	const size = SIZES.find((one) => one === Number(text("size"))) ?? FIRST.size;
	const action: ActionName = known(actions, text("group"), FIRST.action);
	const poses = nearestPoses(action, size, number(text("poses"), whole(2, 64), FIRST.poses));
	const [, of = FIRST.unseen.of, pose] = /^([ab])(\d+)$/.exec(text("unseen")) ?? [];
	const architecture: ArchitectureName = known(architectures, text("network"), FIRST.architecture);
	const parameters = Object.fromEntries(
		Object.entries(architectures[architecture].parameters)
			.filter(([name]) => given.has(name))
			.map(([name, parameter]) => [name, number(text(name), parameter, parameter.value)]),
	);
	const [azimuth, elevation] = text("view").split(",");
	const [circlePoses, delta, inverseLength] = text("circles").split(",");
	return {
		a: picture("a"),
		b: picture("b"),
		size,
		action,
		poses,
		unseen: { of: of as Side, pose: number(pose, whole(0, poses - 1), 0) },
		architecture,
		parameters,
		arrangement: text("gram") === "byClass" ? "byClass" : FIRST.arrangement,
		view: {
			azimuth: number(azimuth, whole(-360, 360), FIRST.view.azimuth),
			elevation: number(elevation, whole(-90, 90), FIRST.view.elevation),
		},
		toy: {
			poses: number(circlePoses, TOY.poses, FIRST.toy.poses),
			delta: number(delta, TOY.delta, FIRST.toy.delta),
			inverseLength: number(inverseLength, TOY.inverseLength, FIRST.toy.inverseLength),
		},
	};
}
