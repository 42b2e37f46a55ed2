/**
 * Where the poses of an action come from that rearranges positions.
 * @module
 */
import { shapeError } from "../arrays.ts";
import { type Action, actionError, type PermutationAction, type Rearrangement } from "./action.ts";
import { halfTurn, mirrored, powers, quarterTurn, rolled, type Source, successive, unmoved } from "./positions.ts";

/** All poses of a sample: each is one of its bases, rearranged. */
export interface Sources {
	/** Numbers that stay together at each position. */
	channels: number;
	/** Base 0 is the sample, base b the sample turned by degrees[b − 1] on a spline. */
	degrees: number[];
	/** For each element of the group. */
	poses: { base: number; source: Source }[];
}

interface Image {
	rows: number;
	columns: number;
	channels: number;
}

/** A sample as an image: H × W or H × W × C. */
export function imageOf(shape: readonly number[]): Image {
	const [rows, columns, channels = 1] = shape as [number, number, number?];
	if (shape.length < 2 || shape.length > 3)
		throw shapeError("seeds", ["m", ...shape], "images × rows × columns, or × channels");
	return { rows, columns, channels };
}

/** Whether an action is exact on samples of a shape: quarter turns of what is not square are not. */
export function isExact(action: Action, shape: readonly number[]): boolean {
	if (action.type !== "rotations") return action.exact;
	return exactTurns(imageOf(shape), action.group.order) === action.group.order;
}

/**
 * The sources of all poses of samples of a shape.
 *
 * Errors: `shape` for samples that are no images, or not square; `action` when shifts do not fit.
 */
export function sourcesOf(action: Rearrangement, shape: readonly number[]): Sources {
	if (action.type === "permutations") return permuted(action, shape);
	const image = imageOf(shape);
	const { rows, columns, channels } = image;
	const count = rows * columns;
	const ofSample = (sources: Source[]): Sources => ({
		channels,
		degrees: [],
		poses: sources.map((source) => ({ base: 0, source })),
	});
	switch (action.type) {
		case "rotations":
			return turned(image, action.group.order);
		case "quarterTurns":
			return ofSample(powers(quarterTurn(sideOf(image, action.type)), 4));
		case "flips":
			return ofSample([unmoved(count), mirrored(rows, columns)]);
		case "squareSymmetries": {
			const turns = powers(quarterTurn(sideOf(image, action.type)), 4);
			return ofSample([...turns, ...turns.map((turn) => successive(mirrored(rows, columns), turn))]);
		}
		case "shifts": {
			const { order } = action.group;
			return ofSample(powers(rolled(rows, columns, 0, step("columns", columns, order) % columns), order));
		}
		case "shifts2d": {
			const [{ order: down }, { order: right }] = action.group.factors;
			const [height, width] = [step("rows", rows, down), step("columns", columns, right)];
			const byRows = powers(rolled(rows, columns, height % rows, 0), down);
			const byColumns = powers(rolled(rows, columns, 0, width % columns), right);
			return ofSample(byRows.flatMap((first) => byColumns.map((second) => successive(first, second))));
		}
	}
}

/** Spline turns below the first exact one, and their exact turns. */
function turned(image: Image, order: number): Sources {
	const count = image.rows * image.columns;
	const exact = exactTurns(image, order);
	const bases = order / exact;
	const turn = exact === 4 ? quarterTurn(image.rows) : halfTurn(count);
	const turns = powers(turn, exact);
	return {
		channels: image.channels,
		degrees: Array.from({ length: bases - 1 }, (_, k) => (360 * (k + 1)) / order),
		poses: Array.from({ length: order }, (_, k) => ({
			base: k % bases,
			source: turns[Math.floor(k / bases)] as Source,
		})),
	};
}

/** How many of the turns by multiples of 360° / order rearrange the pixels: 1, 2 or 4. */
function exactTurns({ rows, columns }: Image, order: number): number {
	return order % 4 === 0 && rows === columns ? 4 : order % 2 === 0 ? 2 : 1;
}

function permuted({ permutations }: PermutationAction, shape: readonly number[]): Sources {
	const positions = (permutations[0] as readonly number[]).length;
	let [depth, count] = [0, 1];
	while (count < positions && depth < shape.length) count *= shape[depth++] as number;
	if (count !== positions)
		throw shapeError(
			"seeds",
			["m", ...shape],
			`${positions} positions in the first dimensions, as the permutations have`,
		);
	const channels = shape.slice(depth).reduce((product, side) => product * side, 1);
	return { channels, degrees: [], poses: permutations.map((row) => ({ base: 0, source: Uint32Array.from(row) })) };
}

function sideOf({ rows, columns }: Image, type: string): number {
	if (rows !== columns) throw shapeError("seeds", ["m", rows, columns], `square images for ${type}()`);
	return rows;
}

function step(axis: "rows" | "columns", size: number, order: number): number {
	if (size % order !== 0)
		throw actionError("action", order, `shifts whose number divides the ${size} ${axis} of the images`);
	return size / order;
}
