/**
 * Figure 2: why the error of an unseen point is a ratio of two areas, on two circles.
 *
 * Source: Perin & Deny, arXiv 2412.11521, figure 2.
 * @module
 */
import type { Tensor } from "../ts/index.ts";
import { circlesSeen, fractionOfAreas, matrix, oneRow, orbitKey, spectrumBars, spectrumKey } from "./2-panels.ts";
import { type Circles, errorWithout, quantitiesOfCircles } from "./circles.ts";
import {
	type Article,
	type Figure,
	type FigureData,
	type FigureOptions,
	type PanelGroup,
	provenanceOf,
	runOf,
} from "./figure.ts";
import { spectralFormula } from "./formula.ts";
import { counter, rowsOf } from "./parts.ts";
import { colours } from "./plot.ts";
import { percent } from "./words.ts";

const CIRCLES: Circles = { poses: 6, delta: 1, radius: 1, inverseLength: 1 };
const RIDGE = 0;
/** A₀. */
const HELD_OUT = 0;

/** The stored numbers; points are A₀ B₀ A₁ B₁ …. */
export interface Data2 extends FigureData {
	precision: "f64";
	circles: Circles;
	ridge: number;
	/** Index of the point that the exact error is of. */
	heldOut: number;
	/** x, y, z of each. */
	points: number[][];
	distances: number[][];
	gram: number[][];
	/** λ_j^-1, j = 0 … 2N − 1. */
	reciprocalSpectrum: number[];
	meanReciprocal: number;
	spectralError: number;
	exactError: number;
}

async function compute(options: FigureOptions): Promise<Data2> {
	const { data: _, ...run } = runOf(options);
	const count = counter(options, 1);
	const { points, gram, quantities } = await quantitiesOfCircles(options, CIRCLES, RIDGE);
	const places = entriesOf(points);
	const { reciprocalSpectrum, meanReciprocal, spectralError } = quantities;
	const exactError = await errorWithout(options, gram, HELD_OUT, RIDGE);
	count();
	return {
		format: "orbit-kernels/figure-2",
		version: 1,
		...run,
		precision: "f64",
		circles: CIRCLES,
		ridge: RIDGE,
		heldOut: HELD_OUT,
		points: places,
		distances: places.map((a) => places.map((b) => distance(a, b))),
		gram: entriesOf(gram),
		reciprocalSpectrum,
		meanReciprocal,
		spectralError,
		exactError,
	};
}

const entriesOf = (matrix: Tensor) => rowsOf(matrix).map((row) => Array.from(row));

const distance = (a: number[], b: number[]) => Math.sqrt(a.reduce((sum, x, k) => sum + (x - (b[k] as number)) ** 2, 0));

function plot(data: Data2): PanelGroup[] {
	const { points, distances, gram, circles, heldOut, reciprocalSpectrum, meanReciprocal } = data;
	const { poses, delta, radius, inverseLength } = circles;
	const farthest = Math.max(...distances.flat());
	const spectrum = { reciprocals: reciprocalSpectrum, mean: meanReciprocal };
	return [
		{
			title: "From points to the kernel",
			caption: `Two circles of ${poses} points each, of radius <i>r</i> = ${radius} and Δ = ${delta} apart, one of them turned by half a step. In the matrices full colour is the largest entry: a distance of ${farthest.toPrecision(3)}, a kernel <i>k</i> = exp(−<i>L</i>²<i>d</i>²) of 1, with <i>L</i> = ${inverseLength}. Each row is the one above it moved by one: the matrices are circulant.`,
			panels: [
				{ title: "The points", svg: circlesSeen(points, circles, heldOut) },
				{ title: "Their distances", svg: matrix("Distances of all points", distances, colours.accent) },
				{ title: "The kernel", svg: matrix("Kernel of all points", gram, colours.good) },
			],
			key: orbitKey,
			panelWidth: [250, 400],
		},
		{
			title: "From one row to the error",
			caption:
				"A circulant matrix has its row's Fourier transform for eigenvalues λ. Drawn are their reciprocals: the last frequency, at which A and B alternate as the labels do, and the mean of all. In the fraction of areas, above is the last one over all frequencies, below all as they are.",
			panels: [
				{ title: "One row of the kernel", svg: oneRow(gram[heldOut] as number[]) },
				{ title: "The reciprocals of its spectrum", svg: spectrumBars(spectrum) },
				{
					title: `The error, a ratio of two areas: ${data.spectralError.toPrecision(3)}`,
					svg: fractionOfAreas(spectrum),
				},
			],
			key: spectrumKey,
			panelWidth: [250, 400],
		},
	];
}

