//! The erf step: the arc-sine kernel.
//!
//! For `a·erf(b·x)` and variances `q`, with `ω² = 2b²q/(1 + 2b²q)`, `y = ωω'(1−α)`, `ψ' = asin y`
//! for the pair and `ψ = asin ω²` for each sample alone: the new NNGP is `2a²/π·asin y`, so
//! `α ← 1 − asin y/√(ψψ')` and `τ ← τ·gain·gain'/√(1−y²)`, `gain = ω/√ψ`. For small angles the
//! first is taken from differences of arc sines instead, which keeps all digits.

use crate::real::{Column, Lanes, Real, polynomial};
use std::f64::consts::FRAC_PI_2;

/// The numbers of one sample, or of a vector of samples.
#[derive(Clone, Copy)]
pub struct Sample<V> {
    pub omega: V,
    /// 1 − ω².
    pub rest: V,
    /// √ψ.
    pub root: V,
    pub gain: V,
}

impl<V: Copy> Sample<V> {
    /// The vector of samples `at` of the columns of a table.
    pub fn load<T: Real<Lanes = V>>(table: &[Column<T>; 4], at: usize) -> Self {
        let [omega, rest, root, gain] = table.each_ref().map(|column| column.vectors()[at]);
        Sample { omega, rest, root, gain }
    }

    /// Sample `at` in all lanes.
    pub fn splat<T: Real<Lanes = V>>(table: &[Column<T>; 4], at: usize) -> Self
    where
        V: Lanes<T>,
    {
        let [omega, rest, root, gain] =
            table.each_ref().map(|column| V::splat(column.values()[at]));
        Sample { omega, rest, root, gain }
    }
}

/// Arc sine of `sine` in [0, 1], with `1 − sine` given so that no digits are lost near 1.
#[inline(always)]
fn arcsine<T: Real>(sine: T::Lanes, complement: T::Lanes) -> T::Lanes {
    let constant = |value: f64| T::Lanes::splat(T::from_f64(value));
    let small = sine.less(constant(0.5));
    let half = complement * constant(0.5);
    let z = small.select(sine * sine, half);
    let s = small.select(sine, half.sqrt());
    let angle = s * polynomial(T::ARCSINE, z);
    small.select(angle, constant(FRAC_PI_2) - (angle + angle))
}

/// Maps `m = 1 − |cos|` and gives the factor of the NTK; `(m, τ) → (m', τ')`.
#[inline(always)]
pub fn map<T: Real>(
    m: T::Lanes,
    tau: T::Lanes,
    row: &Sample<T::Lanes>,
    column: &Sample<T::Lanes>,
) -> (T::Lanes, T::Lanes) {
    let one = T::Lanes::splat(T::ONE);
    let product = row.omega * column.omega;
    let sine = product * (one - m);
    // 1 − ωω' = (1 − ω²ω'²)/(1 + ωω') without cancellation
    let unequal = (row.rest + row.omega * row.omega * column.rest) / (one + product);
    let complement = unequal + product * m;
    let cosine = (complement * (one + sine)).sqrt();
    let tau = tau * row.gain * column.gain / cosine;
    let norm = row.root * column.root;

    let far = one - arcsine::<T>(sine, complement) / norm;
    let is_near = m.less(T::Lanes::splat(T::from_f64(0.25)));
    if is_near.none() {
        return (far, tau);
    }
    // ½(ψ + ψ') − asin y, from asin u − asin v = asin((u² − v²)/(u√(1−v²) + v√(1−u²)))
    let gap = row.omega - column.omega;
    let differences = |sample: &Sample<T::Lanes>, gap: T::Lanes| {
        let own = sample.omega * sample.omega;
        let own_cosine = ((one + own) * sample.rest).sqrt();
        let difference = sample.omega * gap + product * m;
        let u = difference * (own + sine) / (own * cosine + sine * own_cosine);
        let magnitude = arcsine::<T>(u.abs(), one - u.abs());
        u.less(T::Lanes::splat(T::ZERO)).select(-magnitude, magnitude)
    };
    let sum = differences(row, gap) + differences(column, -gap);
    let roots = row.root - column.root;
    let half = T::Lanes::splat(T::from_f64(0.5));
    let near = half * (sum - roots * roots) / norm;
    (is_near.select(near, far), tau)
}

/// Erf on a strip of pairs, of one row with columns from vector `from` on; `beta` is given as long as
/// pairs can be obtuse.
pub fn erf<T: Real>(
    alpha: &mut [T::Lanes],
    beta: Option<&mut [T::Lanes]>,
    tau: &mut [T::Lanes],
    row: Sample<T::Lanes>,
    columns: &[Column<T>; 4],
    from: usize,
) {
    let two = T::Lanes::splat(T::ONE + T::ONE);
    let mut beta = beta.map(<[_]>::iter_mut);
    for (k, (alpha, tau)) in alpha.iter_mut().zip(tau).enumerate() {
        let column = Sample::load::<T>(columns, from + k);
        match beta.as_mut().and_then(Iterator::next) {
            None => (*alpha, *tau) = map::<T>(*alpha, *tau, &row, &column),
            Some(beta) => {
                // The function is odd, so an obtuse pair maps as its mirror image does.
                let obtuse = beta.less(*alpha);
                let (m, t) = map::<T>(obtuse.select(*beta, *alpha), *tau, &row, &column);
                *alpha = obtuse.select(two - m, m);
                *beta = obtuse.select(m, two - m);
                *tau = t;
            }
        }
    }
}
