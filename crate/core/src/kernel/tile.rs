//! The dense executor: a SIMD product for the cosines, then all layers on one strip of pairs while
//! it is in the L1 cache.

use super::arccos::{relu, relu_acute};
use super::arcsin::{Sample, erf};
use super::block::{Block, Table, padded};
use super::plan::{Plan, Step};
use crate::linalg::panels::Panels;
use crate::real::{Lanes, Real};

/// The kernels of all pairs of two blocks, row-major; empty when not asked for.
pub struct Tile<T> {
    pub nngp: Vec<T>,
    pub ntk: Vec<T>,
}

/// The kernels of `rows × columns`; of a block with itself when `columns` is `None`.
///
/// The values do not depend on where a pair stands in a tile. In a symmetric tile each pair is
/// computed once and mirrored.
pub fn tile<T: Real>(
    plan: &Plan,
    rows: &Block<T>,
    columns: Option<&Block<T>>,
    want_nngp: bool,
    want_ntk: bool,
) -> Tile<T> {
    let symmetric = columns.is_none();
    let columns = columns.unwrap_or(rows);
    let width = columns.count;
    let size = rows.count * width;
    let mut nngp = vec![T::ZERO; if want_nngp { size } else { 0 }];
    let mut ntk = vec![T::ZERO; if want_ntk { size } else { 0 }];
    let stride = columns.units.padded_rows();
    let mut cosines = vec![T::ZERO; rows.units.padded_rows() * stride];
    Panels::multiply(&rows.units, &columns.units, symmetric, &mut cosines);
    let mut strip = Strip::new(width);
    for i in 0..rows.count {
        // A whole number of vectors to the left of the diagonal is left out.
        let from = if symmetric { i - i % T::LANES } else { 0 };
        strip.start(&cosines[i * stride..][from..width]);
        strip.sharpen(rows, i, columns, from);
        strip.run(plan, rows, i, columns, from);
        strip.finish(rows, i, columns, from);
        for (kernel, values) in [(&mut nngp, &strip.nngp), (&mut ntk, &strip.tau)] {
            if !kernel.is_empty() {
                let start = if symmetric { i } else { 0 };
                kernel[i * width + start..(i + 1) * width]
                    .copy_from_slice(&values[start - from..width - from]);
            }
        }
    }
    if symmetric {
        mirror(&mut nngp, width);
        mirror(&mut ntk, width);
    }
    Tile { nngp, ntk }
}

/// The kernels of each sample with itself: the same bits as the diagonal of the Gram.
pub fn diagonal<T: Real>(plan: &Plan, block: &Block<T>) -> Tile<T> {
    let mut tile =
        Tile { nngp: Vec::with_capacity(block.count), ntk: Vec::with_capacity(block.count) };
    let mut strip = Strip::new(block.count);
    for i in 0..block.count {
        let from = i - i % T::LANES;
        strip.start(&[T::ONE; 8][..(block.count - from).min(T::LANES)]);
        strip.sharpen(block, i, block, from);
        strip.run(plan, block, i, block, from);
        strip.finish(block, i, block, from);
        tile.nngp.push(strip.nngp[i - from]);
        tile.ntk.push(strip.tau[i - from]);
    }
    tile
}

/// Copies the upper triangle of a square matrix to the lower.
fn mirror<T: Real>(matrix: &mut [T], width: usize) {
    if matrix.is_empty() {
        return;
    }
    const EDGE: usize = 16;
    for top in (0..width).step_by(EDGE) {
        for left in (top..width).step_by(EDGE) {
            for i in top..(top + EDGE).min(width) {
                for j in left.max(i + 1)..(left + EDGE).min(width) {
                    matrix[j * width + i] = matrix[i * width + j];
                }
            }
        }
    }
}

/// One row of a tile on its way through the layers, in whole vectors.
struct Strip<T> {
    alpha: Vec<T>,
    beta: Vec<T>,
    tau: Vec<T>,
    nngp: Vec<T>,
}

impl<T: Real> Strip<T> {
    fn new(width: usize) -> Self {
        let empty = || Vec::with_capacity(padded::<T>(width));
        Strip { alpha: empty(), beta: empty(), tau: empty(), nngp: empty() }
    }

    /// Takes the cosines of a row.
    fn start(&mut self, cosines: &[T]) {
        let length = padded::<T>(cosines.len());
        for values in [&mut self.alpha, &mut self.beta, &mut self.tau, &mut self.nngp] {
            values.clear();
        }
        self.alpha.extend(cosines.iter().map(|&c| T::ONE - c));
        self.alpha.resize(length, T::ONE);
        self.beta.extend(cosines.iter().map(|&c| T::ONE + c));
        self.beta.resize(length, T::ONE);
        self.tau.resize(length, T::ZERO);
        self.nngp.resize(length, T::ZERO);
    }

