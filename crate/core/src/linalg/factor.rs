//! Cholesky's factorization on the Grams' inner loop, in the matrix's own memory.
//!
//! Rows stand in panels of four, each column by column, as in `Panels`: what the inner loop reads is one
//! piece of memory, and so is a tile of four by four. A tile takes the products of columns before it into
//! registers, and is solved for there.

use super::panels::{Panels, Sums, accumulate};
use crate::real::{Lanes, Real};
use std::ops::Range;

type Vector = <f64 as Real>::Lanes;

/// Rows of a panel, and rows and columns of a tile.
const SIDE: usize = Panels::<f64>::height();
const TILE: usize = SIDE * SIDE;
/// Panels of a block: its columns take the products of all columns before, and are then factorized.
const BLOCK: usize = 16;
/// Columns whose products a block takes at a time: its panels of them stay in the L2 cache.
const DEPTH: usize = 256;

/// Replaces a symmetric matrix, `size × size`, by its lower Cholesky factor, column by column.
///
/// Errors: the index of the first pivot that is not positive.
pub(super) fn factorize(matrix: &mut [f64], size: usize) -> Result<(), usize> {
    let whole = size - size % SIDE;
    let mut panels: Vec<&mut [f64]> = matrix.chunks_exact_mut(SIDE * size).collect();
    pack(&mut panels, size);
    for first in (0..panels.len()).step_by(BLOCK) {
        let block = first..panels.len().min(first + BLOCK);
        for from in (0..SIDE * first).step_by(DEPTH) {
            subtract(&mut panels, block.clone(), from..(from + DEPTH).min(SIDE * first));
        }
        factorize_block(&mut panels, block)?;
    }
    unpack(&mut panels, size);
    (whole..size).try_for_each(|row| border(matrix, size, row))
}

/// From rows to panels, up to the diagonal.
fn pack(panels: &mut [&mut [f64]], size: usize) {
    let mut rows = vec![0.0; SIDE * size];
    for (at, panel) in panels.iter_mut().enumerate() {
        let depth = SIDE * (at + 1);
        rows.copy_from_slice(panel);
        let columns = panel.chunks_exact_mut(SIDE).take(depth);
        for (k, column) in columns.enumerate() {
            for (row, entry) in column.iter_mut().enumerate() {
                *entry = rows[row * size + k];
            }
        }
    }
}

/// From panels to rows of the transpose, in whole tiles.
fn unpack(panels: &mut [&mut [f64]], size: usize) {
    for at in 0..panels.len() {
        // Those before it have taken its tiles.
        let (own, after) = panels[at..].split_at_mut(1);
        let own = &mut *own[0];
        let mut corner = [0.0; TILE];
        corner.copy_from_slice(&own[TILE * at..][..TILE]);
        for (k, row) in own.chunks_exact_mut(size).enumerate() {
            row[..SIDE * at].fill(0.0);
            row[SIDE * at..][..SIDE].copy_from_slice(&corner[SIDE * k..][..SIDE]);
            row[SIDE * at..][..k].fill(0.0);
        }
        for (tile, panel) in (at + 1..).zip(after) {
            let columns = panel[TILE * at..][..TILE].chunks_exact(SIDE);
            for (row, column) in own.chunks_exact_mut(size).zip(columns) {
                row[SIDE * tile..][..SIDE].copy_from_slice(column);
            }
        }
    }
}

/// Takes the products of some columns from the tiles of a block and those below them.
fn subtract(panels: &mut [&mut [f64]], block: Range<usize>, columns: Range<usize>) {
    let columns = SIDE * columns.start..SIDE * columns.end;
    for row in block.start..panels.len() {
        let (before, own) = panels.split_at_mut(row);
        let (done, tiles) = own[0].split_at_mut(TILE * block.start);
        let done = &done[columns.clone()];
        let others =
            before[block.start..row.min(block.end)].iter().map(|panel| &panel[columns.clone()]);
        for (tile, other) in tiles.chunks_exact_mut(TILE).zip(others) {
            store(less(load(tile), other, done), tile);
        }
        if row < block.end {
            let tile = &mut tiles[TILE * (row - block.start)..][..TILE];
            store(less(load(tile), done, done), tile);
        }
    }
}

