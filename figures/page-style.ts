/**
 * How the report page looks: light, dark and in print, from a phone to a wide screen.
 * @module
 */
import { palette, variables } from "./palette.ts";

export const pageStyle = `
:root {
	color-scheme: light dark;
	${variables(palette.light)}
}
@media (prefers-color-scheme: dark) {
	:root {
		${variables(palette.dark)}
	}
}
* { box-sizing: border-box; }
html { font: 17px/1.55 Charter, "Bitstream Charter", "Sitka Text", Cambria, Georgia, serif; background: var(--paper); color: var(--ink); }
body { margin: 0 auto; padding: 2.5rem clamp(1rem, 4vw, 3rem) 4rem; max-width: 1320px; }
p, .caption, .insight { max-width: 44rem; }
header.page { color: var(--muted); font-size: .85rem; }
header.page strong { color: var(--ink); }
nav ol { margin: 1.5rem 0 0; padding: 0; list-style: none; columns: 26rem; column-gap: 3rem; font-size: .92rem; }
nav li { break-inside: avoid; padding: .1rem 0; }
a { color: inherit; text-decoration-color: var(--muted); text-underline-offset: .2em; }
article { margin-top: 2rem; scroll-margin-top: 1rem; }
article + article { margin-top: 5rem; border-top: 1px solid var(--grid); padding-top: 3rem; }
.label { margin: 0; color: var(--muted); font-variant-caps: all-small-caps; letter-spacing: .06em; font-size: 1.05rem; }
h2 { margin: .1rem 0 1.2rem; font-size: clamp(1.6rem, 3.4vw, 2.3rem); line-height: 1.2; font-weight: 600; max-width: 24em; text-wrap: balance; }
h3 { margin: 3rem 0 .2rem; font-size: 1.2rem; font-weight: 600; }
.insight { margin: 1.5rem 0; padding: .2rem 0 .2rem 1.2rem; border-left: 4px solid var(--good); font-size: 1.12rem; }
.caption { margin: .2rem 0 .8rem; color: var(--muted); font-size: .92rem; }
.where { color: var(--muted); font-size: .92rem; }
@media (min-width: 1100px) {
	.lead { display: grid; grid-template-columns: minmax(0, 44rem) minmax(0, 1fr); gap: 0 4rem; align-items: end; }
}
math { width: fit-content; margin: 1.2rem 2rem; font-size: 1.3rem; }
.key { display: flex; flex-wrap: wrap; gap: .3rem 1.4rem; margin: 0 0 .8rem; padding: 0; list-style: none; font-size: .88rem; }
.key li { display: flex; align-items: center; gap: .4rem; }
.key svg { width: 28px; flex: none; }
.panels { display: grid; gap: 1.2rem 1rem; grid-template-columns: repeat(auto-fit, minmax(min(var(--least), 100%), 1fr)); max-width: var(--most); }
figure { margin: 0; min-width: 0; break-inside: avoid; }
@media (min-width: 700px) { figure.large { grid-area: span 2 / span 2; } }
figure svg { display: block; width: 100%; height: auto; overflow: visible; }
figcaption { font-size: .88rem; font-weight: 600; }
.scroll { overflow-x: auto; margin-top: 1rem; }
table { border-collapse: collapse; font-size: .88rem; font-variant-numeric: tabular-nums lining-nums; }
th, td { padding: .28rem .9rem; text-align: right; white-space: nowrap; }
th { font-weight: 600; border-bottom: 1.5px solid var(--ink); vertical-align: bottom; }
td { border-bottom: 1px solid var(--grid); }
.verdicts { margin: 0; padding: 0; list-style: none; max-width: 60rem; }
.verdicts li { margin: .5rem 0; padding-left: .9rem; border-left: 4px solid var(--good); }
.verdicts .fails { border-color: var(--bad); }
.evidence { display: block; color: var(--muted); font-size: .88rem; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .15rem 1.4rem; font-size: .88rem; max-width: 60rem; }
dt { color: var(--muted); }
dd { margin: 0; overflow-wrap: anywhere; }
footer.page { margin-top: 5rem; border-top: 1px solid var(--grid); padding-top: 2rem; }
footer.page h2 { font-size: 1.2rem; }
iframe { width: 100%; height: 22rem; border: 1px solid var(--grid); background: #fff; color-scheme: light; }
@media print {
	:root { color-scheme: light; ${variables(palette.print)} }
	html { font-size: 10.5pt; }
	body { padding: 0; }
	h3, .caption, .key { break-after: avoid; }
}
`;
