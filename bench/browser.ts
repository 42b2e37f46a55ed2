/**
 * The suites on a page in a browser of this machine.
 * @module
 */
import { BROWSERS, type BrowserName } from "./host/browsers.ts";
import { servePages } from "./host/pages.ts";
import type { Options } from "./options.ts";
import type { Results } from "./results.ts";

/** Runs suites in a browser and prints what its page says. */
export async function onPage(name: BrowserName, names: string[], { rounds, quick }: Options): Promise<Results> {
	const served = await servePages();
	const browser = await BROWSERS[name]();
	try {
		const query = new URLSearchParams({
			suites: names.join(","),
			rounds: String(rounds),
			...(quick && { quick: "1" }),
		});
		return (await browser.resultsOf(`${served.address}?${query}`, console.log)) as Results;
	} finally {
		await browser.close();
		served.close();
	}
}
