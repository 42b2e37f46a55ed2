//! Kernel regression by Cholesky: fit, predict, leave out.

use super::extent::Extent;
use super::factor::{SIDE, factorize, pack, pivots};
use super::substitution::Rows;
use crate::error::{Code, Error, Result};

/// A ridge as the user states it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Ridge {
    Absolute(f64),
    /// Times the mean of the diagonal.
    MeanDiagonal(f64),
    /// Times the trace.
    Trace(f64),
}

impl Ridge {
    /// The absolute ridge for a Gram of given trace and size.
    ///
    /// Errors: code `ridge` when the number is negative or not finite.
    pub fn resolve(self, trace: f64, size: usize) -> Result<f64> {
        let (Ridge::Absolute(stated) | Ridge::MeanDiagonal(stated) | Ridge::Trace(stated)) = self;
        if !(stated.is_finite() && stated >= 0.0) {
            let expected = "a finite number ≥ 0";
            return Err(Error::new(Code::Ridge, format!("ridge {stated}: expected {expected}"))
                .at("ridge")
                .value(stated)
                .expected(expected));
        }
        Ok(match self {
            Ridge::Absolute(_) => stated,
            Ridge::MeanDiagonal(_) => stated * trace / size as f64,
            Ridge::Trace(_) => stated * trace,
        })
    }
}

/// Right-hand sides that are solved for at a time: they take little memory beside the factor.
const SIDES: usize = 128;

/// The Cholesky factor of `K + ridge·I`.
pub struct Cholesky {
    /// Its lower triangle in panels of four rows, each column by column up to the fourth on the diagonal,
    /// and filled up with rows of the identity; in place of the diagonal its inverses.
    pub factor: Vec<f64>,
    pub size: usize,
    /// The absolute ridge that was added.
    pub ridge: f64,
}

/// Refuses entries that are not finite and matrices that are not symmetric to 1e-8 of the largest.
fn check(gram: &[f64], size: usize) -> Result<()> {
    let extent = Extent::of(gram, size);
    if !extent.is_finite()
        && let Some(index) = gram.iter().position(|value| !value.is_finite())
    {
        let (value, expected) = (gram[index], "finite numbers");
        let message = format!("the Gram holds {value} at {index}: expected {expected}");
        return Err(Error::new(Code::Value, message)
            .index(index)
            .value(value.to_string())
            .expected(expected));
    }
    if extent.gap() > 1e-8 * extent.largest() {
        let accepted = 1e-8 * gram.iter().fold(0.0, |largest: f64, x| largest.max(x.abs()));
        for i in 0..size {
            for j in 0..i {
                let gap = (gram[i * size + j] - gram[j * size + i]).abs();
                if gap > accepted {
                    return Err(asymmetric(i, j, gap, size));
                }
            }
        }
    }
    Ok(())
}

fn asymmetric(i: usize, j: usize, gap: f64, size: usize) -> Error {
    let expected = "a symmetric matrix, to 1e-8 of its largest entry";
    let message = format!(
        "the Gram's entries ({i}, {j}) and ({j}, {i}) differ by {gap:e}: expected {expected}"
    );
    Error::new(Code::Value, message).index(i * size + j).value(gap).expected(expected)
}

fn singular(pivot: usize, ridge: f64, what: &str) -> Error {
    let expected = "a positive definite matrix; a larger ridge makes it one";
    let message = format!(
        "the Gram with ridge {ridge:?} is singular or indefinite: {what} at pivot {pivot}: expected {expected}"
    );
    Error::new(Code::Singular, message).index(pivot).expected(expected)
}

