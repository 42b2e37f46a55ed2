/**
 * The command that explains why the held-out poses of two images are read rightly or wrongly.
 * @module
 */
import { basename, join } from "node:path";
import { dataOf } from "../../figures/figure.ts";
import { type Digits, loadWhy } from "../../figures/index.ts";
import { mlp } from "../../figures/networks.ts";
import { someOf } from "../../figures/parts.ts";
import type { Engine } from "../index.ts";
import { command } from "./command.ts";
import { digitsOptions, readDigits } from "./digits.ts";
import { withEngine } from "./engine.ts";
import { readImage } from "./images.ts";
import { naming, readNetwork, sourceOf } from "./input.ts";
import { integer, integers, text, usageError, withDefault, workers } from "./options.ts";
import { makeFolder } from "./output.ts";
import { withProgress } from "./progress.ts";
import { showResult, writeReport } from "./report.ts";
import { emphasis } from "./terminal.ts";

/** What is explained where nothing is named. */
const PAIR = [3, 8] as const;

/** Two images, and what they are in words. */
interface Pair {
	digits: Digits;
	names: [string, string];
}

export const why = command({
	name: "why",
	summary: "why unseen poses of two images are read rightly or wrongly",
	details:
		"Shows two images to a network of infinite width, each in all of N turns but one, and explains in one picture and one sentence why the held-out pose is read rightly or wrongly: how far the classes are apart, how dense the poses lie, how far the kernel is from having the symmetry, and what networks of finite width change. A and B are images of one size: .npy files, H × W, or PNG; bright on dark, as what turns into the corners is 0. Without them, two of the digits.",
	operands: "[A B]",
	options: {
		network: text("net.json", "the network as JSON [default: one hidden layer, ReLU]"),
		pair: {
			...integers(0, `which digits instead of A and B, the first being 0 [default: ${PAIR}]`),
			hint: "i,j",
			expected: "two different integers ≥ 0 with a comma between them",
			parse: (typed) => {
				const pair = integers(0, "").parse(typed);
				return pair?.length === 2 ? pair : undefined;
			},
		},
		...digitsOptions,
		poses: withDefault("8", integer(2, "turns of each image, N")),
		to: withDefault("64", integer(2, "the greatest N at which the error is computed")),
		width: withDefault("512", integer(1, "hidden units of the networks of finite width")),
		networks: withDefault("8", integer(0, "how many of them; 0: none")),
		seed: withDefault("1", integer(0, "of their weights")),
		workers,
		out: withDefault("out/why", text("DIR", "where the page, its picture and the numbers go")),
	},
	examples: [
		["orbit-kernels why --pair 4,9", "two of the digits that come along, to out/why/index.html"],
		["orbit-kernels why a.png b.png --poses 12 --out why-ab", "two images of your own in 12 poses"],
		["orbit-kernels why --network net.json --data mnist --split t10k --pair 5,9", "a network of your own, on MNIST"],
	],

	async run(options, { version, signal }, operands) {
		const { poses, to: most, width, networks, seed, out } = options;
		if (networks === 1) throw usageError("--networks 1: expected 0, or 2 or more, whose error can be estimated");
		const network = options.network === undefined ? mlp(1) : await readNetwork("network", options.network);
		const pairOf = await readPair(operands, options);
		const started = new Date();
		let used = 0;
		const { result, settings, seconds } = await withEngine(options.workers, signal, async (engine) => {
			used = engine.workers;
			const { digits, names } = await pairOf(engine);
			await makeFolder("out", out);
			const data = dataOf(digits);
			const settings = { packageVersion: version, network, names, poses, most, width, networks, seed, data };
			const figure = await loadWhy({ network, names, poses, most, width, networks });
			const start = performance.now();
			const sources = { network: `--network ${options.network}`, seeds: names.join(", "), memory: `--poses ${poses}` };
			const numbers = await withProgress("why", figure.unit, (onProgress) =>
				naming(sources, () => figure.compute({ engine, digits, seed, signal, onProgress, packageVersion: version })),
			);
			return {
				result: { name: "why", figure, data: numbers },
				settings,
				seconds: (performance.now() - start) / 1000,
			};
		});
		const times = { why: { seconds, partsFromBefore: 0 } };
		await writeReport(out, [result], settings, { started, workers: used, times });
		showResult(result);
		process.stdout.write(`${emphasis(process.stdout).dim("The report:")} ${join(out, "index.html")}\n`);
	},
});

/** The images that were typed, read, or two digits, which need an engine. */
async function readPair(
	operands: string[],
	{ pair, data, split }: { pair: number[] | undefined; data: string | undefined; split: string | undefined },
): Promise<(engine: Engine) => Promise<Pair>> {
	if (operands.length === 0) {
		const digitsOf = await readDigits(data, split);
		return async (engine) => pairOfDigits(await digitsOf(engine), pair ?? PAIR);
	}
	const typed = operands.join(" ");
	if (operands.length !== 2) throw usageError(`${typed}: expected two images, A and B, or none`);
	const other = Object.entries({ pair: pair?.join(), data, split }).find(([, value]) => value !== undefined);
	if (other) throw usageError(`${typed} and --${other[0]} ${other[1]}: expected one of the two`);
	const files = [await readImage(operands[0] as string), await readImage(operands[1] as string)] as const;
	const [a, b] = [files[0].image, files[1].image];
	const [sizeA, sizeB] = [a, b].map(({ shape }) => shape.join(" × "));
	if (sizeA !== sizeB)
		throw usageError(`${operands[0]} is ${sizeA}, ${operands[1]} ${sizeB}: expected images of one size`);
	const images = { data: Float64Array.from([...a.data, ...b.data]), shape: [2, ...a.shape] };
	const names = operands.map((path) => basename(path)) as [string, string];
	const source = sourceOf(
		names,
		files.map(({ bytes }) => bytes),
	);
	return async () => ({ digits: { images, labels: Int32Array.of(0, 1), source }, names });
}

function pairOfDigits(digits: Digits, pair: readonly number[]): Pair {
	const { labels, source } = digits;
	const count = labels.length;
	const missing = pair.find((index) => index >= count);
	if (missing !== undefined) throw usageError(`--pair ${pair.join()}: expected indices of the ${count} images`);
	const names = pair.map((index) => `image ${index} (label ${labels[index]})`) as [string, string];
	return { digits: { ...someOf(digits, pair), source }, names };
}
