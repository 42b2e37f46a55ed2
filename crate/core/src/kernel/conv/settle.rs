//! What happens to pairs of locations once their windows are summed: the layer's variances, its share in
//! the NTK, and the rectifier after it, in one pass over registers.
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

/// S and 1/(2S) (0 where S is) on one side.
#[derive(Clone, Copy)]
pub struct Side<'a, T> {
    pub root: Run<'a, T>,
    pub inverse: Run<'a, T>,
}

/// The numbers of one side of some rows: those of row `i` begin at `starts[i]`.
#[derive(Clone, Copy)]
pub struct Reach<'a, T> {
    root: &'a [T],
    inverse: &'a [T],
    starts: &'a [usize],
}

impl<'a, T: Real> Reach<'a, T> {
    /// # Panics
    /// When a row of that many vectors would not be inside.
    pub fn new(root: &'a [T], inverse: &'a [T], starts: &'a [usize], vectors: usize) -> Self {
        let last = starts.iter().fold(0, |last, &start| last.max(start));
        assert!(last + vectors * T::LANES <= root.len().min(inverse.len()));
        Reach { root, inverse, starts }
    }

    /// Where S and 1/(2S) of a row begin.
    ///
    /// # Safety
    /// There must be such a row.
    #[inline(always)]
    unsafe fn row(&self, row: usize) -> [*const T; 2] {
        // SAFETY: the caller's promise; `new` has checked where rows begin.
        unsafe {
            let start = *self.starts.get_unchecked(row);
            [self.root.as_ptr().add(start), self.inverse.as_ptr().add(start)]
        }
    }
}

/// Pairs: D, P, 2(SS' − N) and the NTK.
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

impl<T: Real> Affinity<T> {
    pub fn new(weight: f64, [b, c]: [f64; 2]) -> Self {
        let [weight, apart, along] = [weight, (b - c).powi(2), (b + c).powi(2)].map(T::from_f64);
        Affinity { weight, apart, along }
    }
}

/// Rows of pairs, the same number of vectors in each; in the result they are `stride` apart.
pub struct Pass<'a, T: Real> {
    pub sides: [Reach<'a, T>; 2],
    pub affinity: Affinity<T>,
    pub rows: usize,
    pub vectors: usize,
    pub stride: usize,
}

/// Sums over the windows of all rows, one after the other: of D, of P where pairs can be obtuse, and of the NTK
/// where there is one.
pub type Sums<T> = [Vec<<T as Real>::Lanes>; 3];

/// Which pass rows need.
#[derive(Clone, Copy)]
pub struct Kind {
    /// Pairs can be obtuse.
    pub wide: bool,
    /// Pairs have an NTK already.
    pub trained: bool,
    /// The ratio of the rectifier that follows, if one does.
    pub ratio: Option<f64>,
}

