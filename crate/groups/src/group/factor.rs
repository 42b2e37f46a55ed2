//! Cholesky factors of Hermitian matrices, real or complex.

use super::entry::Entry;
use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::cholesky::llt::factor::{
    LltError, LltRegularization, cholesky_in_place, cholesky_in_place_scratch,
};
use faer::linalg::{cholesky::llt::solve::solve_in_place, triangular_inverse, triangular_solve};
use faer::{MatMut, MatRef, Par, Spec};

/// The lower factor, column by column.
pub(super) struct Factor<T> {
    lower: Vec<T>,
    size: usize,
}

/// A pivot that is not above its bound.
pub(super) struct SmallPivot {
    pub index: usize,
    /// Missing where the matrix is not positive at all.
    pub value: Option<f64>,
}

impl<T: Entry> Factor<T> {
    /// Factorizes a matrix given by its lower triangle, column by column, in its own memory.
    ///
    /// Fails at the first pivot that is not above its bound (`size` of them).
    pub(super) fn new(mut lower: Vec<T>, bounds: &[f64]) -> Result<Factor<T>, SmallPivot> {
        let size = bounds.len();
        let params = Spec::default();
        let mut memory = MemBuffer::new(cholesky_in_place_scratch::<T>(size, Par::Seq, params));
        let done = cholesky_in_place(
            MatMut::from_column_major_slice_mut(&mut lower, size, size),
            LltRegularization::default(),
            Par::Seq,
            MemStack::new(&mut memory),
            params,
        );
        if let Err(LltError::NonPositivePivot { index }) = done {
            return Err(SmallPivot { index, value: None });
        }
        for (index, bound) in bounds.iter().enumerate() {
            let value = lower[index * size + index].square();
            if value.is_nan() || value <= *bound {
                return Err(SmallPivot { index, value: Some(value) });
            }
        }
        for column in 1..size {
            lower[column * size..][..column].fill(T::ZERO);
        }
        Ok(Factor { lower, size })
    }

    /// What [`Factor::pack`] wrote.
    pub(super) fn unpack(packed: &[f64], size: usize) -> Factor<T> {
        let mut lower = vec![T::ZERO; size * size];
        let mut entries = packed.chunks_exact(T::WIDTH);
        for (column, values) in lower.chunks_exact_mut(size.max(1)).enumerate() {
            for (value, entry) in values[column..].iter_mut().zip(&mut entries) {
                *value = T::load(entry);
            }
        }
        Factor { lower, size }
    }

    /// Writes the lower triangle column by column to the start of `packed`.
    pub(super) fn pack(&self, packed: &mut [f64]) {
        let mut places = packed.chunks_exact_mut(T::WIDTH);
        for (column, values) in self.lower.chunks_exact(self.size.max(1)).enumerate() {
            for (value, place) in values[column..].iter().zip(&mut places) {
                value.store(place);
            }
        }
    }

    fn view(&self) -> MatRef<'_, T> {
        MatRef::from_column_major_slice(&self.lower, self.size, self.size)
    }

    /// Replaces `right` (`size × count`, column by column) by the solution.
    pub(super) fn solve(&self, right: &mut [T], count: usize) {
        let right = MatMut::from_column_major_slice_mut(right, self.size, count);
        solve_in_place(self.view(), right, Par::Seq, MemStack::new(&mut []));
    }

    /// Replaces `right` (`size × count`, column by column) by L^-1 `right`.
    pub(super) fn whiten(&self, right: &mut [T], count: usize) {
        let right = MatMut::from_column_major_slice_mut(right, self.size, count);
        triangular_solve::solve_lower_triangular_in_place(self.view(), right, Par::Seq);
    }

    /// L^-1, column by column.
    pub(super) fn inverse(&self) -> Vec<T> {
        let mut inverse = vec![T::ZERO; self.size * self.size];
        let columns = MatMut::from_column_major_slice_mut(&mut inverse, self.size, self.size);
        triangular_inverse::invert_lower_triangular(columns, self.view(), Par::Seq);
        inverse
    }
}

/// Σ conj(a) b.
pub(super) fn dot<T: Entry>(a: &[T], b: &[T]) -> T {
    a.iter().zip(b).fold(T::ZERO, |sum, (x, y)| sum + x.conjugate() * *y)
}
