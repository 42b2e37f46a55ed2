/** Child processes: started without a shell, ended with this one. */

import { spawn } from "node:child_process";
import { Failure } from "./failure.mjs";
import { root } from "./paths.mjs";

const children = new Set();
let endingWith;

for (const [signal, status] of Object.entries({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 })) {
	process.on(signal, () => {
		// The second time, or with nothing to wait for: at once.
		if (endingWith || children.size === 0) process.exit(status);
		endingWith = status;
		for (const child of children) child.kill(signal);
	});
}

function start([program, ...args], { cwd = root, env = {}, stdio }) {
	const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio, windowsHide: true });
	children.add(child);
	const end = new Promise((resolve) => {
		child.on("error", (error) => resolve({ status: 127, problem: error.message }));
		child.on("close", (code) => resolve({ status: code ?? 1, problem: "" }));
	});
	const settled = end.then((result) => {
		children.delete(child);
		if (endingWith && children.size === 0) process.exit(endingWith);
		return result;
	});
	return { child, settled };
}

/**
 * Runs a program to its end and keeps its output.
 *
 * @param {string[]} command program and arguments
 * @param {{ cwd?: string, env?: object, input?: string, echo?: boolean }} options `echo` also passes the output on as it comes
 * @returns {Promise<{ status: number, stdout: string, output: string }>} `output` has both streams in the order they came;
 *   a program that isn't there has status 127
 */
export async function attempt(command, { input = "", echo = false, ...options } = {}) {
	const { child, settled } = start(command, { ...options, stdio: "pipe" });
	const chunks = { stdout: [], all: [] };
	for (const stream of ["stdout", "stderr"]) {
		child[stream]?.on("data", (data) => {
			chunks.all.push(data);
			if (stream === "stdout") chunks.stdout.push(data);
			if (echo) process[stream].write(data);
		});
	}
	// A program may end without reading its input.
	child.stdin?.on("error", () => {});
	child.stdin?.end(input);
	const { status, problem } = await settled;
	const text = (list) => Buffer.concat(list).toString();
	return { status, stdout: text(chunks.stdout), output: text(chunks.all) + problem };
}

/** Runs a program that has to succeed and returns its standard output. */
export async function run(command, options) {
	const { status, stdout, output } = await attempt(command, options);
	if (status !== 0) throw new Failure(`${command.join(" ")} failed (status ${status}):\n${output.trim()}`);
	return stdout;
}

/** Runs a program on this terminal and returns its status. */
export async function show(command, options = {}) {
	return (await start(command, { ...options, stdio: "inherit" }).settled).status;
}
