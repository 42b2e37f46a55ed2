//! The block of a Gram that belongs to one irrep.
//!
//! `K_(a,g),(b,h) = k_ab(g^-1 h)` has, for each irrep ρ, the Hermitian block `K̂(ρ)_ab = Σ_u k_ab(u) ρ(u)`.
//! Where seeds have stabilizers, the vectors that these fix are what remains of it:
//! `(|H_a||H_b|)^-½ V_a^* K̂(ρ)_ab V_b`.

use super::entry::{Entry, load, store};
use super::factor::{Factor, SmallPivot, dot};
use super::orbits::Orbits;
use orbit_kernels_core::error::{Code, Error, Result};
use std::collections::BTreeMap;

/// The factor of `K̂(ρ) + ridge·I` for one irrep.
pub(super) struct Block<'a, T> {
    frame: Frame<'a, T>,
    factor: Factor<T>,
}

/// Where the seeds stand in a block.
struct Frame<'a, T> {
    orbits: &'a Orbits,
    irrep: usize,
    degree: usize,
    /// The first row of each seed, and the number of rows.
    starts: Vec<usize>,
    /// The vectors that a seed's stabilizer fixes, as rows; `None` where it is trivial.
    fixed: Vec<Option<Vec<Vec<T>>>>,
}

impl<'a, T: Entry> Frame<'a, T> {
    fn new(orbits: &'a Orbits, irrep: usize) -> Self {
        let degree = orbits.fourier().layout()[irrep].degree;
        let basis = |seed: usize| {
            (orbits.stabilizer(seed).len() > 1).then(|| orbits.fixed::<T>(seed, irrep))
        };
        let fixed: Vec<_> = (0..orbits.seeds()).map(basis).collect();
        let mut starts = vec![0];
        let mut end = 0;
        for basis in &fixed {
            end += basis.as_ref().map_or(degree, Vec::len);
            starts.push(end);
        }
        Frame { orbits, irrep, degree, starts, fixed }
    }

    fn size(&self) -> usize {
        self.starts[self.orbits.seeds()]
    }

    fn rank(&self, seed: usize) -> usize {
        self.starts[seed + 1] - self.starts[seed]
    }

    /// `|H|^½` of a seed.
    fn root(&self, seed: usize) -> f64 {
        (self.orbits.stabilizer(seed).len() as f64).sqrt()
    }

    /// `V_a^* M V_b` of a `degree × degree` matrix, row-major, `rank(a) × rank(b)`.
    fn reduce(&self, a: usize, b: usize, matrix: &[T]) -> Vec<T> {
        let mut half = matrix.to_vec();
        if let Some(basis) = &self.fixed[b] {
            let product = |row: &[T], vector: &[T]| {
                row.iter().zip(vector).fold(T::ZERO, |sum, (x, y)| sum + *x * *y)
            };
            let rows = matrix.chunks_exact(self.degree);
            half = rows.flat_map(|row| basis.iter().map(move |v| product(row, v))).collect();
        }
        self.reduce_rows(a, &half, self.rank(b))
    }

    /// `V_a^* M` of a `degree × columns` matrix, row-major.
    fn reduce_rows(&self, a: usize, matrix: &[T], columns: usize) -> Vec<T> {
        let Some(basis) = &self.fixed[a] else { return matrix.to_vec() };
        let mut reduced = vec![T::ZERO; basis.len() * columns];
        for (vector, out) in basis.iter().zip(reduced.chunks_exact_mut(columns.max(1))) {
            for (v, row) in vector.iter().zip(matrix.chunks_exact(columns.max(1))) {
                out.iter_mut().zip(row).for_each(|(sum, x)| *sum += v.conjugate() * *x);
            }
        }
        reduced
    }

    /// `V_a N` of a `rank(a) × columns` matrix, row-major.
    fn expand_rows(&self, a: usize, matrix: &[T], columns: usize) -> Vec<T> {
        let Some(basis) = &self.fixed[a] else { return matrix.to_vec() };
        let mut expanded = vec![T::ZERO; self.degree * columns];
        for (vector, row) in basis.iter().zip(matrix.chunks_exact(columns.max(1))) {
            for (v, out) in vector.iter().zip(expanded.chunks_exact_mut(columns.max(1))) {
                out.iter_mut().zip(row).for_each(|(sum, x)| *sum += *v * *x);
            }
        }
        expanded
    }

