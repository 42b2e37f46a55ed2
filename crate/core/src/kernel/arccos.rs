//! The ReLU step: the arc-cosine kernel of degree one.

use crate::real::{Lanes, Real, polynomial};

/// `((sin θ − θ cos θ)/π, θ/π)` for an angle in [0, π/2] from `z = sin²(θ/2)` and `root = √z`.
///
/// Both are odd in `root`, so no digits are lost however small the angle. Their even parts have one
/// denominator for the whole range: a division costs less than two polynomials twice as long, and a
/// border between two forms would have vectors on both sides pay for both.
#[inline(always)]
pub fn arc<T: Real>(z: T::Lanes, root: T::Lanes) -> (T::Lanes, T::Lanes) {
    let y = T::Lanes::splat(T::ONE) - z;
    let quotient = z / polynomial(T::POLES, y);
    let even = |series: &[T]| T::Lanes::splat(series[0]) + polynomial(&series[1..], y) * quotient;
    (z * root * even(T::BOW), root * even(T::TURN))
}

/// `arc` of an angle given by `m = 1 − cos θ`.
#[inline(always)]
fn arc_of<T: Real>(m: T::Lanes) -> (T::Lanes, T::Lanes) {
    let z = m * T::Lanes::splat(T::from_f64(0.5));
    arc::<T>(z, z.sqrt())
}

/// A rectifier of the form `ratio·ReLU + (1 − ratio)·identity` (see `Map::Rectifier`) for pairs whose
/// cosine is not negative.
pub fn rectifier_acute<T: Real>(ratio: f64, alpha: &mut [T::Lanes], tau: &mut [T::Lanes]) {
    let one = T::Lanes::splat(T::ONE);
    let ratio = T::Lanes::splat(T::from_f64(ratio));
    for (alpha, tau) in alpha.iter_mut().zip(tau) {
        let (bow, turn) = arc_of::<T>(*alpha);
        *alpha = *alpha - bow * ratio;
        *tau = *tau * (one - turn * ratio);
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
        let (bow, turn) = arc_of::<T>(obtuse.select(b, a));
        let (bow, turn) = (bow * ratio, turn * ratio);
        // Obtuse: from β, so that nothing cancels for any ratio.
        *alpha = obtuse.select(one + rest - rest * b, a) - bow;
        *beta = obtuse.select(ratio + rest * b, b) + bow;
        *tau = *tau * obtuse.select(rest + turn, one - turn);
    }
}
