/**
 * The command that trains networks on poses of which one is held out.
 * @module
 */
import { dataOf } from "../../figures/figure.ts";
import { type HeldOutCurve, heldOutTraining } from "../../figures/held-out.ts";
import type { Digits, Parts } from "../../figures/index.ts";
import { figure1 } from "../../figures/networks.ts";
import { counter, someOf } from "../../figures/parts.ts";
import { mean } from "../../figures/statistics.ts";
import { classesOf, pick } from "../../figures/ten-classes.ts";
import { percent } from "../../figures/words.ts";
import { type Engine, inFlight, type Network, type PoseAccuracy, random } from "../index.ts";
import { command } from "./command.ts";
import { digitsOptions, readDigits } from "./digits.ts";
import { withEngine } from "./engine.ts";
import { naming, readNetwork } from "./input.ts";
import { integer, integers, required, text, usageError, withDefault, workers } from "./options.ts";
import { produce } from "./output.ts";
import { withProgress } from "./progress.ts";
import { openStore, type Store } from "./store.ts";
import { emphasis, paragraph, textTable } from "./terminal.ts";

/** One training. */
interface Run {
	name: string;
	network: Network;
	poses: number;
	heldOut: number;
}

/** A finished training, as it is stored. */
type Trained = HeldOutCurve & Omit<Run, "network"> & { seconds: number };

export const heldOut = command({
	name: "held-out",
	summary: "trains networks on digits of which one is never seen upright",
	details: `Trains on all classes in N poses each but one, which is never seen in its first pose, and measures by epoch how many of the training poses, of poses like them and of the held-out pose are recognized (Perin & Deny, arXiv 2412.11521, figure 1). Networks by name: ${Object.keys(figure1).join(", ")}, those of the paper; several are divided by commas. Ended early, the same line goes on after the last epoch of each network: what is finished is kept in <out>.parts until the result is there.`,
	options: {
		network: withDefault("mlp", text("NAME|net.json,…", "the networks")),
		poses: withDefault("8", integers(2, "numbers of poses, N")),
		"held-out": integers(0, "the classes that are held out, each in a training of its own [default: all]"),
		...digitsOptions,
		images: integer(2, "how many of the images, drawn by the seed [default: all]"),
		epochs: withDefault("22", integer(1, "passes over all poses")),
		batch: withDefault("2048", integer(1, "samples a step")),
		seed: withDefault("1", integer(0, "of images, weights and the order of samples")),
		workers,
		out: required(text("held-out.json", "all curves with their settings")),
	},
	examples: [
		[
			"orbit-kernels held-out --out held-out.json",
			"the paper's perceptron on the digits that come along, ten trainings",
		],
		[
			"orbit-kernels held-out --network mlp,cnn --poses 2,8,32 --images 200 --out held-out.json",
			"against N, in minutes",
		],
		["orbit-kernels held-out --network vit --held-out 7 --data mnist --split t10k --out vit.json", "on MNIST"],
	],

	async run(options, { version, signal }) {
		const { poses, images, epochs, batch, seed, out } = options;
		const networks = await readNetworks(options.network);
		const digitsOf = await readDigits(options.data, options.split);
		let store: Store | undefined;
		let trained: Trained[] = [];
		await produce("out", [out], () =>
			withEngine(options.workers, signal, async (engine) => {
				const digits = drawn(await digitsOf(engine), images, seed);
				const classes = classesOf(digits.labels);
				const chosen = options["held-out"] ?? classes;
				const unknown = chosen.find((label) => !classes.includes(label));
				if (unknown !== undefined)
					throw usageError(`--held-out ${unknown}: expected classes of the images: ${classes.join(", ")}`);
				const data = dataOf(digits);
				const settings = { packageVersion: version, seed, epochs, batch, poses, heldOut: chosen, data, networks };
				store = await openStore(out, settings);
				const runs = Object.entries(networks).flatMap(([name, network]) =>
					poses.flatMap((poses) => chosen.map((heldOut): Run => ({ name, network, poses, heldOut }))),
				);
				trained = await trainAll(engine, digits, runs, { epochs, batch, seed, signal }, store);
				const head = { format: "orbit-kernels/held-out", version: 1 };
				return [`${JSON.stringify({ ...head, ...settings, runs: trained })}\n`];
			}),
		);
		await store?.remove();
		show(trained);
		process.stdout.write(`${emphasis(process.stdout).dim("All curves:")} ${out}\n`);
	},
});

