/** How Playwright starts Chromium: the one that set-up found, or its own. */
export const launchOptions = {
	...(process.env.CHROMIUM_BIN ? { executablePath: process.env.CHROMIUM_BIN } : {}),
	// Root can't have Chromium's sandbox; the tests load only this project's pages.
	args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
};
