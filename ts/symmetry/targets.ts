/**
 * Targets of a regression on orbits: constant on each, or one for each pose.
 * @module
 */
import { shapeError, type Tensor, usageError } from "../arrays.ts";
import { OrbitKernelsError } from "../errors.ts";

/** Targets as functions on the group. */
export interface Targets {
	readonly order: number;
	/** Numbers of a point. */
	readonly columns: number;
	/** Whether results have a dimension for the columns. */
	readonly multiple: boolean;
	/** The first target that is not that of the seed's first pose; none: constant on orbits. */
	readonly varying: { path: string; index: number; value: number } | undefined;
	/** The target of point seed·order + element. */
	at(point: number, column: number): number;
	/** Refuses two targets for one point: `representatives` has the first element that makes it. */
	checkPoints(representatives: Uint32Array | undefined): void;
	/** Seeds × columns × elements; for constant ones this is not needed. */
	functions(): Float64Array;
}

/** Decides by the shape, (m), (m, columns), (m, |G|) or (m, |G|, columns), and by `vary` where both could be meant. */
export function checkTargets({ data, shape }: Tensor, m: number, order: number, vary: boolean | undefined): Targets {
	if (vary !== undefined && typeof vary !== "boolean") throw usageError("options.targetsVary", vary, "true or false");
	const matrix = shape.length === 2;
	if (matrix && shape[1] === order && order > 1 && vary === undefined) {
		const expected = `true when targets of shape (${m}, ${order}) differ along the orbits, false when they are ${order} columns`;
		throw usageError("options.targetsVary", vary, expected);
	}
	const each = shape.length === 3 || (matrix && vary === true);
	const valid = shape.length <= 3 && (!each || shape[1] === order) && (vary === undefined || vary === each);
	if (!valid) {
		const expected = each || vary ? `shape (${m}, ${order}) or (${m}, ${order}, t)` : `shape (${m}) or (${m}, t)`;
		throw shapeError("targets", shape, `${expected}, as many as there are seeds${each || vary ? " and elements" : ""}`);
	}
	const multiple = shape.length === (each ? 3 : 2);
	const columns = multiple ? (shape[shape.length - 1] as number) : 1;
	const at = (point: number, column: number) =>
		data[(each ? point : Math.floor(point / order)) * columns + column] as number;
	const path = (point: number, column: number) =>
		`targets[${Math.floor(point / order)}][${point % order}]${multiple ? `[${column}]` : ""}`;
	/** The first target that is not the same as that of another point. */
	const different = (other: (point: number) => number) => {
		for (let point = 0; point < m * order; point++)
			for (let column = 0; column < columns; column++) {
				const value = at(point, column);
				if (value !== at(other(point), column))
					return { path: path(point, column), index: point * columns + column, value };
			}
		return undefined;
	};
	return {
		order,
		columns,
		multiple,
		varying: each ? different((point) => point - (point % order)) : undefined,
		at,
		checkPoints(representatives) {
			if (!representatives || !each) return;
			const found = different((point) => point - (point % order) + (representatives[point] as number));
			if (!found) return;
			const expected = "one target for each point: the stabilizer's elements make no new ones";
			throw new OrbitKernelsError("value", `${found.path}: got ${found.value}, expected ${expected}`, {
				...found,
				expected,
			});
		},
		functions() {
			const out = new Float64Array(m * columns * order);
			for (let point = 0; point < m * order; point++)
				for (let column = 0; column < columns; column++)
					out[(Math.floor(point / order) * columns + column) * order + (point % order)] = at(point, column);
			return out;
		},
	};
}
