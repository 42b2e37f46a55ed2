/**
 * The suites on a page in a browser of this machine.
 * @module
 */
import { BROWSERS, type BrowserName } from "./host/browsers.ts";
import { servePages } from "./host/pages.ts";
import type { Options } from "./options.ts";
import type { Results } from "./results.ts";

/**
 * Runs suites in a browser and prints what its page says.
 *
 * @param keep gets the results after each suite
 */
export async function onPage(
	name: BrowserName,
	names: string[],
	{ rounds, quick }: Options,
	keep: (results: Results) => void,
): Promise<void> {
	const served = await servePages(keep);
	const browser = await BROWSERS[name]();
	try {
		const query = new URLSearchParams({
			suites: names.join(","),
			rounds: String(rounds),
			...(quick && { quick: "1" }),
		});
		keep((await browser.resultsOf(`${served.address}?${query}`, console.log)) as Results);
	} finally {
		await browser.close();
		served.close();
	}
}
