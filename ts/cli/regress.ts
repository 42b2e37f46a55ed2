/**
 * The command that predicts by kernel regression.
 * @module
 */
import { type Tensor, writeNpy } from "../index.ts";
import { command } from "./command.ts";
import { withEngine } from "./engine.ts";
import { naming, readArray } from "./input.ts";
import { flag, required, ridge, text, usageError, withDefault, workers } from "./options.ts";
import { produce } from "./output.ts";

export const regress = command({
	name: "regress",
	summary: "predictions of kernel regression",
	details:
		"Fits targets by kernel regression and writes predictions: of new points with --cross, of each known point from all others with --leave-one-out, else of the known points. Arrays are NumPy files.",
	options: {
		gram: required(text("k.npy", "the kernel of the known points, n × n")),
		targets: required(text("y.npy", "their targets, n or n × t")),
		cross: text("c.npy", "the kernel of new with known points, m × n"),
		ridge: withDefault("0", ridge),
		"leave-one-out": flag("predict each known point from all others"),
		workers,
		out: required(text("p.npy", "the predictions, f8")),
	},
	examples: [
		[
			"orbit-kernels regress --gram k.npy --targets y.npy --cross c.npy --ridge mean:1e-6 --out p.npy",
			"predict new points, with a ridge of a millionth of the mean diagonal",
		],
		[
			"orbit-kernels regress --gram k.npy --targets y.npy --leave-one-out --out p.npy",
			"how well each point follows from the others",
		],
	],

	async run({ gram, targets, cross, ridge, "leave-one-out": leaveOneOut, workers, out }, { signal }) {
		if (leaveOneOut && cross !== undefined)
			throw usageError(`--leave-one-out and --cross ${cross}: expected one of them: known points or new ones`);
		const k = await readArray("gram", gram);
		const y = await readArray("targets", targets);
		const points = cross === undefined ? k : await readArray("cross", cross);
		const known = `--gram ${gram}`;
		const sources = {
			k: known,
			value: known,
			singular: known,
			memory: known,
			targets: `--targets ${targets}`,
			cross: `--cross ${cross}`,
		};
		let absolute = 0;
		let predictions: Tensor | undefined;
		await produce("out", [out], () =>
			withEngine(workers, signal, (engine) =>
				naming(sources, async () => {
					const fit = await engine.regression(k, y, { ridge, signal });
					absolute = fit.ridge;
					predictions = leaveOneOut ? (await fit.leaveOneOut()).prediction : (await fit.predict(points)).mean;
					return [writeNpy(predictions)];
				}),
			),
		);
		const which = leaveOneOut
			? "each from all other points"
			: cross === undefined
				? "of the known points"
				: "of new points";
		process.stdout.write(`${out}: ${predictions?.shape.join(" × ")} predictions ${which}, ridge ${absolute}\n`);
	},
});
