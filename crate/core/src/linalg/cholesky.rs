//! Kernel regression by Cholesky: fit, predict, leave out.

use super::extent::Extent;
use crate::error::{Code, Error, Result};
use crate::linalg::factor::factorize;
use faer::dyn_stack::MemStack;
use faer::linalg::{cholesky::llt::solve::solve_in_place, triangular_inverse, triangular_solve};
use faer::{MatMut, MatRef, Par};

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

/// The Cholesky factor of `K + ridge·I`, lower, column by column.
pub struct Cholesky {
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
    let accepted = 1e-8 * extent.largest();
    if extent.gap() > accepted {
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
    /// Factorizes `gram + ridge·I`, a `size × size` matrix, in its own memory.
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
        let diagonal: Vec<f64> = (0..size).map(|i| gram[i * size + i]).collect();
        factorize(&mut gram, size).map_err(|index| singular(index, ridge, "not positive"))?;
        for (i, &entry) in diagonal.iter().enumerate() {
            let pivot = gram[i * size + i] * gram[i * size + i];
            if pivot.is_nan() || pivot <= size as f64 * f64::EPSILON * entry {
                return Err(singular(
                    i,
                    ridge,
                    &format!("{pivot:e} of {entry:e} is rounding error"),
                ));
            }
        }
        for column in 1..size {
            gram[column * size..][..column].fill(0.0);
        }
        Ok(Cholesky { factor: gram, size, ridge })
    }

    fn lower(&self) -> MatRef<'_, f64> {
        MatRef::from_column_major_slice(&self.factor, self.size, self.size)
    }

    /// Replaces `right` (`size × count`, row-major) by `(K + ridge·I)^-1 right`.
    pub fn solve(&self, right: &mut [f64], count: usize) {
        let right = MatMut::from_row_major_slice_mut(right, self.size, count);
        solve_in_place(self.lower(), right, Par::Seq, MemStack::new(&mut []));
    }

    /// `k (K + ridge·I)^-1 k` for each row `k` of `cross` (`count × size`): what knowing the data
    /// takes off the variance of a point.
    pub fn explained(&self, mut cross: Vec<f64>, count: usize) -> Vec<f64> {
        let columns = MatMut::from_column_major_slice_mut(&mut cross, self.size, count);
        triangular_solve::solve_lower_triangular_in_place(self.lower(), columns, Par::Seq);
        let square = |row: &[f64]| row.iter().map(|x| x * x).sum();
        cross.chunks_exact(self.size).map(square).collect()
    }

    /// The diagonal of `(K + ridge·I)^-1`.
    pub fn inverse_diagonal(&self) -> Vec<f64> {
        let mut inverse = vec![0.0; self.size * self.size];
        let columns = MatMut::from_column_major_slice_mut(&mut inverse, self.size, self.size);
        triangular_inverse::invert_lower_triangular(columns, self.lower(), Par::Seq);
        let square = |(j, column): (usize, &[f64])| column[j..].iter().map(|x| x * x).sum();
        inverse.chunks_exact(self.size).enumerate().map(square).collect()
    }

    /// Rows and columns `set` of `(K + ridge·I)^-1`, row-major.
    pub fn inverse_block(&self, set: &[usize]) -> Vec<f64> {
        let mut columns = vec![0.0; self.size * set.len()];
        for (k, &index) in set.iter().enumerate() {
            columns[k * self.size + index] = 1.0;
        }
        let view = MatMut::from_column_major_slice_mut(&mut columns, self.size, set.len());
        triangular_solve::solve_lower_triangular_in_place(self.lower(), view, Par::Seq);
        let column = |k: usize| &columns[k * self.size..][..self.size];
        let dot = |i: usize, j: usize| column(i).iter().zip(column(j)).map(|(x, y)| x * y).sum();
        (0..set.len() * set.len()).map(|at| dot(at / set.len(), at % set.len())).collect()
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
