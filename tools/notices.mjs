/** The licences of everything that is published, npm packages and Rust crates alike. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { crate, nodeModules } from "./paths.mjs";
import { run } from "./process.mjs";

const RULE = `\n${"-".repeat(80)}\n\n`;

/**
 * @param {{ name: string, version: string, license: string, repository: string | null }[]} packages npm packages in the bundles
 * @returns {Promise<string>} of dist/: one section for each package and crate, with its licence texts
 */
export async function notices(packages) {
	const sections = [...packages.map(withText), ...(await crateNotices())];
	return textOf(
		"dist/ contains code of the following packages and Rust crates, dist/lab/ of those that its own notices name.",
		sections,
	);
}

/** The same of the lab's own files. */
export function labNotices(packages) {
	return textOf("The orbit lab contains code of the following packages.", packages.map(withText));
}

function textOf(heading, sections) {
	const texts = sections.map(
		({ name, version, license, repository, text }) =>
			`${name} ${version} (${license})\n\n${text ?? `https://spdx.org/licenses/${license}.html\n\nSource: ${repository}`}\n`,
	);
	return [`${heading}\n`, ...texts].join(RULE);
}

/** With all its licences: a font has one, and the package around it another. */
const withText = (entry) => ({ ...entry, text: licenceText(join(nodeModules, entry.name)) });

/** Every crate that is linked into the module: no procedural macros, no dependencies of builds or tests. */
async function crateNotices() {
	const metadata = JSON.parse(
		await run(["cargo", "metadata", "--format-version=1", "--filter-platform=wasm32-unknown-unknown"], { cwd: crate }),
	);
	const packages = new Map(metadata.packages.map((entry) => [entry.id, entry]));
	const nodes = new Map(metadata.resolve.nodes.map((node) => [node.id, node]));
	const isLinked = (id) => !packages.get(id).targets.some(({ kind }) => kind.includes("proc-macro"));
	const linked = new Set(metadata.workspace_members);
	for (const id of linked) {
		const normal = nodes.get(id).deps.filter(({ dep_kinds }) => dep_kinds.some(({ kind }) => kind === null));
		for (const { pkg } of normal) if (isLinked(pkg)) linked.add(pkg);
	}
	return [...linked]
		.map((id) => packages.get(id))
		.filter(({ source }) => source)
		.map(({ manifest_path, ...entry }) => ({ ...entry, text: licenceText(dirname(manifest_path)) }));
}

/** Of a choice of licences, the MIT one: the shortest. */
function licenceText(folder) {
	const files = readdirSync(folder)
		.filter((name) => /^(licen[cs]e|copying|notice)/i.test(name))
		.sort();
	const chosen = files.some((name) => /mit/i.test(name)) ? files.filter((name) => /mit|notice/i.test(name)) : files;
	return chosen.map((name) => readFileSync(join(folder, name), "utf8").trim()).join("\n\n") || null;
}
