/**
 * Results from their file, checked: what others wrote may be anything.
 * @module
 */
import { UsageError } from "./options.ts";
import type { Results } from "./results.ts";

/** Results and the name of their file, for messages. */
export interface Source {
	file: string;
	results: Results;
}

/** What a value has to be: a word of its kind, that value itself, an object of fields, or a list of one kind. */
type Shape = "text" | "number" | "count" | "flag" | "text or number" | "number or null" | Exactly | Fields | [Shape];
type Exactly = { exactly: string | number };
type Fields = { fields: Record<string, Shape> };

const FIGURE: Shape = {
	fields: {
		name: "text",
		rounds: ["number"],
		median: "number",
		min: "number",
		max: "number",
		difference: "number or null",
	},
};
const SUITE: Shape = {
	fields: {
		...{ name: "text", title: "text", seconds: "number" },
		facts: [{ fields: { name: "text", value: "text or number", unit: "text" } }],
		contests: [{ fields: { title: "text", figures: [FIGURE] } }],
		growths: [
			{
				fields: {
					...{ title: "text", variable: "text", exponent: "number", expected: "number" },
					points: [{ fields: { at: "number", milliseconds: ["number"] } }],
				},
			},
		],
		aims: [{ fields: { name: "text", aim: "text", measured: "number", met: "flag" } }],
	},
};
const MACHINE: Shape = {
	fields: {
		...{ cpu: "text", processors: "count", memory: "number", system: "text", load: "number" },
		...{ runtime: "text", version: "text", commit: "text" },
	},
};
const RESULTS: Shape = {
	fields: {
		...{ format: { exactly: "orbit-kernels/bench" }, version: { exactly: 2 }, date: "text", machine: MACHINE },
		options: { fields: { rounds: "count", quick: "flag" } },
		suites: [SUITE],
	},
};

const KINDS: Record<string, (value: unknown) => boolean> = {
	text: (value) => typeof value === "string",
	number: (value) => Number.isFinite(value),
	count: (value) => Number.isInteger(value) && (value as number) > 0,
	flag: (value) => typeof value === "boolean",
	"text or number": (value) => typeof value === "string" || Number.isFinite(value),
	"number or null": (value) => value === null || Number.isFinite(value),
};

/**
 * The results that a text of JSON holds.
 *
 * @param file its name, for messages
 * @throws UsageError that names the first field that is not as expected
 */
export function resultsOf(text: string, file: string): Source {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch (error) {
		throw new UsageError(`${file}: expected results as JSON: ${(error as Error).message}`);
	}
	check(value, RESULTS, "", (field, found, expected) => {
		const place = field === "" ? "" : ` ${field} is`;
		const shown = (JSON.stringify(found) ?? "missing").slice(0, 60);
		throw new UsageError(`${file}:${place} ${shown}: expected ${expected}`);
	});
	return { file, results: value as Results };
}

type Refuse = (field: string, found: unknown, expected: string) => never;

function check(value: unknown, shape: Shape, field: string, refuse: Refuse): void {
	if (typeof shape === "string") {
		if (!KINDS[shape]?.(value)) refuse(field, value, shape);
	} else if (Array.isArray(shape)) {
		if (!Array.isArray(value)) refuse(field, value, "a list");
		for (const [k, item] of value.entries()) check(item, shape[0], `${field}[${k}]`, refuse);
	} else if ("exactly" in shape) {
		if (value !== shape.exactly) refuse(field, value, JSON.stringify(shape.exactly));
	} else {
		if (typeof value !== "object" || value === null || Array.isArray(value)) refuse(field, value, "an object");
		for (const [name, inner] of Object.entries(shape.fields))
			check((value as Record<string, unknown>)[name], inner, field === "" ? name : `${field}.${name}`, refuse);
	}
}

/**
 * Refuses files of which one is of a quick run and the other of a full one.
 *
 * @throws UsageError
 */
export function requireAlike(first: Source, second: Source): void {
	const [wanted, found] = [first, second].map(({ results }) => results.options.quick);
	if (wanted !== found)
		throw new UsageError(
			`${second.file}: options.quick is ${found}: expected ${wanted}, as in ${first.file}: quick runs have other sizes`,
		);
}
