//! Cholesky's factorization on the Grams' inner loop.
//!
//! Rows of a triangle stand in panels of four, each column by column, as in `Panels`: what the inner loop
//! reads is one piece of memory, and so is a tile of four by four. A tile takes the products of columns
//! before it into registers, and is solved for there. Factors have inverses on their diagonals.

use super::panels::{Panels, Sums, accumulate};
use crate::real::{Lanes, Real};
use std::ops::Range;

pub(super) type Vector = <f64 as Real>::Lanes;

/// Rows of a panel, and rows and columns of a tile.
pub(super) const SIDE: usize = Panels::<f64>::height();
pub(super) const TILE: usize = SIDE * SIDE;
/// Panels of a block: its columns take the products of all columns before, and are then solved for.
const BLOCK: usize = 32;
/// Columns whose products a block takes at a time: its panels of them stay in the L2 cache.
const DEPTH: usize = 256;

/// Numbers before a panel.
const fn start(panel: usize) -> usize {
    TILE * panel * (panel + 1) / 2
}

/// Panel `at` of a triangle, up to the tile on the diagonal.
pub(super) fn panel(triangle: &[f64], at: usize) -> &[f64] {
    &triangle[start(at)..start(at + 1)]
}

/// The lower triangle of a matrix, `size × size`, in panels; the last one is filled up with rows of the
/// identity.
pub(super) fn pack(matrix: &[f64], size: usize) -> Vec<f64> {
    let mut triangle = vec![0.0; start(size.div_ceil(SIDE))];
    let zeros = vec![0.0; size];
    for (at, rows) in matrix.chunks(SIDE * size).enumerate() {
        let panel = &mut triangle[start(at)..start(at + 1)];
        let mut own = rows.chunks_exact(size);
        let [a, b, c, d]: [&[f64]; SIDE] = std::array::from_fn(|_| own.next().unwrap_or(&zeros));
        let columns = panel.chunks_exact_mut(SIDE);
        for ((((column, a), b), c), d) in columns.zip(a).zip(b).zip(c).zip(d) {
            column.copy_from_slice(&[*a, *b, *c, *d]);
        }
        for row in rows.len() / size..SIDE {
            panel[TILE * at + (SIDE + 1) * row] = 1.0;
        }
    }
    triangle
}

/// Replaces the triangle of a matrix by its Cholesky factor.
///
/// Errors: the index of the first pivot that is not positive.
pub(super) fn factorize(triangle: &mut [f64], size: usize) -> Result<(), usize> {
    for block in blocks(size) {
        for columns in runs(block.start) {
            for row in block.start..size.div_ceil(SIDE) {
                let (before, own) = split(triangle, row);
                subtract(own, before, block.start..block.end.min(row), columns.clone());
                if row < block.end {
                    let (done, tile) = own.split_at_mut(TILE * row);
                    let done = &done[SIDE * columns.start..SIDE * columns.end];
                    store(less(load(tile), done, done), tile);
                }
            }
        }
        for row in block.start..size.div_ceil(SIDE) {
            let (before, own) = split(triangle, row);
            solve(own, before, block.start..block.end.min(row));
            if row < block.end {
                let (done, tile) = own.split_at_mut(TILE * row);
                let done = &done[TILE * block.start..];
                store(less(load(tile), done, done), tile);
                factorize_tile(tile).map_err(|pivot| SIDE * row + pivot)?;
            }
        }
    }
    Ok(())
}

/// The squares of a factor's diagonal.
pub(super) fn pivots(factor: &[f64], size: usize) -> impl Iterator<Item = f64> {
    (0..size).map(move |k| {
        let root = 1.0 / panel(factor, k / SIDE)[SIDE * k + k % SIDE];
        root * root
    })
}

/// The panels of each block.
pub(super) fn blocks(size: usize) -> impl Iterator<Item = Range<usize>> {
    let panels = size.div_ceil(SIDE);
    (0..panels).step_by(BLOCK).map(move |first| first..panels.min(first + BLOCK))
}

