/**
 * The recorded quantities of a pair of orbits at several numbers of poses.
 * @module
 */
import type { Engine, Network, PairOptions, PairQuantities, Tensor } from "../ts/index.ts";
import { gather, submatrix } from "./parts.ts";

/** The quantities for each network at each number of poses, from orbits of `most`: 2 × most × H × W. */
export async function quantitiesOf(
	engine: Engine,
	networks: readonly Network[],
	orbits: Tensor,
	orders: readonly number[],
	options: PairOptions,
): Promise<PairQuantities[][]> {
	const { ridge, ...call } = options;
	const [, most, ...shape] = orbits.shape as [number, number, ...number[]];
	const all = { data: orbits.data, shape: [2 * most, ...shape] };
	// N poses are every (most / N)th, so that each Gram is a part of the largest.
	const parts = orders.map((poses) => {
		const inTurn = (k: number) => (k % 2) * most + Math.floor(k / 2) * (most / poses);
		const indices = Array.from({ length: 2 * poses }, (_, k) => inTurn(k));
		return { indices, points: gather(all, indices) };
	});
	return Promise.all(
		networks.map(async (network) => {
			const { ntk } = await engine.gram(network, all, call);
			const at = ({ indices, points }: (typeof parts)[number]) =>
				engine.pairQuantities(points, submatrix(ntk as Tensor, indices), options);
			return Promise.all(parts.map(at));
		}),
	);
}
