// Writes polynomials.rs: near-minimax polynomials on [0, 9/32] for the arc-cosine kernel.
//   node polynomials.mjs           writes the file
//   node polynomials.mjs --check   fails if the file is not what this script writes
// Everything is computed in fixed point with 60 decimal digits, so the file is the same everywhere.
import { readFileSync, writeFileSync } from "node:fs";

const ONE = 10n ** 60n;
const mul = (a, b) => (a * b) / ONE;
const div = (a, b) => (a * ONE) / b;
const fixed = (x) => BigInt(Math.round(x * 2 ** 52)) * (ONE / 2n ** 52n);

/** Half of 9/16: 1 − cos θ = 1/2, where the pairs of orthogonal inputs are after a bias, is well inside. */
const END = 9 / 32;

/** Power series coefficients, 120 terms: at the end the rest is below 1e-60. */
const TERMS = 120;
const central = [ONE]; // binomial(2k, k) / 4^k
for (let k = 1; k < TERMS; k++) central.push((central[k - 1] * BigInt(2 * k - 1)) / BigInt(2 * k));
const arcsine = central.map((c, k) => c / BigInt(2 * k + 1)); // asin(sqrt z) / sqrt z
const root = central.map((c, k) => (k === 0 ? ONE : -c / BigInt(2 * k - 1))); // sqrt(1 - z)
// (sin t - t cos t) / (2 s^3) with s = sin(t/2), z = s^2:  [sqrt(1-z) - (1-2z) asin(s)/s] / z
const bow = root.slice(1).map((r, k) => r - arcsine[k + 1] + 2n * arcsine[k]);
const evaluate = (series, z) => series.reduceRight((sum, c) => mul(sum, z) + c, 0n);

/** Interpolation at the Chebyshev points of [0, 9/32], as monomial coefficients. */
function interpolate(series, degree) {
	const n = degree + 1;
	// Rounded, so that the last bit of a host's cosine does not matter.
	const nodes = Array.from({ length: n }, (_, k) =>
		fixed(Math.round(1e8 * (1 + Math.cos((Math.PI * (2 * k + 1)) / (2 * n)))) * (END / 2e8)),
	);
	const table = nodes.map((z) => evaluate(series, z));
	for (let level = 1; level < n; level++)
		for (let k = n - 1; k >= level; k--) table[k] = div(table[k] - table[k - 1], nodes[k] - nodes[k - level]);
	let monomial = [0n];
	for (let k = n - 1; k >= 0; k--) {
		const shifted = [0n, ...monomial];
		monomial = shifted.map((c, power) => c - mul(nodes[k], monomial[power] ?? 0n));
		monomial[0] += table[k];
	}
	return monomial.slice(0, n).map((c) => Number(c) / Number(ONE));
}

function worstError(series, coefficients, round) {
	let worst = 0;
	for (let k = 0; k <= 4000; k++) {
		const z = round((END * k) / 4000);
		const exact = Number(evaluate(series, fixed(z))) / Number(ONE);
		const value = coefficients.reduceRight((sum, c) => round(round(sum * z) + round(c)), 0);
		worst = Math.max(worst, Math.abs(value / exact - 1));
	}
	return worst;
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

function constant(name, type, doc, series, degree) {
	const round = type === "f32" ? Math.fround : (x) => x;
	const coefficients = interpolate(series, degree);
	const error = worstError(series, coefficients, round).toExponential(1);
	const literals = coefficients.map((c) => `    ${decimal(c, type)},`);
	return `/// ${doc}; relative error ${error} with rounding.\n#[rustfmt::skip]\npub const ${name}: [${type}; ${degree + 1}] = [\n${literals.join("\n")}\n];\n`;
}

const source = [
	"//! Near-minimax polynomials in z on [0, 9/32], lowest power first; written by polynomials.mjs.\n",
	constant("ARCSINE_F64", "f64", "asin(√z)/√z", arcsine, 13),
	constant("BOW_F64", "f64", "(sin t − t cos t)/(2z√z) with z = sin²(t/2)", bow, 12),
	constant("ARCSINE_F32", "f32", "asin(√z)/√z", arcsine, 5),
	constant("BOW_F32", "f32", "(sin t − t cos t)/(2z√z) with z = sin²(t/2)", bow, 5),
].join("\n");

const file = new URL("polynomials.rs", import.meta.url);
if (process.argv.includes("--check")) {
	if (readFileSync(file, "utf8") !== source) throw new Error("polynomials.rs is not what polynomials.mjs writes");
} else writeFileSync(file, source);
