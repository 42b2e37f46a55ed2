/**
 * NTKs of convolutional ReLU networks in plain TypeScript, offset by offset: what a good user of typed arrays would
 * write instead of this library, and the honest competitor of the benchmarks.
 *
 * Stride 1 and circular padding never mix location pairs of different offset, so one offset at a time runs through all
 * layers in the L1 cache. Only 3 × 3 filters: loops over the taps would halve the speed.
 *
 * What the shape of the code is for, found by reading V8's machine code (Node 20, x64) and by measuring:
 * - All arrays of the inner loops are constants of a closure, see `product.ts`.
 * - The box sums and the ReLU have loops of their own: together they need more registers than there are, and are slower.
 * - `Math.acos` is a call; angle = sine · rational function of the cosine needs none. Nothing is clamped in the loop:
 *   a cosine that rounding moved past 1 is reflected, as far from 1 as it was wrong anyway.
 * - Single precision computes in doubles, as JavaScript's numbers do, with a shorter rational function. Arrays of
 *   singles were slower: each load and store is a conversion.
 *
 * As with any recursion that goes by the cosine, nearly parallel patches cost up to half the digits of their pairs.
 * @module
 */

/** Images and the network: `depth` times conv and relu, then the pooling and a dense layer of weightStd 1. */
export interface ConvTask {
	/** [count, height, width], one channel. */
	x: Float64Array;
	/** [otherCount, height, width] */
	other: Float64Array;
	height: number;
	width: number;
	depth: number;
	weightStd: number;
	biasStd: number;
	pooling: "gap" | "flatten";
	precision: "f64" | "f32";
}

/** Rows and columns, and layers, that the constant arrays have room for. */
const LARGEST = 64;
const LAYERS = 24;

/** One image, and its standard deviations and their reciprocals at each location, layer by layer. */
interface Side {
	image: Float64Array;
	roots: Float64Array;
	inverses: Float64Array;
}

const FILTER = 3;
const TAPS = FILTER ** 2;

