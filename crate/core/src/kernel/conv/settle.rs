//! What happens to pairs of locations once their windows are summed: the layer's variances, its share in
//! the NTK, and the rectifier after it, in one pass over registers.
//!
//! A pair is held as D = q + q' − 2N, the squared distance of its two features, for which a convolution
//! is a mean over the window and a bias adds nothing; with S = √q of the new variances,
//! `2(SS' − N) = D − (S − S')²` is twice what the cosine lacks, and `z = sin²(θ/2)` that over 4SS'. While
//! pairs can be obtuse, `P = q + q' + 2N` is held as well. After a ReLU both variances are halved, so
//! its `½(D − 2SS'(sin θ − θ cos θ)/π)` is again a squared distance, of the same S up to the factor,
//! which the next layer takes along.

use super::place::{Source, Target};
use super::plane::Run;
use super::rectify::{ACUTE, Half, NOTHING, OBTUSE, Pair, begin, divide, end, rectify};
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

/// Memory of passes: how far each row is from losing an angle, and pairs halfway through their rectifier.
pub struct Memory<T: Real> {
    worst: Vec<T::Lanes>,
    halves: Vec<Half<T::Lanes>>,
}

impl<T: Real> Default for Memory<T> {
    fn default() -> Self {
        Memory { worst: vec![], halves: vec![] }
    }
}

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
/// is no such pair.
pub fn settle<T: Real>(
    kind: Kind,
    pass: &Pass<T>,
    sums: &Sums<T>,
    out: &mut Row<T::Lanes>,
    exact: &mut dyn FnMut(usize, usize) -> Option<(T, T)>,
    memory: &mut Memory<T>,
) {
    pass.check(sums, out);
    memory.worst.clear();
    memory.worst.resize(pass.rows, T::Lanes::splat(T::ZERO));
    let ratio = T::from_f64(kind.ratio.unwrap_or(0.0));
    macro_rules! pass {
        ($wide:literal, $trained:literal, $next:expr) => {
            // SAFETY: all has been checked.
            unsafe {
                run::<T, $wide, $trained, { $next }>(pass, sums, out, ratio, memory);
                for (row, worst) in memory.worst.iter().enumerate() {
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
    /// Vector `k` from a place of a row on, before the rectifier.
    ///
    /// # Safety
    /// The sums and both sides must reach to that vector.
    #[inline(always)]
    unsafe fn load<const WIDE: bool, const TRAINED: bool>(
        &self,
        Source { sums, sides: [one, two] }: Source<T>,
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

/// Vectors that are begun before the first of them is ended, in whole rows and at least one: each change of loops costs, and more
/// would not leave room in the L1 cache.
const BEGUN: usize = 112;

/// Calls `$each` with 0 and 1 at every second place of `$count`, and with 0 at the last one of an odd number: with two at a
/// time, the one does what it can while the other waits.
macro_rules! in_pairs {
    ($count:expr, |$at:ident| $place:expr, |$here:ident, $k:ident| $each:expr) => {{
        let mut $at = 0;
        while $at + 1 < $count {
            let $here = $place;
            {
                let $k = 0;
                $each
            }
            {
                let $k = 1;
                $each
            }
            $at += 2;
        }
        if $at < $count {
            let ($here, $k) = ($place, 0);
            $each
        }
    }};
}

/// Finishes rows, and says of each whether an angle is lost: where `worst` is negative.
///
/// # Safety
/// The pass must have been checked, and `memory.worst` have a vector for each row.
unsafe fn run<T: Real, const WIDE: bool, const TRAINED: bool, const NEXT: u8>(
    pass: &Pass<T>,
    sums: &Sums<T>,
    out: &mut Row<T::Lanes>,
    ratio: T,
    memory: &mut Memory<T>,
) {
    let ratio = T::Lanes::splat(ratio);
    let sums = sums.each_ref().map(|sums| sums.as_ptr());
    let out = Target([&mut *out.distance, out.opposite, out.gap, out.ntk].map(<[_]>::as_mut_ptr));
    let Memory { worst, halves } = memory;
    let Pass { rows, vectors, stride, .. } = *pass;
    let band = (BEGUN / vectors).clamp(1, rows);
    halves.clear();
    halves.reserve(band * vectors);
    let (worst, halves) = (worst.as_mut_ptr(), halves.as_mut_ptr());
    for first in (0..rows).step_by(band) {
        let last = rows.min(first + band);
        // SAFETY: the caller's promise. A check of bounds in here would be a way out of the loop, and a
        // JavaScript engine moves constants out of those loops only that have no other end than their own.
        unsafe {
            for row in first..last {
                let from = Source {
                    sums: sums.map(|sums| sums.add(row * vectors)),
                    sides: [pass.sides[0].row(row), pass.sides[1].row(row)],
                };
                let mut least = T::Lanes::splat(T::ZERO);
                if NEXT == NOTHING {
                    let to = out.add(row * stride);
                    in_pairs!(vectors, |at| (from.add(at), to.add(at)), |here, k| {
                        let pair = pass.load::<WIDE, TRAINED>(here.0, k);
                        least = least.least(margin::<T, WIDE>(&pair));
                        let done = rectify::<T, WIDE, NEXT>(&pair, ratio);
                        here.1.put::<T, WIDE, NEXT>(k, done, pair.lengths);
                    });
                } else {
                    let to = halves.add((row - first) * vectors);
                    in_pairs!(vectors, |at| (from.add(at), to.add(at)), |here, k| {
                        let pair = pass.load::<WIDE, TRAINED>(here.0, k);
                        least = least.least(margin::<T, WIDE>(&pair));
                        begin::<T, WIDE, NEXT>(&pair, ratio, here.1.add(k));
                    });
                }
                *worst.add(row) = least;
            }
            if NEXT == NOTHING {
                continue;
            }
            for k in 0..(last - first) * vectors {
                divide::<T>(halves.add(k));
            }
            for row in first..last {
                let (from, to) = (halves.add((row - first) * vectors), out.add(row * stride));
                in_pairs!(vectors, |at| (from.add(at), to.add(at)), |here, k| {
                    let done = end::<T, WIDE, NEXT>(here.0.add(k), ratio);
                    here.1.put::<T, WIDE, NEXT>(k, done, (*here.0.add(k)).lengths);
                });
            }
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
    let from =
        Source { sums: sums.each_ref().map(|sums| sums[row * pass.vectors..].as_ptr()), sides };
    let place = row * pass.stride;
    let to = Target(
        [&mut *out.distance, out.opposite, out.gap, out.ntk]
            .map(|part| part[place..place + pass.vectors].as_mut_ptr()),
    );
    let ratio = T::Lanes::splat(ratio);
    let at = |vector: &T::Lanes, lane: usize| {
        bytemuck::cast_slice::<_, T>(std::slice::from_ref(vector))[lane]
    };
    for k in 0..pass.vectors {
        // SAFETY: all have as many vectors.
        let mut pair = unsafe { pass.load::<WIDE, TRAINED>(from, k) };
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
            // SAFETY: as above.
            unsafe { to.put::<T, WIDE, NEXT>(k, done, pair.lengths) };
        }
    }
}

fn set<T: Real>(vector: &mut T::Lanes, lane: usize, value: T) {
    bytemuck::cast_slice_mut::<_, T>(std::slice::from_mut(vector))[lane] = value;
}