function describe(data: Data2): Article {
	const { circles, reciprocalSpectrum, meanReciprocal } = data;
	const { poses, delta, radius, inverseLength } = circles;
	const total = 2 * poses * meanReciprocal;
	return {
		label: "Figure 2",
		title: "Why is the error of an unseen pose a ratio of two areas?",
		question: QUESTION,
		formula: `${spectralFormula}${WHERE}`,
		insight: insight(data),
		table: {
			head: ["frequency", "λ", "1/λ", "of the area"],
			rows: reciprocalSpectrum.slice(0, poses + 1).map((reciprocal, frequency) => {
				const times = frequency % poses === 0 ? 1 : 2;
				return [
					times === 1 ? String(frequency) : `±${frequency}`,
					(1 / reciprocal).toPrecision(4),
					reciprocal.toPrecision(4),
					percent((times * reciprocal) / total),
				];
			}),
			note: "Frequencies in turns around the orbits; eigenvalues of the kernel, those of ± twice; their reciprocals; and the share of these in the sum of all.",
		},
		statements: [
			{
				claim: "On a circulant Gram the spectral error is the error of a held-out point (but for rounding, 1e-10).",
				holds: apartOf(data) < 1e-10,
				evidence: `${data.spectralError.toPrecision(6)} by the spectrum, ${data.exactError.toPrecision(6)} by regression; apart by ${apartOf(data).toExponential(1)} of it`,
			},
		],
		provenance: [
			["points", `twoCircles(${poses}, { delta: ${delta}, radius: ${radius} })`],
			["kernel", `exp(−L²d²), L = ${inverseLength}`],
			["held out", `A₀, predicted by a regression on the ${2 * poses - 1} others`],
			["ridge", String(data.ridge)],
			["precision", data.precision],
			...provenanceOf("2", data),
		],
	};
}

/** How far both errors are apart, relative to the exact one. */
const apartOf = ({ spectralError, exactError }: Data2) => Math.abs(exactError - spectralError) / exactError;

/** The sentence that the numbers of this run allow. */
function insight(data: Data2): string {
	const { reciprocalSpectrum, meanReciprocal, spectralError, exactError } = data;
	const { poses } = data.circles;
	const last = reciprocalSpectrum[poses] as number;
	const apart = apartOf(data);
	const agree = apart < 1e-12 ? "the same to twelve digits" : `apart by ${apart.toExponential(1)} of it`;
	const verdict = spectralError < 1 ? "below 1, so that its sign is right" : "not below 1, so that its sign is wrong";
	return (
		`The last of the reciprocal eigenvalues is ${last.toPrecision(3)}, the mean of all ${2 * poses} is ${meanReciprocal.toPrecision(3)}: ` +
		`their ratio ${spectralError.toPrecision(3)} is the error of a held-out point, ${verdict}; a regression on the other ${2 * poses - 1} points gives ${exactError.toPrecision(3)}, ${agree}.`
	);
}

const QUESTION = `Two orbits of a rotation, of opposite labels, are two circles of points in space. All points are known but one. A regression
with a kernel predicts its label; how far off is it? No regression is needed to tell: the kernel depends on distances alone, and
these are the same from each point as from any other, so that its matrix is circulant and a Fourier transform of a single row solves the problem:`;

const WHERE = `<p class="where">λ<sub><i>j</i></sub>: Fourier transform of a row of the kernel on the points A₀ B₀ A₁ B₁ …;
λ<sub><i>N</i></sub>: at the frequency with which the labels alternate. A point is read correctly if the error is below 1.</p>`;

/** See the top of the file. */
export const figure2: Figure<Data2> = { unit: "steps", compute, plot, describe };
