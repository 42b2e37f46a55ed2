//! A rectifier on one vector of pairs of locations, in three parts: what its division needs, the division, and the rest. Each part
//! has a loop of its own. The chain from sums to results is long, and a processor looks ahead for other work by a number of
//! instructions: in one loop these are hardly those of the next two vectors.

use crate::kernel::arccos::Angle;
use crate::real::{Lanes, Real};

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

/// The new gap, opposite and NTK.
pub struct Done<V> {
    pub gap: V,
    pub opposite: V,
    pub ntk: V,
}

/// A pair halfway; the last three are written only where pairs can be obtuse.
#[derive(Clone, Copy)]
pub struct Half<V> {
    angle: Angle<V>,
    ntk: V,
    pub lengths: V,
    /// The smaller of gap and opposite: an angle of at most 90° takes its share from it.
    smaller: V,
    gap: V,
    obtuse: V,
    opposite: V,
}

/// The first part.
///
/// # Safety
/// `to` must be valid to write to.
#[inline(always)]
pub unsafe fn begin<T: Real, const WIDE: bool, const NEXT: u8>(
    pair: &Pair<T::Lanes>,
    ratio: T::Lanes,
    to: *mut Half<T::Lanes>,
) {
    let [half, one] = [0.5, 1.0].map(|value| T::Lanes::splat(T::from_f64(value)));
    let smaller = if WIDE { pair.opposite.least(pair.gap) } else { pair.gap };
    // SAFETY: the caller's promise.
    unsafe {
        (*to).angle.z = (smaller * pair.inverse).least(half);
        (*to).ntk = pair.ntk;
        (*to).lengths = pair.lengths;
        (*to).smaller = smaller;
        if WIDE {
            let obtuse = pair.opposite.less(pair.gap);
            let (double, rest) = (pair.product + pair.product, one - ratio);
            // Obtuse: from the opposite, (2−ρ)·2SS' − (1−ρ)·opposite, so that nothing cancels for any ρ.
            let far = (one + rest) * double - rest * pair.opposite;
            (*to).gap = obtuse.select(far, pair.gap);
            (*to).obtuse = obtuse;
            if NEXT == OBTUSE {
                let near = ratio * double + rest * pair.opposite;
                (*to).opposite = obtuse.select(near, pair.opposite);
            }
        }
    }
}

/// The division.
///
/// # Safety
/// `half` must be what `begin` has written.
#[inline(always)]
pub unsafe fn divide<T: Real>(half: *mut Half<T::Lanes>) {
    // SAFETY: the caller's promise.
    unsafe { (*half).angle.quotient = Angle::quotient::<T>((*half).angle.z) };
}

/// The rest. An opposite that nobody needs any more is a zero.
///
/// # Safety
/// `from` must be what `begin` and `divide` have written with the same constants.
#[inline(always)]
pub unsafe fn end<T: Real, const WIDE: bool, const NEXT: u8>(
    from: *const Half<T::Lanes>,
    ratio: T::Lanes,
) -> Done<T::Lanes> {
    let one = T::Lanes::splat(T::ONE);
    let mut opposite = T::Lanes::splat(T::ZERO);
    // SAFETY: the caller's promise.
    unsafe {
        let (share, turn) = (*from).angle.shares::<T>(ratio);
        let bow = (*from).smaller * share;
        let (mut gap, mut kept) = ((*from).smaller, one - turn);
        if WIDE {
            gap = (*from).gap;
            kept = (*from).obtuse.select(one - ratio + turn, kept);
            if NEXT == OBTUSE {
                opposite = (*from).opposite + bow;
            }
        }
        Done { gap: gap - bow, opposite, ntk: (*from).ntk * kept }
    }
}

/// All three parts.
#[inline(always)]
pub fn rectify<T: Real, const WIDE: bool, const NEXT: u8>(
    pair: &Pair<T::Lanes>,
    ratio: T::Lanes,
) -> Done<T::Lanes> {
    if NEXT == NOTHING {
        return Done { gap: pair.gap, opposite: pair.opposite, ntk: pair.ntk };
    }
    let mut half = std::mem::MaybeUninit::uninit();
    // SAFETY: the one writes what the other reads.
    unsafe {
        begin::<T, WIDE, NEXT>(pair, ratio, half.as_mut_ptr());
        divide::<T>(half.as_mut_ptr());
        end::<T, WIDE, NEXT>(half.as_ptr(), ratio)
    }
}
