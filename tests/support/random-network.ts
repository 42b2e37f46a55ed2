/**
 * Seeded small networks of images.
 * @module
 */

import { windowsOf } from "../../bench/reference/windows.ts";
import {
	abRelu,
	abs,
	avgPool,
	conv,
	dense,
	dropout,
	erf,
	flatten,
	globalAveragePool,
	globalSumPool,
	layerNorm,
	leakyRelu,
	type Network,
	type Padding,
	random,
	relu,
	residual,
	type Size,
	serial,
	sumPool,
} from "../../dist/index.js";

/** A network of one to three blocks of random layers, and the shape of images that it fits. */
export function randomNetwork(seed: number): { network: Network; shape: [number, number, number] } {
	// Neighbouring seeds begin alike.
	const next = random(7919 * (seed + 1));
	const below = (count: number) => Math.floor(next() * count);
	const oneOf = <Choice>(choices: readonly Choice[]) => choices[below(choices.length)] as Choice;
	const padding = () => oneOf<Padding>(["circular", "same", "valid"]);
	const size = (most: number): Size => [1 + below(most), 1 + below(most)];
	const weights = () => ({ weightStd: 0.5 + next(), biasStd: oneOf([null, next()]) });
	const nonlinear = () =>
		oneOf([
			relu(),
			leakyRelu({ alpha: next() }),
			abRelu({ a: next() - 0.5, b: 1 + next() }),
			abs(),
			erf({ a: 1 + next(), b: 0.5 + next(), c: next() }),
		]);

	const shape: [number, number, number] = [3 + below(4), 3 + below(4), 1 + below(3)];
	let now: Size = [shape[0], shape[1]];
	/** A layer with windows, if the image has room for them. */
	const fitting = <Options extends { size: Size; stride?: Size; padding?: Padding }>(
		build: (options: Options) => Network,
		options: Options,
	): Network[] => {
		if (options.padding === "valid" && options.size.some((side, axis) => side > (now[axis] as number))) return [];
		now = windowsOf(now, options).size;
		return [build(options)];
	};
	const layers: Network[] = [];
	for (let blocks = 1 + below(3); blocks > 0; blocks--) {
		const convolved = fitting(conv, { size: size(3), stride: size(2), padding: padding(), ...weights() });
		layers.push(...convolved);
		if (convolved.length === 0) continue;
		if (next() < 0.3) layers.push(layerNorm({ axis: oneOf([-1, [1, 2, 3], [1, 3], [2, -1]]), eps: 1e-3 }));
		if (next() < 0.3) layers.push(residual(serial(nonlinear(), conv({ size: [3, 3], padding: "same", ...weights() }))));
		layers.push(nonlinear());
		if (next() < 0.2) layers.push(dropout({ keepRate: 0.5 + next() / 2, mode: oneOf(["train", "test"]) }));
		const normalizeEdges = next() < 0.5;
		if (next() < 0.3)
			layers.push(...fitting(avgPool, { size: size(3), stride: size(2), padding: padding(), normalizeEdges }));
		else if (next() < 0.2) layers.push(...fitting(sumPool, { size: size(2), padding: padding() }));
	}
	const end = oneOf([flatten(), globalAveragePool(), globalSumPool()]);
	const head = next() < 0.5 ? [dense(weights()), nonlinear()] : [];
	return { network: serial(...layers, end, ...head, dense(weights())), shape };
}