/** Networks by what they are called: names of the paper's, or files. */
async function readNetworks(names: string | undefined): Promise<Record<string, Network>> {
	const networks: Record<string, Network> = {};
	for (const name of (names as string).split(",")) {
		const known = figure1[name as keyof typeof figure1];
		if (!known && /^\w*$/.test(name))
			throw usageError(`--network ${name}: expected ${Object.keys(figure1).join(", ")} or a file of JSON`);
		networks[name] = known ?? ((await readNetwork("network", name)) as Network);
	}
	return networks;
}

/** Some of the images, in a random order. */
function drawn(digits: Digits, images: number | undefined, seed: number): Digits {
	const { labels, source } = digits;
	if (images === undefined) return digits;
	if (images > labels.length)
		throw usageError(`--images ${images}: expected at most ${labels.length}, all that there are`);
	const all = Array.from({ length: labels.length }, (_, index) => index);
	return { source, ...someOf(digits, pick(all, images, random(seed))) };
}

/** Trains what is not finished, as many at a time as there are workers. */
async function trainAll(
	engine: Engine,
	digits: Digits,
	runs: Run[],
	{ signal, ...how }: { epochs: number; batch: number; seed: number; signal: AbortSignal },
	store: Store,
): Promise<Trained[]> {
	return withProgress("held-out", "epochs", (onProgress) => {
		const count = counter({ onProgress }, runs.length * (how.epochs + 1));
		const { seconds, ...parts } = timed(store);
		return inFlight(Math.max(1, engine.workers), runs, async ({ name, network, poses, heldOut }) => {
			const key = `${name.replaceAll(/\W/g, "-")}-${poses}-${heldOut}`;
			const options = { ...how, heldOut, poses, init: "uniform", signal } as const;
			const { curve, counts, settings } = await naming({ network: `--network ${name}` }, () =>
				heldOutTraining({ engine, parts }, key, network, digits, options, count),
			);
			return { name, poses, heldOut, curve, seconds: seconds(key), counts, settings };
		});
	});
}

/** Parts with the seconds that they took in all processes, from being read to being written. */
function timed(store: Store): Parts & { seconds(name: string): number } {
	const spent = new Map<string, number>();
	const from = new Map<string, number>();
	return {
		seconds: (name) => spent.get(name) as number,
		async read<Value>(name: string) {
			const part = await store.read<{ seconds: number; value: Value }>(name);
			spent.set(name, part?.seconds ?? 0);
			from.set(name, performance.now());
			return part?.value;
		},
		async write(name, value) {
			const now = performance.now();
			spent.set(name, (spent.get(name) as number) + (now - (from.get(name) as number)) / 1000);
			from.set(name, now);
			await store.write(name, { seconds: spent.get(name), value });
		},
	};
}

/** The last epoch of each network at each number of poses, over the held-out classes. */
function show(trained: Trained[]): void {
	const groups = new Map<string, Trained[]>();
	for (const run of trained) {
		const key = `${run.name} ${run.poses}`;
		groups.set(key, [...(groups.get(key) ?? []), run]);
	}
	const rows = [...groups.values()].map((group) => {
		const [{ name, poses }] = group as [Trained];
		const last = (set: "train" | "testIn" | "testOut") =>
			mean(group.map(({ curve }) => (curve.at(-1) as PoseAccuracy)[set]));
		const seconds = mean(group.map(({ seconds }) => seconds)).toFixed(0);
		return [
			name,
			String(poses),
			...(["train", "testIn", "testOut"] as const).map((set) => percent(last(set), 1)),
			seconds,
		];
	});
	const { dim } = emphasis(process.stdout);
	const table = textTable(["network", "N", "trained on", "like them", "held out", "s"], rows);
	process.stdout.write(`${table}\n${dim(paragraph(TABLE_NOTE))}\n\n`);
}

const TABLE_NOTE =
	"Poses of each image; shares of images that are recognized after the last epoch, in poses that were trained on, in poses like them, and of the held-out class in the held-out pose (by chance one in as many as there are classes), means over the held-out classes; seconds of one training.";
