/**
 * What a report predicts: classes of seeds, or targets.
 * @module
 */
import { type ArrayInput, shapeError, toTensor, usageError } from "../arrays.ts";
import { OrbitKernelsError } from "../errors.ts";
import { shown } from "./group.ts";
import type { Label } from "./report.ts";
import type { Classes } from "./rules.ts";

/** Labels of m seeds: m integers or strings, or m × |G|, one for each pose. */
export type Labels =
	| ArrayLike<Label>
	| readonly (readonly Label[])[]
	| { data: ArrayLike<Label>; shape: readonly number[] };

/**
 * The classes of seeds.
 *
 * Errors: `shape`; `value` with the path of a label that is neither integer nor string, or differs along its orbit, and
 * for less than two classes.
 */
export function classesOf(labels: unknown, count: number, order: number): Classes {
	const rows = rowsOf(labels, count, order);
	const seeds = rows.map((row, a) => {
		row.forEach((label, g) => {
			const path = row.length > 1 ? `labels[${a}][${g}]` : `labels[${a}]`;
			if (typeof label !== "string" && !Number.isSafeInteger(label))
				throw valueError(path, label, "an integer or a string", a);
			if (label !== row[0]) throw valueError(path, label, `${shown(row[0])}: one label for all poses of an orbit`, a);
		});
		return row[0] as Label;
	});
	const names = [...new Set(seeds)];
	if (names.length < 2) throw valueError("labels", names, "at least two classes");
	const of = seeds.map((label) => names.indexOf(label));
	const members = names.map((_, k) => seeds.flatMap((_, a) => (of[a] === k ? [a] : [])));
	return { names, members, of };
}

/** Targets (m or m × c), a row for each seed. Errors: `shape`, `value`. */
export function targetRows(targets: ArrayInput, count: number): number[][] {
	const { data, shape } = toTensor(targets, "targets");
	if (shape[0] !== count || shape.length > 2)
		throw shapeError("targets", shape, `(${count}) or (${count}, c), a row for each seed`);
	const columns = shape[1] ?? 1;
	return Array.from({ length: count }, (_, a) => Array.from(data.subarray(a * columns, (a + 1) * columns)));
}

/** One label for each seed, or for each of its poses. */
function rowsOf(labels: unknown, count: number, order: number): unknown[][] {
	const { data = labels, shape } = (labels ?? {}) as { data?: unknown; shape?: readonly number[] };
	if (typeof data !== "object" || data === null || !("length" in data))
		throw usageError("options.labels", labels, "an array of integers or strings");
	const all = Array.from(data as ArrayLike<unknown>);
	const nested = all.length > 0 && all.every((row) => Array.isArray(row));
	const sides = shape ?? (nested ? [all.length, (all[0] as unknown[]).length] : [all.length]);
	const even = !nested || all.every((row) => (row as unknown[]).length === sides[1]);
	const fits = sides[0] === count && (sides.length === 1 || (sides.length === 2 && sides[1] === order));
	if (!fits || !even || (shape && all.length !== shape.reduce((product, side) => product * side, 1)))
		throw shapeError("labels", sides, `(${count}), one for each seed, or (${count}, ${order}), one for each pose`);
	const columns = sides[1] ?? 1;
	const flat = nested ? all.flat() : all;
	return Array.from({ length: count }, (_, a) => flat.slice(a * columns, (a + 1) * columns));
}

function valueError(path: string, value: unknown, expected: string, index?: number): OrbitKernelsError {
	const fields = { path, value, expected, ...(index !== undefined && { index }) };
	return new OrbitKernelsError("value", `${path}: got ${shown(value)}, expected ${expected}`, fields);
}