impl Cholesky {
    /// Factorizes `gram + ridge·I`, a `size × size` matrix.
    ///
    /// Errors: `value` (not finite, not symmetric), `ridge`, and `singular` with the pivot's index
    /// when a pivot is not above the rounding error `size·ε` times its diagonal entry.
    pub fn new(mut gram: Vec<f64>, size: usize, ridge: Ridge) -> Result<Cholesky> {
        check(&gram, size)?;
        let trace = (0..size).map(|i| gram[i * size + i]).sum();
        let ridge = ridge.resolve(trace, size)?;
        for i in 0..size {
            gram[i * size + i] += ridge;
        }
        let mut factor = pack(&gram, size);
        factorize(&mut factor, size).map_err(|index| singular(index, ridge, "not positive"))?;
        for (i, pivot) in pivots(&factor, size).enumerate() {
            let entry = gram[i * size + i];
            if pivot.is_nan() || pivot <= size as f64 * f64::EPSILON * entry {
                return Err(singular(
                    i,
                    ridge,
                    &format!("{pivot:e} of {entry:e} is rounding error"),
                ));
            }
        }
        Ok(Cholesky { factor, size, ridge })
    }

    /// Replaces `right` (`size × count`, row-major) by `(K + ridge·I)^-1 right`.
    pub fn solve(&self, right: &mut [f64], count: usize) {
        let mut rows = Rows::zeros(count, self.size);
        for (column, values) in right.chunks_exact(count).enumerate() {
            for (row, &value) in values.iter().enumerate() {
                *rows.at(row, column) = value;
            }
        }
        rows.forward(&self.factor, |_| 0);
        rows.backward(&self.factor);
        for (column, values) in right.chunks_exact_mut(count).enumerate() {
            for (row, value) in values.iter_mut().enumerate() {
                *value = *rows.at(row, column);
            }
        }
    }

    /// `k (K + ridge·I)^-1 k` for each row `k` of `cross` (`count × size`): what knowing the data
    /// takes off the variance of a point.
    pub fn explained(&self, cross: &[f64]) -> Vec<f64> {
        let mut explained = Vec::new();
        for part in cross.chunks(SIDES * self.size) {
            let mut rows = Rows::zeros(part.len() / self.size, self.size);
            for (row, values) in part.chunks_exact(self.size).enumerate() {
                for (column, &value) in values.iter().enumerate() {
                    *rows.at(row, column) = value;
                }
            }
            rows.forward(&self.factor, |_| 0);
            explained.extend(rows.norms());
        }
        explained
    }

    /// The diagonal of `(K + ridge·I)^-1`.
    pub fn inverse_diagonal(&self) -> Vec<f64> {
        let mut diagonal = Vec::with_capacity(self.size);
        for first in (0..self.size).step_by(SIDES) {
            let count = SIDES.min(self.size - first);
            let mut rows = Rows::zeros(count, self.size);
            (0..count).for_each(|row| *rows.at(row, first + row) = 1.0);
            rows.forward(&self.factor, |panel| first / SIDE + panel);
            diagonal.extend(rows.norms());
        }
        diagonal
    }

    /// Rows and columns `set` of `(K + ridge·I)^-1`, row-major.
    pub fn inverse_block(&self, set: &[usize]) -> Vec<f64> {
        let mut rows = Rows::zeros(set.len(), self.size);
        for (row, &column) in set.iter().enumerate() {
            *rows.at(row, column) = 1.0;
        }
        let first = set.iter().min().map_or(0, |column| column / SIDE);
        rows.forward(&self.factor, |_| first);
        rows.products()
    }

    /// Residuals `y_S − ŷ_S` of the points of each set `S` predicted without the set, in the order
    /// of the sets: `([K^-1]_SS)^-1 [K^-1 y]_S`.
    ///
    /// `coefficients` is `(K + ridge·I)^-1 y`, `size × count`, row-major; so is what is returned,
    /// one row per member of a set.
    pub fn leave_out(
        &self,
        coefficients: &[f64],
        count: usize,
        sets: &[Vec<usize>],
    ) -> Result<Vec<f64>> {
        let mut residuals = Vec::new();
        for set in sets {
            let start = residuals.len();
            for &index in set {
                residuals.extend_from_slice(&coefficients[index * count..][..count]);
            }
            let block = Cholesky::new(self.inverse_block(set), set.len(), Ridge::Absolute(0.0))?;
            block.solve(&mut residuals[start..], count);
        }
        Ok(residuals)
    }
}