    /// Takes α or β of nearly parallel pairs from the difference or the sum of the unit vectors.
    fn sharpen(&mut self, rows: &Block<T>, i: usize, columns: &Block<T>, from: usize) {
        let near = T::Lanes::splat(T::NEARLY_PARALLEL);
        for k in (0..self.alpha.len()).step_by(T::LANES) {
            let (alpha, beta) = (T::Lanes::load(&self.alpha[k..]), T::Lanes::load(&self.beta[k..]));
            if alpha.less(near).none() && beta.less(near).none() {
                continue;
            }
            for k in k..(k + T::LANES).min(columns.count - from) {
                let two = T::ONE + T::ONE;
                if from + k == i && std::ptr::eq(rows, columns) {
                    (self.alpha[k], self.beta[k]) = (T::ZERO, two);
                    continue;
                }
                let pairs = || rows.units.row(i).zip(columns.units.row(from + k));
                if self.alpha[k] < T::NEARLY_PARALLEL {
                    self.alpha[k] = half_square(pairs().map(|(x, y)| x - y));
                    self.beta[k] = two - self.alpha[k];
                } else if self.beta[k] < T::NEARLY_PARALLEL {
                    self.beta[k] = half_square(pairs().map(|(x, y)| x + y));
                    self.alpha[k] = two - self.beta[k];
                }
            }
        }
    }

    /// Runs all steps.
    fn run(&mut self, plan: &Plan, rows: &Block<T>, i: usize, columns: &Block<T>, from: usize) {
        for (step, tables) in plan.steps.iter().zip(rows.tables.iter().zip(&columns.tables)) {
            match (*step, tables) {
                (
                    Step::Affine { trained, acute, .. },
                    (Table::Affine(row), Table::Affine(column)),
                ) => {
                    if let (Some(row), Some(column)) = (row, column) {
                        self.turn(row, i, column, from, acute);
                    }
                    if trained {
                        self.train();
                    }
                }
                (Step::Relu { acute: true }, _) => relu_acute(&mut self.alpha, &mut self.tau),
                (Step::Relu { acute: false }, _) => {
                    relu(&mut self.alpha, &self.beta, &mut self.tau)
                }
                (Step::Erf { acute, .. }, (Table::Erf(row), Table::Erf(column))) => erf(
                    &mut self.alpha,
                    (!acute).then_some(&mut self.beta[..]),
                    &mut self.tau,
                    Sample::splat::<T>(row, i),
                    column,
                    from,
                ),
                _ => unreachable!("a block has the tables of its plan"),
            }
        }
    }

    /// Adds a bias: turns each pair of directions towards each other.
    fn turn(
        &mut self,
        row: &[Vec<T>; 3],
        i: usize,
        column: &[Vec<T>; 3],
        from: usize,
        acute: bool,
    ) {
        let [cosine, half_sine, half_cosine] =
            row.each_ref().map(|column| T::Lanes::splat(column[i]));
        for k in (0..self.alpha.len()).step_by(T::LANES) {
            let [c, hs, hc] = column.each_ref().map(|column| T::Lanes::load(&column[from + k..]));
            let weight = cosine * c;
            let (one_way, other_way) = (half_sine * hc, half_cosine * hs);
            let difference = one_way - other_way;
            let alpha = &mut self.alpha[k..];
            (weight * T::Lanes::load(alpha) + difference * difference).store(alpha);
            let tau = &mut self.tau[k..];
            (weight * T::Lanes::load(tau)).store(tau);
            if !acute {
                let sum = one_way + other_way;
                let beta = &mut self.beta[k..];
                (weight * T::Lanes::load(beta) + sum * sum).store(beta);
            }
        }
    }

    /// Adds the NNGP to the NTK: the layer's own weights are trained.
    fn train(&mut self) {
        let one = T::Lanes::splat(T::ONE);
        for k in (0..self.alpha.len()).step_by(T::LANES) {
            let tau = &mut self.tau[k..];
            (T::Lanes::load(tau) + (one - T::Lanes::load(&self.alpha[k..]))).store(tau);
        }
    }

    /// Gives both kernels their scale; the NTK ends in `tau`.
    fn finish(&mut self, rows: &Block<T>, i: usize, columns: &Block<T>, from: usize) {
        let (one, row) = (T::Lanes::splat(T::ONE), T::Lanes::splat(rows.scale[i]));
        for k in (0..self.alpha.len()).step_by(T::LANES) {
            let scale = row * T::Lanes::load(&columns.scale[from + k..]);
            let alpha = T::Lanes::load(&self.alpha[k..]);
            (scale * (one - alpha)).store(&mut self.nngp[k..]);
            (scale * T::Lanes::load(&self.tau[k..])).store(&mut self.tau[k..]);
        }
    }
}

/// Half the squared length of a vector.
fn half_square<T: Real>(entries: impl Iterator<Item = T>) -> T {
    entries.fold(T::ZERO, |sum, entry| sum + entry * entry) * T::from_f64(0.5)
}
