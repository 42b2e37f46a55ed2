/**
 * What single precision costs in digits: writes docs/precision.md.
 * @module
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Kernels, Network, Tensor } from "../../ts/index.ts";
import { digits, gaussian } from "../data.ts";
import { loadLibrary } from "../host/node.ts";
import type { Report } from "../report.ts";

const COUNT = 512;
const DIMENSION = 784;
const DEPTHS = [1, 2, 5, 20];
const KERNELS = ["nngp", "ntk"] as const;

/** Errors of a kernel in single precision. */
interface Errors {
	/** Largest |k₃₂ − k₆₄| / √(k₆₄(x,x) k₆₄(x',x')). */
	largest: number;
	/** The same, root mean square. */
	typical: number;
}

function errors(single: Tensor, double: Tensor): Errors {
	const n = double.shape[0] as number;
	const scale = Float64Array.from({ length: n }, (_, i) => Math.sqrt(double.data[i * (n + 1)] as number));
	let [largest, squares] = [0, 0];
	for (let i = 0; i < n; i++)
		for (let j = 0; j < n; j++) {
			const gap = (single.data[i * n + j] as number) - (double.data[i * n + j] as number);
			const error = Math.abs(gap) / ((scale[i] as number) * (scale[j] as number));
			largest = Math.max(largest, error);
			squares += error * error;
		}
	return { largest, typical: Math.sqrt(squares) / n };
}

/** Runs the benchmark; it takes no arguments. */
export async function run(report: Report): Promise<void> {
	const { createEngine, dense, erf, relu, serial } = await loadLibrary();
	const engine = await createEngine();
	try {
		const pixels = await digits(engine, COUNT);
		const inputs: [string, Tensor][] = [
			["unit-norm digits", pixels.x],
			["Gaussian data", await gaussian(COUNT, DIMENSION, 1)],
		];
		const networks = [
			...DEPTHS.map((depth) => ["relu", depth, { biasStd: 1 }] as const),
			["relu", 5, { weightStd: Math.SQRT2 }] as const,
			["erf", 5, { biasStd: 1 }] as const,
		];
		const rows: string[] = [];
		for (const [data, x] of inputs)
			for (const [activation, depth, options] of networks) {
				const hidden = () => [dense(options), activation === "relu" ? relu() : erf()];
				const network: Network = serial(...Array.from({ length: depth }, hidden).flat(), dense(options));
				const double: Kernels = await engine.gram(network, x, { kernels: KERNELS });
				const single: Kernels = await engine.gram(network, x, { kernels: KERNELS, precision: "f32" });
				const found = KERNELS.map((name) => errors(single[name] as Tensor, double[name] as Tensor));
				const layers = `${depth} × ${activation}, ${"biasStd" in options ? "biases" : "no biases, weightStd √2"}`;
				for (const [k, name] of KERNELS.entries())
					report.fact(`${data}, ${layers}, ${name}`, (found[k] as Errors).largest.toExponential(1));
				const cells = found.flatMap(({ largest, typical }) => [largest, typical].map((e) => e.toExponential(1)));
				rows.push(`| ${data} | ${layers} | ${cells.join(" | ")} |`);
			}
		writeFileSync(join("docs", "precision.md"), page(pixels.name, rows));
	} finally {
		await engine.dispose();
	}
}

const page = (digitsName: string, rows: string[]) => `# Precision

Written by \`npm run bench -- precision\`; the tests hold the double precision numbers against 40-digit arithmetic.

**Double precision** (the default) keeps all digits whatever the angle between two inputs: the recursion carries
1 − cos of the angle instead of the cosine, taken from the difference of the inputs where they are nearly parallel. The
Gram has the same bits with any number of workers, in Node and in browsers.

**Single precision** (\`precision: "f32"\`) does all arithmetic on pairs in 24-bit floats; what belongs to a single sample
is computed in double precision and rounded. Its error against double precision, as a fraction of √(k(x,x)·k(x',x')), over
all pairs of ${COUNT} samples of ${DIMENSION} numbers (digits: ${digitsName}, one in 32 a nearly equal copy of
another):

| data | network | NNGP, largest | NNGP, rms | NTK, largest | NTK, rms |
|---|---|---|---|---|---|
${rows.join("\n")}

It is meant for looking at kernels. A regression solves with the Gram in double precision in any case, but a Gram whose
errors exceed its smallest eigenvalues needs a ridge above them.
`;
