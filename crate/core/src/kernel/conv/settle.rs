//! What happens to a row of pairs of locations once its windows are summed: the layer's variances, its
//! share in the NTK, and the rectifier after it, in one pass over registers.
//!
//! A pair is held as D = q + q' − 2N, the squared distance of its two features, for which a convolution
//! is a mean over the window and a bias adds nothing; with S = √q of the new variances,
//! `2(SS' − N) = D − (S − S')²` is twice what the cosine lacks, and `z = sin²(θ/2)` that over 4SS'. While
//! pairs can be obtuse, `P = q + q' + 2N` is held as well. After a ReLU both variances are halved, so
//! its `½(D − 2SS'(sin θ − θ cos θ)/π)` is again a squared distance, of the same S up to the factor,
//! which the next layer takes along.

use super::plane::Run;
use crate::kernel::arccos::arc;
use crate::real::{Lanes, Real};

/// The numbers of one side of a row of pairs: S and 1/(2S), 0 where S is.
#[derive(Clone, Copy)]
pub struct Side<'a, T> {
    pub root: Run<'a, T>,
    pub inverse: Run<'a, T>,
}

/// Sums over windows, in whole vectors.
#[derive(Clone, Copy)]
pub struct Sums<'a, V> {
    pub distance: &'a [V],
    pub opposite: &'a [V],
    pub ntk: &'a [V],
}

/// A row of pairs: D, P, 2(SS' − N) and the NTK.
pub struct Row<'a, V> {
    pub distance: &'a mut [V],
    pub opposite: &'a mut [V],
    pub gap: &'a mut [V],
    pub ntk: &'a mut [V],
}

/// A convolution without its window: the factor of the sums, and what biases add to D and to P.
#[derive(Clone, Copy)]
pub struct Affinity<T> {
    pub weight: T,
    pub apart: T,
    pub along: T,
}

/// Finishes a row by the pass that is made for its kind: whether pairs can be obtuse, whether they have an NTK
/// already, and the ratio of the rectifier that follows, if one does.
#[allow(clippy::too_many_arguments)]
pub fn settle<T: Real>(
    wide: bool,
    trained: bool,
    ratio: Option<f64>,
    sums: Sums<T::Lanes>,
    out: Row<T::Lanes>,
    sides: [Side<T>; 2],
    affinity: Affinity<T>,
    exact: &mut dyn FnMut(usize) -> Option<(T, T)>,
) {
    macro_rules! pass {
        ($wide:literal, $trained:literal, $next:expr) => {{
            let ratio = T::from_f64(ratio.unwrap_or(0.0));
            run::<T, $wide, $trained, { $next }>(sums, out, sides, affinity, ratio, exact)
        }};
    }
    match (wide, trained, ratio) {
        (false, false, None) => pass!(false, false, NOTHING),
        (false, true, None) => pass!(false, true, NOTHING),
        (true, false, None) => pass!(true, false, NOTHING),
        (true, true, None) => pass!(true, true, NOTHING),
        (false, false, Some(_)) => pass!(false, false, ACUTE),
        (false, true, Some(_)) => pass!(false, true, ACUTE),
        (true, false, Some(ratio)) if ratio >= 1.0 => pass!(true, false, ACUTE),
        (true, true, Some(ratio)) if ratio >= 1.0 => pass!(true, true, ACUTE),
        (true, false, Some(_)) => pass!(true, false, OBTUSE),
        (true, true, Some(_)) => pass!(true, true, OBTUSE),
    }
}

/// What follows a convolution within the same pass.
pub const NOTHING: u8 = 0;
/// A rectifier after which no pair is obtuse.
pub const ACUTE: u8 = 1;
/// A rectifier after which pairs can still be obtuse.
pub const OBTUSE: u8 = 2;

/// One vector of pairs on its way.
pub struct Pair<V> {
    /// 2(SS' − N) and 2(SS' + N).
    pub gap: V,
    pub opposite: V,
    pub ntk: V,
    /// (S − S')².
    pub lengths: V,
    /// SS'.
    pub product: V,
    /// 1/(4SS').
    pub inverse: V,
}

