//! One row of a tile on its way through the layers, in whole vectors.

use super::arccos::{rectifier, rectifier_acute};
use super::arcsin::{Sample, erf};
use super::block::{Block, Table};
use super::step::{Affine, Map, Step, acute_after};
use crate::linalg::panels::Panels;
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

    /// The kernels of pairs of vectors whose cosines are given in whole vectors.
    pub fn run(
        &mut self,
        steps: &[Step<Affine>],
        place: &Place<T>,
        units: [&Panels<T>; 2],
        cosines: &[T],
    ) -> Row<'_, T> {
        let vectors = cosines.len() / T::LANES;
        if self.start(cosines) {
            self.sharpen(place, units, vectors);
        }
        self.finish(steps, place, vectors)
    }

    /// The kernels of pairs that `pair` gives as α and τ, from column `start` to `end` of the place's.
    pub fn run_pairs(
        &mut self,
        steps: &[Step<Affine>],
        place: &Place<T>,
        (start, end): (usize, usize),
        mut pair: impl FnMut(usize) -> (f64, f64),
    ) -> Row<'_, T> {
        let skipped = place.from * T::LANES;
        let vectors = end.div_ceil(T::LANES) - place.from;
        let parts = [&mut self.alpha, &mut self.beta, &mut self.tau];
        let [alpha, beta, tau] = parts.map(|part| &mut part.values_mut()[..vectors * T::LANES]);
        for part in [&mut *alpha, &mut *beta, &mut *tau] {
            part.fill(T::ZERO);
        }
        for column in start..end {
            let (a, t) = pair(column);
            let at = column - skipped;
            (alpha[at], beta[at], tau[at]) = (T::from_f64(a), T::from_f64(2.0 - a), T::from_f64(t));
        }
        self.finish(steps, place, vectors)
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
    fn sharpen(&mut self, place: &Place<T>, units: [&Panels<T>; 2], vectors: usize) {
        let near = T::Lanes::splat(T::NEARLY_PARALLEL);
        for k in 0..vectors {
            let (alpha, beta) = (self.alpha.vectors()[k], self.beta.vectors()[k]);
            if alpha.less(near).none() && beta.less(near).none() {
                continue;
            }
            for lane in 0..T::LANES {
                self.sharpen_pair(place, units, k * T::LANES + lane);
            }
        }
    }

    fn sharpen_pair(&mut self, place: &Place<T>, units: [&Panels<T>; 2], at: usize) {
        let &Place { row, columns, from, .. } = place;
        let column = from * T::LANES + at;
        if column >= columns.count {
            return;
        }
        let two = T::ONE + T::ONE;
        let (alpha, beta) = (&mut self.alpha.values_mut()[at], &mut self.beta.values_mut()[at]);
        if place.same() == Some(column) {
            (*alpha, *beta) = (T::ZERO, two);
            return;
        }
        let pairs = || units[0].row(row).zip(units[1].row(column));
        if *alpha < T::NEARLY_PARALLEL {
            *alpha = half_square(pairs().map(|(x, y)| x - y));
            *beta = two - *alpha;
        } else if *beta < T::NEARLY_PARALLEL {
            *beta = half_square(pairs().map(|(x, y)| x + y));
            *alpha = two - *beta;
        }
    }

    /// Takes the pairs through all steps and gives both kernels their scale.
    fn finish(&mut self, steps: &[Step<Affine>], place: &Place<T>, vectors: usize) -> Row<'_, T> {
        self.layers(steps, [&place.rows.tables, &place.columns.tables], place, vectors);
        let one = T::Lanes::splat(T::ONE);
        let row = T::Lanes::splat(place.rows.scale.values()[place.row]);
        let columns = &place.columns.scale.vectors()[place.from..];
        let alpha = &mut self.alpha.vectors_mut()[..vectors];
        for ((alpha, tau), &column) in alpha.iter_mut().zip(self.tau.vectors_mut()).zip(columns) {
            let scale = row * column;
            *alpha = scale * (one - *alpha);
            *tau = scale * *tau;
        }
        let values = vectors * T::LANES;
        Row { nngp: &self.alpha.values()[..values], ntk: &self.tau.values()[..values] }
    }

    fn layers(
        &mut self,
        steps: &[Step<Affine>],
        tables: [&[Table<T>]; 2],
        place: &Place<T>,
        vectors: usize,
    ) {
        for (step, tables) in steps.iter().zip(tables[0].iter().zip(tables[1])) {
            let acute = step.acute;
            let alpha = &mut self.alpha.vectors_mut()[..vectors];
            let beta = &mut self.beta.vectors_mut()[..vectors];
            let tau = &mut self.tau.vectors_mut()[..vectors];
            match (&step.map, tables) {
                (Map::Linear(_), (Table::Turn(row), Table::Turn(column))) => {
                    let pairs = Turn::new(row, place.row, column, place.from);
                    pairs.turn::<true>(alpha, (!acute).then_some(beta), tau);
                }
                (Map::Linear(_), _) => train::<T>(alpha, tau),
                (Map::Constant { .. }, (Table::Turn(row), Table::Turn(column))) => {
                    let pairs = Turn::new(row, place.row, column, place.from);
                    pairs.turn::<false>(alpha, (!acute).then_some(beta), tau);
                }
                (Map::Rectifier { ratio, .. }, _) if acute => {
                    rectifier_acute::<T>(*ratio, alpha, tau);
                }
                (Map::Rectifier { ratio, .. }, _) => rectifier::<T>(*ratio, alpha, beta, tau),
                (Map::Erf { .. }, (Table::Erf(row), Table::Erf(column))) => erf::<T>(
                    alpha,
                    (!acute).then_some(beta),
                    tau,
                    Sample::splat::<T>(row, place.row),
                    column,
                    place.from,
                ),
                (Map::Dropout { keep }, _) => {
                    let same = place.same().map(|column| column - place.from * T::LANES);
                    drop_out::<T>(*keep, [alpha, beta, tau], same);
                }
                (
                    Map::Branches(branches),
                    (
                        Table::Branches { tables: one, shares: u },
                        Table::Branches { tables: two, shares: v },
                    ),
                ) => {
                    let fork = [&*alpha, beta, tau].map(<[_]>::to_vec);
                    let mut sum = [(); 3].map(|()| vec![T::Lanes::splat(T::ZERO); vectors]);
                    for (k, branch) in branches.iter().enumerate() {
                        let parts = [&mut self.alpha, &mut self.beta, &mut self.tau];
                        for (part, fork) in parts.into_iter().zip(&fork) {
                            part.vectors_mut()[..vectors].copy_from_slice(fork);
                        }
                        self.layers(branch, [&one[k], &two[k]], place, vectors);
                        let row = T::Lanes::splat(u[k].values()[place.row]);
                        if acute_after(branch, acute) {
                            self.beta_from_alpha(vectors);
                        }
                        self.add_to(&mut sum, row, &v[k].vectors()[place.from..]);
                    }
                    let parts = [&mut self.alpha, &mut self.beta, &mut self.tau];
                    for (part, sum) in parts.into_iter().zip(&sum) {
                        part.vectors_mut()[..vectors].copy_from_slice(sum);
                    }
                }
                _ => {}
            }
        }
    }

    /// β of pairs that are acute is not carried along: from α it loses nothing.
    fn beta_from_alpha(&mut self, vectors: usize) {
        let two = T::Lanes::splat(T::ONE + T::ONE);
        let pairs = self.beta.vectors_mut().iter_mut().zip(self.alpha.vectors());
        pairs.take(vectors).for_each(|(beta, &alpha)| *beta = two - alpha);
    }

    /// Adds a branch to the sums of α, β and τ, by the shares of its lengths in those of the sum.
    fn add_to(&self, sum: &mut [Vec<T::Lanes>; 3], row: T::Lanes, columns: &[T::Lanes]) {
        let half = T::Lanes::splat(T::from_f64(0.5));
        let [alpha, beta, tau] = sum;
        for k in 0..alpha.len() {
            let weight = row * columns[k];
            let apart = row - columns[k];
            let apart = half * apart * apart;
            alpha[k] = alpha[k] + weight * self.alpha.vectors()[k] + apart;
            beta[k] = beta[k] + weight * self.beta.vectors()[k] + apart;
            tau[k] = tau[k] + weight * self.tau.vectors()[k];
        }
    }
}

/// Dropout on α, β and τ, except for the pair that is one sample.
fn drop_out<T: Real>(keep: f64, [alpha, beta, tau]: [&mut [T::Lanes]; 3], same: Option<usize>) {
    let lanes = |part: &[T::Lanes], at: usize| bytemuck::cast_slice::<_, T>(part)[at];
    let kept = same.map(|at| [&*alpha, beta, tau].map(|part| lanes(part, at)));
    let [rest, share] = [1.0 - keep, keep].map(|value| T::Lanes::splat(T::from_f64(value)));
    for k in 0..alpha.len() {
        alpha[k] = share * alpha[k] + rest;
        beta[k] = share * beta[k] + rest;
        tau[k] = share * tau[k];
    }
    if let Some((at, kept)) = same.zip(kept) {
        for (part, kept) in [alpha, beta, tau].into_iter().zip(kept) {
            bytemuck::cast_slice_mut::<_, T>(part)[at] = kept;
        }
    }
}

impl<T: Real> Place<'_, T> {
    /// The column that is the row's own sample.
    fn same(&self) -> Option<usize> {
        std::ptr::eq(self.rows, self.columns).then_some(self.row)
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
