//! Squared distances between the rows of packed matrices, from differences: nearly equal rows keep all
//! digits, equal ones are at 0.

use super::panels::Panels;
use crate::real::Real;

impl<T: Real> Panels<T> {
    /// `|a − b|²` for each row a and each row b, laid out as `multiply` does it.
    ///
    /// # Panics
    /// When the depths differ or `out` is too short.
    pub fn square_distances(a: &Self, b: &Self, upper: bool, out: &mut [T]) {
        Self::combine(a, b, upper, out, |sum, x, y| sum + (x - y) * (x - y));
    }

    /// `|a + b|²`, likewise: the squared distance from the opposite.
    ///
    /// # Panics
    /// When the depths differ or `out` is too short.
    pub fn square_sums(a: &Self, b: &Self, upper: bool, out: &mut [T]) {
        Self::combine(a, b, upper, out, |sum, x, y| sum + (x + y) * (x + y));
    }
}
