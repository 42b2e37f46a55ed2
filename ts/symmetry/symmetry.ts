/**
 * Whether a network learns a symmetry from data that show it in part: the report.
 * @module
 */
import { type ArrayInput, checkOptions, usageError } from "../arrays.ts";
import type { Kernel } from "../classical.ts";
import { OrbitKernelsError } from "../errors.ts";
import { type Ridge, ridgeOf } from "../inference.ts";
import type { CallOptions, Context, KernelName, Progress } from "../kernel.ts";
import type { Network } from "../network.ts";
import { packageVersion } from "../version.ts";
import type { Action } from "./action.ts";
import { classesOf, type Labels, targetRows } from "./classes.ts";
import { indistinctElements, isCollapsed } from "./collapse.ts";
import { type Entry, entriesOfBlocks, entriesOfGram, type Points } from "./entries.ts";
import { groupOrder } from "./group.ts";
import { isDirect, pointsOf, type Setting } from "./held-out.ts";
import { checkWanted, type Prepare } from "./orbit.ts";
import { meanErrors, type Solved, solve } from "./orbit-errors.ts";
import { type OrbitData, type OrbitGramOptions, orbitData } from "./orbit-gram.ts";
import { pairReport } from "./pair-report.ts";
import type { Label, OrbitErrors, OrbitReport, SymmetryReport } from "./report.ts";
import { type Classes, multiClassRules, multiSeedRule } from "./rules.ts";

/** Options of `symmetry`: what is predicted, from which orbits. */
export interface SymmetryOptions extends CallOptions {
	/** m × …. */
	seeds: ArrayInput;
	action: Action;
	/** The class of each seed, integers or strings: classes are told apart one against one, the first is +1. */
	labels?: Labels;
	/** Numbers instead: m or m × c. */
	targets?: ArrayInput;
	/** Default `{ trace: 1e-10 }`, of the Gram of all distinct points; one absolute number in all errors. */
	ridge?: Ridge;
	/** Default "center-unit" for rotations, turns, flips and shifts of images, else "none". */
	prepare?: Prepare;
	/** The elements whose poses are held out together, of one orbit at a time; default `[0]`. */
	holdOut?: readonly number[];
	/** Default "ntk". */
	kernel?: KernelName;
	/**
	 * Takes the kernel for invariant whatever a test of 64 entries finds, default false: all errors, exact ones too, are
	 * those of the invariant kernel.
	 */
	assumeInvariant?: boolean;
}

const OPTIONS = [
	..."seeds action labels targets ridge prepare holdOut kernel assumeInvariant signal onProgress".split(" "),
];

/** See `Engine.symmetry`. */
export async function symmetry(
	context: Context,
	network: Network | Kernel,
	options: SymmetryOptions,
): Promise<SymmetryReport> {
	checkOptions(options, OPTIONS);
	const { action, labels, targets, ridge: wanted = { trace: 1e-10 }, holdOut = [0], kernel = "ntk" } = options;
	const { assumeInvariant = false, signal, onProgress } = options;
	if ((labels === undefined) === (targets === undefined))
		throw usageError("options", labels === undefined ? "neither" : "both", "either labels or targets");
	const { seeds, prepare } = checkWanted(options.seeds, action, options.prepare ? { prepare: options.prepare } : {});
	const count = seeds.shape[0] as number;
	const order = groupOrder(action.group);
	const stated = ridgeOf(wanted);
	checkHoldOut(holdOut, order);
	const classes = labels === undefined ? null : classesOf(labels, count, order);
	const rows = targets === undefined ? null : targetRows(targets, count);

	const pairs = classes ? pairsOf(classes.of) : [];
	const work = workOf(pairs.length + 1, onProgress);
	const gramOptions: OrbitGramOptions = {
		kernel,
		assumeInvariant,
		prepare,
		...(signal && { signal }),
		...(onProgress && { onProgress: work.ofGram }),
	};
	const data = await orbitData(context, network, seeds, action, gramOptions);
	const setting = settingOf(context, data, action, holdOut, signal);
	const all = Array.from({ length: count }, (_, a) => a);
	const points = pointsOf(setting, all);
	setting.ridge = absolute(stated, setting.entry, points);

	const parts = classes
		? await ofClasses(setting, data, classes, pairs, work.next)
		: await ofTargets(setting, rows as number[][]);
	if (!classes) work.next();
	const sample = seeds.shape.slice(1);
	const canonical = await context.pool.call("canonical", () => ({ description: JSON.stringify(network), sample }));
	const { gram } = data;
	return {
		format: "orbit-kernels/symmetry",
		version: 1,
		packageVersion,
		group: action.group,
		action: JSON.parse(JSON.stringify(action)),
		prepare,
		holdOut: [...holdOut],
		ridge: setting.ridge,
		precision: "f64",
		network: JSON.parse(canonical),
		kernel,
		invarianceDefect: gram.defect,
		invariant: gram.invariant,
		assumeInvariant,
		departure: gram.departure,
		exact: {
			method: isDirect(setting, all) ? "regression" : "group formula",
			points: points.points.length,
		},
		classes: classes && [...classes.names],
		...parts,
	};
}

