/**
 * tfjs in one thread as an entrant, in singles: it has no others. "wasm" is its backend with SIMD, "cpu" the plain one.
 * @module
 */
import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-core/dist/register_all_gradients.js";
import { setWasmPaths, version_wasm } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import type { Tensor } from "../../ts/index.ts";
import type { Entrant } from "../harness.ts";
import { wasmPath } from "../host/node.ts";
import type { Job } from "../suites/training.ts";
import { packedParts, TOLERANCE, transforming } from "./fourier.ts";
import type { PerceptronGram, Product, Rows } from "./jobs.ts";

/** All its packages have the same. */
export const tfjsVersion: string = version_wasm;

/** Makes a backend the one that is used; there is one at a time. */
async function start(backend: "wasm" | "cpu"): Promise<void> {
	setWasmPaths(wasmPath());
	tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
	await tf.setBackend(backend);
}

const tensor = ({ data, shape }: Tensor) => tf.tensor(Float32Array.from(data), shape);

/** The product of matrices. */
export async function tfjsProduct(backend: "wasm" | "cpu", { a, b, tolerance }: Product): Promise<Entrant> {
	await start(backend);
	const [left, right] = [tensor(a), tensor(b)] as [tf.Tensor2D, tf.Tensor2D];
	const run = async () => {
		await start(backend);
		const product = tf.matMul(left, right);
		const values = (await product.data()) as Float32Array;
		product.dispose();
		return values;
	};
	return { name: `tfjs, ${backend}`, run, tolerance };
}

/** The Gram by the ordinary recursion, a tensor an operation. */
export async function tfjsGram({ x, depth, tolerance }: PerceptronGram): Promise<Entrant> {
	await start("wasm");
	const [input, dimension] = [tensor(x) as tf.Tensor2D, x.shape[1] as number];
	const gram = () => {
		let k: tf.Tensor = tf.add(tf.div(tf.matMul(input, input, false, true), dimension), 1);
		let variances: tf.Tensor = tf.add(tf.div(tf.sum(tf.square(input), 1), dimension), 1);
		let ntk = k;
		for (let layer = 0; layer < depth; layer++) {
			const lengths = tf.sqrt(variances);
			const scale = tf.mul(tf.expandDims(lengths, 1), tf.expandDims(lengths, 0));
			const cosine = tf.clipByValue(tf.div(k, scale), -1, 1);
			const rest = tf.sub(Math.PI, tf.acos(cosine));
			const sine = tf.sqrt(tf.sub(1, tf.square(cosine)));
			k = tf.add(tf.mul(tf.div(scale, 2 * Math.PI), tf.add(sine, tf.mul(rest, cosine))), 1);
			ntk = tf.add(k, tf.mul(ntk, tf.div(rest, 2 * Math.PI)));
			variances = tf.add(tf.div(variances, 2), 1);
		}
		return ntk;
	};
	const run = async () => {
		await start("wasm");
		const ntk = tf.tidy(gram);
		const values = (await ntk.data()) as Float32Array;
		ntk.dispose();
		return values;
	};
	return { name: "tfjs, wasm", run, tolerance };
}

/** The transforms of rows of any length, which only the plain backend has; of lengths that are no powers of two by definition. */
export async function tfjsFourier(job: Rows): Promise<Entrant> {
	await start("cpu");
	const input = tensor(job.values) as tf.Tensor2D;
	let spectrum: Float32Array[] = [];
	const work = async () => {
		await start("cpu");
		const transformed = tf.spectral.rfft(input);
		const parts = [tf.real(transformed), tf.imag(transformed)];
		spectrum = (await Promise.all(parts.map((part) => part.data()))) as Float32Array[];
		tf.dispose([transformed, ...parts]);
	};
	return transforming("tfjs, cpu, f32", job, TOLERANCE.f32, work, () => packedParts(input.shape, spectrum));
}

/** The perceptron's training on wasm: there are no gradients of convolutions there, and a step on the plain backend takes a minute. */
export async function tfjs({
	x,
	targets,
	weights,
	steps,
	tolerance,
}: Job): Promise<{ entrant: Entrant; version: string }> {
	await start("wasm");
	const [input, wanted] = [tensor(x), tensor(targets)] as [tf.Tensor2D, tf.Tensor2D];
	const run = async () => {
		const [first, bias, last] = weights.map((weight) => tf.variable(tensor(weight))) as [
			tf.Variable<tf.Rank.R2>,
			tf.Variable,
			tf.Variable<tf.Rank.R2>,
		];
		const outputs = () => tf.matMul(tf.relu(tf.add(tf.matMul(input, first), bias)), last);
		const optimizer = tf.train.adam(1e-3, 0.9, 0.999, 1e-8);
		for (let step = 0; step < steps; step++)
			optimizer.minimize(() => tf.mul(tf.mean(tf.sum(tf.square(tf.sub(outputs(), wanted)), 1)), 0.5) as tf.Scalar);
		const result = tf.tidy(outputs);
		const values = (await result.data()) as Float32Array;
		tf.dispose([first, bias, last, result]);
		optimizer.dispose();
		return values;
	};
	return { entrant: { name: "tfjs, wasm", run, tolerance }, version: tfjsVersion };
}
