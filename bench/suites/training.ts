/**
 * Trainings against what else trains networks in JavaScript, and against JAX.
 * @module
 */
import type { Engine, Network, Tensor } from "../../ts/index.ts";
import { digits, gaussian } from "../data.ts";
import { type Contest, contest, type Entrant, ratio } from "../harness.ts";
import { loadLibrary } from "../host/node.ts";
import type { Options } from "../options.ts";
import { jaxJs } from "../peers/jax-js.ts";
import { startPython } from "../peers/python.ts";
import { tfjs } from "../peers/tfjs.ts";
import type { Report } from "../report.ts";

/** A training that everybody does from the same weights: full batches, Adam of rate 1e-3. */
export interface Job {
	task: "mlp" | "cnn";
	x: Tensor;
	/** n × outputs; of the CNN one-hot. */
	targets: Tensor;
	/** In the order of the layers, a bias after its weights: dense ones inputs × outputs, filters rows × columns × inputs × outputs. */
	weights: Tensor[];
	steps: number;
	/** Of the outputs after the last step: single precision loses digits with each. */
	tolerance: number;
}

/** The paper's trained pair: 784-512-1 on 15 poses of each of two digits; two convolutions on a batch of digits. */
const SETTINGS = {
	mlp: { samples: 30, outputs: 1, loss: "mse", steps: 100, quick: 5, tolerance: 1e-2 },
	cnn: { samples: 64, outputs: 10, loss: "crossEntropy", steps: 5, quick: 1, tolerance: 1e-3 },
} as const;
/** Of the parameters, in the order of a job. */
const WEIGHTS = {
	mlp: ["layers.0.weight", "layers.0.bias", "layers.2.weight"],
	cnn: ["layers.0.weight", "layers.2.weight", "layers.5.weight"],
};
const NAMES = { mlp: "MLP 784-512-1, 30 samples", cnn: "CNN 1 → 16 → 32, 3 × 3, 28 × 28, 64 samples" };
const ONE_WORKER = "1 worker";
const OVER_TFJS = 5;

async function networkOf(task: Job["task"]): Promise<Network> {
	const { serial, conv, relu, globalAveragePool, dense } = await loadLibrary();
	const { outputs } = SETTINGS[task];
	if (task === "mlp") return serial(dense({ width: 512, biasStd: 0 }), relu(), dense({ width: outputs }));
	const layer = (outChannels: number) => conv({ outChannels, size: [3, 3], padding: "valid" });
	return serial(layer(16), relu(), layer(32), relu(), globalAveragePool(), dense({ width: outputs }));
}

/** Runs the suite. */
export async function run(report: Report, options: Options): Promise<void> {
	const { createEngine } = await loadLibrary();
	const engines = { one: await createEngine({ workers: 1 }), two: await createEngine({ workers: 2 }) };
	try {
		const found = await digits(engines.one, SETTINGS.cnn.samples, options.data);
		report.fact("digits", found.name);
		for (const task of ["mlp", "cnn"] as const) await compare(report, engines, task, found.x, options);
	} finally {
		await Promise.all([engines.one.dispose(), engines.two.dispose()]);
	}
}

async function compare(
	report: Report,
	{ one, two }: Record<"one" | "two", Engine>,
	task: Job["task"],
	{ data }: Tensor,
	{ rounds, quick, python }: Options,
): Promise<void> {
	const { samples, outputs, loss, tolerance, ...lengths } = SETTINGS[task];
	const steps = quick ? lengths.quick : lengths.steps;
	const network = await networkOf(task);
	const shape = task === "mlp" ? [samples, 784] : [samples, 28, 28];
	const x = { data: Float64Array.from(data.subarray(0, samples * 784)), shape };
	const classes = Uint32Array.from({ length: samples }, (_, sample) => sample % 10);
	const targets =
		task === "mlp"
			? await gaussian(samples, outputs, 3)
			: {
					data: Float64Array.from({ length: samples * outputs }, (_, k) =>
						Number(classes[Math.floor(k / outputs)] === k % outputs),
					),
					shape: [samples, outputs],
				};
	const problem = { x, targets: task === "mlp" ? targets : classes };
	const how = { loss, optimizer: { type: "adam", rate: 1e-3 }, seed: 1, init: "uniform" } as const;
	const start = await one.train(network, problem, { ...how, steps: 0 });
	const parameters = start.parameters();
	const weights = WEIGHTS[task].map((name) => parameters[name] as Tensor);
	const job: Job = { task, x, targets, weights, steps, tolerance };

	const entrants: Entrant[] = [
		{
			name: ONE_WORKER,
			run: async () => {
				const trained = await one.train(network, problem, { ...how, steps });
				return (await trained.predict(x)).data;
			},
		},
	];
	const versions: Record<string, unknown> = {};
	if (task === "mlp") {
		const { entrant, version } = await tfjs(job);
		entrants.push(entrant);
		versions.tfjs = version;
	}
	entrants.push(await jaxJs(job));
	const peers = python ? [await jax(python, job)] : [];
	entrants.push(...peers.map(({ entrant }) => entrant));
	try {
		const result = await contest(`${NAMES[task]}, f32: ${steps} steps of Adam`, entrants, rounds);
		report.contest(result);
		for (const peer of peers) Object.assign(versions, peer.versions);
		for (const [name, version] of Object.entries(versions)) report.fact(name, String(version));
		judge(report, result, task, steps);
	} finally {
		await Promise.all(peers.map((peer) => peer.close()));
	}

	const timeOf = async (engine: Engine) => {
		const begin = performance.now();
		await engine.train(network, problem, { ...how, steps, ensemble: 4 });
		return performance.now() - begin;
	};
	for (const engine of [one, two]) await timeOf(engine);
	report.fact(`${task}: four trainings, 2 workers over 1`, (await timeOf(one)) / (await timeOf(two)));
}

function judge(report: Report, result: Contest, task: Job["task"], steps: number): void {
	for (const { name, median } of result.figures) {
		report.fact(`${task}, ${name}: a step`, median / steps, "ms");
		if (name === ONE_WORKER) continue;
		const times = ratio(result, name, { [ONE_WORKER]: 1 });
		if (name.startsWith("tfjs")) report.atLeast(`${task}: × ${name}`, times, OVER_TFJS);
		else report.fact(`${task}: × ${name}`, times);
	}
}

/** JAX and optax on one processor; compiled before. */
async function jax(python: string, { task, x, targets, weights, steps, tolerance }: Job) {
	const { ask, give, place, take, close } = await startPython("jax_training.py", {
		python,
		processors: 1,
		precision: "f32",
	});
	try {
		const files = {
			x: await give("x", x),
			targets: await give("targets", targets),
			weights: await Promise.all(weights.map((weight, k) => give(`w${k}`, weight))),
			out: place("out"),
		};
		const { versions } = (await ask({ task, steps, ...files })) as { versions: Record<string, string> };
		const outputs = await take("out");
		const entrant: Entrant = {
			name: "JAX, 1 processor",
			run: () => outputs,
			time: async () => ((await ask({ repeat: 1 })).milliseconds as [number])[0],
			tolerance,
		};
		return { entrant, versions, close };
	} catch (error) {
		await close();
		throw error;
	}
}