/// Factorizes the tiles of a block that have nothing to take of columns before it any more.
fn factorize_block(panels: &mut [&mut [f64]], block: Range<usize>) -> Result<(), usize> {
    let from = TILE * block.start;
    let mut inverses = [[0.0; SIDE]; BLOCK];
    for row in block.start..panels.len() {
        let (before, own) = panels.split_at_mut(row);
        let own = &mut own[0][from..];
        let others = before[block.start..row.min(block.end)].iter();
        for ((k, other), inverses) in others.enumerate().zip(&inverses) {
            let (done, tile) = own.split_at_mut(TILE * k);
            let (other, corner) = other[from..].split_at(TILE * k);
            let sums = less(load(tile), other, done);
            store(solved(sums, corner, inverses), tile);
        }
        if row < block.end {
            let k = row - block.start;
            let (done, tile) = own.split_at_mut(TILE * k);
            store(less(load(tile), done, done), tile);
            inverses[k] = factorize_tile(tile).map_err(|pivot| SIDE * row + pivot)?;
        }
    }
    Ok(())
}

/// A tile without the products of two panels' columns.
#[inline(always)]
fn less(tile: Sums<f64>, columns: &[f64], rows: &[f64]) -> Sums<f64> {
    accumulate::<f64>(tile, columns, 0, rows, |sum, x, y| sum - x * y)
}

/// `X` of `X·Lᵀ = tile`, for the tile `L` on the diagonal and the inverses of its diagonal.
#[inline(always)]
fn solved(mut tile: Sums<f64>, corner: &[f64], inverses: &[f64; SIDE]) -> Sums<f64> {
    let corner = &corner[..TILE];
    for k in 0..SIDE {
        tile[k] = tile[k].map(|x| x * Vector::splat(inverses[k]));
        for j in k + 1..SIDE {
            let factor = Vector::splat(corner[SIDE * k + j]);
            for v in 0..tile[k].len() {
                tile[j][v] = tile[j][v] - tile[k][v] * factor;
            }
        }
    }
    tile
}

/// Replaces a tile on the diagonal by its factor, and gives the inverses of that one's diagonal.
fn factorize_tile(tile: &mut [f64]) -> Result<[f64; SIDE], usize> {
    let mut inverses = [0.0; SIDE];
    for k in 0..SIDE {
        let pivot = positive(tile[SIDE * k + k]).ok_or(k)?.sqrt();
        inverses[k] = 1.0 / pivot;
        tile[SIDE * k + k] = pivot;
        for i in k + 1..SIDE {
            tile[SIDE * k + i] /= pivot;
        }
        for j in k + 1..SIDE {
            for i in j..SIDE {
                tile[SIDE * j + i] -= tile[SIDE * k + i] * tile[SIDE * k + j];
            }
        }
    }
    Ok(inverses)
}

fn positive(pivot: f64) -> Option<f64> {
    (pivot > 0.0).then_some(pivot)
}

#[inline(always)]
fn load(tile: &[f64]) -> Sums<f64> {
    let tile = &tile[..TILE];
    std::array::from_fn(|k| {
        std::array::from_fn(|v| Vector::load(&tile[SIDE * k + f64::LANES * v..]))
    })
}

#[inline(always)]
fn store(sums: Sums<f64>, tile: &mut [f64]) {
    let tile = &mut tile[..TILE];
    for (column, place) in sums.into_iter().zip(tile.chunks_exact_mut(SIDE)) {
        for (sum, place) in column.into_iter().zip(place.chunks_exact_mut(f64::LANES)) {
            sum.store(place);
        }
    }
}

/// Adds a row to the factor of those before it.
fn border(matrix: &mut [f64], size: usize, at: usize) -> Result<(), usize> {
    let (factor, row) = matrix.split_at_mut(at * size);
    let (row, pivot) = row[..=at].split_at_mut(at);
    forward(factor, size, row);
    pivot[0] -= row.iter().map(|x| x * x).sum::<f64>();
    pivot[0] = positive(pivot[0]).ok_or(at)?.sqrt();
    for (column, entry) in factor.chunks_exact_mut(size).zip(row) {
        column[at] = *entry;
        *entry = 0.0;
    }
    Ok(())
}

/// Replaces `right` by `x` of `L·x = right`; columns of `L` are `size` apart.
pub(super) fn forward(factor: &[f64], size: usize, right: &mut [f64]) {
    for (k, column) in factor.chunks_exact(size).enumerate() {
        let Some((first, rest)) = right[k..].split_first_mut() else { return };
        *first /= column[k];
        let pairs = rest.iter_mut().zip(&column[k + 1..]);
        pairs.for_each(|(entry, &value)| *entry -= *first * value);
    }
}
