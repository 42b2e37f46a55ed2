/**
 * Actions and groups as they are typed on the command line.
 * @module
 */
import {
	type Action,
	alternating,
	cyclic,
	dihedral,
	flips,
	type Group,
	OrbitKernelsError,
	permutationAction,
	product,
	quarterTurns,
	quaternion,
	rotations,
	shifts,
	shifts2d,
	squareSymmetries,
	symmetric,
} from "../index.ts";
import { naming, readArray } from "./input.ts";
import { type Option, usageError } from "./options.ts";

/** An action, or the file of permutations that makes one together with a group. */
export type TypedAction = Action | { readonly permutationFile: string };

/** The one that takes as many numbers as are typed is meant. */
type Builders<Value> = Readonly<Record<string, readonly ((...numbers: number[]) => Value)[]>>;

const ACTIONS: Builders<Action> = {
	rotate: [rotations],
	shift: [shifts, shifts2d],
	turn: [quarterTurns],
	flip: [flips],
	square: [squareSymmetries],
};

const GROUPS: Builders<Group> = {
	cyclic: [cyclic],
	dihedral: [dihedral],
	symmetric: [symmetric],
	alternating: [alternating],
	quaternion: [quaternion],
};

/** The action under which orbits are made, such as `rotate:8`. */
export const action: Option<TypedAction | undefined> = {
	hint: "rotate:n|shift:n|turn|flip|square|permute:file.npy",
	help: "n turns of a circle, n shifts along columns (shift:4x4: along rows and columns), quarter turns, left-right flips, both, or permutations of positions, a row for each element of --group",
	expected: "rotate:n, shift:n, shift:nxn, turn, flip, square or permute:<file>, n a positive integer",
	parse(text) {
		const permutationFile = /^permute:(.+)$/.exec(text)?.[1];
		return permutationFile === undefined ? named(ACTIONS, text) : { permutationFile };
	},
};

/** The group of an action by permutations, such as `cyclic:4xcyclic:4`. */
export const group: Option<Group | undefined> = {
	hint: "cyclic:n|dihedral:n|symmetric:n|alternating:n|quaternion|…x…",
	help: "the group that permutations represent; x makes products, the last factor fastest",
	expected: "cyclic:n, dihedral:n, symmetric:n or alternating:n (n ≤ 5), quaternion, or several with x between them",
	parse(text) {
		const factors = text.split("x").map((factor) => named(GROUPS, factor));
		if (!factors.every((factor) => factor !== undefined)) return undefined;
		return factors.length === 1 ? factors[0] : product(...factors);
	},
};

/**
 * The action that was typed, with its file read.
 *
 * Errors: `usage` when permutations have no group, or another action has one that is not its own; those of the file.
 */
export async function readAction(typed: TypedAction, group?: Group): Promise<Action> {
	if (!("permutationFile" in typed)) {
		if (group !== undefined && JSON.stringify(group) !== JSON.stringify(typed.group))
			throw usageError(`--group is ${JSON.stringify(group)}: expected ${JSON.stringify(typed.group)}, or no --group`);
		return typed;
	}
	const source = `permute:${typed.permutationFile}`;
	if (group === undefined)
		throw usageError(`--action ${source} needs a group: expected --group <cyclic:n|dihedral:n|…>`);
	const rows = await readArray("action", typed.permutationFile);
	return naming({ permutations: `--action ${source}` }, () => permutationAction(rows, group));
}

/** `name`, `name:8` or `name:4x4`; undefined when there is none of that name that takes these numbers. */
function named<Value>(builders: Builders<Value>, text: string): Value | undefined {
	const [, name = "", typed] = /^([a-z]+)(?::(\d+(?:x\d+)*))?$/.exec(text) ?? [];
	const numbers = typed?.split("x").map(Number) ?? [];
	const ofName = Object.hasOwn(builders, name) ? builders[name] : undefined;
	try {
		return ofName?.find((build) => build.length === numbers.length)?.(...numbers);
	} catch (error) {
		if (error instanceof OrbitKernelsError) return undefined;
		throw error;
	}
}
