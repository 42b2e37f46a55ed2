/**
 * jax-js on its wasm backend as an entrant, in singles: it takes doubles only where there is a Float16Array, which Node 20
 * lacks. Arrays are counted: each use but the last is a `ref`.
 * @module
 */
import { defaultDevice, grad, init, jit, lax, nn, numpy as np } from "@jax-js/jax";
import type { Tensor } from "../../ts/index.ts";
import type { Entrant, Values } from "../harness.ts";
import type { Job } from "../suites/training.ts";
import { packedParts, TOLERANCE, transforming } from "./fourier.ts";
import type { PerceptronGram, Product, Rows } from "./jobs.ts";

async function start(): Promise<void> {
	await init("wasm");
	defaultDevice("wasm");
}

const array = ({ data, shape }: Tensor) => np.array(Float32Array.from(data)).reshape(shape);

/** The product of matrices, compiled by `jit`. */
export async function jaxJsProduct({ a, b, tolerance }: Product): Promise<Entrant> {
	await start();
	const [left, right] = [array(a), array(b)];
	const multiply = jit((a: np.Array, b: np.Array) => np.matmul(a, b));
	return { name: "jax-js, wasm", run: async () => (await multiply(left.ref, right.ref).data()) as Values, tolerance };
}

/** The Gram by the ordinary recursion, compiled by `jit`. */
export async function jaxJsGram({ x, depth, tolerance }: PerceptronGram): Promise<Entrant> {
	await start();
	const [count, dimension] = x.shape as [number, number];
	const gram = jit((x: np.Array) => {
		let k = np.matmul(x.ref, np.transpose(x.ref)).div(dimension).add(1);
		let variances = np.square(x).sum(1).div(dimension).add(1);
		let ntk = k.ref;
		for (let layer = 0; layer < depth; layer++) {
			const lengths = np.sqrt(variances.ref);
			const scale = lengths.ref.reshape([count, 1]).mul(lengths.reshape([1, count]));
			const cosine = np.clip(k.div(scale.ref), -1, 1);
			const rest = np.subtract(Math.PI, np.arccos(cosine.ref));
			const sine = np.sqrt(np.subtract(1, np.square(cosine.ref)));
			k = scale
				.div(2 * Math.PI)
				.mul(sine.add(rest.ref.mul(cosine)))
				.add(1);
			ntk = ntk.mul(rest.div(2 * Math.PI)).add(k.ref);
			variances = variances.div(2).add(1);
		}
		k.dispose();
		variances.dispose();
		return ntk;
	});
	const input = array(x);
	return { name: "jax-js, wasm", run: async () => (await gram(input.ref).data()) as Values, tolerance };
}

/** The transforms of rows of any length, inside as complex ones. */
export async function jaxJsFourier(job: Rows): Promise<Entrant> {
	await start();
	const input = array(job.values);
	const shape = job.values.shape as [number, number];
	let spectrum: Float32Array[] = [];
	const work = async () => {
		const { real, imag } = np.fft.rfft(input.ref);
		spectrum = (await Promise.all([real.data(), imag.data()])) as Float32Array[];
	};
	return transforming("jax-js, wasm, f32", job, TOLERANCE.f32, work, () => packedParts(shape, spectrum));
}

type Weights = np.Array[];

function outputs(task: Job["task"], [first, middle, last]: Weights, x: np.Array): np.Array {
	if (task === "mlp")
		return np.matmul(nn.relu(np.matmul(x, first as np.Array).add(middle as np.Array)), last as np.Array);
	const layer = (x: np.Array, filters: np.Array) => nn.relu(lax.convGeneralDilated(x, filters, [1, 1], "VALID"));
	return np.matmul(np.mean(layer(layer(x, first as np.Array), middle as np.Array), [2, 3]), last as np.Array);
}

/** The training of either network; a step is compiled by `jit`. */
export async function jaxJs({ task, x, targets, weights, steps, tolerance }: Job): Promise<Entrant> {
	await start();
	const [count, ...size] = x.shape as [number, ...number[]];
	// Channels come first, in images as in filters.
	const input = array(task === "mlp" ? x : { ...x, shape: [count, 1, ...size] });
	const wanted = array(targets);
	const loss = (weights: Weights) => {
		const f = outputs(task, weights, input.ref);
		return task === "mlp"
			? np
					.square(f.sub(wanted.ref))
					.sum()
					.mul(0.5 / count)
			: nn
					.logSoftmax(f)
					.mul(wanted.ref)
					.sum()
					.mul(-1 / count);
	};
	const step = jit((weights: Weights, means: Weights, squares: Weights, time: np.Array) => {
		const gradients = grad(loss)(weights.map((weight) => weight.ref)) as Weights;
		const left = (beta: number, time: np.Array) => np.subtract(1, np.power(beta, time));
		const [mean, square] = [left(0.9, time.ref), left(0.999, time)];
		const moved = weights.map((weight, k) => {
			const gradient = gradients[k] as np.Array;
			const m = (means[k] as np.Array).mul(0.9).add(gradient.ref.mul(0.1));
			const v = (squares[k] as np.Array).mul(0.999).add(np.square(gradient).mul(0.001));
			const size = np.sqrt(v.ref.div(square.ref)).add(1e-8);
			return [weight.sub(m.ref.div(mean.ref).mul(1e-3).div(size)), m, v] as const;
		});
		mean.dispose();
		square.dispose();
		return [moved.map(([weight]) => weight), moved.map(([, m]) => m), moved.map(([, , v]) => v)];
	});
	const run = async () => {
		let state = [
			weights.map((weight) => (weight.shape.length < 4 ? array(weight) : array(weight).transpose([3, 2, 0, 1]))),
			weights.map(({ shape }) => np.zeros(filterShape(shape))),
			weights.map(({ shape }) => np.zeros(filterShape(shape))),
		] as [Weights, Weights, Weights];
		for (let k = 1; k <= steps; k++) state = step(...state, np.array(k)) as typeof state;
		const [trained, means, squares] = state;
		for (const moment of [...means, ...squares]) moment.dispose();
		return (await outputs(task, trained, input.ref).data()) as Float32Array;
	};
	return { name: "jax-js, wasm", run, tolerance };
}

const filterShape = (shape: number[]) =>
	shape.length < 4 ? shape : [shape[3], shape[2], shape[0], shape[1]].map((side) => side as number);
