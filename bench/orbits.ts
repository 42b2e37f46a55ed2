/**
 * Seeded orbits of the benchmarks, and regression on all their points in two ways.
 * @module
 */
import type { Engine, Group, Tensor } from "../ts/index.ts";
import { normal } from "./data.ts";
import type { Values } from "./harness.ts";
import { loadLibrary } from "./host/node.ts";

/** Small against the kernel, large against rounding errors. */
const RIDGE = { meanDiagonal: 1e-3 };
/** Coordinates that the group leaves as they are. */
const FIXED = 6;

/** m seeds under a group: the kernel of all pairs and elements, and a target for each pose. */
export interface Orbits {
	name: string;
	group: Group;
	seeds: number;
	/** pairs a ≤ b × |G| */
	pairs: Tensor<Float64Array>;
	/** m × |G| */
	targets: Tensor<Float64Array>;
	/** For each pair of poses g and h the number of g⁻¹h. */
	quotient(g: number, h: number): number;
}

/** Gaussian kernel of points in the plane, turned by 360°/order, with further coordinates that stay. */
export async function turned(seeds: number, order: number): Promise<Orbits> {
	const { cyclic } = await loadLibrary();
	const next = await normal(1);
	const points = Array.from({ length: seeds }, () => {
		return { x: next(), y: next(), rest: Array.from({ length: FIXED }, next) };
	});
	const turns = Array.from({ length: order }, (_, u) => [
		Math.cos((2 * Math.PI * u) / order),
		Math.sin((2 * Math.PI * u) / order),
	]) as [number, number][];
	const square = (numbers: number[]) => numbers.reduce((sum, value) => sum + value * value, 0);
	const data = new Float64Array(((seeds * (seeds + 1)) / 2) * order);
	let at = 0;
	for (let a = 0; a < seeds; a++)
		for (let b = a; b < seeds; b++) {
			const [p, q] = [points[a], points[b]] as [(typeof points)[0], (typeof points)[0]];
			const still = square(p.rest.map((value, k) => value - (q.rest[k] as number)));
			const lengths = p.x * p.x + p.y * p.y + q.x * q.x + q.y * q.y + still;
			const [dot, cross] = [p.x * q.x + p.y * q.y, p.y * q.x - p.x * q.y];
			for (const [cosine, sine] of turns) data[at++] = Math.exp(-2 * (lengths - 2 * (dot * cosine + cross * sine)));
		}
	return {
		name: `C${order}`,
		group: cyclic(order),
		seeds,
		pairs: { data, shape: [data.length / order, order] },
		targets: await varying(seeds, order),
		quotient: (g, h) => (h - g + order) % order,
	};
}

/** Gaussian kernel of four points each with coordinates, whose order does not matter, under all permutations. */
export async function permuted(seeds: number, engine: Engine): Promise<Orbits> {
	const { symmetric } = await loadLibrary();
	const group = symmetric(4);
	const { order, product, inverse } = await engine.group(group, { matrices: false });
	const permutations = permutationsOf([0, 1, 2, 3]);
	const next = await normal(2);
	const points = Array.from({ length: seeds }, () => Array.from({ length: 12 }, next));
	const data = new Float64Array(((seeds * (seeds + 1)) / 2) * order);
	let at = 0;
	for (let a = 0; a < seeds; a++)
		for (let b = a; b < seeds; b++)
			for (const permutation of permutations) {
				let distance = 0;
				// The moved point's place u(p) holds what was at p.
				for (let k = 0; k < 12; k++) {
					const moved = 3 * (permutation[Math.floor(k / 3)] as number) + (k % 3);
					distance += ((points[a]?.[moved] as number) - (points[b]?.[k] as number)) ** 2;
				}
				data[at++] = Math.exp(-distance / 4);
			}
	return {
		name: "S4",
		group,
		seeds,
		pairs: { data, shape: [data.length / order, order] },
		targets: await varying(seeds, order),
		quotient: (g, h) => product[(inverse[g] as number) * order + h] as number,
	};
}

function permutationsOf(things: number[]): number[][] {
	if (things.length === 0) return [[]];
	return things.flatMap((first) =>
		permutationsOf(things.filter((thing) => thing !== first)).map((rest) => [first, ...rest]),
	);
}

async function varying(seeds: number, order: number): Promise<Tensor<Float64Array>> {
	const next = await normal(3);
	return { data: Float64Array.from({ length: seeds * order }, next), shape: [seeds, order] };
}

/** Coefficients, residuals and variances of all points, block by block. */
export async function byBlocks(engine: Engine, { pairs, group, targets }: Orbits): Promise<Values> {
	const fit = await engine.groupRegression(pairs, group, targets, { ridge: RIDGE, targetsVary: true });
	const { residual } = await fit.leaveOneOut();
	const order = targets.shape[1] as number;
	const variances = targets.data.map((_, at) => fit.variance.data[Math.floor(at / order)] as number);
	return joined(fit.coefficients.data, residual.data, variances);
}

/** The Gram of all points. */
export function wholeGram({ pairs, seeds, targets, quotient }: Orbits): Tensor<Float64Array> {
	const order = targets.shape[1] as number;
	const n = seeds * order;
	const data = new Float64Array(n * n);
	let row = 0;
	for (let a = 0; a < seeds; a++)
		for (let b = a; b < seeds; b++, row++)
			for (let g = 0; g < order; g++)
				for (let h = 0; h < order; h++) {
					const value = pairs.data[row * order + quotient(g, h)] as number;
					data[(a * order + g) * n + b * order + h] = value;
					data[(b * order + h) * n + a * order + g] = value;
				}
	return { data, shape: [n, n] };
}

/** The same numbers as `byBlocks` by Cholesky of the whole Gram. */
export async function byCholesky(engine: Engine, gram: Tensor<Float64Array>, { targets }: Orbits): Promise<Values> {
	const y = { data: targets.data, shape: [targets.data.length] };
	const fit = await engine.regression(gram, y, { ridge: RIDGE });
	const { residual } = await fit.leaveOneOut();
	// A residual is a coefficient over the inverse's diagonal entry.
	const variances = residual.data.map((rest, at) => rest / (fit.coefficients.data[at] as number) - fit.ridge);
	return joined(fit.coefficients.data, residual.data, variances);
}

/** Each part in units of its largest number: they count alike when results are compared. */
function joined(...parts: Float64Array[]): Values {
	return Float64Array.from(
		parts.flatMap((part) => {
			const largest = part.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
			return Array.from(part, (value) => value / largest);
		}),
	);
}
