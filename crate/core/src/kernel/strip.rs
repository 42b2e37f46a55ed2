//! One row of a tile on its way through the layers, in whole vectors.

use super::arccos::{relu, relu_acute};
use super::arcsin::{Sample, erf};
use super::block::{Block, Table};
use super::plan::{Plan, Step};
use crate::real::{Column, Lanes, Real};

/// The pairs of one sample with a run of others: α, β and τ while layers run, at the end both kernels.
pub struct Strip<T: Real> {
    alpha: Column<T>,
    beta: Column<T>,
    tau: Column<T>,
}

/// Both kernels of a row, with the numbers that fill up the last vector.
pub struct Row<'a, T> {
    pub nngp: &'a [T],
    pub ntk: &'a [T],
}

/// Where a strip stands: sample `row` of one block with those of another from vector `from` on.
pub struct Place<'a, T: Real> {
    pub rows: &'a Block<T>,
    pub row: usize,
    pub columns: &'a Block<T>,
    pub from: usize,
}

impl<T: Real> Strip<T> {
    /// For rows of at most `width` pairs.
    pub fn new(width: usize) -> Self {
        let zeros = || Column::zeros(width);
        Strip { alpha: zeros(), beta: zeros(), tau: zeros() }
    }

    /// The kernels of pairs whose cosines are given in whole vectors.
    pub fn run(&mut self, plan: &Plan, place: &Place<T>, cosines: &[T]) -> Row<'_, T> {
        let vectors = cosines.len() / T::LANES;
        if self.start(cosines) {
            self.sharpen(place, vectors);
        }
        self.layers(plan, place, vectors);
        self.finish(place, vectors);
        let values = vectors * T::LANES;
        Row { nngp: &self.alpha.values()[..values], ntk: &self.tau.values()[..values] }
    }

    /// Whether any pair might be nearly parallel.
    fn start(&mut self, cosines: &[T]) -> bool {
        let one = T::Lanes::splat(T::ONE);
        let mut largest = T::Lanes::splat(T::ZERO);
        let (alpha, beta) = (self.alpha.vectors_mut(), self.beta.vectors_mut());
        let strips = alpha.iter_mut().zip(beta).zip(self.tau.vectors_mut());
        for (cosine, ((alpha, beta), tau)) in cosines.chunks_exact(T::LANES).zip(strips) {
            let cosine = T::Lanes::load(cosine);
            *alpha = one - cosine;
            *beta = one + cosine;
            *tau = T::Lanes::splat(T::ZERO);
            let size = cosine.abs();
            largest = largest.less(size).select(size, largest);
        }
        // Twice the distance: rounding hides none.
        let near = T::Lanes::splat(T::ONE - T::NEARLY_PARALLEL - T::NEARLY_PARALLEL);
        !near.less(largest).none()
    }

    /// Takes α or β of nearly parallel pairs from the difference or the sum of the unit vectors.
    fn sharpen(&mut self, place: &Place<T>, vectors: usize) {
        let near = T::Lanes::splat(T::NEARLY_PARALLEL);
        for k in 0..vectors {
            let (alpha, beta) = (self.alpha.vectors()[k], self.beta.vectors()[k]);
            if alpha.less(near).none() && beta.less(near).none() {
                continue;
            }
            for lane in 0..T::LANES {
                self.sharpen_pair(place, k * T::LANES + lane);
            }
        }
    }

    fn sharpen_pair(&mut self, &Place { rows, row, columns, from }: &Place<T>, at: usize) {
        let column = from * T::LANES + at;
        if column >= columns.count {
            return;
        }
        let two = T::ONE + T::ONE;
        let (alpha, beta) = (&mut self.alpha.values_mut()[at], &mut self.beta.values_mut()[at]);
        if column == row && std::ptr::eq(rows, columns) {
            (*alpha, *beta) = (T::ZERO, two);
            return;
        }
        let pairs = || rows.units.row(row).zip(columns.units.row(column));
        if *alpha < T::NEARLY_PARALLEL {
            *alpha = half_square(pairs().map(|(x, y)| x - y));
            *beta = two - *alpha;
        } else if *beta < T::NEARLY_PARALLEL {
            *beta = half_square(pairs().map(|(x, y)| x + y));
            *alpha = two - *beta;
        }
    }

    fn layers(&mut self, plan: &Plan, place: &Place<T>, vectors: usize) {
        let tables = place.rows.tables.iter().zip(&place.columns.tables);
        for (step, tables) in plan.steps.iter().zip(tables) {
            let alpha = &mut self.alpha.vectors_mut()[..vectors];
            let beta = &mut self.beta.vectors_mut()[..vectors];
            let tau = &mut self.tau.vectors_mut()[..vectors];
            match (*step, tables) {
                (
                    Step::Affine { trained, acute, .. },
                    (Table::Affine(row), Table::Affine(column)),
                ) => {
                    let beta = (!acute).then_some(beta);
                    if let (Some(row), Some(column)) = (row, column) {
                        let pairs = Turn::new(row, place.row, column, place.from);
                        if trained {
                            pairs.turn::<true>(alpha, beta, tau);
                        } else {
                            pairs.turn::<false>(alpha, beta, tau);
                        }
                    } else if trained {
                        train::<T>(alpha, tau);
                    }
                }
                (Step::Relu { acute: true }, _) => relu_acute::<T>(alpha, tau),
                (Step::Relu { acute: false }, _) => relu::<T>(alpha, beta, tau),
                (Step::Erf { acute, .. }, (Table::Erf(row), Table::Erf(column))) => erf::<T>(
                    alpha,
                    (!acute).then_some(beta),
                    tau,
                    Sample::splat::<T>(row, place.row),
                    column,
                    place.from,
                ),
                _ => unreachable!("a block has the tables of its plan"),
            }
        }
    }

    /// Gives both kernels their scale: the NNGP ends in `alpha`, the NTK in `tau`.
    fn finish(&mut self, place: &Place<T>, vectors: usize) {
        let one = T::Lanes::splat(T::ONE);
        let row = T::Lanes::splat(place.rows.scale.values()[place.row]);
        let columns = &place.columns.scale.vectors()[place.from..];
        let alpha = &mut self.alpha.vectors_mut()[..vectors];
        for ((alpha, tau), &column) in alpha.iter_mut().zip(self.tau.vectors_mut()).zip(columns) {
            let scale = row * column;
            *alpha = scale * (one - *alpha);
            *tau = scale * *tau;
        }
    }
}

