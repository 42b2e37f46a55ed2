/**
 * What an instance does for trainings. Nothing of a training stays in it: each task begins from a checkpoint and ends
 * with one, so that a worker that dies, or is taken by something else, loses nothing.
 * @module
 */
import type { Floats } from "../wasm.ts";
import type { Training, TrainingTargets, TrainingWasm } from "./training-wasm.ts";

/** Where the training module comes from. */
export interface Trainer {
	training(): Promise<TrainingWasm>;
}

/** A network's settings as JSON text, and its parameters or all of its training as a safetensors file. */
export interface TrainingState {
	settings: string;
	file: Uint8Array | undefined;
}

async function training<Value>(
	trainer: Trainer,
	{ settings, file }: TrainingState,
	how: "setParameters" | "restore",
	use: (training: Training) => Value,
): Promise<Value> {
	const { Training } = await trainer.training();
	const opened = new Training(settings);
	try {
		if (file) opened[how](file);
		return use(opened);
	} finally {
		opened.free();
	}
}

/** The tasks by name. */
export const trainingTasks = {
	/** The memory that a training needs, from its settings alone. */
	trainingBytes: async (trainer: Trainer, { settings }: Pick<TrainingState, "settings">) =>
		(await trainer.training()).trainingBytes(settings),

	/** A training before its next step: a new one, with given parameters or its own, or that of a checkpoint. */
	trainingStart: (trainer: Trainer, request: TrainingState & { from: "parameters" | "checkpoint" }) =>
		training(trainer, request, request.from === "checkpoint" ? "restore" : "setParameters", (opened) => ({
			settings: opened.settings(),
			outputs: opened.outputs(),
			steps: opened.stepCount(),
			file: opened.checkpoint(),
		})),

	trainingSteps: (
		trainer: Trainer,
		request: TrainingState & { samples: Floats; targets: TrainingTargets; indices: Uint32Array; ends: Uint32Array },
	) =>
		training(trainer, request, "restore", (opened) => {
			opened.hold(request.samples, request.targets);
			const start = performance.now();
			const losses = opened.steps(request.indices, request.ends);
			return { losses, file: opened.checkpoint(), milliseconds: performance.now() - start };
		}),

	trainedPredict: (trainer: Trainer, request: TrainingState & { samples: Floats; origin: Uint8Array | undefined }) =>
		training(trainer, request, "setParameters", (opened) =>
			request.origin ? opened.linearized(request.samples, request.origin) : opened.predict(request.samples),
		),

	trainedKernel: (
		trainer: Trainer,
		request: TrainingState & { samples: Floats; others: Floats | undefined; kernel: "nngp" | "ntk"; all: boolean },
	) =>
		training(trainer, request, "setParameters", (opened) => {
			const { samples, others, kernel, all } = request;
			return kernel === "ntk" ? opened.empiricalNtk(samples, others, all) : opened.empiricalNngp(samples, others);
		}),
};
