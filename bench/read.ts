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

/** What single values have to be. */
const KINDS = {
	"a text": (value: unknown) => typeof value === "string",
	"a number": (value: unknown) => Number.isFinite(value),
	"a positive integer": (value: unknown) => Number.isInteger(value) && (value as number) > 0,
	"true or false": (value: unknown) => typeof value === "boolean",
	"a text or a number": (value: unknown) => typeof value === "string" || Number.isFinite(value),
	"a number or null": (value: unknown) => value === null || Number.isFinite(value),
};

/** What a value has to be: of a kind, that value itself, an object of fields, or a list of one kind. */
type Shape = keyof typeof KINDS | Exactly | Fields | [Shape];
type Exactly = { exactly: string | number };
type Fields = { fields: Record<string, Shape> };

const FIGURE: Shape = {
	fields: {
		name: "a text",
		rounds: ["a number"],
		median: "a number",
		min: "a number",
		max: "a number",
		difference: "a number or null",
	},
};
const SUITE: Shape = {
	fields: {
		...{ name: "a text", title: "a text", seconds: "a number" },
		facts: [{ fields: { name: "a text", value: "a text or a number", unit: "a text" } }],
		contests: [{ fields: { title: "a text", figures: [FIGURE] } }],
		growths: [
			{
				fields: {
					...{ title: "a text", variable: "a text", exponent: "a number", expected: "a number" },
					points: [{ fields: { at: "a number", milliseconds: ["a number"] } }],
				},
			},
		],
		aims: [{ fields: { name: "a text", aim: "a text", measured: "a number", met: "true or false" } }],
	},
};
const MACHINE: Shape = {
	fields: {
		...{ cpu: "a text", processors: "a positive integer", memory: "a number", system: "a text", load: "a number" },
		...{ runtime: "a text", version: "a text", commit: "a text" },
	},
};
const RESULTS: Shape = {
	fields: {
		...{ format: { exactly: "orbit-kernels/bench" }, version: { exactly: 2 }, date: "a text", machine: MACHINE },
		options: { fields: { rounds: "a positive integer", quick: "true or false" } },
		suites: [SUITE],
	},
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
		if (!KINDS[shape](value)) refuse(field, value, shape);
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
