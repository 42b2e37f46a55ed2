//! How large the entries of a square matrix are, and how far it is from a symmetric one, in one pass.

use crate::real::{Lanes, Real};

type Vector = <f64 as Real>::Lanes;

/// Rows and columns that are compared with their mirror images at a time: a line of the cache each. Of a
/// matrix whose size is a power of two, more of them would drive each other out of the cache.
const SQUARE: usize = 8;

/// Of each lane, what is seen of entries and of their differences to their mirror images.
pub(super) struct Extent {
    /// Of differences: a number that is not finite never leaves it.
    sum: Vector,
    largest: Vector,
    gap: Vector,
}

impl Extent {
    /// Of a matrix `size × size`.
    pub(super) fn of(matrix: &[f64], size: usize) -> Self {
        let zero = Vector::splat(0.0);
        let mut extent = Extent { sum: zero, largest: zero, gap: zero };
        let whole = size - size % SQUARE;
        for top in (0..whole).step_by(SQUARE) {
            for left in (0..=top).step_by(SQUARE) {
                extent.compare(&square(matrix, size, top, left), &square(matrix, size, left, top));
            }
        }
        for row in whole..size {
            for column in 0..=row {
                let [one, two] = [(row, column), (column, row)].map(|(i, j)| matrix[i * size + j]);
                extent.see(Vector::splat(one), Vector::splat(two));
            }
        }
        extent
    }

    /// Whether all entries are finite, and no sum of their differences overflows.
    pub(super) fn is_finite(&self) -> bool {
        self.sum.to_array().iter().all(|sum| sum.is_finite())
    }

    /// The largest absolute entry on and below the diagonal, where all are finite.
    pub(super) fn largest(&self) -> f64 {
        self.largest.to_array().into_iter().fold(0.0, f64::max)
    }

    /// The largest difference of an entry and its mirror image, where all are finite.
    pub(super) fn gap(&self) -> f64 {
        self.gap.to_array().into_iter().fold(0.0, f64::max)
    }

    fn compare(&mut self, rows: &Square, mirrored: &Square) {
        for (i, row) in rows.iter().enumerate() {
            for (entries, columns) in
                row.chunks_exact(f64::LANES).zip(mirrored.chunks_exact(f64::LANES))
            {
                let across: [f64; f64::LANES] = std::array::from_fn(|lane| columns[lane][i]);
                self.see(Vector::load(entries), Vector::load(&across));
            }
        }
    }

    #[inline(always)]
    fn see(&mut self, entries: Vector, mirrored: Vector) {
        let gap = entries - mirrored;
        self.sum += gap;
        self.gap = self.gap.most(gap.abs());
        self.largest = self.largest.most(entries.abs());
    }
}

type Square<'a> = [&'a [f64; SQUARE]; SQUARE];

#[inline(always)]
fn square(matrix: &[f64], size: usize, top: usize, left: usize) -> Square<'_> {
    std::array::from_fn(|row| matrix[(top + row) * size + left..].first_chunk().unwrap())
}
