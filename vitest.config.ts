import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { launchOptions } from "./tests/support/chromium.ts";
import { serveFiles } from "./tests/support/serve.ts";

export default defineConfig({
	plugins: [serveFiles],
	test: {
		testTimeout: 60_000,
		hookTimeout: 60_000,
		// Each test file starts workers of its own.
		maxWorkers: 1,
		projects: [
			{
				extends: true,
				// Worker threads and process exits are tested: not inside worker threads.
				test: { name: "node", include: ["tests/*.test.ts", "tests/node/*.test.ts"], pool: "forks" },
			},
			{
				extends: true,
				test: {
					name: "browser",
					include: ["tests/*.test.ts"],
					browser: {
						enabled: true,
						headless: true,
						screenshotFailures: false,
						provider: playwright({ launchOptions }),
						instances: [{ browser: "chromium" }],
					},
				},
			},
		],
	},
});