/// Finishes rows from their sums. Where two features are so nearly parallel, but of different lengths, that
/// their angle would be lost, `exact` gives 2(SS' − N) and 2(SS' + N) of a number of a row, or nothing where there
/// is no such pair. `worst` is memory.
pub fn settle<T: Real>(
    kind: Kind,
    pass: &Pass<T>,
    sums: &Sums<T>,
    out: &mut Row<T::Lanes>,
    exact: &mut dyn FnMut(usize, usize) -> Option<(T, T)>,
    worst: &mut Vec<T::Lanes>,
) {
    pass.check(sums, out);
    worst.clear();
    worst.resize(pass.rows, T::Lanes::splat(T::ZERO));
    let ratio = T::from_f64(kind.ratio.unwrap_or(0.0));
    macro_rules! pass {
        ($wide:literal, $trained:literal, $next:expr) => {
            // SAFETY: all has been checked.
            unsafe {
                run::<T, $wide, $trained, { $next }>(pass, sums, out, ratio, worst);
                for (row, worst) in worst.iter().enumerate() {
                    if !worst.less(T::Lanes::splat(T::ZERO)).none() {
                        repair::<T, $wide, $trained, { $next }>(pass, row, sums, out, ratio, exact);
                    }
                }
            }
        };
    }
    match (kind.wide, kind.trained, kind.ratio) {
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

/// Two features whose distance is mostly a difference of their lengths, up to a part of one in this many, are taken
/// for parallel: their angle is computed from their directions instead. By then rounding has grown to √PARALLEL/2π of its units in it.
const PARALLEL: f64 = 1e4;

/// How far a pair is from losing its angle, negative where it is lost: where most of the distance is a
/// difference of lengths that is more than their rounding.
#[inline(always)]
fn margin<T: Real, const WIDE: bool>(pair: &Pair<T::Lanes>) -> T::Lanes {
    let smaller = if WIDE { pair.gap.least(pair.opposite) } else { pair.gap };
    let [parallel, rounding] = [T::from_f64(PARALLEL), T::SAME_LENGTH].map(T::Lanes::splat);
    // Relative to the lengths: features without any are never lost.
    (smaller * pair.inverse * parallel + rounding) - pair.lengths * pair.inverse
}

impl<T: Real> Pass<'_, T> {
    /// Vector `k` of a row, before the rectifier, from its sums and the starts of both sides.
    ///
    /// # Safety
    /// The sums and both sides must reach to vector `k`.
    #[inline(always)]
    unsafe fn load<const WIDE: bool, const TRAINED: bool>(
        &self,
        sums: [*const T::Lanes; 3],
        [one, two]: [[*const T; 2]; 2],
        k: usize,
    ) -> Pair<T::Lanes> {
        let [zero, half] = [T::ZERO, T::from_f64(0.5)].map(T::Lanes::splat);
        let Affinity { weight, apart, along } = self.affinity;
        let weight = T::Lanes::splat(weight);
        // SAFETY: the caller's promise.
        let (at, side) = unsafe {
            let side = |start: *const T| T::Lanes::load_at(start, k);
            (sums.map(|sums| *sums.add(k)), [one.map(side), two.map(side)])
        };
        let [[s, i_s], [t, i_t]] = side;
        let lengths = s - t;
        let lengths = lengths * lengths;
        let gap = weight * at[0] + (T::Lanes::splat(apart) - lengths);
        let opposite =
            if WIDE { weight * at[1] + (T::Lanes::splat(along) - lengths) } else { zero };
        let product = s * t;
        let gap = gap.most(zero);
        let own = product - half * gap;
        let ntk = if TRAINED { weight * at[2] + own } else { own };
        Pair { gap, opposite: opposite.most(zero), ntk, lengths, product, inverse: i_s * i_t }
    }

    /// Checks that all rows have their sums, both sides and their places.
    fn check(&self, sums: &Sums<T>, out: &Row<T::Lanes>) {
        let Pass { sides, rows, vectors, stride, .. } = self;
        let outs = [&*out.distance, out.opposite, out.gap, out.ntk];
        assert!(sums.iter().all(|sums| sums.len() >= rows * vectors));
        assert!(sides.iter().all(|side| side.starts.len() >= *rows));
        assert!(outs.iter().all(|out| out.len() >= (rows - 1) * stride + vectors));
    }
}

/// Finishes rows, and says of each whether an angle is lost: where `worst` is negative.
///
/// # Safety
/// The pass must have been checked, and `worst` have a vector for each row.
unsafe fn run<T: Real, const WIDE: bool, const TRAINED: bool, const NEXT: u8>(
    pass: &Pass<T>,
    sums: &Sums<T>,
    out: &mut Row<T::Lanes>,
    ratio: T,
    worst: &mut [T::Lanes],
) {
    let zero = T::Lanes::splat(T::ZERO);
    let ratio = T::Lanes::splat(ratio);
    let sums = sums.each_ref().map(|sums| sums.as_ptr());
    let parts = [&mut *out.distance, out.opposite, out.gap, out.ntk].map(<[_]>::as_mut_ptr);
    let worst = worst.as_mut_ptr();
    let Pass { rows, vectors, stride, .. } = *pass;
    for row in 0..rows {
        // SAFETY: the caller's promise. A check of bounds in here would be a way out of the loop, and a
        // JavaScript engine moves constants out of those loops only that have no other end than their own.
        unsafe {
            let sums = sums.map(|sums| sums.add(row * vectors));
            let sides = [pass.sides[0].row(row), pass.sides[1].row(row)];
            let [distance, opposite, gap, ntk] = parts.map(|part| part.add(row * stride));
            let mut least = zero;
            let mut k = 0;
            while k + 1 < vectors {
                // Two at a time: the one does what it can while the other waits for its own results.
                let pairs = [k, k + 1].map(|k| pass.load::<WIDE, TRAINED>(sums, sides, k));
                least = least.least(margin::<T, WIDE>(&pairs[0]));
                least = least.least(margin::<T, WIDE>(&pairs[1]));
                let done = pairs.each_ref().map(|pair| rectify::<T, WIDE, NEXT>(pair, ratio));
                for (at, (done, pair)) in done.iter().zip(&pairs).enumerate() {
                    *gap.add(k + at) = done.gap;
                    *distance.add(k + at) = done.gap + pair.lengths;
                    *ntk.add(k + at) = done.ntk;
                    if WIDE && NEXT != ACUTE {
                        *opposite.add(k + at) = done.opposite + pair.lengths;
                    }
                }
                k += 2;
            }
            if k < vectors {
                let pair = pass.load::<WIDE, TRAINED>(sums, sides, k);
                least = least.least(margin::<T, WIDE>(&pair));
                let done = rectify::<T, WIDE, NEXT>(&pair, ratio);
                *gap.add(k) = done.gap;
                *distance.add(k) = done.gap + pair.lengths;
                *ntk.add(k) = done.ntk;
                if WIDE && NEXT != ACUTE {
                    *opposite.add(k) = done.opposite + pair.lengths;
                }
            }
            *worst.add(row) = least;
        }
    }
}

/// Finishes those vectors of a row again that have lost angles.
///
/// # Safety
/// The pass must have been checked.
#[cold]
unsafe fn repair<T: Real, const WIDE: bool, const TRAINED: bool, const NEXT: u8>(
    pass: &Pass<T>,
    row: usize,
    sums: &Sums<T>,
    out: &mut Row<T::Lanes>,
    ratio: T,
    exact: &mut dyn FnMut(usize, usize) -> Option<(T, T)>,
) {
    // SAFETY: the caller's promise.
    let sides = unsafe { [pass.sides[0].row(row), pass.sides[1].row(row)] };
    let sums = sums.each_ref().map(|sums| sums[row * pass.vectors..].as_ptr());
    let ratio = T::Lanes::splat(ratio);
    let at = |vector: &T::Lanes, lane: usize| {
        bytemuck::cast_slice::<_, T>(std::slice::from_ref(vector))[lane]
    };
    for k in 0..pass.vectors {
        // SAFETY: all have as many vectors.
        let mut pair = unsafe { pass.load::<WIDE, TRAINED>(sums, sides, k) };
        let mut changed = false;
        let margin = margin::<T, WIDE>(&pair);
        if margin.less(T::Lanes::splat(T::ZERO)).none() {
            continue;
        }
        for lane in 0..T::LANES {
            if at(&margin, lane) >= T::ZERO {
                continue;
            }
            if let Some((gap, opposite)) = exact(row, k * T::LANES + lane) {
                let change = (at(&pair.gap, lane) - gap) * T::from_f64(0.5);
                let ntk = at(&pair.ntk, lane) + change;
                set(&mut pair.gap, lane, gap);
                set(&mut pair.opposite, lane, opposite);
                set(&mut pair.ntk, lane, ntk);
                changed = true;
            }
        }
        if changed {
            let done = rectify::<T, WIDE, NEXT>(&pair, ratio);
            let to = row * pass.stride + k;
            out.gap[to] = done.gap;
            out.distance[to] = done.gap + pair.lengths;
            out.ntk[to] = done.ntk;
            if WIDE && NEXT != ACUTE {
                out.opposite[to] = done.opposite + pair.lengths;
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
    if !WIDE {
        let z = (pair.gap * pair.inverse).least(half);
        let (share, turn) = arc::<T>(z, ratio);
        let gap = pair.gap - pair.gap * share;
        return Done { gap, opposite: pair.opposite, ntk: ntk * (one - turn) };
    }
    let obtuse = pair.opposite.less(pair.gap);
    let smaller = pair.opposite.least(pair.gap);
    let z = (smaller * pair.inverse).least(half);
    let (share, turn) = arc::<T>(z, ratio);
    let double = pair.product + pair.product;
    let bow = smaller * share;
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
