/**
 * Dense kernels in plain TypeScript, written for speed: what a good user of typed arrays would write instead of this
 * library, and the honest competitor of the benchmarks.
 *
 * The register-blocked product of `product.ts`, tile by tile; then all layers on one row of a tile while it is in the
 * L1 cache; of a symmetric Gram the upper half only. The recursion is the ordinary one (cosine, `Math.acos`): it loses
 * up to half the digits for nearly equal inputs, and is the cheaper one for that. Single precision computes in doubles,
 * as JavaScript's numbers do, and only stores singles.
 *
 * Sources: Y. Cho, L. K. Saul, "Kernel Methods for Deep Learning" (2009), for relu; C. K. I. Williams, "Computing with
 * Infinite Networks" (1997), for erf; A. Jacot, F. Gabriel, C. Hongler, "Neural Tangent Kernel" (2018).
 * @module
 */
import type { Tensor } from "../../ts/arrays.ts";
import type { Network } from "../../ts/network.ts";
import { multiplyTile, TILE } from "./product.ts";

/** What to compute. */
export interface Options {
	/** Default "ntk". */
	kernel?: "nngp" | "ntk";
	/** Type of the result; default "f64". */
	precision?: "f64" | "f32";
}

/** One map of a row of NNGP and NTK values. */
type Step =
	| { type: "dense"; weight: number; bias: number }
	| { type: "relu" }
	| { type: "erf"; factor: number; s: number; constant: number };

/** Per sample and step, the two numbers whose products with those of another sample enter a pair. */
interface Factors {
	first: Float64Array;
	second: Float64Array;
}

/** Samples in doubles, with their factors for each step. */
interface Side {
	x: Float64Array;
	count: number;
	dimension: number;
	factors: Factors[];
}

/**
 * A kernel matrix, [samples of x, samples of other].
 *
 * @param network layers dense, relu, erf, identity, serial
 * @param x samples, [n, …]
 * @param other samples of the same size; missing: x itself, and the result is symmetric
 * @example
 * kernelMatrix(serial(dense(), relu(), dense()), { data: Float64Array.of(1, 0, 0, 1), shape: [2, 2] }).data // 4 numbers
 */
export function kernelMatrix(network: Network, x: Tensor, other?: Tensor, options: Options = {}): Tensor {
	const { kernel = "ntk", precision = "f64" } = options;
	const steps = stepsOf(network);
	const rows = sideOf(x, steps);
	const columns = other ? sideOf(other, steps) : rows;
	const size = rows.count * columns.count;
	const out = precision === "f32" ? new Float32Array(size) : new Float64Array(size);
	const nngp = new Float64Array(TILE * TILE);
	const ntk = new Float64Array(TILE * TILE);
	const wanted = kernel === "ntk" ? ntk : nngp;
	const turned = new Float64Array(TILE);
	for (let top = 0; top < rows.count; top += TILE) {
		const height = Math.min(TILE, rows.count - top);
		for (let left = other ? 0 : top; left < columns.count; left += TILE) {
			const width = Math.min(TILE, columns.count - left);
			const onDiagonal = !other && left === top;
			multiplyTile(rows.x, top, height, columns.x, left, width, rows.dimension, nngp, onDiagonal);
			for (let i = 0; i < height; i++) {
				const from = i * TILE + (onDiagonal ? i : 0);
				const to = i * TILE + width;
				runLayers(steps, nngp, ntk, from, to, rows, top + i, columns, left - i * TILE);
				const at = (top + i) * columns.count + left - i * TILE;
				out.set(wanted.subarray(from, to), at + from);
			}
			if (other) continue;
			for (let j = 0; j < width; j++) {
				const end = onDiagonal ? j : height;
				for (let i = 0; i < end; i++) turned[i] = wanted[i * TILE + j] as number;
				out.set(turned.subarray(0, end), (left + j) * columns.count + top);
			}
		}
	}
	return { data: out, shape: [rows.count, columns.count] };
}

function stepsOf(network: Network): Step[] {
	switch (network.type) {
		case "serial":
			return network.layers.flatMap(stepsOf);
		case "dense":
			return [{ type: "dense", weight: (network.weightStd ?? 1) ** 2, bias: (network.biasStd ?? 0) ** 2 }];
		case "relu":
			return [{ type: "relu" }];
		case "erf": {
			const { a = 1, b = 1, c = 0 } = network;
			return [{ type: "erf", factor: (2 * a * a) / Math.PI, s: 2 * b * b, constant: c * c }];
		}
		case "identity":
			return [];
		default:
			throw new Error(`not a layer of these kernels: ${network.type}`);
	}
}

