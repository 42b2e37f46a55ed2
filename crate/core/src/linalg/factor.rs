//! Cholesky's factorization by the Grams' own product.

use super::panels::Panels;
use std::ops::Range;

/// Columns that are factorized before their products are taken from all columns after them.
const WIDTH: usize = 128;
/// Columns that take part in the products of others at a time: what is subtracted stays in the cache.
const CHUNK: usize = 128;
/// Columns that are factorized one by one.
const NARROW: usize = 8;

/// Replaces the lower triangle of a matrix, `size × size`, column by column, by its Cholesky factor.
///
/// Errors: the index of the first pivot that is not positive.
pub(super) fn factorize(matrix: &mut [f64], size: usize) -> Result<(), usize> {
    for from in (0..size).step_by(WIDTH) {
        let to = size.min(from + WIDTH);
        factorize_columns(matrix, size, from..to)?;
        subtract(matrix, size, from..to, to..size);
    }
    Ok(())
}

/// Some columns that need nothing of those before any more: the first half, and then the second without its products.
fn factorize_columns(matrix: &mut [f64], size: usize, columns: Range<usize>) -> Result<(), usize> {
    let Range { start, end } = columns;
    if end - start <= NARROW {
        return factorize_narrow(matrix, size, columns);
    }
    let middle = start + ((end - start) / 2).next_multiple_of(NARROW);
    factorize_columns(matrix, size, start..middle)?;
    subtract(matrix, size, start..middle, middle..end);
    factorize_columns(matrix, size, middle..end)
}

fn factorize_narrow(matrix: &mut [f64], size: usize, columns: Range<usize>) -> Result<(), usize> {
    for k in columns.clone() {
        let (before, after) = matrix.split_at_mut((k + 1) * size);
        let column = &mut before[k * size..];
        let pivot = column[k];
        if pivot.is_nan() || pivot <= 0.0 {
            return Err(k);
        }
        let scale = pivot.sqrt();
        column[k..].iter_mut().for_each(|entry| *entry /= scale);
        for (other, rest) in (k + 1..columns.end).zip(after.chunks_exact_mut(size)) {
            let factor = column[other];
            let pairs = rest[other..].iter_mut().zip(&column[other..]);
            pairs.for_each(|(entry, &value)| *entry -= factor * value);
        }
    }
    Ok(())
}

/// Takes the products of factorized columns from others, from the diagonal on.
fn subtract(matrix: &mut [f64], size: usize, done: Range<usize>, others: Range<usize>) {
    if others.is_empty() {
        return;
    }
    let first = others.start;
    let parts = done.map(|k| &matrix[k * size + first..(k + 1) * size]);
    let panels = Panels::from_columns(parts, size - first);
    let height = Panels::<f64>::height();
    let mut products = vec![0.0; CHUNK.next_multiple_of(height) * panels.padded_rows()];
    for from in others.clone().step_by(CHUNK) {
        let to = others.end.min(from + CHUNK);
        let (rows, columns) = (from - first..to - first, from - first..size - first);
        let width = columns.len().next_multiple_of(height);
        Panels::multiply_parts(&panels, rows, &panels, columns, true, &mut products);
        for (column, products) in (from..to).zip(products.chunks_exact(width)) {
            let entries = &mut matrix[column * size + column..(column + 1) * size];
            let pairs = entries.iter_mut().zip(&products[column - from..]);
            pairs.for_each(|(entry, &product)| *entry -= product);
        }
    }
}
