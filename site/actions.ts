/**
 * The groups that a reader can choose, and how they act on images. A new one appears by adding a line.
 * @module
 */
import { type Action, flips, quarterTurns, rotations, shifts, squareSymmetries } from "orbit-kernels";

interface Choice {
	label: string;
	/** The numbers of poses that images of a size can have, ascending; one number: there is nothing to choose. */
	poses(size: number): readonly number[];
	action(poses: number): Action;
	/** What a pose is, such as "turned by 45°". */
	pose(index: number, poses: number, size: number): string;
	/** Into how many closed cycles of equal length the poses fall, one after the other. */
	cycles: number;
	/** Whether a number of poses can be asked for: the groups are cyclic ones, each in the larger. */
	grows: boolean;
}

const many = Array.from({ length: 63 }, (_, k) => k + 2);
const degrees = (turn: number) => `turned by ${Number((360 * turn).toFixed(1))}°`;

export const actions = {
	rotations: {
		label: "rotations",
		poses: () => many,
		action: rotations,
		pose: (index, poses) => degrees(index / poses),
		cycles: 1,
		grows: true,
	},
	shifts: {
		label: "shifts to the right",
		poses: (size) => many.filter((count) => size % count === 0),
		action: shifts,
		pose: (index, poses, size) => `shifted by ${(index * size) / poses} of ${size} columns`,
		cycles: 1,
		grows: true,
	},
	quarterTurns: {
		label: "quarter turns",
		poses: () => [4],
		action: quarterTurns,
		pose: (index) => degrees(index / 4),
		cycles: 1,
		grows: false,
	},
	flips: {
		label: "flips",
		poses: () => [2],
		action: flips,
		pose: (index) => (index === 0 ? "as it is" : "left and right exchanged"),
		cycles: 1,
		grows: false,
	},
	squareSymmetries: {
		label: "symmetries of the square",
		poses: () => [8],
		action: squareSymmetries,
		pose: (index) => `${index < 4 ? "" : "flipped, then "}${degrees((index % 4) / 4)}`,
		cycles: 2,
		grows: false,
	},
} as const satisfies Record<string, Choice>;

export type ActionName = keyof typeof actions;

/** The number of poses nearest to a wanted one. */
export function nearestPoses(action: ActionName, size: number, wanted: number): number {
	return actions[action]
		.poses(size)
		.reduce((best, count) => (Math.abs(count - wanted) < Math.abs(best - wanted) ? count : best));
}