function sideOf({ data, shape }: Tensor, steps: Step[]): Side {
	const count = shape[0] as number;
	const dimension = data.length / count;
	const x = new Float64Array(data);
	const q = new Float64Array(count);
	for (let i = 0; i < count; i++) {
		let sum = 0;
		for (let k = i * dimension; k < (i + 1) * dimension; k++) sum += (x[k] as number) ** 2;
		q[i] = sum / dimension;
	}
	// The product is of x/√d.
	const scale = 1 / Math.sqrt(dimension);
	for (let k = 0; k < x.length; k++) x[k] = (x[k] as number) * scale;
	return { x, count, dimension, factors: steps.map((step) => factorsOf(step, q)) };
}

/** The factors of a step for samples of variances q, which are replaced by the new ones. */
function factorsOf(step: Step, q: Float64Array): Factors {
	switch (step.type) {
		case "dense":
			for (let i = 0; i < q.length; i++) q[i] = step.weight * (q[i] as number) + step.bias;
			return { first: new Float64Array(0), second: new Float64Array(0) };
		case "relu": {
			const first = q.map(Math.sqrt);
			const second = first.map((root) => (root === 0 ? 0 : 1 / root));
			for (let i = 0; i < q.length; i++) q[i] = (q[i] as number) / 2;
			return { first, second };
		}
		case "erf": {
			const { factor, s, constant } = step;
			const first = q.map((value) => 1 / Math.sqrt(1 + s * value));
			for (let i = 0; i < q.length; i++) {
				const value = s * (q[i] as number);
				q[i] = factor * Math.asin(value / (1 + value)) + constant;
			}
			return { first, second: first };
		}
	}
}

/** Runs all steps on entries `from…to` of a tile: row `i` of `rows` with columns `entry + shift`. */
function runLayers(
	steps: Step[],
	nngp: Float64Array,
	ntk: Float64Array,
	from: number,
	to: number,
	rows: Side,
	i: number,
	columns: Side,
	shift: number,
): void {
	ntk.fill(0, from, to);
	for (let k = 0; k < steps.length; k++) {
		const step = steps[k] as Step;
		const row = rows.factors[k] as Factors;
		const column = columns.factors[k] as Factors;
		if (step.type === "dense") dense(nngp, ntk, from, to, step.weight, step.bias);
		else if (step.type === "relu") {
			const [root, inverse] = [row.first[i] as number, row.second[i] as number];
			relu(nngp, ntk, from, to, root, inverse, column.first, column.second, shift);
		} else erf(nngp, ntk, from, to, step, row.first[i] as number, column.first, shift);
	}
}

function dense(nngp: Float64Array, ntk: Float64Array, from: number, to: number, weight: number, bias: number): void {
	for (let j = from; j < to; j++) {
		const covariance = weight * (nngp[j] as number) + bias;
		nngp[j] = covariance;
		ntk[j] = covariance + weight * (ntk[j] as number);
	}
}

function relu(
	nngp: Float64Array,
	ntk: Float64Array,
	from: number,
	to: number,
	root: number,
	inverse: number,
	roots: Float64Array,
	inverses: Float64Array,
	shift: number,
): void {
	const perTurn = 1 / (2 * Math.PI);
	for (let j = from; j < to; j++) {
		const quotient = (nngp[j] as number) * inverse * (inverses[j + shift] as number);
		const cosine = quotient > 1 ? 1 : quotient < -1 ? -1 : quotient;
		const rest = Math.PI - Math.acos(cosine);
		const scale = root * (roots[j + shift] as number) * perTurn;
		nngp[j] = scale * (Math.sqrt(1 - cosine * cosine) + rest * cosine);
		ntk[j] = (ntk[j] as number) * rest * perTurn;
	}
}

function erf(
	nngp: Float64Array,
	ntk: Float64Array,
	from: number,
	to: number,
	{ factor, s, constant }: { factor: number; s: number; constant: number },
	inverse: number,
	inverses: Float64Array,
	shift: number,
): void {
	for (let j = from; j < to; j++) {
		const scale = s * inverse * (inverses[j + shift] as number);
		const sine = scale * (nngp[j] as number);
		nngp[j] = factor * Math.asin(sine) + constant;
		ntk[j] = ((ntk[j] as number) * factor * scale) / Math.sqrt(1 - sine * sine);
	}
}
