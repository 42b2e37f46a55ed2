//! What a tile needs to know of each of its samples, computed once per sample.

use super::conv::Image;
use super::plan::Plan;
use super::step::{Affine, Map, Step};
use super::variance::{erf, or_one};
use crate::error::{Error, Result};
use crate::linalg::panels::Panels;
use crate::real::{Column, Real};
use crate::units::Units;

/// A run of samples: what they are compared by, and per step the numbers whose products are the
/// coefficients of a pair.
pub struct Block<T: Real> {
    /// Samples in the block.
    pub count: usize,
    pub inputs: Inputs<T>,
    /// Per step, per-sample numbers.
    pub tables: Vec<Table<T>>,
    /// `√q` after the last step.
    pub scale: Column<T>,
}

/// Samples at the beginning.
pub enum Inputs<T: Real> {
    /// Unit vectors; a zero sample stays zero.
    Units(Panels<T>),
    Images(Vec<Image<T>>),
}

/// The per-sample numbers of one step.
pub enum Table<T: Real> {
    /// What needs no numbers.
    Plain,
    /// A bias: cos φ, ⁴√2 sin(φ/2), ⁴√2 cos(φ/2).
    Turn([Column<T>; 3]),
    /// See `arcsin`: ω, 1 − ω², √ψ, gain.
    Erf([Column<T>; 4]),
    Branches {
        tables: Vec<Vec<Table<T>>>,
        /// √q of each branch in units of that of their sum.
        shares: Vec<Column<T>>,
    },
}

impl<T: Real> Block<T> {
    /// Takes `count × dimension` samples (row-major) and runs the variances through the plan.
    ///
    /// Errors: code `value` with the sample's index in the block when a variance leaves the range of
    /// the precision.
    pub fn new(plan: &Plan, samples: &[T]) -> Result<Block<T>> {
        let dimension = plan.dimension;
        let count = samples.len() / dimension;
        let (inputs, mut variances) = match &plan.program {
            None => {
                let Units { vectors, lengths } = Units::new(samples, dimension);
                let variance = |length: &f64| length.powi(2) / dimension as f64;
                (Inputs::Units(vectors), lengths.iter().map(variance).collect::<Vec<f64>>())
            }
            Some(program) => {
                let spread = plan.is_nonlinear();
                let images = samples.chunks_exact(dimension);
                let images: Vec<_> =
                    images.map(|pixels| Image::new(program, pixels, spread)).collect();
                let variances = images.iter().map(|image| image.variance()).collect();
                (Inputs::Images(images), variances)
            }
        };
        let tables = tables(&plan.steps, &mut variances);
        for (index, &variance) in variances.iter().enumerate() {
            if !T::from_f64(variance).to_f64().is_finite() {
                return Err(Error::out_of_range(index));
            }
        }
        let scale = column(&variances, f64::sqrt);
        Ok(Block { count, inputs, tables, scale })
    }
}

fn column<T: Real>(values: &[f64], map: impl Fn(f64) -> f64) -> Column<T> {
    values.iter().map(|&value| T::from_f64(map(value))).collect()
}

fn tables<T: Real>(steps: &[Step<Affine>], variances: &mut Vec<f64>) -> Vec<Table<T>> {
    steps.iter().map(|step| Table::new(&step.map, variances)).collect()
}

impl<T: Real> Table<T> {
    /// The table of a step for samples of given variances, which are replaced by the new ones.
    fn new(map: &Map<Affine>, variances: &mut Vec<f64>) -> Table<T> {
        match *map {
            Map::Linear(Affine { weight, bias }) => Table::affine(weight, bias, variances),
            Map::Constant { square } => Table::affine(1.0, square, variances),
            Map::Rectifier { gain, .. } => {
                variances.iter_mut().for_each(|q| *q *= gain);
                Table::Plain
            }
            Map::Erf { a, b } => {
                let done: Vec<_> = variances.iter().map(|&q| erf(q, a, b)).collect();
                variances.iter_mut().zip(&done).for_each(|(q, &(_, new))| *q = new);
                let numbers = |k: usize| done.iter().map(move |(sample, _)| T::from_f64(sample[k]));
                Table::Erf([0, 1, 2, 3].map(|k| numbers(k).collect()))
            }
            Map::Normalize { eps, .. } => {
                variances.iter_mut().for_each(|q| *q /= or_one(*q + eps));
                Table::Plain
            }
            Map::Dropout { keep } => {
                variances.iter_mut().for_each(|q| *q /= keep);
                Table::Plain
            }
            Map::Branches(ref branches) => {
                let ends = branches.iter().map(|branch| {
                    let mut end = variances.clone();
                    (tables(branch, &mut end), end)
                });
                let (tables, ends): (Vec<_>, Vec<_>) = ends.unzip();
                for (k, q) in variances.iter_mut().enumerate() {
                    *q = ends.iter().map(|end| end[k]).sum();
                }
                let share = |end: &Vec<f64>| {
                    let shares = end.iter().zip(&*variances).map(|(part, q)| part / or_one(*q));
                    column(&shares.collect::<Vec<_>>(), f64::sqrt)
                };
                let shares = ends.iter().map(share).collect();
                Table::Branches { tables, shares }
            }
        }
    }

    fn affine(weight: f64, bias: f64, variances: &mut [f64]) -> Table<T> {
        let cosine = |q: f64| (weight * q / (weight * q + bias)).sqrt();
        let sine = |q: f64| (bias / (weight * q + bias)).sqrt();
        let half_cosine = |q: f64| ((1.0 + cosine(q)) / 2.0).sqrt();
        let root = 2f64.sqrt().sqrt();
        let table = if bias > 0.0 {
            Table::Turn([
                column(variances, cosine),
                column(variances, |q| root * sine(q) / (2.0 * half_cosine(q))),
                column(variances, |q| root * half_cosine(q)),
            ])
        } else {
            Table::Plain
        };
        variances.iter_mut().for_each(|q| *q = weight * *q + bias);
        table
    }
}