function settingOf(
	context: Context,
	{ gram, table }: OrbitData,
	{ group }: Action,
	holdOut: readonly number[],
	signal: AbortSignal | undefined,
): Setting {
	const count = gram.k.shape[0] as number;
	const nearest = entriesOfBlocks(gram.k, count, table);
	const entry = gram.gram ? entriesOfGram(gram.gram, count, table.order) : nearest;
	const indistinct = indistinctElements(entry, gram.stabilizers, table);
	return { context, group, table, gram, indistinct, entry, nearest, holdOut, ridge: 0, signal };
}

/** One number for all errors. */
function absolute({ unit, ridge }: ReturnType<typeof ridgeOf>, entry: Entry, { points }: Points): number {
	if (unit === "absolute") return ridge;
	const trace = points.reduce((sum, [a, g]) => sum + entry(a, g, a, g), 0);
	return ridge * (unit === "trace" ? trace : trace / points.length);
}

type Parts = Pick<SymmetryReport, "orbits" | "pairs" | "rules">;

async function ofTargets(setting: Setting, targets: number[][]): Promise<Parts> {
	const { errors } = await solve(setting, { seeds: targets.map((_, a) => a), targets }, false);
	const orbits = errors.map((one, seed): OrbitReport => {
		const target = targets[seed] as number[];
		return {
			seed,
			label: null,
			target: target.length === 1 ? (target[0] as number) : target,
			...elementsOf(setting, seed),
			...one,
			against: null,
		};
	});
	return { orbits, pairs: [], rules: null };
}

async function ofClasses(
	setting: Setting,
	{ orbits }: OrbitData,
	classes: Classes,
	pairs: readonly (readonly [number, number])[],
	next: () => void,
): Promise<Parts> {
	const reports = await inFlight(pairs, async ([a, b]) => {
		const report = await pairReport(setting, orbits, a, b);
		next();
		return report;
	});
	// Each factorization goes when its rule is known.
	const against: { other: number; errors: OrbitErrors }[][] = classes.of.map(() => []);
	const multiSeed = [];
	for (const pair of pairsOf(classes.names.map((_, k) => k))) {
		const solved = await solveClasses(setting, classes, pair);
		solved.problem.seeds.forEach((seed, k) => {
			const other = pair[0] === classes.of[seed] ? pair[1] : pair[0];
			against[seed]?.push({ other, errors: solved.errors[k] as OrbitErrors });
		});
		multiSeed.push(await multiSeedRule(classes, pair, solved, reports));
	}
	const multiClass = await multiClassRules(setting, classes, reports);
	next();
	return { orbits: orbitsOf(setting, classes, against), pairs: reports, rules: { multiSeed, multiClass } };
}

