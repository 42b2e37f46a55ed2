/** Wide trained networks beside their kernel, as the command computes and stores it. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const program = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

interface AtWidth {
	width: number;
	kernel: number[];
	own: number[];
	drift: number[];
	residual: number[];
}

test("trained networks come closer to the kernel of infinite width as they grow", async () => {
	const folder = await mkdtemp(join(tmpdir(), "orbit-kernels-wide-"));
	try {
		const line = ["figure", "wide", "--seed", "1", "--out", folder];
		const { stdout } = await promisify(execFile)(process.execPath, [program, ...line]);
		const { widths, ...rest } = JSON.parse(await readFile(join(folder, "figure-wide.json"), "utf8"));
		expect(rest).toMatchObject({ format: "orbit-kernels/figure-wide", seed: 1, parameterization: "ntk" });
		const all = widths as AtWidth[];
		expect(all.map(({ width }) => width)).toEqual([64, 128, 256, 512]);
		const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
		const [first, last] = [all[0], all.at(-1)] as [AtWidth, AtWidth];
		// Eight times as wide: √8 of the kernel's distance, were there no scatter between the four seeds.
		expect(mean(last.kernel) / mean(first.kernel)).toBeLessThan(0.6);
		expect(mean(last.own) / mean(first.own)).toBeLessThan(0.5);
		expect(mean(last.drift) / mean(first.drift)).toBeLessThan(0.35);
		for (const { residual } of all) expect(Math.max(...residual)).toBeLessThan(1e-4);
		expect(stdout).toMatch(/^ +512 /m);
		expect((await readFile(join(folder, "index.html"), "utf8")).match(/<figure>/g)).toHaveLength(3);
	} finally {
		await rm(folder, { recursive: true });
	}
}, 240_000);
