//! The ReLU step: the arc-cosine kernel of degree one.

use crate::real::{Lanes, Real};

/// An angle θ in [0, π/2] by `z = sin²(θ/2)`, and the quotient that both its functions need.
#[derive(Clone, Copy)]
pub struct Angle<V> {
    pub z: V,
    pub quotient: V,
}

impl<V> Angle<V> {
    #[inline(always)]
    pub fn new<T: Real<Lanes = V>>(z: V) -> Self
    where
        V: Lanes<T>,
    {
        Angle { z, quotient: Self::quotient::<T>(z) }
    }

    /// z over the product of `POLES`.
    #[inline(always)]
    pub fn quotient<T: Real<Lanes = V>>(z: V) -> V
    where
        V: Lanes<T>,
    {
        z / product(T::POLES, V::splat(T::ONE) - z)
    }

    /// `(ratio·(sin θ − θ cos θ)/(π(1 − cos θ)), ratio·θ/π)`: what a rectifier takes off `1 − cos θ` and off the NTK, in parts
    /// of them.
    ///
    /// Both are odd in √z, so no digits are lost however small the angle. Their even parts have one
    /// denominator for the whole range: a division costs less than two polynomials twice as long, and a
    /// border between two forms would have vectors on both sides pay for both.
    #[inline(always)]
    pub fn shares<T: Real<Lanes = V>>(self, ratio: V) -> (V, V)
    where
        V: Lanes<T>,
    {
        let Angle { z, quotient } = self;
        let (y, root) = (V::splat(T::ONE) - z, z.sqrt());
        let part = |numbers: &[T]| {
            let even = V::splat(numbers[1]) + product(&numbers[2..], y) * quotient;
            root * (ratio * V::splat(numbers[0])) * even
        };
        (part(T::BOW), part(T::TURN))
    }
}

/// (y + a₁)(y + a₂)… of at most eight numbers, in pairs: how long a vector waits for its own results decides how many are on
/// their way at once.
#[inline(always)]
fn product<T: Real>(numbers: &[T], y: T::Lanes) -> T::Lanes {
    let mut factors = [T::Lanes::splat(T::ONE); 8];
    for (factor, &number) in factors.iter_mut().zip(numbers) {
        *factor = y + T::Lanes::splat(number);
    }
    let [a, b, c, d, e, f, g, h] = factors;
    ((a * b) * (c * d)) * ((e * f) * (g * h))
}

/// `Angle::shares` of an angle given by `m = 1 − cos θ`.
#[inline(always)]
fn shares_of<T: Real>(m: T::Lanes, ratio: T::Lanes) -> (T::Lanes, T::Lanes) {
    Angle::new::<T>(m * T::Lanes::splat(T::from_f64(0.5))).shares::<T>(ratio)
}

/// A rectifier of the form `ratio·ReLU + (1 − ratio)·identity` (see `Map::Rectifier`) for pairs whose
/// cosine is not negative.
pub fn rectifier_acute<T: Real>(ratio: f64, alpha: &mut [T::Lanes], tau: &mut [T::Lanes]) {
    let one = T::Lanes::splat(T::ONE);
    let ratio = T::Lanes::splat(T::from_f64(ratio));
    for (alpha, tau) in alpha.iter_mut().zip(tau) {
        let (share, turn) = shares_of::<T>(*alpha, ratio);
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
        let (share, turn) = shares_of::<T>(acute, ratio);
        let bow = acute * share;
        // Obtuse: from β, so that nothing cancels for any ratio.
        *alpha = obtuse.select(one + rest - rest * b, a) - bow;
        *beta = obtuse.select(ratio + rest * b, b) + bow;
        *tau = *tau * obtuse.select(rest + turn, one - turn);
    }
}
