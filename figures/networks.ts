/**
 * The networks of the figures.
 * @module
 */
import {
	attention,
	classToken,
	conv,
	dense,
	dropout,
	flatten,
	gelu,
	globalAveragePool,
	layerNorm,
	maxPool,
	type Network,
	patches,
	positionalEmbedding,
	relu,
	residual,
	serial,
	takeToken,
} from "../ts/index.ts";

/** The paper's multilayer perceptron: ReLU layers and an output, weights and biases of unit variance. */
export const mlp = (hiddenLayers: number): Network =>
	serial(
		...Array.from({ length: hiddenLayers }, () => [dense({ biasStd: 1 }), relu()]).flat(),
		dense({ width: 1, biasStd: 1 }),
	);

/**
 * A network of infinite width at a finite one: its dense layers and convolutions where they state none, and a single output.
 */
export function finite(network: Network, width: number): Network {
	const sized = (value: unknown): unknown => {
		if (Array.isArray(value)) return value.map(sized);
		if (typeof value !== "object" || value === null) return value;
		const layer = Object.fromEntries(Object.entries(value).map(([name, field]) => [name, sized(field)]));
		if (layer.type === "dense") return { ...layer, width: layer.width ?? width };
		return layer.type === "conv" ? { ...layer, outChannels: layer.outChannels ?? width } : layer;
	};
	const whole = sized(network) as Network & { layers?: Network[] };
	const last = whole.layers?.at(-1);
	if (last?.type !== "dense") return whole;
	return { ...whole, layers: [...(whole.layers as Network[]).slice(0, -1), { ...last, width: 1 }] } as Network;
}

/** The paper's convolutional network: 3 × 3 filters on an image that wraps around, then all places side by side, or their mean. */
export const cnn = (pooled: boolean): Network =>
	serial(
		...[conv({ outChannels: 64, size: [3, 3] }), relu()],
		...(pooled ? [globalAveragePool()] : []),
		...[flatten(), dense({ width: 1 })],
	);

const CLASSES = 10;
/** A layer whose biases are trained, from whatever the initialization says. */
const trained = (width: number) => dense({ width, biasStd: 0 });
const norm = () => layerNorm({ eps: 1e-5, affine: true });
const dropHalf = () => dropout({ keepRate: 0.5, mode: "train" });
const filters = (outChannels: number, side: number) =>
	conv({ outChannels, size: [side, side], padding: "valid", biasStd: 0 });
const halve = () => maxPool({ size: [2, 2] });

/** A transformer's block (Dosovitskiy et al. 2021). */
const block = (width: number, hidden: number) => [
	residual(serial(norm(), attention({ heads: 4, keyWidth: 64, biasStd: 0 }))),
	residual(serial(norm(), trained(hidden), gelu(), trained(width))),
];

/** The trained networks of the paper's figure 1, for images of 28 × 28 in ten classes. */
export const figure1 = {
	mlp: serial(...[trained(512), relu(), dropHalf()], ...[trained(128), relu(), dropHalf()], dense({ width: CLASSES })),
	cnn: serial(
		...[filters(24, 5), halve(), relu()],
		...[filters(32, 3), halve(), relu()],
		...[flatten(), trained(256), relu(), trained(CLASSES)],
	),
	vit: serial(
		...[patches({ size: [4, 4] }), norm(), trained(256), norm(), classToken(), positionalEmbedding()],
		...[...block(256, 256), ...block(256, 256)],
		...[takeToken(), norm(), trained(CLASSES)],
	),
} as const satisfies Record<string, Network>;

/** What is trained on pairs of digits, in figure 5 of width 512. */
export const pairMlp = (width: number): Network => serial(trained(width), relu(), trained(1));

/** Of figure 6 B, whose kernel is that of figure 1's perceptron with one more layer: dropout is for training alone. */
export const classesMlp: Network = serial(
	...[dense({ width: 512, biasStd: 1 }), relu()],
	...[dense({ width: 128, biasStd: 1 }), relu()],
	...[dense({ width: CLASSES }), relu(), dense({ width: 1, biasStd: 1 })],
);
