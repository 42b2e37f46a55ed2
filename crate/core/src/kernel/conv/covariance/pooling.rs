//! Pools over windows: weighted sums on both sides independently.

use super::{Covariance, Lengths};
use crate::kernel::conv::image::{Pool, Table};
use crate::kernel::conv::settle::Row;
use crate::kernel::conv::window::Taps;
use crate::kernel::step::Share;
use crate::real::{Lanes, Real};

/// A sum of weighted inputs for each output.
pub type Weighted = Vec<Vec<(usize, f64)>>;

/// The inputs of each output of a pool along one axis, with their weights.
pub fn pool_taps(taps: &Taps, share: Share) -> Vec<Vec<(usize, f64)>> {
    let inputs = |output: usize| (0..taps.size).filter_map(move |tap| taps.input(output, tap));
    let weighted = |output: usize| {
        let weight = match share {
            Share::One => 1.0,
            Share::OfWindow => 1.0 / taps.size as f64,
            Share::OfInside => 1.0 / inputs(output).count() as f64,
        };
        inputs(output).map(|input| (input, weight)).collect()
    };
    (0..taps.outputs).map(weighted).collect()
}

impl<T: Real> Covariance<T> {
    /// Half the weighted D of each output's own window.
    pub fn pooled_spreads(&self, taps: &[Weighted; 2]) -> Vec<f64> {
        let outputs = taps[0].len() * taps[1].len();
        let pooled = self.pooled(&self.distance, taps);
        let stride = outputs.div_ceil(T::LANES) * T::LANES;
        let numbers: &[T] = bytemuck::cast_slice(&pooled);
        (0..outputs).map(|at| self.scale * numbers[at * stride + at].to_f64() / 2.0).collect()
    }

    /// Sums over the windows of both sides independently.
    fn pooled(&self, part: &[T::Lanes], taps: &[Weighted; 2]) -> Vec<T::Lanes> {
        let columns = self.grid[1];
        let windows: Vec<Vec<(usize, T)>> = taps[0]
            .iter()
            .flat_map(|row| taps[1].iter().map(move |column| (row, column)))
            .map(|(row, column)| {
                let locations = row.iter().flat_map(|&(y, v)| {
                    column.iter().map(move |&(x, w)| (y * columns + x, T::from_f64(v * w)))
                });
                locations.collect()
            })
            .collect();
        let (from, to) = (self.vectors(), windows.len().div_ceil(T::LANES));
        let mut row = vec![T::Lanes::splat(T::ZERO); from];
        let mut out = vec![T::Lanes::splat(T::ZERO); windows.len() * to];
        for (one, out) in windows.iter().zip(out.chunks_exact_mut(to)) {
            row.fill(T::Lanes::splat(T::ZERO));
            for &(location, weight) in one {
                let weight = T::Lanes::splat(weight);
                for (sum, &value) in row.iter_mut().zip(&part[location * from..]) {
                    *sum = *sum + weight * value;
                }
            }
            let row: &[T] = bytemuck::cast_slice(&row);
            let out: &mut [T] = bytemuck::cast_slice_mut(out);
            for (two, out) in windows.iter().zip(out) {
                *out = two.iter().fold(T::ZERO, |sum, &(at, weight)| sum + weight * row[at]);
            }
        }
        out
    }

    /// A pool: D of weighted sums of features is the weighted sum of D, less both sides' spreads, and what
    /// sides of different weights add.
    pub(super) fn pool(&mut self, taps: &[Weighted; 2], tables: [&Table<T>; 2]) {
        let [Table::Pool { pool: one, field: f }, Table::Pool { pool: two, field: g }] = tables
        else {
            unreachable!("a pool has its tables")
        };
        self.distance = self.pooled(&self.distance, taps);
        self.ntk = self.pooled(&self.ntk, taps);
        self.grid = [taps[0].len(), taps[1].len()];
        let (vectors, locations) = (self.vectors(), self.locations());
        self.gap = vec![T::Lanes::splat(T::ZERO); locations * vectors];
        self.opposite = self.gap.clone();
        let after = [f, g].map(Lengths::new);
        let scale = self.scale;
        let number = |pool: &Pool, at: usize| (pool.weights[at], pool.means[at], pool.spreads[at]);
        for p in 0..locations {
            let (w, m, s) = number(one, p);
            let Row { distance, opposite, gap, ntk } = self.row(p);
            let [distance, opposite, gap, ntk] =
                [distance, opposite, gap, ntk].map(|part| bytemuck::cast_slice_mut::<_, T>(part));
            for q in 0..locations {
                let (v, n, t) = number(two, q);
                let unequal = (w - v) * (m - n);
                let apart = scale * distance[q].to_f64() - s - t + unequal;
                // 2·(q + q') of the pools, less D.
                let along = 2.0 * (w * m - s + v * n - t) - apart;
                let lengths = (after[0].root[p].to_f64() - after[1].root[q].to_f64()).powi(2);
                distance[q] = T::from_f64(apart.max(0.0));
                gap[q] = T::from_f64((apart - lengths).max(0.0));
                opposite[q] = T::from_f64(along.max(0.0));
                ntk[q] = T::from_f64(scale * ntk[q].to_f64());
            }
        }
        self.scale = 1.0;
    }
}
