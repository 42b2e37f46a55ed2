/**
 * The command that computes kernel matrices.
 * @module
 */
import { type KernelOptions, type Tensor, writeNpy } from "../index.ts";
import { command } from "./command.ts";
import { withEngine } from "./engine.ts";
import { naming, readArray, readNetwork } from "./input.ts";
import { oneOf, required, text, withDefault, workers } from "./options.ts";
import { produce } from "./output.ts";
import { withProgress } from "./progress.ts";

const NETWORK = '{"type":"serial","layers":[{"type":"dense","biasStd":1},{"type":"relu"},{"type":"dense"}]}';
const KERNEL = '{"type":"rbfKernel","gamma":0.5}';

export const gram = command({
	name: "gram",
	summary: "the kernel matrix of a network or kernel",
	details:
		"Writes the NTK or NNGP kernel of an infinitely wide network, or a classical kernel, between all samples of x, or between those of x (rows) and of y (columns). Arrays are NumPy files; the first dimension counts samples, and convolutional networks read images, n × H × W (× C).",
	options: {
		network: required(text("net.json", "the network, or the kernel, as JSON")),
		x: required(text("a.npy", "the samples, n × …")),
		y: text("b.npy", "other samples, m × …, for a kernel of n × m"),
		kernel: withDefault(
			"ntk",
			oneOf(["ntk", "nngp"], "of gradient descent, or of random weights; a classical kernel is both"),
		),
		precision: withDefault("f64", oneOf(["f64", "f32"], "of arithmetic and of the result")),
		workers,
		out: required(text("k.npy", "the kernel matrix, f8, or f4 for f32")),
	},
	examples: [
		["orbit-kernels gram --network net.json --x a.npy --out k.npy", "the NTK between all samples of a.npy"],
		[`echo '${NETWORK}' > net.json`, "a network: one hidden layer, biases in it"],
		[`echo '${KERNEL}' > net.json`, "a classical kernel"],
		[
			"orbit-kernels gram --network net.json --x new.npy --y a.npy --out cross.npy",
			"between new samples and known ones",
		],
	],

	async run({ network: file, x, y, kernel, precision, workers, out }, { signal }) {
		const network = await readNetwork("network", file);
		const samples = await readArray("x", x);
		const others = y === undefined ? samples : await readArray("y", y);
		const sources = { network: `--network ${file}`, x: `--x ${x}`, other: `--y ${y}`, memory: `--x ${x}` };
		await produce("out", [out], () =>
			withEngine(workers, signal, (engine) =>
				withProgress(`gram ${samples.shape[0]} × ${others.shape[0]}`, "entries", async (onProgress) => {
					const options: KernelOptions = { kernels: [kernel], precision, signal, onProgress };
					const kernels = await naming(sources, () =>
						y === undefined ? engine.gram(network, samples, options) : engine.gram(network, samples, others, options),
					);
					return [writeNpy(kernels[kernel] as Tensor)];
				}),
			),
		);
		const size = `${samples.shape[0]} × ${others.shape[0]}`;
		process.stdout.write(`${out}: ${kernel}, ${size}, ${precision}\n`);
	},
});