/** Two classes, the first +1 and the second −1. */
function solveClasses(setting: Setting, { members }: Classes, [p, q]: readonly [number, number]): Promise<Solved> {
	const seeds = [...(members[p] as readonly number[]), ...(members[q] as readonly number[])];
	const positive = (members[p] as readonly number[]).length;
	return solve(setting, { seeds, targets: seeds.map((_, k) => [k < positive ? 1 : -1]) }, true);
}

function elementsOf(setting: Setting, seed: number): Pick<OrbitReport, "stabilizer" | "indistinct" | "collapsed"> {
	return {
		stabilizer: setting.gram.stabilizers[seed] as number[],
		indistinct: setting.indistinct[seed] as number[],
		collapsed: isCollapsed(setting, seed),
	};
}

function orbitsOf(
	setting: Setting,
	{ names, of }: Classes,
	against: readonly (readonly { other: number; errors: OrbitErrors }[])[],
): OrbitReport[] {
	const several = names.length > 2;
	return against.map((all, seed): OrbitReport => {
		const each = [...all].sort((one, two) => one.other - two.other);
		const errors = each.map(({ errors }) => errors);
		return {
			seed,
			label: names[of[seed] as number] as Label,
			target: several ? null : of[seed] === 0 ? 1 : -1,
			...elementsOf(setting, seed),
			...(several ? meanErrors(errors) : (errors[0] as OrbitErrors)),
			against: several ? each.map(({ other, errors }) => ({ label: names[other] as Label, ...errors })) : null,
		};
	});
}

/** Pairs of what is of different classes, that of the earlier class first. */
function pairsOf(of: readonly number[]): [number, number][] {
	const all = of.flatMap((p, a) => of.flatMap((q, b): [number, number][] => (p < q ? [[a, b]] : [])));
	const key = ([a, b]: [number, number]) => [of[a], of[b], a, b] as [number, number, number, number];
	const compare = (one: number[], two: number[]) =>
		one.map((value, k) => value - (two[k] as number)).find((difference) => difference !== 0) ?? 0;
	return all.sort((one, two) => compare(key(one), key(two)));
}

/** Pairs at work at a time: workers have the next one while this thread is at another. */
const IN_FLIGHT = 4;

/** Does work for each item, a few at a time; the results come in the order of the items. */
async function inFlight<Item, Value>(items: readonly Item[], work: (item: Item) => Promise<Value>): Promise<Value[]> {
	const results = new Array<Value>(items.length);
	let next = 0;
	const lane = async () => {
		while (next < items.length) {
			const k = next++;
			try {
				results[k] = await work(items[k] as Item);
			} catch (error) {
				next = items.length;
				throw error;
			}
		}
	};
	await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
	return results;
}

/** Progress over the Gram, which counts half, and the errors after it. */
function workOf(errors: number, onProgress: CallOptions["onProgress"]) {
	let done = 0;
	return {
		ofGram: ({ done, total }: Progress) =>
			onProgress?.({ done: Math.round((errors * done) / total), total: 2 * errors }),
		next: () => onProgress?.({ done: errors + ++done, total: 2 * errors }),
	};
}

function checkHoldOut(holdOut: unknown, order: number): void {
	if (!Array.isArray(holdOut) || holdOut.length === 0 || new Set(holdOut).size < holdOut.length)
		throw usageError("options.holdOut", holdOut, "a list of at least one element of the group, none twice");
	const bad = holdOut.findIndex((g) => !Number.isInteger(g) || g < 0 || g >= order);
	if (bad < 0) return;
	const [path, value, expected] = [`holdOut[${bad}]`, holdOut[bad], `an integer from 0 to ${order - 1}`];
	throw new OrbitKernelsError("value", `${path}: got ${value}, expected ${expected}`, {
		path,
		index: bad,
		value,
		expected,
	});
}
