/**
 * The command that reports whether a network learns a symmetry.
 * @module
 */
import { mean } from "../../figures/statistics.ts";
import type { Columns, OrbitReport, SymmetryOptions, SymmetryReport } from "../index.ts";
import { action, group, readAction } from "./action.ts";
import { command } from "./command.ts";
import { withEngine } from "./engine.ts";
import { naming, readArray, readNetwork } from "./input.ts";
import { flag, type Option, oneOf, required, ridge, text, usageError, withDefault, workers } from "./options.ts";
import { produce } from "./output.ts";
import { withProgress } from "./progress.ts";
import { paragraph, textTable } from "./terminal.ts";

/** Rows of the table that people see; the file has all. */
const SHOWN = 12;

/** Elements whose poses are held out together, such as `0,4`. */
const elements: Option<number[] | undefined> = {
	hint: "k,k…",
	help: "the elements whose poses are held out together",
	expected: "integers ≥ 0 with commas between them",
	parse: (value) => (/^\d+(,\d+)*$/.test(value) ? value.split(",").map(Number) : undefined),
};

export const symmetry = command({
	name: "symmetry",
	summary: "whether a network generalizes to poses that it has not seen",
	details:
		"Holds out poses of the orbits of seeds under a group and writes as JSON how far an infinitely wide network, trained on all others, is off: by direct regression, and by the theory that says why. Arrays are NumPy files; the first dimension counts seeds.",
	options: {
		network: required(text("net.json", "the network as JSON")),
		seeds: required(text("s.npy", "the seeds, m × …, such as images m × H × W")),
		labels: text("l.npy", "the class of each seed, an integer (m)"),
		targets: text("t.npy", "numbers to predict instead, m or m × c"),
		action: required(action),
		group,
		ridge: withDefault("trace:1e-10", ridge),
		prepare: oneOf(
			["none", "center-unit"],
			"what each pose goes through: nothing, or its mean is taken away and its norm made one; if not given, poses of images are centred, permuted samples are not",
		),
		"hold-out": withDefault("0", elements),
		kernel: withDefault("ntk", oneOf(["ntk", "nngp"], "of gradient descent, or of random weights")),
		"assume-invariant": flag("take the kernel for invariant under the action without the proof of a test"),
		workers,
		out: required(text("report.json", "the report")),
	},
	examples: [
		[
			"orbit-kernels symmetry --network net.json --seeds s.npy --labels l.npy --action rotate:8 --out report.json",
			"is one of eight poses of each image recognized from the others?",
		],
		[
			"orbit-kernels symmetry --network net.json --seeds s.npy --targets t.npy --action permute:p.npy --group dihedral:4 --out report.json",
			"the same for numbers, under permutations of positions",
		],
	],

	async run(values, { signal }) {
		const { network: file, seeds, labels, targets, out } = values;
		if ((labels === undefined) === (targets === undefined))
			throw usageError(
				labels === undefined
					? "--labels and --targets are missing: expected one of them"
					: `--labels ${labels} and --targets ${targets}: expected one of them`,
			);
		const network = await readNetwork("network", file);
		const acting = await readAction(values.action, values.group);
		const samples = await readArray("seeds", seeds);
		const wanted =
			labels === undefined
				? { targets: await readArray("targets", targets as string) }
				: { labels: await readArray("labels", labels) };
		const sources = {
			network: `--network ${file}`,
			seeds: `--seeds ${seeds}`,
			labels: `--labels ${labels}`,
			targets: `--targets ${targets}`,
			holdOut: "--hold-out",
			action: "permutationFile" in values.action ? `--action permute:${values.action.permutationFile}` : "--action",
			memory: `--seeds ${seeds}`,
			value: `--seeds ${seeds}`,
		};
		let report: SymmetryReport | undefined;
		await produce("out", [out], () =>
			withEngine(values.workers, signal, (engine) =>
				withProgress("symmetry", "steps", async (onProgress) => {
					const options: SymmetryOptions = {
						seeds: samples,
						action: acting,
						...wanted,
						ridge: values.ridge,
						...(values.prepare && { prepare: values.prepare }),
						holdOut: values["hold-out"],
						kernel: values.kernel,
						assumeInvariant: values["assume-invariant"],
						signal,
						onProgress,
					};
					report = await naming(sources, () => engine.symmetry(network, options));
					return [`${JSON.stringify(report)}\n`];
				}),
			),
		);
		show(report as SymmetryReport, out);
	},
});

function show(report: SymmetryReport, out: string): void {
	const rows = report.orbits.slice(0, SHOWN).map((orbit) => rowOf(orbit, report));
	const more = report.orbits.length - rows.length;
	const formula = report.invariant ? "group formula" : "block formula";
	const head = ["seed", report.classes ? "label" : "target", "exact error", formula, "variance", "correct"];
	const columns = report.classes ? head.length : head.length - 1;
	const table = textTable(
		head.slice(0, columns),
		rows.map((row) => row.slice(0, columns)),
	);
	const rest = more > 0 ? `\n… and ${more} more\n` : "\n";
	process.stdout.write(`${table}${rest}\n${paragraph(insight(report))}\n\n${out}: ridge ${report.ridge}\n`);
}

function rowOf(orbit: OrbitReport, { classes }: SymmetryReport): string[] {
	return [
		String(orbit.seed),
		classes ? String(orbit.label) : numbers(orbit.target),
		numbers(orbit.exactError),
		numbers(orbit.blockError),
		numbers(orbit.variance),
		orbit.correct ? "yes" : "no",
	];
}

const numbers = (values: Columns | null) =>
	values === null
		? "–"
		: [values]
				.flat()
				.map((value) => value.toPrecision(4))
				.join(" ");

/** What the report says, in one sentence. */
function insight(report: SymmetryReport): string {
	const { orbits, classes, invariant, assumeInvariant, invarianceDefect, departure } = report;
	const size = (errors: (Columns | null)[]) =>
		mean(errors.flatMap((error) => error ?? []).map(Math.abs)).toPrecision(3);
	const exact = orbits.map(({ exactError }) => exactError);
	const block = orbits.map(({ blockError }) => blockError);
	const collapsed = orbits.filter((orbit) => orbit.collapsed).length;
	const points = collapsed > 0 ? `; to the kernel ${collapsed} of ${orbits.length} orbits are a single point` : "";
	const invariance = invariant
		? `the kernel is ${assumeInvariant ? "taken for invariant" : "invariant"} (defect ${invarianceDefect.toPrecision(2)})`
		: `the kernel is invariant up to ${departure.toPrecision(2)}`;
	const kernel = `${invariance}${points}`;
	const agreement = exact.includes(null)
		? `errors are ${size(block)} on average by theory`
		: `errors are ${size(exact)} on average by direct regression and ${size(block)} by theory`;
	if (!classes) return `Held-out poses: ${agreement}; ${kernel}.`;
	const right = orbits.filter(({ correct }) => correct).length;
	const verb = right === orbits.length ? "generalizes to" : right === 0 ? "fails on" : "is divided on";
	return `The network ${verb} unseen poses, ${right} of ${orbits.length} orbits are right; ${agreement}; ${kernel}.`;
}