/// A bias turns the two directions of a pair towards each other.
struct Turn<'a, T: Real> {
    row: [T::Lanes; 3],
    columns: [&'a [T::Lanes]; 3],
}

impl<'a, T: Real> Turn<'a, T> {
    /// Tables of cos φ, ⁴√2 sin(φ/2) and ⁴√2 cos(φ/2).
    fn new(row: &[Column<T>; 3], at: usize, columns: &'a [Column<T>; 3], from: usize) -> Self {
        Turn {
            row: row.each_ref().map(|column| T::Lanes::splat(column.values()[at])),
            columns: columns.each_ref().map(|column| &column.vectors()[from..]),
        }
    }

    /// With `TRAINED` the new NNGP is added to the NTK on the way.
    fn turn<const TRAINED: bool>(
        &self,
        alpha: &mut [T::Lanes],
        beta: Option<&mut [T::Lanes]>,
        tau: &mut [T::Lanes],
    ) {
        let one = T::Lanes::splat(T::ONE);
        let [cosine, half_sine, half_cosine] = self.row;
        let [cosines, half_sines, half_cosines] = self.columns;
        let columns = || cosines.iter().zip(half_sines).zip(half_cosines);
        if let Some(beta) = beta {
            for (beta, ((&c, &hs), &hc)) in beta.iter_mut().zip(columns()) {
                let sum = half_sine * hc + half_cosine * hs;
                *beta = cosine * c * *beta + sum * sum;
            }
        }
        for ((alpha, tau), ((&c, &hs), &hc)) in alpha.iter_mut().zip(tau).zip(columns()) {
            let weight = cosine * c;
            let difference = half_sine * hc - half_cosine * hs;
            *alpha = weight * *alpha + difference * difference;
            *tau = weight * *tau;
            if TRAINED {
                *tau = *tau + (one - *alpha);
            }
        }
    }
}

/// Adds the NNGP to the NTK: the layer's own weights are trained.
fn train<T: Real>(alpha: &[T::Lanes], tau: &mut [T::Lanes]) {
    let one = T::Lanes::splat(T::ONE);
    for (&alpha, tau) in alpha.iter().zip(tau) {
        *tau = *tau + (one - alpha);
    }
}

/// Half the squared length of a vector.
fn half_square<T: Real>(entries: impl Iterator<Item = T>) -> T {
    entries.fold(T::ZERO, |sum, entry| sum + entry * entry) * T::from_f64(0.5)
}
