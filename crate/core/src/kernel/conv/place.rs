//! Places of rows, where a pass reads and writes. Vectors near a place have constant offsets: the address of each is part of its
//! instruction.

use super::rectify::{ACUTE, Done};
use crate::real::{Lanes, Real};

/// A place of a row: where its sums and both sides are read.
#[derive(Clone, Copy)]
pub struct Source<T: Real> {
    pub sums: [*const T::Lanes; 3],
    pub sides: [[*const T; 2]; 2],
}

impl<T: Real> Source<T> {
    /// The place some vectors later.
    ///
    /// # Safety
    /// The row must reach to it.
    #[inline(always)]
    pub unsafe fn add(self, vectors: usize) -> Self {
        // SAFETY: the caller's promise.
        unsafe {
            Source {
                sums: self.sums.map(|sums| sums.add(vectors)),
                sides: self.sides.map(|side| side.map(|numbers| numbers.add(vectors * T::LANES))),
            }
        }
    }
}

/// A place of a row where results are written: D, P, 2(SS' − N) and the NTK.
#[derive(Clone, Copy)]
pub struct Target<V>(pub [*mut V; 4]);

impl<V> Target<V> {
    /// Puts vector `k` from the place on there.
    ///
    /// # Safety
    /// The row must reach to that vector.
    #[inline(always)]
    pub unsafe fn put<T: Real<Lanes = V>, const WIDE: bool, const NEXT: u8>(
        self,
        k: usize,
        done: Done<V>,
        lengths: V,
    ) where
        V: Lanes<T>,
    {
        let Target([distance, opposite, gap, ntk]) = self;
        // SAFETY: the caller's promise.
        unsafe {
            *gap.add(k) = done.gap;
            *distance.add(k) = done.gap + lengths;
            *ntk.add(k) = done.ntk;
            if WIDE && NEXT != ACUTE {
                *opposite.add(k) = done.opposite + lengths;
            }
        }
    }

    /// The place some vectors later.
    ///
    /// # Safety
    /// The row must reach to it.
    #[inline(always)]
    pub unsafe fn add(self, vectors: usize) -> Self {
        // SAFETY: the caller's promise.
        Target(self.0.map(|part| unsafe { part.add(vectors) }))
    }
}