    /// `V_a N V_b^*` of a `rank(a) × rank(b)` matrix.
    fn expand(&self, a: usize, b: usize, matrix: &[T]) -> Vec<T> {
        let half = self.expand_rows(a, matrix, self.rank(b));
        if self.fixed[b].is_none() {
            return half;
        }
        let flipped = transpose(&half, self.degree, self.rank(b));
        let whole = self.expand_rows(b, &flipped, self.degree);
        transpose(&whole, self.degree, self.degree)
    }
}

/// The conjugate transpose of a `rows × columns` matrix, row-major.
fn transpose<T: Entry>(matrix: &[T], rows: usize, columns: usize) -> Vec<T> {
    let entry = |at: usize| matrix[at % rows * columns + at / rows].conjugate();
    (0..rows * columns).map(entry).collect()
}

impl<'a, T: Entry> Block<'a, T> {
    /// Factorizes the block of an irrep, given by its matrices for all pairs `a ≤ b` of seeds;
    /// `own[a]` is the kernel of a seed with itself.
    ///
    /// Errors: code `singular`, with path `irreps[3]` and the pivot as index, when a pivot is not above
    /// the rounding errors of the transform and of the factorization.
    pub(super) fn new(
        orbits: &'a Orbits,
        irrep: usize,
        spectra: &[f64],
        own: &[f64],
        ridge: f64,
    ) -> Result<Self> {
        let frame = Frame::new(orbits, irrep);
        let (seeds, size) = (orbits.seeds(), frame.size());
        let mut lower = vec![T::ZERO; size * size];
        let mut matrices = spectra.chunks_exact(frame.degree * frame.degree * T::WIDTH);
        for a in 0..seeds {
            for (b, packed) in (a..seeds).zip(&mut matrices) {
                let matrix = frame.reduce(a, b, &load::<T>(packed));
                let scale = 1.0 / (frame.root(a) * frame.root(b));
                // Below the diagonal stand the conjugates.
                for (i, row) in matrix.chunks_exact(frame.rank(b).max(1)).enumerate() {
                    let column = &mut lower[(frame.starts[a] + i) * size..][..size];
                    let first = if a == b { i } else { 0 };
                    for (j, entry) in row.iter().enumerate().skip(first) {
                        column[frame.starts[b] + j] = entry.conjugate() * scale;
                    }
                }
            }
        }
        let order = orbits.group().order() as f64;
        let mut bounds = vec![0.0; size];
        for (seed, &own) in own.iter().enumerate() {
            let points = order / orbits.stabilizer(seed).len() as f64;
            for i in frame.starts[seed]..frame.starts[seed + 1] {
                let diagonal = lower[i * size + i].real() + ridge;
                lower[i * size + i] = T::load(&[diagonal, 0.0][..T::WIDTH]);
                bounds[i] = f64::EPSILON * (points * own + size as f64 * diagonal);
            }
        }
        match Factor::new(lower, &bounds) {
            Ok(factor) => Ok(Block { frame, factor }),
            Err(SmallPivot { index, value }) => {
                let what = match value {
                    Some(value) => format!("{value:e} is rounding error"),
                    None => "not positive".into(),
                };
                let path = format!("irreps[{irrep}]");
                let expected = "a positive definite matrix; a larger ridge makes it one";
                let message = format!(
                    "{path}: the block with ridge {ridge:?} is singular or indefinite: {what} at pivot {index}: expected {expected}"
                );
                Err(Error::new(Code::Singular, message).at(path).index(index).expected(expected))
            }
        }
    }

    /// A block from what [`Block::pack`] wrote.
    pub(super) fn unpack(orbits: &'a Orbits, irrep: usize, packed: &[f64]) -> Self {
        let frame = Frame::new(orbits, irrep);
        let factor = Factor::unpack(packed, frame.size());
        Block { frame, factor }
    }

    /// Writes the factor to the start of `packed`, which holds as much as all pairs' matrices.
    pub(super) fn pack(&self, packed: &mut [f64]) {
        self.factor.pack(packed);
    }

    /// Multiplies functions on the points, given by their matrices (`seeds × count`), by the inverse.
    pub(super) fn solve(&self, functions: &[f64], count: usize, out: &mut [f64]) {
        let frame = &self.frame;
        let width = frame.degree * count;
        let mut right = self.columns(functions, count);
        self.factor.solve(&mut right, width);
        let size = frame.size();
        let places = out.chunks_exact_mut(frame.degree * frame.degree * T::WIDTH);
        for (at, place) in places.enumerate() {
            let (seed, k) = (at / count, at % count);
            let (start, end) = (frame.starts[seed], frame.starts[seed + 1]);
            let entry = |at: usize| {
                let (i, j) = (at / frame.degree, at % frame.degree);
                right[(k * frame.degree + j) * size + start + i] * frame.root(seed)
            };
            let rows: Vec<T> = (0..(end - start) * frame.degree).map(entry).collect();
            let matrix = frame.expand_rows(seed, &rows, frame.degree);
            store(&transpose(&matrix, frame.degree, frame.degree), place);
        }
    }

