/**
 * Trainings with a pose held out, kept while they run.
 * @module
 */
import type {
	Engine,
	HeldOutPose,
	HeldOutPoseOptions,
	HeldOutPoseState,
	LabelledImages,
	Network,
} from "../ts/index.ts";
import type { Parts } from "./figure.ts";
import { keptOn, upTo } from "./parts.ts";

/** What is kept of a training: all but its weights. */
export type HeldOutCurve = Omit<HeldOutPose, "trained">;

/**
 * Trains as `Engine.heldOutPose` does, from the last epoch that is kept under the name on.
 *
 * @param count called with each number of further measurements, one an epoch and one before the first
 */
export async function heldOutTraining(
	{ engine, parts }: { engine: Engine; parts: Parts },
	name: string,
	network: Network,
	data: LabelledImages,
	options: HeldOutPoseOptions,
	count: (measurements: number) => void,
): Promise<HeldOutCurve> {
	const tell = upTo(count);
	const result = await keptOn<HeldOutPoseState, HeldOutCurve>({ parts }, name, async (before, keep) => {
		if (before) tell(before.curve.length);
		const { trained: _, ...rest } = await engine.heldOutPose(network, data, {
			...options,
			...(before && { resume: before }),
			async onEpoch(state) {
				await keep(state);
				tell(state.curve.length);
			},
		});
		return rest;
	});
	tell(result.curve.length);
	return result;
}
