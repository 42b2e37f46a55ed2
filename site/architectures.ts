/**
 * The networks that a reader can choose. A new one appears by adding an entry.
 * @module
 */
import {
	conv,
	dense,
	flatten,
	globalAveragePool,
	type Kernel,
	type Network,
	rbfKernel,
	relu,
	serial,
} from "orbit-kernels";

/** A number that an architecture has. */
interface Parameter {
	label: string;
	least: number;
	most: number;
	step: number;
	/** What it is first. */
	value: number;
}

interface Choice {
	label: string;
	/** What it is made of, a sentence without its full stop. */
	summary: string;
	parameters: Readonly<Record<string, Parameter>>;
	build(parameters: Readonly<Record<string, number>>): Network | Kernel;
}

const depth: Parameter = { label: "hidden layers", least: 1, most: 10, step: 1, value: 1 };
const bias: Parameter = { label: "deviation of biases", least: 0, most: 2, step: 0.1, value: 1 };

const repeated = (count: number, layers: readonly Network[]) => Array.from({ length: count }, () => layers).flat();
const convolutions = (count: number) => repeated(count, [conv({ size: [3, 3] }), relu()]);

export const architectures = {
	mlp: {
		label: "MLP",
		summary: "Infinitely wide dense layers, which do not know which pixels are neighbours",
		parameters: { depth, bias },
		build: ({ depth = 1, bias = 1 }) =>
			serial(...repeated(depth, [dense({ biasStd: bias }), relu()]), dense({ biasStd: bias })),
	},
	flatten: {
		label: "CNN, flatten",
		summary: "Infinitely many 3 × 3 filters in each layer, then all places side by side",
		parameters: { depth },
		build: ({ depth = 1 }) => serial(...convolutions(depth), flatten(), dense()),
	},
	gap: {
		label: "CNN, average pool",
		summary: "Infinitely many 3 × 3 filters in each layer, then the mean of all places",
		parameters: { depth },
		build: ({ depth = 1 }) => serial(...convolutions(depth), globalAveragePool(), dense()),
	},
	rbf: {
		label: "Gaussian kernel",
		summary: "No network: exp(−L²d²) at the distance d of two images",
		parameters: { inverseLength: { label: "L, inverse length", least: 0.2, most: 4, step: 0.1, value: 1 } },
		build: ({ inverseLength = 1 }) => rbfKernel({ gamma: inverseLength ** 2 }),
	},
} as const satisfies Record<string, Choice>;

export type ArchitectureName = keyof typeof architectures;

/** All parameters of an architecture: those that were chosen, and what the others are first. */
export function parametersOf(name: ArchitectureName, chosen: Readonly<Record<string, number>>): Record<string, number> {
	const parameters: Readonly<Record<string, Parameter>> = architectures[name].parameters;
	return Object.fromEntries(Object.entries(parameters).map(([key, { value }]) => [key, chosen[key] ?? value]));
}

/** The network or kernel of a choice. */
export function build(name: ArchitectureName, chosen: Readonly<Record<string, number>>): Network | Kernel {
	return (architectures[name] as Choice).build(parametersOf(name, chosen));
}