    /// The matrices of functions (`seeds × count`) as right-hand sides, column by column:
    /// `|H_a|^-½ V_a^* f̂_a^*`.
    fn columns(&self, functions: &[f64], count: usize) -> Vec<T> {
        let frame = &self.frame;
        let (size, degree) = (frame.size(), frame.degree);
        let mut columns = vec![T::ZERO; size * degree * count];
        let matrices = functions.chunks_exact(degree * degree * T::WIDTH);
        for (at, packed) in matrices.enumerate() {
            let (seed, k) = (at / count, at % count);
            let matrix = transpose(&load::<T>(packed), degree, degree);
            let reduced = frame.reduce_rows(seed, &matrix, degree);
            for (i, row) in reduced.chunks_exact(degree).enumerate() {
                for (j, entry) in row.iter().enumerate() {
                    let place = (k * degree + j) * size + frame.starts[seed] + i;
                    columns[place] = *entry * (1.0 / frame.root(seed));
                }
            }
        }
        columns
    }

    /// The matrices of the inverse's diagonal blocks, seed by seed.
    pub(super) fn diagonal(&self, out: &mut [f64]) {
        let size = self.frame.size();
        let inverse = self.factor.inverse();
        let places =
            out.chunks_exact_mut(self.frame.degree * self.frame.degree * T::WIDTH).enumerate();
        for (seed, place) in places {
            let start = self.frame.starts[seed];
            let rank = self.frame.rank(seed);
            // Columns of L^-1 are zero above the diagonal.
            let column = |i: usize| &inverse[(start + i) * size..][..size][start..];
            let entry = |at: usize| dot(column(at / rank), column(at % rank));
            let block: Vec<T> = (0..rank * rank).map(entry).collect();
            self.write(seed, seed, &block, place);
        }
    }

    /// The matrices of the inverse's blocks of some pairs of seeds.
    pub(super) fn inverse(&self, pairs: &[(usize, usize)], out: &mut [f64]) {
        let frame = &self.frame;
        let size = frame.size();
        let mut columns: BTreeMap<usize, Vec<T>> = BTreeMap::new();
        for &(a, b) in pairs {
            for seed in [a, b] {
                columns.entry(seed).or_insert_with(|| {
                    let rank = frame.rank(seed);
                    let mut units = vec![T::ZERO; size * rank];
                    for i in 0..rank {
                        units[i * size + frame.starts[seed] + i] = T::load(&[1.0, 0.0]);
                    }
                    self.factor.whiten(&mut units, rank);
                    units
                });
            }
        }
        let places = out.chunks_exact_mut(frame.degree * frame.degree * T::WIDTH);
        for (&(a, b), place) in pairs.iter().zip(places) {
            let (left, right) = (&columns[&a], &columns[&b]);
            let columns = frame.rank(b);
            let entry = |at: usize| {
                let (i, j) = (at / columns, at % columns);
                dot(&left[i * size..][..size], &right[j * size..][..size])
            };
            let block: Vec<T> = (0..frame.rank(a) * columns).map(entry).collect();
            self.write(a, b, &block, place);
        }
    }

    /// A block of the inverse as a matrix of the irrep: `(|H_a||H_b|)^½ V_a N V_b^*`.
    fn write(&self, a: usize, b: usize, block: &[T], place: &mut [f64]) {
        let frame = &self.frame;
        let scale = frame.root(a) * frame.root(b);
        let scaled: Vec<T> = block.iter().map(|entry| *entry * scale).collect();
        store(&frame.expand(a, b, &scaled), place);
    }

    /// Adds to `sums` what this irrep has of `f·K^-1 f` for each of some functions `f` on the points,
    /// given by their matrices (`points × seeds`).
    pub(super) fn explained(&self, functions: &[f64], sums: &mut [f64]) {
        let frame = &self.frame;
        let component = frame.orbits.fourier().layout()[frame.irrep];
        let weight = (component.multiplicity() * component.degree) as f64;
        let weight = weight / frame.orbits.group().order() as f64;
        let functions = functions.chunks_exact(component.length() * frame.orbits.seeds());
        for (matrices, sum) in functions.zip(sums) {
            let mut columns = self.columns(matrices, 1);
            self.factor.whiten(&mut columns, frame.degree);
            *sum += weight * columns.iter().map(|entry| entry.square()).sum::<f64>();
        }
    }
}
