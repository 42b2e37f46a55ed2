/**
 * The innermost loops of a wasm module in text, and their instructions by kind.
 * @module
 */

/** Kinds of instructions; what moves locals and constants costs nothing, as an engine keeps them in registers. */
export const KINDS = [
	"loads",
	"stores",
	"multiplications",
	"additions",
	"divisions and roots",
	"other vector operations",
	"integers and branches",
] as const;
export type Kind = (typeof KINDS)[number];

/** A loop in which there is no other. */
export interface Loop {
	/** The index of its function in the module, imports counted. */
	function: number;
	/** The line of the text that begins it. */
	line: number;
	/** Of one turn, with both sides of every branch. */
	instructions: Record<Kind, number>;
}

const PATTERNS: [RegExp, Kind | undefined][] = [
	[/^(local|global)\.|\.const$|^(block|loop|then|else|func|drop|return|unreachable|nop)$/, undefined],
	[/\.load/, "loads"],
	[/\.store/, "stores"],
	[/^f\d\S*\.mul$/, "multiplications"],
	[/^f\d\S*\.(add|sub)$/, "additions"],
	[/^f\d\S*\.(div|sqrt)$/, "divisions and roots"],
	[/^(v128|[if]\d+x\d+)\./, "other vector operations"],
	[/./, "integers and branches"],
];

/**
 * The innermost loops of some functions: around them there are choices between loops, whose instructions say nothing.
 *
 * @param lines the module as Binaryen writes it, an instruction a line
 * @param functions their indices, imports counted
 */
export function loopsOf(lines: readonly string[], functions: ReadonlySet<number>): Loop[] {
	const loops = new Set<Loop>();
	let index = lines.filter((line) => line.startsWith(" (import ") && line.includes("(func ")).length - 1;
	let open: { loop: Loop; indent: number }[] = [];
	for (const [number, line] of lines.entries()) {
		const indent = line.search(/\S/);
		if (line.startsWith(" (func ")) index++;
		if (!functions.has(index)) continue;
		open = open.filter((around) => around.indent < indent);
		const head = /^\s*\((\S+?)\)?( |$)/.exec(line)?.[1];
		if (!head) continue;
		const kind = PATTERNS.find(([pattern]) => pattern.test(head))?.[1];
		const around = open.at(-1)?.loop;
		if (kind && around) around.instructions[kind]++;
		if (head !== "loop") continue;
		if (around) loops.delete(around);
		const loop: Loop = { function: index, line: number, instructions: none() };
		loops.add(loop);
		open.push({ loop, indent });
	}
	return [...loops];
}

/** No instructions. */
export const none = () => Object.fromEntries(KINDS.map((kind) => [kind, 0])) as Record<Kind, number>;

/** The module with an exported counter of each loop's turns: `turns_0` that of the first. */
export function withCounters(lines: readonly string[], loops: readonly Loop[]): string {
	const name = (k: number) => `turns_${k}`;
	const counters = loops.map((_, k) => `(global $${name(k)} (export "${name(k)}") (mut i64) (i64.const 0))`);
	const counting = new Map(
		loops.map(({ line }, k) => [line, `(global.set $${name(k)} (i64.add (global.get $${name(k)}) (i64.const 1)))`]),
	);
	const first = lines.findIndex((line) => line.startsWith(" (func "));
	return [
		...lines.slice(0, first),
		...counters,
		...lines
			.slice(first)
			.flatMap((line, k) => [line, ...(counting.has(first + k) ? [counting.get(first + k) as string] : [])]),
	].join("\n");
}
