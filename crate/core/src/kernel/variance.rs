//! What single inputs go through: variances, and the numbers whose products are the coefficients of pairs.

use std::f64::consts::FRAC_2_PI;

/// ω, 1 − ω², √ψ and the gain (see `arcsin`) of an input of variance `q` at `a·erf(b·x)`, and the new variance.
pub fn erf(q: f64, a: f64, b: f64) -> ([f64; 4], f64) {
    let rest = 1.0 / (1.0 + 2.0 * b * b * q);
    let square = 2.0 * b * b * q * rest;
    let angle = square.atan2(((1.0 + square) * rest).sqrt());
    // Without a variance: any root, as what it divides is zero, and the limit of the gain.
    let (root, gain) =
        if square > 0.0 { (angle.sqrt(), square.sqrt() / angle.sqrt()) } else { (1.0, 1.0) };
    ([square.sqrt(), rest, root, gain], a * a * FRAC_2_PI * angle)
}

/// A number to divide by: that of an input that is zero everywhere is never used.
pub fn or_one(number: f64) -> f64 {
    if number > 0.0 { number } else { 1.0 }
}
