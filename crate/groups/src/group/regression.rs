//! Regression on all points of some orbits, by one small factorization for each irrep.
//!
//! Source: the Fourier transform on the group block-diagonalizes the Gram (J.-P. Serre, "Linear
//! Representations of Finite Groups", 1977, section 6.2).

use super::blocks::Block;
use super::orbits::Orbits;
use super::{Component, Kind};
use faer::complex::Complex;
use orbit_kernels_core::error::Result;
use orbit_kernels_core::linalg::cholesky::{Cholesky, Ridge};
use std::collections::HashMap;
use std::ops::Range;

/// What a run of irreps gives; each array irrep after irrep, as [`Orbits::spectra`] has them.
pub struct Fit {
    /// In the place of the kernel's matrices the factors, lower triangles column by column.
    pub factors: Vec<f64>,
    /// Of `(K + ridge·I)^-1 y`; empty without targets.
    pub coefficients: Vec<f64>,
    /// Of `[(K + ridge·I)^-1]_aa` of each seed `a`.
    pub diagonal: Vec<f64>,
}

/// Calls a block's method whose numbers are those of the irrep.
macro_rules! with_block {
    ($component:expr, $make:ident($($argument:expr),*), $block:ident => $body:expr) => {
        if $component.kind == Kind::Real {
            let $block = Block::<f64>::$make($($argument),*);
            $body
        } else {
            let $block = Block::<Complex<f64>>::$make($($argument),*);
            $body
        }
    };
}

impl Orbits {
    /// Factorizes `K + ridge·I` for the irreps of a run and solves for `targets`.
    ///
    /// `spectra` holds the transforms of `k_ab` for all pairs `a ≤ b` of seeds, and `own[a]` is
    /// `k_aa` at the identity. `targets` holds those of the targets as functions (`seeds × count`), or
    /// nothing: then there are none, or they have none of these irreps.
    ///
    /// Errors: code `singular`, with path `irreps[3]` and the pivot as index.
    ///
    /// ```
    /// use orbit_kernels_groups::group::{Group, Orbits};
    /// let group = Group::parse(r#"{"type":"cyclic","order":2}"#)?;
    /// let orbits = Orbits::new(&group, 1, &[])?;
    /// let spectra = orbits.spectra(&[2.0, 1.0]); // K = [[2, 1], [1, 2]]
    /// let fit = orbits.fit(0..2, spectra, &[2.0], 0.0, &orbits.spectra(&[3.0, 0.0]), 1)?;
    /// let coefficients = orbits.functions(&fit.coefficients);
    /// assert!((coefficients[0] - 2.0).abs() + (coefficients[1] + 1.0).abs() < 1e-15);
    /// # Ok::<(), orbit_kernels_core::error::Error>(())
    /// ```
    pub fn fit(
        &self,
        irreps: Range<usize>,
        spectra: Vec<f64>,
        own: &[f64],
        ridge: f64,
        targets: &[f64],
        count: usize,
    ) -> Result<Fit> {
        let seeds = self.seeds();
        let (mut factors, mut diagonal) = (spectra, vec![0.0; self.numbers(&irreps) * seeds]);
        let mut coefficients = vec![0.0; targets.len()];
        for irrep in irreps.clone() {
            let component = self.fourier().layout()[irrep];
            let place = |rows: usize| self.place(&irreps, irrep, rows);
            let matrices = &mut factors[place(seeds * (seeds + 1) / 2)];
            with_block!(component, new(self, irrep, matrices, own, ridge), block => {
                let block = block?;
                matrices.fill(0.0);
                block.pack(matrices);
                if !targets.is_empty() {
                    let place = place(seeds * count);
                    block.solve(&targets[place.clone()], count, &mut coefficients[place]);
                }
                block.diagonal(&mut diagonal[place(seeds)]);
            });
        }
        Ok(Fit { factors, coefficients, diagonal })
    }

    /// The transforms of `[(K + ridge·I)^-1]_ab` for some pairs of seeds, from a run's factors.
    pub fn inverse(
        &self,
        irreps: Range<usize>,
        factors: &[f64],
        pairs: &[(usize, usize)],
    ) -> Vec<f64> {
        let mut out = vec![0.0; self.numbers(&irreps) * pairs.len()];
        for irrep in irreps.clone() {
            let factor = &factors[self.place(&irreps, irrep, self.pairs())];
            let place = self.place(&irreps, irrep, pairs.len());
            with_block!(self.fourier().layout()[irrep], unpack(self, irrep, factor), block => {
                block.inverse(pairs, &mut out[place]);
            });
        }
        out
    }

    /// Residuals of sets of points `(seed, element)` predicted without them, set by set:
    /// `([K^-1]_SS)^-1 [K^-1 y]_S`.
    ///
    /// `inverse` holds what [`Orbits::inverse`] gives for all irreps and the pairs of seeds `a ≤ b` of
    /// which a set has points, `coefficients` the points' rows of `K^-1 y`, `count` numbers each.
    ///
    /// Errors: code `singular`.
    pub fn leave_out(
        &self,
        inverse: &[f64],
        pairs: &[(usize, usize)],
        points: &[(usize, usize)],
        sizes: &[usize],
        coefficients: &[f64],
        count: usize,
    ) -> Result<Vec<f64>> {
        let group = self.group();
        let functions = self.functions(inverse);
        let rows = functions.chunks_exact(group.order());
        let rows: HashMap<(usize, usize), &[f64]> = pairs.iter().copied().zip(rows).collect();
        let entry = |(a, g): (usize, usize), (b, h): (usize, usize)| {
            let quotient = |g: usize, h: usize| group.product(group.inverse(g), h);
            if a <= b { rows[&(a, b)][quotient(g, h)] } else { rows[&(b, a)][quotient(h, g)] }
        };
        let mut residuals = coefficients.to_vec();
        let mut first = 0;
        for &size in sizes {
            let set = &points[first..first + size];
            let block = (0..size * size).map(|at| entry(set[at / size], set[at % size])).collect();
            let right = &mut residuals[first * count..(first + size) * count];
            Cholesky::new(block, size, Ridge::Absolute(0.0))?.solve(right, count);
            first += size;
        }
        Ok(residuals)
    }

    /// What a run of irreps has of `f·(K + ridge·I)^-1 f` for each of some functions `f` on the points,
    /// from its factors and the functions' transforms (`points × seeds`).
    pub fn explained(
        &self,
        irreps: Range<usize>,
        factors: &[f64],
        functions: &[f64],
        points: usize,
    ) -> Vec<f64> {
        let mut sums = vec![0.0; points];
        for irrep in irreps.clone() {
            let factor = &factors[self.place(&irreps, irrep, self.pairs())];
            let place = self.place(&irreps, irrep, points * self.seeds());
            with_block!(self.fourier().layout()[irrep], unpack(self, irrep, factor), block => {
                block.explained(&functions[place], &mut sums);
            });
        }
        sums
    }

    fn pairs(&self) -> usize {
        self.seeds() * (self.seeds() + 1) / 2
    }

    /// Numbers that a function has in the irreps of a run.
    fn numbers(&self, irreps: &Range<usize>) -> usize {
        self.fourier().layout()[irreps.clone()].iter().map(Component::length).sum()
    }

    /// Where the matrices of an irrep stand in a run's, for so many functions.
    fn place(&self, irreps: &Range<usize>, irrep: usize, rows: usize) -> Range<usize> {
        let layout = self.fourier().layout();
        let start = (layout[irrep].offset - layout[irreps.start].offset) * rows;
        start..start + layout[irrep].length() * rows
    }
}