/// The columns of the first panels, so many at a time.
pub(super) fn runs(panels: usize) -> impl Iterator<Item = Range<usize>> {
    let end = SIDE * panels;
    (0..end).step_by(DEPTH).map(move |first| first..end.min(first + DEPTH))
}

/// The panels before one, and that one.
fn split(triangle: &mut [f64], at: usize) -> (&[f64], &mut [f64]) {
    let (before, own) = triangle[..start(at + 1)].split_at_mut(start(at));
    (before, own)
}

/// Takes the products of some columns from the tiles that a panel of rows has in a block.
pub(super) fn subtract(
    rows: &mut [f64],
    factor: &[f64],
    block: Range<usize>,
    columns: Range<usize>,
) {
    let columns = SIDE * columns.start..SIDE * columns.end;
    let (done, tiles) = rows.split_at_mut(TILE * block.start);
    for (tile, at) in tiles.chunks_exact_mut(TILE).zip(block) {
        let other = &panel(factor, at)[columns.clone()];
        store(less(load(tile), other, &done[columns.clone()]), tile);
    }
}

/// Replaces the tiles that a panel of rows has in a block by `X` of `X·Lᵀ = rows`, when they have nothing
/// to take of columns before the block any more.
pub(super) fn solve(rows: &mut [f64], factor: &[f64], block: Range<usize>) {
    let from = TILE * block.start;
    for at in block {
        let (done, tile) = rows[from..].split_at_mut(TILE * at - from);
        let (other, corner) = panel(factor, at)[from..].split_at(TILE * at - from);
        store(solved(less(load(tile), other, done), corner), tile);
    }
}

/// A tile without the products of two panels' columns.
#[inline(always)]
fn less(tile: Sums<f64>, columns: &[f64], rows: &[f64]) -> Sums<f64> {
    accumulate::<f64>(tile, columns, 0, rows, |sum, x, y| sum - x * y)
}

/// `X` of `X·Lᵀ = tile` for a tile `L` on the diagonal.
#[inline(always)]
fn solved(mut tile: Sums<f64>, corner: &[f64]) -> Sums<f64> {
    let corner = &corner[..TILE];
    for k in 0..SIDE {
        let inverse = Vector::splat(corner[(SIDE + 1) * k]);
        tile[k] = tile[k].map(|x| x * inverse);
        for j in k + 1..SIDE {
            let factor = Vector::splat(corner[SIDE * k + j]);
            for v in 0..tile[k].len() {
                tile[j][v] -= tile[k][v] * factor;
            }
        }
    }
    tile
}

/// Replaces a tile on the diagonal by its factor.
fn factorize_tile(tile: &mut [f64]) -> Result<(), usize> {
    for k in 0..SIDE {
        let pivot = tile[(SIDE + 1) * k];
        if pivot.is_nan() || pivot <= 0.0 {
            return Err(k);
        }
        let inverse = 1.0 / pivot.sqrt();
        tile[(SIDE + 1) * k] = inverse;
        for i in k + 1..SIDE {
            tile[SIDE * k + i] *= inverse;
        }
        for j in k + 1..SIDE {
            for i in j..SIDE {
                tile[SIDE * j + i] -= tile[SIDE * k + i] * tile[SIDE * k + j];
            }
        }
    }
    Ok(())
}

#[inline(always)]
pub(super) fn load(tile: &[f64]) -> Sums<f64> {
    let tile = &tile[..TILE];
    let vector = |k, v| Vector::load(&tile[SIDE * k + f64::LANES * v..]);
    std::array::from_fn(|k| std::array::from_fn(|v| vector(k, v)))
}

#[inline(always)]
pub(super) fn store(sums: Sums<f64>, tile: &mut [f64]) {
    let tile = &mut tile[..TILE];
    for (column, place) in sums.into_iter().zip(tile.chunks_exact_mut(SIDE)) {
        for (sum, place) in column.into_iter().zip(place.chunks_exact_mut(f64::LANES)) {
            sum.store(place);
        }
    }
}
