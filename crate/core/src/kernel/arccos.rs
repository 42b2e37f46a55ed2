//! The ReLU step: the arc-cosine kernel of degree one.

use crate::real::{Lanes, Real, polynomial};
use std::f64::consts::{FRAC_1_PI, FRAC_PI_2};

/// `(sin θ − θ cos θ, θ)` for an angle in [0, π/2] given by `m = 1 − cos θ`.
///
/// Below arccos 7/16 both are odd in `s = sin(θ/2) = √(m/2)`, so no digits are lost however small the
/// angle; above, the arc sine of the cosine is used. The border is where few pairs are: those of
/// orthogonal inputs come to m = 1/2 after a bias like the inputs' own variance.
#[inline(always)]
fn bow<T: Real>(m: T::Lanes) -> (T::Lanes, T::Lanes) {
    let constant = |value: f64| T::Lanes::splat(T::from_f64(value));
    let narrow = || {
        let z = m * constant(0.5);
        let s = z.sqrt();
        (m * s * polynomial(T::BOW, z), (s + s) * polynomial(T::ARCSINE, z))
    };
    let wide = || {
        let cosine = constant(1.0) - m;
        let z = cosine * cosine;
        let angle = constant(FRAC_PI_2) - cosine * polynomial(T::ARCSINE, z);
        ((constant(1.0) - z).sqrt() - angle * cosine, angle)
    };
    let is_narrow = m.less(constant(0.5625));
    if is_narrow.all() {
        narrow()
    } else if is_narrow.none() {
        wide()
    } else {
        let (narrow, wide) = (narrow(), wide());
        (is_narrow.select(narrow.0, wide.0), is_narrow.select(narrow.1, wide.1))
    }
}

/// `((sin θ − θ cos θ)/π, θ/π)` for an angle in [0, π/2] given by `z = sin²(θ/2)`.
#[inline(always)]
pub fn arc<T: Real>(z: T::Lanes) -> (T::Lanes, T::Lanes) {
    let per_pi = T::Lanes::splat(T::from_f64(FRAC_1_PI));
    let (bow, angle) = bow::<T>(z + z);
    (bow * per_pi, angle * per_pi)
}

/// A rectifier of the form `ratio·ReLU + (1 − ratio)·identity` (see `Map::Rectifier`) for pairs whose
/// cosine is not negative.
pub fn rectifier_acute<T: Real>(ratio: f64, alpha: &mut [T::Lanes], tau: &mut [T::Lanes]) {
    let one = T::Lanes::splat(T::ONE);
    let share = T::Lanes::splat(T::from_f64(ratio * FRAC_1_PI));
    for (alpha, tau) in alpha.iter_mut().zip(tau) {
        let (bow, angle) = bow::<T>(*alpha);
        *alpha = *alpha - bow * share;
        *tau = *tau * (one - angle * share);
    }
}

/// ReLU, or a rectifier that leaves no pair obtuse either, for any pairs.
pub fn rectifier<T: Real>(
    ratio: f64,
    alpha: &mut [T::Lanes],
    beta: &mut [T::Lanes],
    tau: &mut [T::Lanes],
) {
    let one = T::Lanes::splat(T::ONE);
    let share = T::Lanes::splat(T::from_f64(ratio * FRAC_1_PI));
    let [ratio, rest] = [ratio, 1.0 - ratio].map(|value| T::Lanes::splat(T::from_f64(value)));
    for ((alpha, beta), tau) in alpha.iter_mut().zip(beta).zip(tau) {
        let (a, b) = (*alpha, *beta);
        let obtuse = b.less(a);
        let (bow, angle) = bow::<T>(obtuse.select(b, a));
        let (bow, turn) = (bow * share, angle * share);
        // Obtuse: from β, so that nothing cancels for any ratio.
        *alpha = obtuse.select(one + rest - rest * b, a) - bow;
        *beta = obtuse.select(ratio + rest * b, b) + bow;
        *tau = *tau * obtuse.select(rest + turn, one - turn);
    }
}
