//! Substitution of right-hand sides by a Cholesky factor, as rows in panels of four like its own.

use super::factor::{SIDE, TILE, Vector, blocks, load, panel, runs, solve, store, subtract};
use super::panels::{Sums, accumulate};
use crate::real::{Lanes, Real};

/// Rows of `size` numbers in panels, which are filled up with zeros.
pub(super) struct Rows {
    numbers: Vec<f64>,
    count: usize,
    size: usize,
}

impl Rows {
    /// So many rows of zeros.
    pub(super) fn zeros(count: usize, size: usize) -> Self {
        let numbers = vec![0.0; count.next_multiple_of(SIDE) * size.next_multiple_of(SIDE)];
        Rows { numbers, count, size }
    }

    /// Number `column` of row `row`.
    pub(super) fn at(&mut self, row: usize, column: usize) -> &mut f64 {
        let length = self.length();
        &mut self.numbers[row / SIDE * length + SIDE * column + row % SIDE]
    }

    /// Numbers of a panel.
    fn length(&self) -> usize {
        SIDE * self.size.next_multiple_of(SIDE)
    }

    fn panels(&self) -> impl Iterator<Item = &[f64]> {
        self.numbers.chunks_exact(self.length())
    }

    /// Replaces each row `b` by `x` of `L·x = b`. Those of panel `k` have nothing but zeros before panel
    /// `first(k)` of the columns.
    pub(super) fn forward(&mut self, factor: &[f64], first: impl Fn(usize) -> usize) {
        let length = self.length();
        for block in blocks(self.size) {
            for columns in runs(block.start) {
                for (k, rows) in self.numbers.chunks_exact_mut(length).enumerate() {
                    let from = (SIDE * first(k)).clamp(columns.start, columns.end);
                    subtract(rows, factor, block.clone(), from..columns.end);
                }
            }
            for (k, rows) in self.numbers.chunks_exact_mut(length).enumerate() {
                solve(rows, factor, first(k).clamp(block.start, block.end)..block.end);
            }
        }
    }

    /// Replaces each row `b` by `x` of `Lᵀ·x = b`.
    pub(super) fn backward(&mut self, factor: &[f64]) {
        let length = self.length();
        for at in (0..self.size.div_ceil(SIDE)).rev() {
            let (columns, corner) = panel(factor, at).split_at(TILE * at);
            for rows in self.numbers.chunks_exact_mut(length) {
                let (before, tile) = rows[..TILE * (at + 1)].split_at_mut(TILE * at);
                let done = solved_transposed(load(tile), corner);
                store(done, tile);
                let places = before.chunks_exact_mut(SIDE);
                for (place, column) in places.zip(columns.chunks_exact(SIDE)) {
                    subtract_transposed(place, column, &done);
                }
            }
        }
    }

    /// The squared length of each row.
    pub(super) fn norms(&self) -> impl Iterator<Item = f64> {
        let norms = self.panels().flat_map(|rows| {
            let mut sums = [0.0; SIDE];
            for column in rows.chunks_exact(SIDE) {
                sums.iter_mut().zip(column).for_each(|(sum, x)| *sum += x * x);
            }
            sums
        });
        norms.take(self.count)
    }

    /// The products of rows with rows, row-major.
    pub(super) fn products(&self) -> Vec<f64> {
        let mut out = vec![0.0; self.count * self.count];
        for (top, one) in self.panels().enumerate() {
            for (left, two) in self.panels().enumerate() {
                let mut tile = [0.0; TILE];
                store(
                    accumulate::<f64>(load(&tile), one, 0, two, |sum, x, y| sum + x * y),
                    &mut tile,
                );
                let rows = out.chunks_exact_mut(self.count).skip(SIDE * top);
                for (row, products) in rows.zip(tile.chunks_exact(SIDE)) {
                    let places = row.iter_mut().skip(SIDE * left);
                    places.zip(products).for_each(|(place, &product)| *place = product);
                }
            }
        }
        out
    }
}

/// `X` of `X·L = tile` for a tile `L` on the diagonal.
#[inline(always)]
fn solved_transposed(mut tile: Sums<f64>, corner: &[f64]) -> Sums<f64> {
    let corner = &corner[..TILE];
    for k in (0..SIDE).rev() {
        let inverse = Vector::splat(corner[(SIDE + 1) * k]);
        tile[k] = tile[k].map(|x| x * inverse);
        for j in 0..k {
            let factor = Vector::splat(corner[SIDE * j + k]);
            for v in 0..tile[k].len() {
                tile[j][v] -= tile[k][v] * factor;
            }
        }
    }
    tile
}

/// Takes from a column of rows the products of four columns after it.
#[inline(always)]
fn subtract_transposed(place: &mut [f64], factors: &[f64], done: &Sums<f64>) {
    for (v, place) in place.chunks_exact_mut(f64::LANES).enumerate() {
        let products = done.iter().zip(factors);
        products
            .fold(Vector::load(place), |sum, (column, &factor)| {
                sum - column[v] * Vector::splat(factor)
            })
            .store(place);
    }
}
