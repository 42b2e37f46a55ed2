//! What a tile needs to know of each of its samples, computed once per sample.

use super::plan::{Plan, Step};
use crate::error::{Error, Result};
use crate::linalg::panels::Panels;
use crate::real::{Column, Real};
use crate::units::Units;

/// A run of samples: their unit vectors, and per step the numbers whose products are the
/// coefficients of a pair.
pub struct Block<T: Real> {
    /// Samples in the block.
    pub count: usize,
    /// Unit vectors; a zero sample stays zero.
    pub units: Panels<T>,
    /// Per step, per-sample numbers.
    pub tables: Vec<Table<T>>,
    /// `√q` after the last step.
    pub scale: Column<T>,
}

/// The per-sample numbers of one step.
pub enum Table<T: Real> {
    /// cos φ, ⁴√2 sin(φ/2), ⁴√2 cos(φ/2); nothing when there is no bias (φ = 0).
    Affine(Option<[Column<T>; 3]>),
    Relu,
    /// See `arcsin`: ω, 1 − ω², √ψ, gain.
    Erf([Column<T>; 4]),
}

impl<T: Real> Block<T> {
    /// Normalizes `count × dimension` samples (row-major) and runs the variances through the plan.
    ///
    /// Errors: code `value` with the sample's index in the block when a variance leaves the range of
    /// the precision.
    pub fn new(plan: &Plan, samples: &[T]) -> Result<Block<T>> {
        let dimension = plan.dimension;
        let count = samples.len() / dimension;
        let Units { vectors: units, lengths } = Units::new(samples, dimension);
        let variance = |length: &f64| length.powi(2) / dimension as f64;
        let mut variances: Vec<f64> = lengths.iter().map(variance).collect();
        let tables = plan.steps.iter().map(|step| Table::new(step, &mut variances)).collect();
        for (index, &variance) in variances.iter().enumerate() {
            if !T::from_f64(variance).to_f64().is_finite() {
                return Err(Error::out_of_range(index));
            }
        }
        let scale = column(&variances, f64::sqrt);
        Ok(Block { count, units, tables, scale })
    }

    /// Memory held, in bytes.
    pub fn bytes(&self) -> usize {
        let columns: usize = self
            .tables
            .iter()
            .map(|table| match table {
                Table::Affine(Some(columns)) => columns.len(),
                Table::Erf(columns) => columns.len(),
                Table::Affine(None) | Table::Relu => 0,
            })
            .sum();
        self.units.bytes() + (1 + columns) * self.scale.bytes()
    }
}

fn column<T: Real>(values: &[f64], map: impl Fn(f64) -> f64) -> Column<T> {
    values.iter().map(|&value| T::from_f64(map(value))).collect()
}

impl<T: Real> Table<T> {
    /// The table of a step for samples of given variances, which are replaced by the new ones.
    fn new(step: &Step, variances: &mut [f64]) -> Table<T> {
        match *step {
            Step::Affine { weight, bias, .. } => {
                let table = (bias > 0.0).then(|| {
                    let cosine = |q: f64| (weight * q / (weight * q + bias)).sqrt();
                    let sine = |q: f64| (bias / (weight * q + bias)).sqrt();
                    let half_cosine = |q: f64| ((1.0 + cosine(q)) / 2.0).sqrt();
                    let root = 2f64.sqrt().sqrt();
                    [
                        column(variances, cosine),
                        column(variances, |q| root * sine(q) / (2.0 * half_cosine(q))),
                        column(variances, |q| root * half_cosine(q)),
                    ]
                });
                variances.iter_mut().for_each(|q| *q = weight * *q + bias);
                Table::Affine(table)
            }
            Step::Relu { .. } => {
                variances.iter_mut().for_each(|q| *q /= 2.0);
                Table::Relu
            }
            Step::Erf { a, b, .. } => {
                let rest = |q: f64| 1.0 / (1.0 + 2.0 * b * b * q);
                let square = |q: f64| 2.0 * b * b * q * rest(q);
                let angle = |q: f64| square(q).atan2(((1.0 + square(q)) * rest(q)).sqrt());
                // Without a variance: any root, as what it divides is zero, and the limit of the gain.
                let root = |q: f64| if square(q) > 0.0 { angle(q).sqrt() } else { 1.0 };
                let gain = |q: f64| if square(q) > 0.0 { square(q).sqrt() / root(q) } else { 1.0 };
                let table = [
                    column(variances, |q| square(q).sqrt()),
                    column(variances, rest),
                    column(variances, root),
                    column(variances, gain),
                ];
                let factor = a * a * std::f64::consts::FRAC_2_PI;
                variances.iter_mut().for_each(|q| *q = factor * angle(*q));
                Table::Erf(table)
            }
        }
    }
}
