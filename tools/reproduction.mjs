/**
 * docs/reproduction.md from reports: `node tools/reproduction.mjs FOLDER…` takes over their figures, each from the folder that
 * `orbit-kernels figure` wrote, and leaves those of earlier reports; docs/reproduction.json holds what it is made of.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readIfThere } from "./fingerprint.mjs";
import { root } from "./paths.mjs";

const json = join(root, "docs", "reproduction.json");
const markdown = join(root, "docs", "reproduction.md");

const before = JSON.parse(readIfThere(json)?.toString() ?? "[]");
const added = (await Promise.all(process.argv.slice(2).map(figuresOf))).flat();
const kept = before.filter(({ name }) => !added.some((figure) => figure.name === name));
// The paper's figures in its order, then others.
const figures = [...kept, ...added].sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
await writeFile(json, `${JSON.stringify(figures, null, "\t")}\n`);
await writeFile(markdown, documentOf(figures));

/** What a report says of each of its figures, with the settings and the run that they came from. */
async function figuresOf(folder) {
	const read = async (file) => JSON.parse(await readFile(join(folder, file), "utf8"));
	const [manifest, run] = await Promise.all([read("manifest.json"), read("run.json")]);
	const { packageVersion, scale, pairs = null, seed, data } = manifest;
	const { host, node, workers } = run;
	return manifest.figures.map(({ name, label, title, insight, table, statements }) => ({
		...{ name, label, title, insight, table, statements },
		settings: { packageVersion, scale, pairs, seed, data },
		run: { day: run.finished.slice(0, 10), host, node, workers, ...run.figures[name] },
	}));
}

function documentOf(figures) {
	const statements = figures.flatMap(({ label, statements }) => statements.map((one) => ({ label, ...one })));
	const verdicts = statements.map(({ label, claim, holds, evidence }) => [
		label,
		claim,
		holds ? "holds" : "**does not hold**",
		evidence,
	]);
	return `# The paper's figures, computed anew

Made by \`tools/reproduction.mjs\` from the reports of \`orbit-kernels figure\`: no number here is typed in by hand.
"On the Ability of Deep Networks to Learn Symmetries from Data" is Perin & Deny, arXiv 2412.11521.

## What the paper says, and what was found

${tableOf(["figure", "statement", "", "found"], verdicts)}
${figures.map(sectionOf).join("\n")}`;
}

function sectionOf({ label, title, insight, table, settings, run }) {
	const { scale, pairs, seed, data, packageVersion } = settings;
	const { host, node, workers, seconds, partsFromBefore, day } = run;
	const ofPairs = pairs === null ? "" : `, --pairs ${pairs}`;
	const resumed = partsFromBefore > 0 ? ` (after an end; ${partsFromBefore} parts were there)` : "";
	return `
## ${label}: ${title}

${insight}

${tableOf(table.head, table.rows)}
${table.note}

--scale ${scale}${ofPairs}, seed ${seed}, ${data.source}: ${data.images} images of ${data.size.join(" × ")}; orbit-kernels ${packageVersion}.
${timeOf(seconds)}${resumed} with ${workers} workers on ${host.threads} threads of ${host.processor}, Node ${node}, ${day}.
`;
}

function timeOf(seconds) {
	return seconds < 120 ? `${seconds.toFixed(1)} s` : `${(seconds / 60).toFixed(1)} min`;
}

function tableOf(head, rows) {
	const line = (cells) => `| ${cells.map((cell) => String(cell).replaceAll("|", "\\|")).join(" | ")} |\n`;
	return line(head) + line(head.map(() => "---")) + rows.map(line).join("");
}