/// Finishes a row. Where two features are so nearly parallel, but of different lengths, that their
/// angle would be lost, `exact` gives 2(SS' − N) and 2(SS' + N) of the pair at a place of the row, or
/// nothing where the row has no such place.
fn run<T: Real, const WIDE: bool, const TRAINED: bool, const NEXT: u8>(
    sums: Sums<T::Lanes>,
    out: Row<T::Lanes>,
    sides: [Side<T>; 2],
    affinity: Affinity<T>,
    ratio: T,
    exact: &mut dyn FnMut(usize) -> Option<(T, T)>,
) {
    let vectors = out.gap.len();
    let splat = T::Lanes::splat;
    let [zero, half] = [T::ZERO, T::from_f64(0.5)].map(splat);
    let [weight, apart, along] =
        [affinity.weight, affinity.apart, affinity.along].map(T::Lanes::splat);
    let [ratio, parallel] = [ratio, T::PARALLEL].map(T::Lanes::splat);
    let [one, two] = sides;
    let Row { distance, opposite, gap, ntk } = out;
    let (distance, ntk) = (&mut distance[..vectors], &mut ntk[..vectors]);
    let sum = sums.distance[..vectors].iter();
    let load = |k: usize, distance: T::Lanes| {
        let (s, t) = (one.root.at(k), two.root.at(k));
        let lengths = s - t;
        let lengths = lengths * lengths;
        let gap = weight * distance + (apart - lengths);
        let opposite = if WIDE { weight * sums.opposite[k] + (along - lengths) } else { zero };
        let product = s * t;
        let gap = gap.most(zero);
        let own = product - half * gap;
        let ntk = if TRAINED { weight * sums.ntk[k] + own } else { own };
        Pair {
            gap,
            opposite: opposite.most(zero),
            ntk,
            lengths,
            product,
            inverse: one.inverse.at(k) * two.inverse.at(k),
        }
    };
    let mut worst = zero;
    for (k, &sum) in sum.enumerate() {
        let pair = load(k, sum);
        worst = worst.least((pair.gap * parallel - pair.lengths) * pair.product);
        if WIDE {
            worst = worst.least((pair.opposite * parallel - pair.lengths) * pair.product);
        }
        let done = rectify::<T, WIDE, NEXT>(&pair, ratio);
        gap[k] = done.gap;
        distance[k] = done.gap + pair.lengths;
        ntk[k] = done.ntk;
        if WIDE && NEXT != ACUTE {
            opposite[k] = done.opposite + pair.lengths;
        }
    }
    if !worst.less(zero).none() {
        for k in 0..vectors {
            let mut pair = load(k, sums.distance[k]);
            let lost = (pair.gap * parallel).less(pair.lengths);
            let lost_opposite = (pair.opposite * parallel).less(pair.lengths);
            if lost.none() && (!WIDE || lost_opposite.none()) {
                continue;
            }
            for lane in 0..T::LANES {
                let at = |vector: &T::Lanes| {
                    bytemuck::cast_slice::<_, T>(std::slice::from_ref(vector))[lane]
                };
                let small = |value: T| value * T::PARALLEL < at(&pair.lengths);
                let is_lost = small(at(&pair.gap)) || WIDE && small(at(&pair.opposite));
                if !is_lost || at(&pair.product) == T::ZERO {
                    continue;
                }
                if let Some((gap, opposite)) = exact(k * T::LANES + lane) {
                    let change = (at(&pair.gap) - gap) * T::from_f64(0.5);
                    let ntk = at(&pair.ntk) + change;
                    set(&mut pair.gap, lane, gap);
                    set(&mut pair.opposite, lane, opposite);
                    set(&mut pair.ntk, lane, ntk);
                }
            }
            let done = rectify::<T, WIDE, NEXT>(&pair, ratio);
            gap[k] = done.gap;
            distance[k] = done.gap + pair.lengths;
            ntk[k] = done.ntk;
            if WIDE && NEXT != ACUTE {
                opposite[k] = done.opposite + pair.lengths;
            }
        }
    }
}

fn set<T: Real>(vector: &mut T::Lanes, lane: usize, value: T) {
    bytemuck::cast_slice_mut::<_, T>(std::slice::from_mut(vector))[lane] = value;
}

/// The new gap, opposite and NTK.
pub struct Done<V> {
    pub gap: V,
    pub opposite: V,
    pub ntk: V,
}

/// Applies a rectifier.
#[inline(always)]
pub fn rectify<T: Real, const WIDE: bool, const NEXT: u8>(
    pair: &Pair<T::Lanes>,
    ratio: T::Lanes,
) -> Done<T::Lanes> {
    let splat = |value: f64| T::Lanes::splat(T::from_f64(value));
    if NEXT == NOTHING {
        return Done { gap: pair.gap, opposite: pair.opposite, ntk: pair.ntk };
    }
    let ntk = pair.ntk;
    let [half, one] = [0.5, 1.0].map(splat);
    let double = pair.product + pair.product;
    let z = pair.gap * pair.inverse;
    if !WIDE {
        let z = z.least(half);
        let (bow, turn) = arc::<T>(z, z.sqrt());
        let gap = pair.gap - ratio * double * bow;
        return Done { gap, opposite: pair.opposite, ntk: ntk * (one - ratio * turn) };
    }
    let mirrored = pair.opposite * pair.inverse;
    let obtuse = mirrored.less(z);
    let z = mirrored.least(z).least(half);
    let (bow, turn) = arc::<T>(z, z.sqrt());
    let bow = ratio * double * bow;
    let turn = ratio * turn;
    let rest = one - ratio;
    // Obtuse: from the opposite, (2−ρ)·2SS' − (1−ρ)·opposite, so that nothing cancels for any ρ.
    let far = (one + rest) * double - rest * pair.opposite;
    let gap = obtuse.select(far, pair.gap) - bow;
    let ntk = ntk * obtuse.select(rest + turn, one - turn);
    let opposite = if NEXT == OBTUSE {
        obtuse.select(ratio * double + rest * pair.opposite, pair.opposite) + bow
    } else {
        pair.opposite
    };
    Done { gap, opposite, ntk }
}