/** The covariances of one offset, those of its two images that the layers need, and the layers. */
const { load, runOffset } = (() => {
	// With one more column at each side, which repeats that of the other side.
	const size = LARGEST * (LARGEST + 2);
	const nngp = new Float64Array(size);
	const ntk = new Float64Array(size);
	const nngpSums = new Float64Array(size);
	const ntkSums = new Float64Array(size);
	const perImage = LARGEST * LARGEST;
	const image = new Float64Array(perImage);
	const roots = new Float64Array(LAYERS * perImage);
	const inverses = new Float64Array(LAYERS * perImage);
	// Room for all columns twice.
	const otherImage = new Float64Array(2 * perImage);
	const otherRoots = new Float64Array(2 * LAYERS * perImage);
	const otherInverses = new Float64Array(2 * LAYERS * perImage);
	const perTurn = 1 / (2 * Math.PI);

	/** Takes the images of the next pair, or one of them. */
	function load(side: "image" | "other", from: Side): void {
		const [toImage, toRoots, toInverses] =
			side === "image" ? [image, roots, inverses] : [otherImage, otherRoots, otherInverses];
		toImage.set(from.image);
		toRoots.set(from.roots);
		toInverses.set(from.inverses);
	}

	/** Sums over 3 × 3 locations of the NNGP covariances. */
	function sumNngp(height: number, width: number): void {
		const stride = (width + 2) | 0;
		for (let i = 0; i < height; i++) {
			let above = ((i === 0 ? height - 1 : i - 1) * stride) | 0;
			let p = (i * stride) | 0;
			let below = ((i === height - 1 ? 0 : i + 1) * stride) | 0;
			const end = (p + width) | 0;
			let left = (nngp[above] as number) + (nngp[p] as number) + (nngp[below] as number);
			above = (above + 1) | 0;
			p = (p + 1) | 0;
			below = (below + 1) | 0;
			let middle = (nngp[above] as number) + (nngp[p] as number) + (nngp[below] as number);
			while (p <= end) {
				above = (above + 1) | 0;
				below = (below + 1) | 0;
				const right = (nngp[above] as number) + (nngp[(p + 1) | 0] as number) + (nngp[below] as number);
				nngpSums[p] = left + middle + right;
				left = middle;
				middle = right;
				p = (p + 1) | 0;
			}
		}
	}

	/** The same of the NTK. */
	function sumNtk(height: number, width: number): void {
		const stride = (width + 2) | 0;
		for (let i = 0; i < height; i++) {
			let above = ((i === 0 ? height - 1 : i - 1) * stride) | 0;
			let p = (i * stride) | 0;
			let below = ((i === height - 1 ? 0 : i + 1) * stride) | 0;
			const end = (p + width) | 0;
			let left = (ntk[above] as number) + (ntk[p] as number) + (ntk[below] as number);
			above = (above + 1) | 0;
			p = (p + 1) | 0;
			below = (below + 1) | 0;
			let middle = (ntk[above] as number) + (ntk[p] as number) + (ntk[below] as number);
			while (p <= end) {
				above = (above + 1) | 0;
				below = (below + 1) | 0;
				const right = (ntk[above] as number) + (ntk[(p + 1) | 0] as number) + (ntk[below] as number);
				ntkSums[p] = left + middle + right;
				left = middle;
				middle = right;
				p = (p + 1) | 0;
			}
		}
	}

	/** Weights, bias and ReLU of `width` location pairs: `p` in the sums, `q` and `r` in the images' deviations. */
	function reluRow(p: number, q: number, r: number, width: number, weight: number, bias: number): number {
		let total = 0;
		const end = (p + width) | 0;
		while (p < end) {
			const covariance = weight * (nngpSums[p] as number) + bias;
			const cosine = covariance * (inverses[q] as number) * (otherInverses[r] as number);
			const u = Math.abs(1 - Math.abs(cosine));
			const sine = Math.sqrt(u * (2 - u));
			const u2 = u * u;
			const u4 = u2 * u2;
			const above =
				-1.3612805359660476 * u +
				0.9999999999999999 +
				(-0.1487619896785116 * u + 0.6777380449752548) * u2 +
				(-0.0003392358397640507 * u + 0.013443098476252953) * u4;
			const below =
				-1.6946138692994068 * u +
				1 +
				(-0.34971499806388906 * u + 1.109276001409305) * u2 +
				(0.00005759582510379133 * u2 - 0.0034538190605252262 * u + 0.053549550581560745) * u4;
			const angle = sine * (above / below);
			const rest = cosine < 0 ? angle : Math.PI - angle;
			const next = (roots[q] as number) * (otherRoots[r] as number) * (sine + rest * cosine);
			const nextNtk = (weight * (ntkSums[p] as number) + covariance) * (rest * perTurn);
			nngp[p] = next;
			ntk[p] = nextNtk;
			total += next + nextNtk;
			p = (p + 1) | 0;
			q = (q + 1) | 0;
			r = (r + 1) | 0;
		}
		return total;
	}

	/** The same with a relative error of 2e-8 of the angle. */
	function reluRowSingle(p: number, q: number, r: number, width: number, weight: number, bias: number): number {
		let total = 0;
		const end = (p + width) | 0;
		while (p < end) {
			const covariance = weight * (nngpSums[p] as number) + bias;
			const cosine = covariance * (inverses[q] as number) * (otherInverses[r] as number);
			const u = Math.abs(1 - Math.abs(cosine));
			const sine = Math.sqrt(u * (2 - u));
			const u2 = u * u;
			const above = 0.059671036407077806 * u2 + (-0.550349325010825 * u + 0.9999999813559004);
			const below = (-0.01297951014767138 * u + 0.22090742255031512) * u2 + (-0.8836836451735707 * u + 1);
			const angle = sine * (above / below);
			const rest = cosine < 0 ? angle : Math.PI - angle;
			const next = (roots[q] as number) * (otherRoots[r] as number) * (sine + rest * cosine);
			const nextNtk = (weight * (ntkSums[p] as number) + covariance) * (rest * perTurn);
			nngp[p] = next;
			ntk[p] = nextNtk;
			total += next + nextNtk;
			p = (p + 1) | 0;
			q = (q + 1) | 0;
			r = (r + 1) | 0;
		}
		return total;
	}

	/** Products of the pixels of one image with those of the other, `down` and `right` of them; rows of the other's arrays. */
	function multiply(height: number, width: number, down: number, right: number, stride: number): void {
		for (let i = 0; i < height; i++) {
			let p = (i * (width + 2) + 1) | 0;
			let q = (i * width) | 0;
			let r = (((i + down) % height) * stride + right) | 0;
			const end = (q + width) | 0;
			while (q < end) {
				nngp[p] = (image[q] as number) * (otherImage[r] as number);
				p = (p + 1) | 0;
				q = (q + 1) | 0;
				r = (r + 1) | 0;
			}
			repeatEnds(nngp, i * (width + 2), width);
		}
	}

	function repeatEnds(values: Float64Array, start: number, width: number): void {
		values[start] = values[start + width] as number;
		values[start + width + 1] = values[start + 1] as number;
	}

	/** The sum of NNGP and NTK over all location pairs of one offset, after all layers. */
	function runOffset(task: ConvTask, down: number, right: number): number {
		const { height, width, depth } = task;
		const bias = task.biasStd ** 2;
		const weight = task.weightStd ** 2 / TAPS;
		const single = task.precision === "f32";
		const stride = strideOf(task);
		multiply(height, width, down, right, stride);
		ntkSums.fill(0, 0, height * (width + 2));
		let total = 0;
		for (let layer = 0; layer < depth; layer++) {
			sumNngp(height, width);
			if (layer > 0) sumNtk(height, width);
			total = 0;
			for (let i = 0; i < height; i++) {
				const start = i * (width + 2);
				const q = (layer * height + i) * width;
				const r = (layer * height + ((i + down) % height)) * stride + right;
				total += single
					? reluRowSingle(start + 1, q, r, width, weight, bias)
					: reluRow(start + 1, q, r, width, weight, bias);
				repeatEnds(nngp, start, width);
				repeatEnds(ntk, start, width);
			}
		}
		return total;
	}

	return { load, runOffset };
})();

