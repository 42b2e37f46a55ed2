/**
 * Real browsers, without windows.
 * @module
 */
import type { Report } from "../report.ts";

/** A browser that runs. */
export interface Browser {
	/**
	 * Opens an address in a new profile and waits for the page's `results`.
	 *
	 * @param print gets the lines that the page logs
	 * @throws Error with what the page rejected them with
	 */
	resultsOf(address: string, print?: (line: string) => void): Promise<unknown>;
	close(): Promise<void>;
}

/** How each is started. */
export const BROWSERS = { chromium: startChromium, firefox: startFirefox } as const;

export type BrowserName = keyof typeof BROWSERS;

/** Chromium for a suite that can do with less: where it does not start, the report says why. */
export const chromiumOrNone = (report: Report): Promise<Browser | undefined> =>
	startChromium().catch(
		(error) => void report.fact("Chromium does not start", String(error).split("\n", 1)[0] as string),
	);

/** The one that is named in CHROMIUM_BIN, else Playwright's. */
async function startChromium(): Promise<Browser> {
	const { chromium } = await import("playwright");
	const { CHROMIUM_BIN } = process.env;
	// Root can't have Chromium's sandbox; it loads only this project's pages.
	const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
	const browser = await chromium.launch({ args, ...(CHROMIUM_BIN && { executablePath: CHROMIUM_BIN }) });
	return driven(browser, () => browser.newContext());
}

/** The one that is named in FIREFOX_BIN, else the system's. */
async function startFirefox(): Promise<Browser> {
	const { launch } = await import("puppeteer-core");
	const { FIREFOX_BIN = "firefox" } = process.env;
	// A suite takes minutes: no call has a time limit.
	const browser = await launch({ browser: "firefox", executablePath: FIREFOX_BIN, headless: true, protocolTimeout: 0 });
	return driven(browser, () => browser.createBrowserContext());
}

/** What the two libraries have in common. */
interface Profile {
	newPage(): Promise<{
		on(event: "console", listener: (message: { text(): string }) => void): unknown;
		goto(address: string): Promise<unknown>;
		evaluate(script: () => Promise<unknown>): Promise<unknown>;
	}>;
	close(): Promise<void>;
}

const driven = (browser: { close(): Promise<void> }, newProfile: () => Promise<Profile>): Browser => ({
	async resultsOf(address, print) {
		const profile = await newProfile();
		try {
			const page = await profile.newPage();
			page.on("console", (message) => print?.(message.text()));
			await page.goto(address);
			return await page.evaluate(async () => {
				const { results } = globalThis as { results?: Promise<unknown> };
				if (!results) throw new Error("the page could not be started");
				return results;
			});
		} finally {
			await profile.close();
		}
	},
	close: () => browser.close(),
});
