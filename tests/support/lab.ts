/**
 * The orbit lab as `orbit-kernels lab` serves it, what its page shows, and what it has to show.
 * @module
 */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Action, Engine, Kernel, Network, Tensor } from "../../dist/index.js";

const program = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

/** The command while it runs. */
export interface Lab {
	address: string;
	/** Ends it as Ctrl-C does; the status of the process. */
	end(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Starts the command in a process of its own: of this project, or of an installed package. */
export function serveLab(args = ["--port", "0"], { env = {}, cli = program } = {}): Promise<Lab> {
	const child = spawn(process.execPath, [cli, "lab", ...args], { env: { ...process.env, ...env } });
	const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
	const end = (signal: NodeJS.Signals = "SIGINT") => {
		child.kill(signal);
		return ended;
	};
	return new Promise((resolve, reject) => {
		let output = "";
		const read = (data: Buffer) => {
			output += data;
			const address = /http:\S+/.exec(output)?.[0];
			if (address) resolve({ address, end });
		};
		child.stdout.on("data", read);
		child.stderr.on("data", read);
		ended.then((status) => reject(new Error(`the lab ended with status ${status}: ${output}`)));
	});
}

/** A verdict, its errors as text with all their digits: of A's and of B's unseen pose. */
export interface Shown {
	right: boolean;
	exact: string[];
	/** None where the group has no single row of frequencies. */
	predicted: string[];
}

/** What the page shows now; evaluated in the page. */
export function shown(): Shown | undefined {
	const answer = document.querySelector(".verdict .answer");
	if (!answer) return undefined;
	const values = (name: string) =>
		Array.from(document.querySelectorAll<HTMLDataElement>(`.verdict data.${name}`), ({ value }) => value);
	return { right: answer.classList.contains("right"), exact: values("exact"), predicted: values("predicted") };
}

/** What the library says here in Node. */
export async function expected(
	engine: Engine,
	network: Network | Kernel,
	seeds: Tensor,
	action: Action,
	unseen: { of: "a" | "b"; pose: number } = { of: "a", pose: 0 },
): Promise<Shown> {
	const { pairs } = await engine.symmetry(network, { seeds, labels: ["A", "B"], action, holdOut: [unseen.pose] });
	const { exact, spectral } = (pairs[0] as (typeof pairs)[number]).margins;
	const errors = (margins: readonly number[] | null) => (margins ?? []).map((margin) => 1 - margin);
	const right = (errors(exact)[unseen.of === "a" ? 0 : 1] as number) < 1;
	return { right, exact: errors(exact).map(String), predicted: errors(spectral).map(String) };
}
