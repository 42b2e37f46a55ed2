/**
 * The errors of orbits that a report holds.
 * @module
 */
import { departure } from "./entries.ts";
import { byGroup, type Direct, direct, type Held, type Problem, type Setting } from "./held-out.ts";
import type { Columns, OrbitErrors, Split } from "./report.ts";

/** A problem with its regressions. */
export interface Solved {
	problem: Problem;
	/** Null when there are too many points. */
	direct: Direct | null;
	/** For each seed. */
	errors: OrbitErrors[];
}

/**
 * Predicts the held-out poses of each seed from all other points of the problem.
 *
 * @param signed whether targets are labels ±1: errors are 1 − t·ŷ
 */
export async function solve(setting: Setting, problem: Problem, signed: boolean): Promise<Solved> {
	const [exact, block] = await Promise.all([direct(setting, problem), byGroup(setting, problem)]);
	const off = offOf(setting, problem.seeds);
	const errors = problem.seeds.map((_, k) =>
		errorsOf(setting, problem.targets[k] as readonly number[], exact?.held[k] ?? null, block[k] as Held, off, signed),
	);
	return { problem, direct: exact, errors };
}

/** How far the Gram of some orbits is from the one that the group formula takes for it. */
export function offOf({ gram, entry, nearest, table }: Setting, seeds: readonly number[]): number {
	return gram.invariant ? 0 : departure(entry, nearest, seeds, table.order);
}

function errorsOf(
	{ gram, ridge }: Setting,
	target: readonly number[],
	exact: Held | null,
	block: Held,
	off: number,
	signed: boolean,
): OrbitErrors {
	const columns = (values: number[]): Columns => (values.length === 1 ? (values[0] as number) : values);
	// Adding 0 makes 0 of −0, which JSON does not have.
	const error = (held: Held) =>
		columns(meanResidual(held).map((rest, c) => (signed ? rest * (target[c] as number) : rest) + 0));
	const split = ({ parts }: Held, departure: number): Split | null => {
		// Infinity is not JSON.
		if (!parts || parts.density === Number.POSITIVE_INFINITY) return null;
		const separation = columns(parts.separation.map((part, c) => (signed ? part * (target[c] as number) : part)));
		return { separation, density: parts.density, departure, ridge };
	};
	const best = exact ?? block;
	const blockSplit = split(block, off);
	return {
		prediction: columns(meanResidual(best).map((rest, c) => (target[c] as number) - rest)),
		exactError: exact && error(exact),
		groupError: gram.invariant ? error(block) : null,
		blockError: error(block),
		variance: best.parts && 1 / best.parts.density - ridge,
		correct: signed ? isCorrect(best) : null,
		splits: blockSplit && { exact: exact && split(exact, 0), block: blockSplit },
	};

	function isCorrect({ residuals }: Held): boolean {
		return residuals.every(([rest]) => (rest as number) * (target[0] as number) < 1);
	}
}

/** Over the held-out poses, for each column. */
export function meanResidual({ residuals }: Held): number[] {
	const [first = []] = residuals;
	return first.map((_, c) => residuals.reduce((sum, row) => sum + (row[c] as number), 0) / residuals.length);
}

/** Errors in several problems as one: means, and correct in all. */
export function meanErrors(all: readonly OrbitErrors[]): OrbitErrors {
	const mean = (pick: (errors: OrbitErrors) => Columns | null) => {
		const values = all.map(pick);
		return values.some((value) => value === null)
			? null
			: values.reduce<number>((sum, value) => sum + (value as number), 0) / all.length;
	};
	return {
		// Of each class that the seed's is told apart from, it has another sign.
		prediction: null,
		exactError: mean(({ exactError }) => exactError),
		groupError: mean(({ groupError }) => groupError),
		blockError: mean(({ blockError }) => blockError) as number,
		variance: mean(({ variance }) => variance),
		correct: all.every(({ correct }) => correct),
		splits: null,
	};
}
