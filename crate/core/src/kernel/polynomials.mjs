// Writes polynomials.rs: near-minimax functions for the arc-cosine and the arc-sine kernel.
//   node polynomials.mjs           writes the file
//   node polynomials.mjs --check   fails if the file is not what this script writes
// Everything is computed in fixed point with 60 decimal digits, so the file is the same everywhere.
import { readFileSync, writeFileSync } from "node:fs";

const ONE = 10n ** 60n;
const PI = 3141592653589793238462643383279502884197169399375105820974944n;
const mul = (a, b) => (a * b) / ONE;
const div = (a, b) => (a * ONE) / b;
const fixed = (x) => BigInt(Math.round(x * 2 ** 52)) * (ONE / 2n ** 52n);
const number = (x) => Number(x) / Number(ONE);

/** Power series coefficients, 200 terms: at z = 1/2 the rest is below 1e-60. */
const TERMS = 200;
const central = [ONE]; // binomial(2k, k) / 4^k
for (let k = 1; k < TERMS; k++) central.push((central[k - 1] * BigInt(2 * k - 1)) / BigInt(2 * k));
const arcsine = central.map((c, k) => c / BigInt(2 * k + 1)); // asin(sqrt z) / sqrt z
const root = central.map((c, k) => (k === 0 ? ONE : -c / BigInt(2 * k - 1))); // sqrt(1 - z)
// (sin t - t cos t) / (2 s^3) with s = sin(t/2), z = s^2:  [sqrt(1-z) - (1-2z) asin(s)/s] / z
const difference = root.slice(1).map((r, k) => r - arcsine[k + 1] + 2n * arcsine[k]);
const [turn, bow] = [arcsine, difference].map((series) => series.map((c) => div(2n * c, PI)));
const evaluate = (series, z) => series.reduceRight((sum, c) => mul(sum, z) + c, 0n);

/** Chebyshev points of [0, end], rounded, so that the last bit of a host's cosine does not matter. */
const nodes = (count, end) =>
	Array.from({ length: count }, (_, k) =>
		fixed(Math.round(1e8 * (1 + Math.cos((Math.PI * (2 * k + 1)) / (2 * count)))) * (end / 2e8)),
	);

/** 1, x, …, x^degree. */
function powers(x, degree) {
	const list = [ONE];
	while (list.length <= degree) list.push(mul(list.at(-1), x));
	return list;
}

/** Gaussian elimination with pivots; a row is followed by its right-hand side. */
function solve(rows) {
	const size = (x) => (x < 0n ? -x : x);
	rows.forEach((_, k) => {
		for (let i = k + 1; i < rows.length; i++)
			if (size(rows[i][k]) > size(rows[k][k])) [rows[i], rows[k]] = [rows[k], rows[i]];
		rows.forEach((row, i) => {
			const factor = i === k ? 0n : div(row[k], rows[k][k]);
			if (factor !== 0n) rows[i] = row.map((value, j) => value - mul(factor, rows[k][j]));
		});
	});
	return rows.map((row, k) => number(div(row.at(-1), row[k])));
}

/** A polynomial in z on [0, end], exact at Chebyshev points. */
const interpolate = (series, degree, end) =>
	solve(nodes(degree + 1, end).map((z) => [...powers(z, degree), evaluate(series, z)]));

/**
 * turn = turn(0) + z T(y)/Q(y) and bow = bow(0) + z B(y)/Q(y) on [0, 1/2], y = 1 − z, each exact at Chebyshev points.
 *
 * Both functions have their cut on z > 1, so there are the poles: in y all coefficients are positive and nothing cancels.
 */
