//! Numbers of all locations of an image.

use crate::real::{Lanes, Real};
use std::marker::PhantomData;

/// One number per location. Columns stand there twice, so that a row that is shifted around is one
/// contiguous read, and rows end in slack, so that it can be read in whole vectors.
#[derive(Debug, Clone)]
pub struct Plane<T> {
    values: Vec<T>,
    columns: usize,
    stride: usize,
}

impl<T: Real> Plane<T> {
    /// From the numbers of `rows × columns` locations.
    pub fn new(numbers: &[f64], columns: usize) -> Self {
        let stride = 2 * columns + T::LANES - 1;
        let mut values = vec![T::ZERO; numbers.len() / columns * stride];
        for (row, place) in numbers.chunks_exact(columns).zip(values.chunks_exact_mut(stride)) {
            let (first, again) = place.split_at_mut(columns);
            for ((first, again), &number) in first.iter_mut().zip(again).zip(row) {
                (*first, *again) = (T::from_f64(number), T::from_f64(number));
            }
        }
        Plane { values, columns, stride }
    }

    pub fn get(&self, row: usize, column: usize) -> T {
        self.values[row * self.stride + column]
    }

    /// All numbers, rows `stride` apart.
    pub fn numbers(&self) -> &[T] {
        &self.values
    }

    pub fn stride(&self) -> usize {
        self.stride
    }

    /// Whole vectors of a row from a column on, which may be one of the repeated ones.
    pub fn run(&self, row: usize, column: usize, vectors: usize) -> Run<'_, T> {
        Run::new(&self.values[row * self.stride + column..(row + 1) * self.stride], vectors)
    }

    /// All numbers once, row by row, in vectors of which the last may be filled up.
    pub fn flat(&self) -> Vec<T> {
        let rows = self.values.chunks_exact(self.stride);
        let mut flat: Vec<T> = rows.flat_map(|row| &row[..self.columns]).copied().collect();
        flat.resize(flat.len().next_multiple_of(T::LANES), T::ZERO);
        flat
    }
}

/// Whole vectors of numbers that need not be aligned.
#[derive(Clone, Copy)]
pub struct Run<'a, T> {
    start: *const T,
    vectors: usize,
    numbers: PhantomData<&'a [T]>,
}

impl<'a, T: Real> Run<'a, T> {
    /// # Panics
    /// When there are fewer numbers than the vectors need.
    pub fn new(numbers: &'a [T], vectors: usize) -> Self {
        assert!(numbers.len() >= vectors * T::LANES);
        Run { start: numbers.as_ptr(), vectors, numbers: PhantomData }
    }

    /// Vector `index` of them.
    #[inline(always)]
    pub fn at(self, index: usize) -> T::Lanes {
        debug_assert!(index < self.vectors);
        // SAFETY: there are as many vectors; callers count up to them.
        unsafe { T::Lanes::load_at(self.start, index) }
    }
}
