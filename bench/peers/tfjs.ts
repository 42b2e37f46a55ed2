/**
 * tfjs on its wasm backend, one thread, as an entrant: it has no gradients of convolutions there, and on its plain backend
 * one step of the benchmark's takes a minute.
 * @module
 */
import "@tensorflow/tfjs-core/dist/register_all_gradients.js";
import { setWasmPaths, version_wasm } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import type { Entrant } from "../harness.ts";
import { wasmPath } from "../host/node.ts";
import type { Job } from "../suites/training.ts";

/** The perceptron's training. */
export async function tfjs({
	x,
	targets,
	weights,
	steps,
	tolerance,
}: Job): Promise<{ entrant: Entrant; version: string }> {
	setWasmPaths(wasmPath());
	tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
	await tf.setBackend("wasm");
	const tensor = ({ data, shape }: Job["x"]) => tf.tensor(Float32Array.from(data), shape);
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
	return { entrant: { name: "tfjs, wasm", run, tolerance }, version: version_wasm };
}