function interpolateBoth(degree, poles, turnPoints) {
	const unknowns = 2 * (degree + 1) + poles;
	const zeros = Array(degree + 1).fill(0n);
	const row = (series, arrange) => (z) => {
		const rest = evaluate(series.slice(1), z);
		const denominator = powers(ONE - z, poles).map((power) => mul(rest, power));
		return [...arrange(powers(ONE - z, degree)), ...denominator.slice(0, -1).map((c) => -c), denominator.at(-1)];
	};
	const solution = solve([
		...nodes(turnPoints, 1 / 2).map(row(turn, (numerator) => [...numerator, ...zeros])),
		...nodes(unknowns - turnPoints, 1 / 2).map(row(bow, (numerator) => [...zeros, ...numerator])),
	]);
	return {
		turn: [number(turn[0]), ...solution.slice(0, degree + 1)],
		bow: [number(bow[0]), ...solution.slice(degree + 1, 2 * degree + 2)],
		// Highest coefficient one: a product less.
		poles: [...solution.slice(2 * degree + 2), 1],
	};
}

const rounding = (type) => (type === "f32" ? Math.fround : (x) => x);

function horner(coefficients, x, round) {
	return coefficients.reduceRight((sum, c) => round(round(sum * x) + round(c)), 0);
}

function worstError(series, end, approximate, round) {
	let worst = 0;
	for (let k = 0; k <= 2000; k++) {
		const z = round((end * k) / 2000);
		worst = Math.max(worst, Math.abs(approximate(z) / number(evaluate(series, fixed(z))) - 1));
	}
	return `relative error ${worst.toExponential(1)} with rounding`;
}

/** Shortest decimal that reads back as the same number, with a decimal point. */
function decimal(c, type) {
	const text = type === "f64" ? String(c) : shortest(Math.fround(c));
	return text.includes(".") ? text : `${text}.0`;
}

function shortest(c) {
	for (let digits = 6; ; digits++) {
		const text = String(Number(c.toPrecision(digits)));
		if (Math.fround(Number(text)) === c) return text;
	}
}

function constant(name, type, doc, coefficients) {
	const literals = coefficients.map((c) => `    ${decimal(c, type)},`);
	return `/// ${doc}.\n#[rustfmt::skip]\npub const ${name}_${type.toUpperCase()}: [${type}; ${literals.length}] = [\n${literals.join("\n")}\n];\n`;
}

/** The border between the two forms of the arc sine is at 1/2 = √(1/4). */
function arcsineConstant(type, degree) {
	const [end, round] = [1 / 4, rounding(type)];
	const coefficients = interpolate(arcsine, degree, end);
	const error = worstError(arcsine, end, (z) => horner(coefficients, z, round), round);
	return constant("ARCSINE", type, `asin(√z)/√z on [0, 1/4], a polynomial in z; ${error}`, coefficients);
}

function arcConstants(type, degree, poles, turnPoints) {
	const round = rounding(type);
	const arc = interpolateBoth(degree, poles, turnPoints);
	const error = (series, [first, ...numerator]) => {
		const approximate = (z) => {
			const y = round(1 - z);
			const quotient = round(z / horner(arc.poles, y, round));
			return round(round(first) + round(horner(numerator, y, round) * quotient));
		};
		return worstError(series, 1 / 2, approximate, round);
	};
	return [
		constant("TURN", type, `t/(π√z), z = sin²(t/2): first + z·others/POLES; ${error(turn, arc.turn)}`, arc.turn),
		constant("BOW", type, `(sin t − t cos t)/(πz√z), in the same way; ${error(bow, arc.bow)}`, arc.bow),
		constant("POLES", type, "The denominator of both", arc.poles),
	];
}

const source = [
	"//! Near-minimax functions, lowest power first, those of arcs in powers of 1 − z on [0, 1/2]; written by polynomials.mjs.\n",
	'#![expect(clippy::approx_constant, reason = "2/π is the first number of TURN")]\n',
	arcsineConstant("f64", 12),
	...arcConstants("f64", 6, 7, 11),
	arcsineConstant("f32", 5),
	...arcConstants("f32", 2, 3, 4),
].join("\n");

const file = new URL("polynomials.rs", import.meta.url);
if (process.argv.includes("--check")) {
	if (readFileSync(file, "utf8") !== source) throw new Error("polynomials.rs is not what polynomials.mjs writes");
} else writeFileSync(file, source);
