/**
 * What a symmetry report holds: plain data, the same as JSON.
 * @module
 */

import type { Kernel } from "../classical.ts";
import type { KernelName } from "../kernel.ts";
import type { Network } from "../network.ts";
import type { Group } from "./group.ts";
import type { Prepare } from "./orbit.ts";

/** A class of seeds, by its name or number. */
export type Label = number | string;

/** A number, or one for each column of the targets. */
export type Columns = number | number[];

/**
 * What an error is made of: separation / density, each carrying the ridge.
 */
export interface Split {
	/** [K⁻¹y]_i, K with the ridge: small where classes are far apart. */
	separation: Columns;
	/** [K⁻¹]_ii: large where poses are close to each other. */
	density: Columns;
	/** ‖K − PK‖ / ‖K‖ of the Gram from the one that the formula takes for it; 0 for direct regression. */
	departure: number;
	/** Absolute. */
	ridge: number;
}

/** A held-out pose of an orbit. */
export interface OrbitErrors {
	/** By direct regression, or by the group formula where the report says so; of several poses the mean, of several classes null. */
	prediction: Columns | null;
	/** 1 − t·ŷ for labels, t − ŷ for targets, by direct regression on all distinct points; null when there are too many. */
	exactError: Columns | null;
	/** The same by the group formula; null where the kernel is not invariant. */
	groupError: Columns | null;
	/** The same by the group formula on the nearest invariant kernel. */
	blockError: Columns;
	/** Posterior variance of the function at a single held-out pose (its ridgeless part); null for several. */
	variance: number | null;
	/** Whether all held-out poses have the right sign; null for targets. */
	correct: boolean | null;
	/** Null for several held-out poses, and where equals of the held-out one are known without a ridge: densities are infinite. */
	splits: { exact: Split | null; block: Split } | null;
}

/** An orbit and its errors; with more than two classes their means, and `correct` if it is against every class. */
export interface OrbitReport extends OrbitErrors {
	/** The seed's index. */
	seed: number;
	/** Null for targets. */
	label: Label | null;
	/** ±1 for two classes; null for more. */
	target: Columns | null;
	/** The elements that leave the seed as it is. */
	stabilizer: number[];
	/**
	 * The elements whose poses the kernel does not tell from the seed's, rows of the Gram being equal to 1e-10 of its largest
	 * entry: the stabilizer, or more where a held-out pose has equals among the known ones.
	 */
	indistinct: number[];
	/** Whether all poses, being different, are one point to the kernel: the network has the symmetry built in. */
	collapsed: boolean;
	/** One against one with each other class; null unless there are more than two. */
	against: (OrbitErrors & { label: Label })[] | null;
}

/** Two orbits of different classes, alone. A's label is +1 and B's −1; errors are means of absolute values over both. */
export interface PairReport {
	/** The seed of the class that comes first. */
	a: number;
	b: number;
	deltaSquared: number;
	projectedRadius: number;
	/** Null, as what follows of the circulant matrix, unless the group is cyclic and both orbits are free. */
	meanWithinOrbitKernel: number | null;
	spectralError: number | null;
	lastReciprocal: number | null;
	meanReciprocal: number | null;
	meanReciprocalWithoutLast: number | null;
	/** By direct regression; null when there are too many points. */
	exactError: number | null;
	/** 0, 1 or 2. */
	correctCount: number | null;
	/** By the group formula; null where the kernel is not invariant. */
	groupError: number | null;
	/** By the group formula on the nearest invariant kernel. */
	blockError: number;
	/** Whether both orbits are. */
	collapsed: boolean;
	/** Reciprocals of the 2N circulant eigenvalues with the ridge; null with their means where some are infinite. */
	spectrum: number[] | null;
	/** t·ŷ of A and B: means over the held-out poses; the spectral one of B has its orbit first, B₀ A₀ B₁ A₁ …. */
	margins: { exact: [number, number] | null; spectral: [number, number] | null; block: [number, number] };
	/** Two numbers are of A and B; null for several held-out poses, but for the spectral one, and where densities are infinite. */
	splits: { exact: Split | null; spectral: Split | null; block: Split | null };
}

/** The paper's rule for classes of several seeds. */
export interface MultiSeedRule {
	classes: [Label, Label];
	/** Errors 1 − mean of t·ŷ of each class, the held-out poses of all its seeds left out together. */
	exact: { errors: [number, number]; positiveFraction: number } | null;
	/** Mean of the spectral errors of all pairs of seeds. */
	spectral: number | null;
	/** Mean of the block errors of all pairs of seeds. */
	block: number;
}

/** Whether a seed wins against every other class. */
export interface Verdict {
	/** Mean of t·ŷ over the pairs with the seeds of another class. */
	predictions: { against: Label; prediction: number }[];
	/** All of them are positive. */
	correct: boolean;
}

/** The paper's rule for several classes, for one seed. */
export interface MultiClassRule {
	seed: number;
	label: Label;
	exact: Verdict | null;
	spectral: Verdict | null;
	block: Verdict;
	/** Regression of its class (+1) against all others (−1), the held-out poses of its class left out together. */
	oneAgainstRest: { prediction: number; correct: boolean } | null;
}

/** Whether a network generalizes to held-out poses of each orbit, and why. */
export interface SymmetryReport {
	format: "orbit-kernels/symmetry";
	version: 1;
	packageVersion: string;
	group: Group;
	/** As given; a function is left out. */
	action: { type: string; exact: boolean };
	prepare: Prepare;
	/** The elements whose poses are held out together. */
	holdOut: number[];
	/** Absolute, one in all errors. */
	ridge: number;
	precision: "f64";
	/** With all defaults. */
	network: Network | Kernel;
	kernel: KernelName;
	/** Of the kernel on 64 random entries, relative. */
	invarianceDefect: number;
	/** Whether the |G| values of each pair of seeds are all of the Gram: it was found, or assumed. */
	invariant: boolean;
	assumeInvariant: boolean;
	/** ‖K − PK‖ / ‖K‖ of the Gram of all poses from the nearest invariant one. */
	departure: number;
	/** Where exact errors of orbits come from: regression on the distinct points, or the group formula when those are too many. */
	exact: { method: "regression" | "group formula"; points: number };
	/** In order of their first seeds; null for targets. */
	classes: Label[] | null;
	orbits: OrbitReport[];
	/** None for targets. */
	pairs: PairReport[];
	/** Null for targets. */
	rules: { multiSeed: MultiSeedRule[]; multiClass: MultiClassRule[] } | null;
}
