/**
 * What an instance does for groups, and on orbits under them.
 * @module
 */
import type { GroupsWasm, Orbits } from "./groups-wasm.ts";

/** Orbits that an instance keeps: those of two regressions at the same time. */
const KEPT_ORBITS = 2;

/** Seeds and their orbits under a group; stabilizers as JSON text, "[]" when all orbits are free. */
export interface OrbitsSetup {
	group: string;
	seeds: number;
	stabilizers: string;
}

/** A run of irreps, `first` to `end` without it. */
export interface IrrepRun {
	first: number;
	end: number;
}

/** The module of groups, and the orbits that are kept in it. */
export class Groups {
	readonly wasm: GroupsWasm;
	readonly #orbits = new Map<string, Orbits>();

	constructor(wasm: GroupsWasm) {
		this.wasm = wasm;
	}

	/** The irreps of a group may take long: the last few are kept. */
	orbits({ group, seeds, stabilizers }: OrbitsSetup): Orbits {
		const key = `${seeds} ${stabilizers} ${group}`;
		const orbits = this.#orbits.get(key) ?? new this.wasm.Orbits(group, seeds, stabilizers);
		// The one that is used comes last.
		this.#orbits.delete(key);
		this.#orbits.set(key, orbits);
		for (const [oldest, other] of this.#orbits) {
			if (this.#orbits.size <= KEPT_ORBITS) break;
			other.free();
			this.#orbits.delete(oldest);
		}
		return orbits;
	}
}

/** Where it comes from. */
export interface Grouped {
	groups(): Promise<Groups>;
}

/** The tasks by name. */
export const groupTasks = {
	spectrum: async (grouped: Grouped, { values, length }: { values: Float64Array; length: number }) =>
		(await grouped.groups()).wasm.spectrum(values, length),

	groupTable: async (grouped: Grouped, { group: text, matrices }: { group: string; matrices: boolean }) => {
		const { GroupTable } = (await grouped.groups()).wasm;
		const group = new GroupTable(text);
		try {
			const layout = group.layout();
			const each = matrices ? Array.from({ length: layout.length / 3 }, (_, irrep) => group.matrices(irrep)) : [];
			return {
				order: group.order(),
				product: group.product(),
				inverse: group.inverse(),
				identity: group.identity(),
				generators: group.generators(),
				classOf: group.classOf(),
				representatives: group.representatives(),
				characters: group.characters(),
				members: group.members(),
				layout,
				matrices: each,
			};
		} finally {
			group.free();
		}
	},

	orbits: async (grouped: Grouped, setup: OrbitsSetup) => {
		const orbits = (await grouped.groups()).orbits(setup);
		return {
			identity: orbits.identity(),
			inverse: orbits.inverse(),
			layout: orbits.layout(),
			// Of free orbits each element makes a point of its own.
			representatives: setup.stabilizers === "[]" ? undefined : orbits.representatives(),
		};
	},

	/** With `times`, repeated in place: what the transform alone takes. */
	fourier: async (
		grouped: Grouped,
		{ orbits, values, times }: { orbits: OrbitsSetup; values: Float64Array; times?: number },
	) => (await grouped.groups()).orbits(orbits).forward(values, times ?? 1),

	inverseFourier: async (grouped: Grouped, { orbits, values }: { orbits: OrbitsSetup; values: Float64Array }) =>
		(await grouped.groups()).orbits(orbits).backward(values),

	spectra: async (grouped: Grouped, { orbits, values }: { orbits: OrbitsSetup; values: Float64Array }) =>
		(await grouped.groups()).orbits(orbits).spectra(values),

	functions: async (grouped: Grouped, { orbits, values }: { orbits: OrbitsSetup; values: Float64Array }) =>
		(await grouped.groups()).orbits(orbits).functions(values),

	kernelSpectra: async (
		grouped: Grouped,
		request: { orbits: OrbitsSetup; pair: [number, number]; kernels: Float64Array; scale: number },
	) => {
		const { orbits, pair, kernels, scale } = request;
		return (await grouped.groups()).orbits(orbits).kernelSpectra(...pair, kernels, scale);
	},

	groupFit: async (
		grouped: Grouped,
		request: {
			orbits: OrbitsSetup;
			run: IrrepRun;
			spectra: Float64Array;
			own: Float64Array;
			ridge: number;
			targets: Float64Array;
			count: number;
		},
	) => {
		const { orbits, run, spectra, own, ridge, targets, count } = request;
		const fit = (await grouped.groups()).orbits(orbits).fit(run.first, run.end, spectra, own, ridge, targets, count);
		try {
			return { factors: fit.takeFactors(), coefficients: fit.takeCoefficients(), diagonal: fit.takeDiagonal() };
		} finally {
			fit.free();
		}
	},

	inverseBlocks: async (
		grouped: Grouped,
		request: { orbits: OrbitsSetup; run: IrrepRun; factors: Float64Array; pairs: Uint32Array },
	) => {
		const { orbits, run, factors, pairs } = request;
		return (await grouped.groups()).orbits(orbits).inverseBlocks(run.first, run.end, factors, pairs);
	},

	groupExplained: async (
		grouped: Grouped,
		request: {
			orbits: OrbitsSetup;
			run: IrrepRun;
			factors: Float64Array;
			functions: Float64Array;
			points: number;
		},
	) => {
		const { orbits, run, factors, functions, points } = request;
		return (await grouped.groups()).orbits(orbits).explained(run.first, run.end, factors, functions, points);
	},

	leaveSetsOut: async (
		grouped: Grouped,
		request: {
			orbits: OrbitsSetup;
			inverse: Float64Array;
			pairs: Uint32Array;
			points: Uint32Array;
			sizes: Uint32Array;
			coefficients: Float64Array;
			count: number;
		},
	) => {
		const { orbits, inverse, pairs, points, sizes, coefficients, count } = request;
		return (await grouped.groups()).orbits(orbits).leaveOut(inverse, pairs, points, sizes, coefficients, count);
	},
};
