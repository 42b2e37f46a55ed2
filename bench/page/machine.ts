/**
 * What a page's results depend on.
 * @module
 */
import type { Machine } from "../results.ts";

/** What the server says of the machine, on this browser. */
export async function machine(): Promise<Machine> {
	const served: Machine = await (await fetch("machine.json")).json();
	return { ...served, processors: navigator.hardwareConcurrency, runtime: await browserName() };
}

/** What browsers of Chromium's kind say of themselves, which TypeScript's library doesn't know yet. */
interface Brands {
	getHighEntropyValues(hints: ["fullVersionList"]): Promise<{ fullVersionList: { brand: string; version: string }[] }>;
}

/** The browser and its whole version, which Chromium keeps out of its user agent. */
async function browserName(): Promise<string> {
	const { userAgentData, userAgent } = navigator as Navigator & { userAgentData?: Brands };
	const { fullVersionList = [] } = (await userAgentData?.getHighEntropyValues(["fullVersionList"])) ?? {};
	const engine = fullVersionList.find(({ brand }) => brand === "Chromium");
	if (engine) return `${engine.brand} ${engine.version}`;
	const [, name, version] = /(Firefox)\/(\S+)/.exec(userAgent) ?? [];
	return name ? `${name} ${version}` : userAgent;
}
