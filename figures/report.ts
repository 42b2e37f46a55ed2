/**
 * The report: one page, complete in itself, that needs neither network nor scripts.
 * @module
 */
import type { Article, PanelGroup, Statement, Table } from "./figure.ts";
import { pageStyle } from "./page-style.ts";
import { escapeHtml } from "./words.ts";

/** A figure as the page shows it, or why it is missing. */
export type Entry = { name: string } & ((Article & { groups: PanelGroup[] }) | { failure: string });

/** The page of some figures; `run.json` is beside it. */
export function page(entries: readonly Entry[]): string {
	const titles = entries.map((entry) => ("failure" in entry ? entry.name : entry.label)).join(", ");
	const contents = entries.length > 1 ? `<nav aria-label="Figures"><ol>${entries.map(link).join("")}</ol></nav>\n` : "";
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(titles)} · orbit-kernels</title>
<link rel="icon" href="data:,">
<style>${pageStyle}</style>
</head>
<body>
<header class="page"><strong>orbit-kernels</strong> · the symmetry theory of neural kernels, computed anew</header>
${contents}<main>
${entries.map(article).join("\n")}
</main>
<footer class="page"><h2>This run</h2>
<iframe src="run.json" title="Wall times, host and dates of this run"></iframe></footer>
</body>
</html>
`;
}

function link(entry: Entry): string {
	const text =
		"failure" in entry
			? `${entry.name}: failed`
			: `<span class="label">${escapeHtml(entry.label)}</span> ${escapeHtml(entry.title)}`;
	return `<li><a href="#${entry.name}">${text}</a></li>`;
}

function article(entry: Entry): string {
	if ("failure" in entry)
		return `<article id="${entry.name}">
<p class="label">Failed</p>
<h2>${escapeHtml(entry.name)}</h2>
<p class="insight">${escapeHtml(entry.failure)}</p>
</article>`;
	const { name, label, title, question, formula, insight, groups, table, statements = [], provenance } = entry;
	return `<article id="${name}">
<p class="label">${escapeHtml(label)}</p>
<h2>${escapeHtml(title)}</h2>
<div class="lead">
<div>
<p class="insight">${escapeHtml(insight)}</p>
<p>${question}</p>
</div>
<div>${formula}</div>
</div>
${groups.map(group).join("\n")}
<h3>The numbers</h3>
${tableOf(table)}
${statements.length > 0 ? verdicts(statements) : ""}
<h3>Where they come from</h3>
<dl>
${provenance.map(([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`).join("\n")}
</dl>
</article>`;
}

/** The paper's statements, each with a mark and a word for what became of it. */
function verdicts(statements: readonly Statement[]): string {
	const items = statements.map(
		({ claim, holds, evidence }) =>
			`<li class="${holds ? "holds" : "fails"}"><strong>${holds ? "Holds" : "Does not hold"}:</strong> ${escapeHtml(claim)} <span class="evidence">${escapeHtml(evidence)}</span></li>`,
	);
	return `<h3>What the paper says</h3>
<ul class="verdicts">
${items.join("\n")}
</ul>`;
}

function group({ title, caption, panels, key = [], panelWidth: [least, most] }: PanelGroup): string {
	const entries = key.map(({ label, sample }) => `<li>${sample}${escapeHtml(label)}</li>`).join("");
	const figures = panels.map(({ title, svg, large }) => {
		const caption = title && `<figcaption>${escapeHtml(title)}</figcaption>`;
		return `<figure${large ? ' class="large"' : ""}>${caption}${svg}</figure>`;
	});
	const columns = panels.length + panels.filter(({ large }) => large).length;
	return `<section>
<h3>${escapeHtml(title)}</h3>
<p class="caption">${caption}</p>
${entries && `<ul class="key">${entries}</ul>`}
<div class="panels" style="--least: ${least}px; --most: ${most * columns}px">
${figures.join("\n")}
</div>
</section>`;
}

function tableOf({ head, rows, note }: Table): string {
	const row = (cells: string[], tag: string) =>
		`<tr>${cells.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join("")}</tr>`;
	return `<div class="scroll"><table>
<thead>${row(head, "th")}</thead>
<tbody>
${rows.map((cells) => row(cells, "td")).join("\n")}
</tbody>
</table></div>
<p class="caption">${escapeHtml(note)}</p>`;
}
