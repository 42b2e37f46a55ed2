/**
 * The benchmarks on a page: `?suites=dense,conv&rounds=5&quick=1`. The results are in `results`, and can be saved.
 * @module
 */

import type { Results } from "../results.ts";
import { chosen, runSuites } from "../run.ts";
import { suites } from "../suites.ts";
import { machine } from "./machine.ts";

const [menu, output] = ["nav", "pre"].map((name) => document.querySelector(name)) as [HTMLElement, HTMLElement];

/** Shows a line; whoever drives the page reads the console. */
function print(line: string): void {
	console.log(line);
	output.append(`${line}\n`);
}

function link(text: string, address: string): HTMLAnchorElement {
	const anchor = Object.assign(document.createElement("a"), { href: address, textContent: text });
	menu.append(anchor, " · ");
	return anchor;
}

async function run(query: URLSearchParams) {
	const names = chosen(suites, query.get("suites")?.split(",") ?? []);
	const options = { rounds: Number(query.get("rounds") ?? 5), quick: query.has("quick") };
	const keep = (results: Results) => void fetch("kept", { method: "POST", body: JSON.stringify(results) });
	const results = await runSuites(suites, names, await machine(), options, print, keep);
	const text = JSON.stringify(results, null, "\t");
	link("save the results", URL.createObjectURL(new Blob([text], { type: "application/json" }))).download =
		"results.json";
	return results;
}

const query = new URLSearchParams(location.search);
if (query.has("suites")) {
	const results = run(query);
	results.catch((error) => print(String(error)));
	Object.assign(globalThis, { results });
} else {
	const names = chosen(suites, []);
	link("all", `?suites=${names}`);
	for (const name of names) link(name, `?suites=${name}`);
	for (const name of names) link(`${name}, quick`, `?suites=${name}&rounds=1&quick=1`);
}
