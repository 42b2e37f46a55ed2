/** The orbit lab in a real Firefox, where one was found: the digits of its numbers are those of Node. */
import puppeteer, { type Browser } from "puppeteer-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
	type Action,
	createEngine,
	dense,
	embeddedDigits,
	gather,
	type Network,
	relu,
	rotations,
	serial,
	shifts,
	type Tensor,
} from "../../dist/index.js";
import { expected, type Lab, serveLab, shown } from "../support/lab.ts";

/** npm test looks for one; see tools/steps/browser.mjs. */
const executablePath = process.env.FIREFOX_BIN;

let lab: Lab;
let browser: Browser;
beforeAll(async () => {
	if (!executablePath) return;
	lab = await serveLab();
	browser = await puppeteer.launch({ browser: "firefox", executablePath, headless: true });
});
afterAll(() => Promise.all([browser?.close(), lab?.end()]));

test.skipIf(!executablePath)("the library's verdict, also when group and network change", async () => {
	await using engine = await createEngine();
	const seeds = gather((await embeddedDigits()).images, [3, 8]) as Tensor<Float64Array>;
	const layer = [dense({ biasStd: 1 }), relu()];
	const tab = await browser.newPage();
	const problems: string[] = [];
	tab.on("pageerror", (error) => problems.push(String(error)));
	tab.on("console", (message) => {
		if (["error", "warn"].includes(message.type())) problems.push(message.text());
	});
	const control = async (name: string) => {
		const element = await tab.waitForSelector(`::-p-aria(${name})`);
		return element as NonNullable<typeof element>;
	};
	const sees = async (network: Network, action: Action) => {
		const verdict = await expected(engine, network, seeds, action);
		await expect.poll(() => tab.evaluate(shown), { timeout: 30_000 }).toEqual(verdict);
	};
	await tab.goto(`${lab.address}#a=3&b=8`);
	await sees(serial(...layer, dense({ biasStd: 1 })), rotations(8));
	await (await control("group")).select("shifts");
	await (await control("hidden layers 1")).press("ArrowRight");
	await sees(serial(...layer, ...layer, dense({ biasStd: 1 })), shifts(8));
	expect(problems).toEqual([]);
});