/**
 * The NTK of each image of `x` (rows) with each of `other` (columns).
 *
 * @throws Error when an image or the network is larger than the constant arrays
 * @example
 * convGram({ x, other: x, height: 28, width: 28, depth: 1, weightStd: 1, biasStd: 0, pooling: "gap", precision: "f64" })
 */
export function convGram(task: ConvTask): Float64Array | Float32Array {
	const { x, other, height, width, depth, pooling, precision } = task;
	if (Math.max(height, width) > LARGEST || depth > LAYERS) throw new Error("too large for this competitor");
	const size = height * width;
	const [rows, columns] = [x.length / size, other.length / size];
	const columnSides = Array.from({ length: columns }, (_, j) => columnSide(imageOf(other, j, size), task));
	const out = new (precision === "f32" ? Float32Array : Float64Array)(rows * columns);
	for (let i = 0; i < rows; i++) {
		load("image", rowSide(imageOf(x, i, size), task));
		for (let j = 0; j < columns; j++) {
			load("other", columnSides[j] as Side);
			out[i * columns + j] = pooling === "gap" ? sumOffsets(task) / size ** 2 : runOffset(task, 0, 0) / size;
		}
	}
	return out;
}

/** Of columns, all are kept twice where they are shifted, so that a shifted row is one piece. */
const strideOf = ({ width, pooling }: ConvTask) => (pooling === "gap" ? 2 : 1) * width;

const imageOf = (x: Float64Array, index: number, size: number) => x.subarray(index * size, (index + 1) * size);

function sumOffsets(task: ConvTask): number {
	let total = 0;
	for (let down = 0; down < task.height; down++)
		for (let right = 0; right < task.width; right++) total += runOffset(task, down, right);
	return total;
}

/** An image of the rows: the recursion's 1/2π of each layer is put into its deviations. */
function rowSide(image: Float64Array, task: ConvTask): Side {
	const { roots, inverses } = deviationsOf(image, task);
	return { image, roots: roots.map((root) => root / (2 * Math.PI)), inverses };
}

function columnSide(image: Float64Array, task: ConvTask): Side {
	const { roots, inverses } = deviationsOf(image, task);
	const stride = strideOf(task);
	const repeated = (values: Float64Array) => {
		const out = new Float64Array((values.length / task.width) * stride);
		for (let k = 0; k < out.length; k++)
			out[k] = values[Math.floor(k / stride) * task.width + ((k % stride) % task.width)] as number;
		return out;
	};
	return { image: repeated(image), roots: repeated(roots), inverses: repeated(inverses) };
}

/** The deviations of one image before each ReLU. */
function deviationsOf(image: Float64Array, task: ConvTask): Omit<Side, "image"> {
	const { height, width, depth } = task;
	const size = height * width;
	const roots = new Float64Array(depth * size);
	const inverses = new Float64Array(depth * size);
	let variances = image.map((value) => value * value);
	for (let layer = 0; layer < depth; layer++) {
		const sums = new Float64Array(size);
		for (let i = 0; i < height; i++)
			for (let j = 0; j < width; j++)
				for (let tap = 0; tap < TAPS; tap++) {
					const row = (i + Math.floor(tap / FILTER) - 1 + height) % height;
					const column = (j + (tap % FILTER) - 1 + width) % width;
					sums[i * width + j] = (sums[i * width + j] as number) + (variances[row * width + column] as number);
				}
		variances = sums.map((sum) => (task.weightStd ** 2 * sum) / TAPS + task.biasStd ** 2);
		for (let p = 0; p < size; p++) {
			const root = Math.sqrt(variances[p] as number);
			roots[layer * size + p] = root;
			inverses[layer * size + p] = root === 0 ? 0 : 1 / root;
		}
		variances = variances.map((variance) => variance / 2);
	}
	return { roots, inverses };
}
