//! The ReLU step: the arc-cosine kernel of degree one.

use crate::real::{Lanes, Real};

/// `(ratio·(sin θ − θ cos θ)/(π(1 − cos θ)), ratio·θ/π)` for an angle in [0, π/2] from `z = sin²(θ/2)`: what a rectifier takes
/// off `1 − cos θ` and off the NTK, in parts of them.
///
/// Both are odd in √z, so no digits are lost however small the angle. Their even parts have one
/// denominator for the whole range: a division costs less than two polynomials twice as long, and a
/// border between two forms would have vectors on both sides pay for both. Polynomials are products of their linear
/// factors in pairs, since how long a vector waits for its own results decides how many are on their way.
#[inline(always)]
pub fn arc<T: Real>(z: T::Lanes, ratio: T::Lanes) -> (T::Lanes, T::Lanes) {
    let y = T::Lanes::splat(T::ONE) - z;
    let quotient = z / product(T::POLES, y);
    let root = z.sqrt();
    let part = |numbers: &[T]| {
        let even = T::Lanes::splat(numbers[1]) + product(&numbers[2..], y) * quotient;
        root * (ratio * T::Lanes::splat(numbers[0])) * even
    };
    (part(T::BOW), part(T::TURN))
}

/// (y + a₁)(y + a₂)… of at most eight numbers.
#[inline(always)]
fn product<T: Real>(numbers: &[T], y: T::Lanes) -> T::Lanes {
    let mut factors = [T::Lanes::splat(T::ONE); 8];
    for (factor, &number) in factors.iter_mut().zip(numbers) {
        *factor = y + T::Lanes::splat(number);
    }
    let [a, b, c, d, e, f, g, h] = factors;
    ((a * b) * (c * d)) * ((e * f) * (g * h))
}

/// `arc` of an angle given by `m = 1 − cos θ`.
#[inline(always)]
fn arc_of<T: Real>(m: T::Lanes, ratio: T::Lanes) -> (T::Lanes, T::Lanes) {
    arc::<T>(m * T::Lanes::splat(T::from_f64(0.5)), ratio)
}

/// A rectifier of the form `ratio·ReLU + (1 − ratio)·identity` (see `Map::Rectifier`) for pairs whose
/// cosine is not negative.
pub fn rectifier_acute<T: Real>(ratio: f64, alpha: &mut [T::Lanes], tau: &mut [T::Lanes]) {
    let one = T::Lanes::splat(T::ONE);
    let ratio = T::Lanes::splat(T::from_f64(ratio));
    for (alpha, tau) in alpha.iter_mut().zip(tau) {
        let (share, turn) = arc_of::<T>(*alpha, ratio);
        *alpha = *alpha - *alpha * share;
        *tau = *tau * (one - turn);
    }
}

/// A rectifier of that form for any pairs.
pub fn rectifier<T: Real>(
    ratio: f64,
    alpha: &mut [T::Lanes],
    beta: &mut [T::Lanes],
    tau: &mut [T::Lanes],
) {
    let one = T::Lanes::splat(T::ONE);
    let [ratio, rest] = [ratio, 1.0 - ratio].map(|value| T::Lanes::splat(T::from_f64(value)));
    for ((alpha, beta), tau) in alpha.iter_mut().zip(beta).zip(tau) {
        let (a, b) = (*alpha, *beta);
        let obtuse = b.less(a);
        let acute = obtuse.select(b, a);
        let (share, turn) = arc_of::<T>(acute, ratio);
        let bow = acute * share;
        // Obtuse: from β, so that nothing cancels for any ratio.
        *alpha = obtuse.select(one + rest - rest * b, a) - bow;
        *beta = obtuse.select(ratio + rest * b, b) + bow;
        *tau = *tau * obtuse.select(rest + turn, one - turn);
    }
}
