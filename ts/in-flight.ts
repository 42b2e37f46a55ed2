/**
 * Work on many items at a time.
 * @module
 */

/**
 * Does `work` on all items, at most `count` at a time; the first failure ends it.
 *
 * @example const results = await inFlight(engine.workers + 1, items, async (item) => engine.gram(network, item));
 */
export async function inFlight<Item, Result>(
	count: number,
	items: readonly Item[],
	work: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
	const results: Result[] = [];
	let failed = false;
	const queue = items.entries();
	const lane = async () => {
		for (const [index, item] of queue) {
			if (failed) return;
			results[index] = await work(item, index);
		}
	};
	const lanes = Array.from({ length: Math.min(count, items.length) }, lane);
	await Promise.all(lanes).catch((error) => {
		failed = true;
		throw error;
	});
	return results;
}
