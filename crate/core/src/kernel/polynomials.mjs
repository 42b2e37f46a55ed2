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
/** A number of a size near one, with all its digits. */
const exactly = (x) => (BigInt(x * 2 ** 60) * ONE) / 2n ** 60n;

/** Power series coefficients, 200 terms: at z = 1/2 the rest is below 1e-60. */
const TERMS = 200;
const central = [ONE]; // binomial(2k, k) / 4^k
for (let k = 1; k < TERMS; k++) central.push((central[k - 1] * BigInt(2 * k - 1)) / BigInt(2 * k));
const arcsine = central.map((c, k) => c / BigInt(2 * k + 1)); // asin(sqrt z) / sqrt z
const root = central.map((c, k) => (k === 0 ? ONE : -c / BigInt(2 * k - 1))); // sqrt(1 - z)
// (sin t - t cos t) / (2 s^3) with s = sin(t/2), z = s^2:  [sqrt(1-z) - (1-2z) asin(s)/s] / z
const difference = root.slice(1).map((r, k) => r - arcsine[k + 1] + 2n * arcsine[k]);
const [turnSeries, bowSeries] = [div(2n * ONE, PI), div(ONE, PI)].map((scale, k) =>
	[arcsine, difference][k].map((c) => mul(scale, c)),
);
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
	return rows.map((row, k) => div(row.at(-1), row[k]));
}

/** A polynomial in z on [0, end], exact at Chebyshev points. */
const interpolate = (series, degree, end) =>
	solve(nodes(degree + 1, end).map((z) => [...powers(z, degree), evaluate(series, z)])).map(number);

/**
 * turn = turn(0) + z T(y)/Q(y) and bow = bow(0) + z B(y)/Q(y) on [0, 1/2], y = 1 − z, each exact at Chebyshev points.
 *
 * Both functions have their cut on z > 1, so there are the poles, and all zeros between them: in y, polynomials are
 * products of sums of positive numbers, and nothing cancels.
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
		...nodes(turnPoints, 1 / 2).map(row(turnSeries, (numerator) => [...numerator, ...zeros])),
		...nodes(unknowns - turnPoints, 1 / 2).map(row(bowSeries, (numerator) => [...zeros, ...numerator])),
	]);
	return {
		turn: [turnSeries[0], solution.slice(0, degree + 1)],
		bow: [bowSeries[0], solution.slice(degree + 1, 2 * degree + 2)],
		poles: negatedZeros([...solution.slice(2 * degree + 2), ONE]),
	};
}

/** Without their signs, the zeros of a polynomial, all of which are negative: Newton's method comes monotonically from 0. */
function negatedZeros(coefficients) {
	const zeros = [];
	for (let rest = coefficients; rest.length > 1; ) {
		let [x, quotient] = [0n, []];
		for (let step = 0; step < 300; step++) {
			let [value, slope] = [0n, 0n];
			quotient = [];
			for (const c of rest.toReversed()) {
				slope = mul(slope, x) + value;
				value = mul(value, x) + c;
				quotient.unshift(value);
			}
			x -= div(value, slope);
		}
		zeros.push(-x);
		rest = quotient.slice(1);
	}
	return zeros.map(number);
}

/**
 * lead · (first/lead + z·(y + zeros…)/Q), where the product of the two rounded constants is more exact than they are: a
 * last bit of the other factor matters a tenth as much.
 */
function factored([first, coefficients], round) {
	const highest = number(coefficients.at(-1));
	let best = [ONE];
	for (let step = -2; step <= 2; step++) {
		const lead = round(highest * (1 + step * (round === Math.fround ? 2 ** -23 : 2 ** -52)));
		const share = round(number(div(first, exactly(lead))));
		const error = mul(exactly(lead), exactly(share)) - first;
		const size = error < 0n ? -error : error;
		if (size < best[0]) best = [size, lead, share];
	}
	return [...best.slice(1), ...negatedZeros(coefficients)];
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

/** (y + a₁)(y + a₂)…, in pairs. */
function product(zeros, y, round) {
	let factors = zeros.map((zero) => round(y + round(zero)));
	while (factors.length > 1)
		factors = factors.flatMap((factor, k) =>
			k % 2 === 1 ? [] : [k + 1 < factors.length ? round(factor * factors[k + 1]) : factor],
		);
	return factors[0];
}

function arcConstants(type, degree, poles, turnPoints) {
	const round = rounding(type);
	const arc = interpolateBoth(degree, poles, turnPoints);
	const [turn, bow] = [arc.turn, arc.bow].map((part) => factored(part, round));
	const error = (series, [lead, first, ...zeros]) => {
		const approximate = (z) => {
			const y = round(1 - z);
			const quotient = round(z / product(arc.poles, y, round));
			return round(lead * round(first + round(product(zeros, y, round) * quotient)));
		};
		return worstError(series, 1 / 2, approximate, round);
	};
	return [
		constant(
			"TURN",
			type,
			`t/(π√z), z = sin²(t/2): lead·(first + z·Π(y + others)/Π(y + POLES)); ${error(turnSeries, turn)}`,
			turn,
		),
		constant("BOW", type, `(sin t − t cos t)/(2πz√z), in the same way; ${error(bowSeries, bow)}`, bow),
		constant("POLES", type, "The denominator of both", arc.poles),
	];
}

const source = [
	"//! Near-minimax functions: the arc sine by its coefficients, lowest power first, arcs on [0, 1/2] by products with y = 1 − z;\n//! written by polynomials.mjs.\n",
	arcsineConstant("f64", 12),
	...arcConstants("f64", 6, 7, 11),
	arcsineConstant("f32", 5),
	...arcConstants("f32", 2, 3, 4),
].join("\n");

const file = new URL("polynomials.rs", import.meta.url);
if (process.argv.includes("--check")) {
	if (readFileSync(file, "utf8") !== source) throw new Error("polynomials.rs is not what polynomials.mjs writes");
} else writeFileSync(file, source);
