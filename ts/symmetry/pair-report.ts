/**
 * Pairs of orbits of different classes, as a report holds them.
 * @module
 */
import type { Tensor } from "../arrays.ts";
import { circulantRow } from "../pair-task.ts";
import { isCollapsed } from "./collapse.ts";
import { departure, type Entry } from "./entries.ts";
import { byGroup, direct, type Held, type Setting } from "./held-out.ts";
import { meanResidual, offOf } from "./orbit-errors.ts";
import { geometry, spectralQuantities } from "./pair.ts";
import type { PairReport, Split } from "./report.ts";

/** What is known of the orbits of seeds a and b alone, labelled +1 and −1. */
export async function pairReport(setting: Setting, orbits: Tensor, a: number, b: number): Promise<PairReport> {
	const { gram, ridge } = setting;
	const problem = { seeds: [a, b], targets: [[1], [-1]] };
	const exact = (await direct(setting, problem))?.held ?? null;
	const block = await byGroup(setting, problem);
	const spectral = await spectralOf(setting, a, b);
	const off = offOf(setting, [a, b]);
	const split = (held: Held[], departure: number): Split | null => {
		const parts = held.map(({ parts }) => parts);
		// Infinity is not JSON.
		if (parts.some((part) => part === null || part.density === Number.POSITIVE_INFINITY)) return null;
		return {
			separation: parts.map((part, k) => (signs[k] as number) * (part?.separation[0] as number)),
			density: parts.map((part) => part?.density as number),
			departure,
			ridge,
		};
	};
	const blockError = meanAbsolute(block);
	return {
		a,
		b,
		...geometry(inTurn(orbits, a, b), 2 * setting.table.order),
		...spectral.quantities,
		exactError: exact && meanAbsolute(exact),
		correctCount: exact?.filter(isCorrect).length ?? null,
		groupError: gram.invariant ? blockError : null,
		blockError,
		collapsed: isCollapsed(setting, a) && isCollapsed(setting, b),
		margins: { exact: exact && marginsOf(exact), spectral: spectral.margins, block: marginsOf(block) },
		splits: { exact: exact && split(exact, 0), spectral: spectral.split, block: split(block, off) },
	};
}

/** The labels of A and B. */
const signs = [1, -1] as const;

/** Whether all held-out poses have the right sign. */
const isCorrect = ({ residuals }: Held, k: number) =>
	residuals.every(([rest]) => (signs[k] as number) * (rest as number) < 1);

const marginsOf = (held: Held[]) =>
	held.map((one, k) => 1 - (signs[k] as number) * (meanResidual(one)[0] as number)) as [number, number];

/** Mean of |y − ŷ| over all held-out poses. */
function meanAbsolute(held: Held[]): number {
	const all = held.flatMap(({ residuals }) => residuals.map(([rest]) => Math.abs(rest as number)));
	return all.reduce((sum, value) => sum + value, 0) / all.length;
}

/** Points of two orbits in turn, A₀ B₀ A₁ B₁ …. */
function inTurn({ data, shape }: Tensor, a: number, b: number): Float64Array {
	const [count, order] = shape as [number, number];
	const size = data.length / (count * order);
	const points = new Float64Array(2 * order * size);
	for (let k = 0; k < 2 * order; k++) {
		const from = ((k % 2 === 0 ? a : b) * order + Math.floor(k / 2)) * size;
		points.set(data.subarray(from, from + size), k * size);
	}
	return points;
}

/** What follows from the circulant matrix nearest to the Gram of A₀ B₀ A₁ B₁ …, where there is one. */
async function spectralOf({ context, entry, gram, group, table, ridge, signal }: Setting, a: number, b: number) {
	const free = gram.stabilizers[a]?.length === 1 && gram.stabilizers[b]?.length === 1;
	if (group.type !== "cyclic" || !free) {
		const names = ["meanWithinOrbitKernel", "spectralError", "lastReciprocal", "meanReciprocal"] as const;
		const none = Object.fromEntries(names.map((name) => [name, null])) as Record<(typeof names)[number], null>;
		return { quantities: { ...none, meanReciprocalWithoutLast: null, spectrum: null }, split: null, margins: null };
	}
	const whole = interleaved(entry, table.order, a, b);
	const {
		meanWithinOrbitKernel,
		reciprocalSpectrum,
		ridge: _,
		...quantities
	} = await spectralQuantities(context, whole, ridge, signal);
	const reversed = await spectralQuantities(context, interleaved(entry, table.order, b, a), ridge, signal);
	const margins: [number, number] = [1 - quantities.spectralError, 1 - reversed.spectralError];
	const size = 2 * table.order;
	const row = circulantRow(whole.data, size);
	const off = departure(
		(_a, i, _b, j) => whole.data[i * size + j] as number,
		(_a, i, _b, j) => row[(j - i + size) % size] as number,
		[0],
		size,
	);
	const { spectralError, lastReciprocal, meanReciprocal, meanReciprocalWithoutLast } = quantities;
	// An orbit of one pose has no kernel within it, and one that is a point no finite mean; NaN and Infinity are not JSON.
	const finite = Number.isFinite(meanReciprocal);
	const within = Number.isNaN(meanWithinOrbitKernel) ? null : meanWithinOrbitKernel;
	return {
		quantities: {
			meanWithinOrbitKernel: within,
			spectralError,
			lastReciprocal,
			meanReciprocal: finite ? meanReciprocal : null,
			meanReciprocalWithoutLast: finite ? meanReciprocalWithoutLast : null,
			spectrum: finite ? reciprocalSpectrum : null,
		},
		split: finite ? { separation: lastReciprocal, density: meanReciprocal, departure: off, ridge } : null,
		margins,
	};
}

/** The Gram of A₀ B₀ A₁ B₁ …. */
function interleaved(entry: Entry, order: number, a: number, b: number): Tensor<Float64Array> {
	const size = 2 * order;
	const data = new Float64Array(size * size);
	const seed = (k: number) => (k % 2 === 0 ? a : b);
	for (let i = 0; i < size; i++)
		for (let j = 0; j < size; j++) data[i * size + j] = entry(seed(i), i >> 1, seed(j), j >> 1);
	return { data, shape: [size, size] };
}
