/**
 * The paper's rules for classes of several seeds and for several classes (Perin & Deny, arXiv 2412.11521, section 4).
 * @module
 */
import { direct, type Problem, type Setting } from "./held-out.ts";
import type { Solved } from "./orbit-errors.ts";
import type { Label, MultiClassRule, MultiSeedRule, PairReport, Verdict } from "./report.ts";

/** Seeds by class. */
export interface Classes {
	/** In order of their first seeds. */
	names: readonly Label[];
	/** The seeds of each, ascending. */
	members: readonly (readonly number[])[];
	/** The class of each seed. */
	of: readonly number[];
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The rule for two classes p < q, from their regression and the pairs of their seeds. */
export async function multiSeedRule(
	{ names, members, of }: Classes,
	[p, q]: readonly [number, number],
	{ direct }: Solved,
	pairs: readonly PairReport[],
): Promise<MultiSeedRule> {
	const between = pairs.filter(({ a, b }) => of[a] === p && of[b] === q);
	const spectral = between.map(({ spectralError }) => spectralError);
	/** Residuals t − ŷ of all held-out poses of a class, times t. */
	const errorsOf = async (k: number, sign: number) =>
		((await direct?.together(members[k] as readonly number[])) ?? []).flat().map(([rest]) => sign * (rest as number));
	const errors = [await errorsOf(p, 1), await errorsOf(q, -1)] as const;
	const all = errors.flat();
	return {
		classes: [names[p] as Label, names[q] as Label],
		exact: direct && {
			errors: [mean(errors[0]), mean(errors[1])],
			positiveFraction: all.filter((error) => error < 1).length / all.length,
		},
		spectral: spectral.includes(null) ? null : mean(spectral as number[]),
		block: mean(between.map(({ blockError }) => blockError)),
	};
}

/** The rule for each seed. */
export async function multiClassRules(
	setting: Setting,
	classes: Classes,
	pairs: readonly PairReport[],
): Promise<MultiClassRule[]> {
	const { names, of } = classes;
	const rest = await oneAgainstRest(setting, classes);
	// Found once: there are as many pairs as seeds squared.
	const pairsOf = of.map(() => names.map((): { pair: PairReport; side: 0 | 1 }[] => []));
	const add = (seed: number, other: number, pair: PairReport, side: 0 | 1) =>
		pairsOf[seed]?.[of[other] as number]?.push({ pair, side });
	for (const pair of pairs) {
		add(pair.a, pair.b, pair, 0);
		add(pair.b, pair.a, pair, 1);
	}
	/** t·ŷ of seed a in each pair, by the other's class; null where one is missing. */
	const verdict = (seed: number, margin: (pair: PairReport, side: 0 | 1) => number | null): Verdict | null => {
		const predictions: Verdict["predictions"] = [];
		for (const [k, against] of names.entries()) {
			if (k === of[seed]) continue;
			const values = pairsOf[seed]?.[k]?.map(({ pair, side }) => margin(pair, side)) ?? [];
			if (values.includes(null)) return null;
			predictions.push({ against, prediction: mean(values as number[]) });
		}
		return { predictions, correct: predictions.every(({ prediction }) => prediction > 0) };
	};
	return of.map((k, seed) => ({
		seed,
		label: names[k] as Label,
		exact: verdict(seed, ({ margins }, side) => margins.exact?.[side] ?? null),
		spectral: verdict(seed, ({ margins }, side) => margins.spectral?.[side] ?? null),
		block: verdict(seed, ({ margins }, side) => margins.block[side]) as Verdict,
		oneAgainstRest: rest && { prediction: rest[seed] as number, correct: (rest[seed] as number) > 0 },
	}));
}

/** Predictions of each seed's own class against all others; null when there are too many points. */
async function oneAgainstRest(setting: Setting, { members, of }: Classes): Promise<number[] | null> {
	const problem: Problem = {
		seeds: of.map((_, seed) => seed),
		targets: of.map((own) => members.map((_, k) => (k === own ? 1 : -1))),
	};
	const fit = await direct(setting, problem);
	if (!fit) return null;
	const predictions = new Array<number>(of.length);
	for (const [k, seeds] of members.entries()) {
		const residuals = await fit.together(seeds);
		seeds.forEach((seed, s) => {
			predictions[seed] = 1 - mean((residuals[s] as number[][]).map((row) => row[k] as number));
		});
	}
	return predictions;
}
