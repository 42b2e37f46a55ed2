//! Steps that treat each pair of locations by itself, apart from the rectifier that follows a convolution.
//!
//! They are those of vectors, on α = 1 − N/(SS'), β = 1 + N/(SS') and τ = T/(SS'), whatever the lengths.

use super::plane::Run;
use super::rectify::{ACUTE, OBTUSE, Pair, rectify};
use super::settle::{Affinity, Row, Side};
use crate::kernel::arcsin::{self, Sample};
use crate::kernel::step::{Map, Spatial};
use crate::real::{Lanes, Real};
use std::ops::Range;

/// α, β and τ of one vector of pairs.
#[derive(Clone, Copy)]
pub struct Normal<V> {
    pub alpha: V,
    pub beta: V,
    pub tau: V,
}

/// What a step needs to know of a row of pairs.
pub struct Context<'a, T: Real> {
    pub before: [Side<'a, T>; 2],
    /// The lengths after the step; those before it where it has none of its own.
    pub after: [Run<'a, T>; 2],
    /// ω, 1 − ω², √ψ and the gain of both sides, for erf.
    pub samples: Option<[[Run<'a, T>; 4]; 2]>,
    /// A constant: what rectifiers left to do, and what it adds to D and to P.
    pub affinity: Affinity<T>,
    /// The pairs in the row that are one location of one image.
    pub same: Range<usize>,
}

/// The vector of the numbers of both sides.
fn sample<T: Real>(runs: &[Run<T>; 4], k: usize) -> Sample<T::Lanes> {
    let [omega, rest, root, gain] = runs.map(|run| run.at(k));
    Sample { omega, rest, root, gain }
}

/// Takes a row through a step; with `wide`, pairs can be obtuse before it.
pub fn pass<T: Real>(map: &Map<Spatial>, wide: bool, mut row: Row<T::Lanes>, context: &Context<T>) {
    if let Map::Rectifier { ratio, .. } = map {
        let ratio = T::from_f64(*ratio);
        return match wide {
            false => rectifier::<T, false, ACUTE>(ratio, row, context),
            true if ratio >= T::ONE => rectifier::<T, true, ACUTE>(ratio, row, context),
            true => rectifier::<T, true, OBTUSE>(ratio, row, context),
        };
    }
    let splat = |value: f64| T::Lanes::splat(T::from_f64(value));
    let [two, zero] = [2.0, 0.0].map(splat);
    for k in 0..row.gap.len() {
        if let Map::Constant { .. } = map {
            let (s, t) = (context.after[0].at(k), context.after[1].at(k));
            let lengths = (s - t) * (s - t);
            let Affinity { weight, apart, along } = context.affinity;
            let [scale, apart, along] = [weight, apart, along].map(T::Lanes::splat);
            row.gap[k] = (scale * row.distance[k] + (apart - lengths)).most(zero);
            row.distance[k] = row.gap[k] + lengths;
            if wide {
                row.opposite[k] = scale * row.opposite[k] + along;
            }
            row.ntk[k] = scale * row.ntk[k];
            continue;
        }
        let opposite = if wide { row.opposite[k] } else { zero };
        let pair = load(opposite, row.gap[k], row.ntk[k], context.before, k);
        let Normal { mut alpha, mut beta, mut tau } = pair;
        match map {
            Map::Erf { .. } => {
                let [row, column] = context.samples.as_ref().expect("erf has its tables");
                let (row, column) = (sample(row, k), sample(column, k));
                if wide {
                    let obtuse = beta.less(alpha);
                    let (m, t) = arcsin::map::<T>(obtuse.select(beta, alpha), tau, &row, &column);
                    alpha = obtuse.select(two - m, m);
                    beta = obtuse.select(m, two - m);
                    tau = t;
                } else {
                    (alpha, tau) = arcsin::map::<T>(alpha, tau, &row, &column);
                }
            }
            Map::Dropout { keep } => {
                let (keep, rest) = (splat(*keep), splat(1.0 - keep));
                (alpha, beta, tau) = (keep * alpha + rest, keep * beta + rest, keep * tau);
            }
            _ => {}
        }
        if let Map::Dropout { .. } = map {
            let lanes = [(&mut alpha, pair.alpha), (&mut beta, pair.beta), (&mut tau, pair.tau)];
            for (vector, kept) in lanes {
                let kept: &[T] = bytemuck::cast_slice(std::slice::from_ref(&kept));
                let vector: &mut [T] = bytemuck::cast_slice_mut(std::slice::from_mut(vector));
                for (lane, number) in vector.iter_mut().enumerate() {
                    if context.same.contains(&(k * T::LANES + lane)) {
                        *number = kept[lane];
                    }
                }
            }
        }
        store::<T>(&mut row, k, wide, Normal { alpha, beta, tau }, context.after);
    }
}

/// α, β and τ of a vector; features without a length are at right angles to all others.
fn load<T: Real>(
    opposite: T::Lanes,
    gap: T::Lanes,
    ntk: T::Lanes,
    [one, two]: [Side<T>; 2],
    k: usize,
) -> Normal<T::Lanes> {
    let inverse = one.inverse.at(k) * two.inverse.at(k);
    let double = inverse + inverse;
    let lengths = one.root.at(k) - two.root.at(k);
    let [zero, right] = [T::ZERO, T::ONE].map(T::Lanes::splat);
    let opposite_gap = (opposite - lengths * lengths).most(zero);
    let has_angle = zero.less(inverse);
    let alpha = has_angle.select(gap * double, right);
    let beta = has_angle.select(opposite_gap * double, right);
    Normal { alpha, beta, tau: ntk * (double + double) }
}

fn rectifier<T: Real, const WIDE: bool, const NEXT: u8>(
    ratio: T,
    row: Row<T::Lanes>,
    context: &Context<T>,
) {
    let ratio = T::Lanes::splat(ratio);
    let zero = T::Lanes::splat(T::ZERO);
    let [one, two] = context.before;
    let Row { distance, opposite, gap, ntk } = row;
    for k in 0..gap.len() {
        let (s, t) = (one.root.at(k), two.root.at(k));
        let lengths = (s - t) * (s - t);
        let opposite_gap = if WIDE { (opposite[k] - lengths).most(zero) } else { zero };
        let pair = Pair {
            gap: gap[k],
            opposite: opposite_gap,
            ntk: ntk[k],
            lengths,
            product: s * t,
            inverse: one.inverse.at(k) * two.inverse.at(k),
        };
        let done = rectify::<T, WIDE, NEXT>(&pair, ratio);
        gap[k] = done.gap;
        distance[k] = done.gap + lengths;
        ntk[k] = done.ntk;
        if NEXT == OBTUSE {
            opposite[k] = done.opposite + lengths;
        }
    }
}

/// Adds one branch of a sum to α, β and τ, by the shares of both sides.
pub fn add_branch<T: Real>(
    sum: &mut [Normal<T::Lanes>],
    wide: bool,
    row: Row<T::Lanes>,
    before: [Side<T>; 2],
    shares: [Run<T>; 2],
) {
    let [half, two, zero] = [0.5, 2.0, 0.0].map(|value| T::Lanes::splat(T::from_f64(value)));
    for (k, sum) in sum.iter_mut().enumerate() {
        let (u, v) = (shares[0].at(k), shares[1].at(k));
        let opposite = if wide { row.opposite[k] } else { zero };
        let branch = load(opposite, row.gap[k], row.ntk[k], before, k);
        let (weight, apart) = (u * v, half * (u - v) * (u - v));
        // A branch whose pairs are acute has no β: it follows from α.
        let beta = if wide { branch.beta } else { two - branch.alpha };
        sum.alpha = sum.alpha + weight * branch.alpha + apart;
        sum.beta = sum.beta + weight * beta + apart;
        sum.tau = sum.tau + weight * branch.tau;
    }
}

/// A row from its α, β and τ.
pub fn finish<T: Real>(
    sum: &[Normal<T::Lanes>],
    wide: bool,
    mut row: Row<T::Lanes>,
    after: [Run<T>; 2],
) {
    for (k, &sum) in sum.iter().enumerate() {
        store::<T>(&mut row, k, wide, sum, after);
    }
}

/// Puts a vector of α, β and τ in its place, by the lengths of both sides.
fn store<T: Real>(
    row: &mut Row<T::Lanes>,
    k: usize,
    wide: bool,
    Normal { alpha, beta, tau }: Normal<T::Lanes>,
    [one, two]: [Run<T>; 2],
) {
    let (s, t) = (one.at(k), two.at(k));
    let (product, lengths) = (s * t, (s - t) * (s - t));
    let double = product + product;
    row.gap[k] = double * alpha;
    row.distance[k] = row.gap[k] + lengths;
    if wide {
        row.opposite[k] = double * beta + lengths;
    }
    row.ntk[k] = product * tau;
}
