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

/// ReLU for pairs whose cosine is not negative.
pub fn relu_acute<T: Real>(alpha: &mut [T::Lanes], tau: &mut [T::Lanes]) {
    let (one, per_pi) = (T::Lanes::splat(T::ONE), T::Lanes::splat(T::from_f64(FRAC_1_PI)));
    for (alpha, tau) in alpha.iter_mut().zip(tau) {
        let (bow, angle) = bow::<T>(*alpha);
        *alpha = *alpha - bow * per_pi;
        *tau = *tau * (one - angle * per_pi);
    }
}

/// ReLU for any pairs; afterwards none is obtuse.
pub fn relu<T: Real>(alpha: &mut [T::Lanes], beta: &[T::Lanes], tau: &mut [T::Lanes]) {
    let (one, per_pi) = (T::Lanes::splat(T::ONE), T::Lanes::splat(T::from_f64(FRAC_1_PI)));
    for ((alpha, &b), tau) in alpha.iter_mut().zip(beta).zip(tau) {
        let a = *alpha;
        let obtuse = b.less(a);
        let (bow, angle) = bow::<T>(obtuse.select(b, a));
        let (bow, turn) = (bow * per_pi, angle * per_pi);
        *alpha = obtuse.select(one - bow, a - bow);
        *tau = *tau * obtuse.select(turn, one - turn);
    }
}
