//! The orbits of seeds, and the fixed vectors of their stabilizers.

use super::entry::{Entry, load};
use super::factor::dot;
use super::{Fourier, Group};
use orbit_kernels_core::error::{Code, Error, Result};
use serde_json::json;

/// The orbits of some seeds under a group: what is in the data of a regression on all poses.
///
/// A function on the points of an orbit is a function on the group, `f(g)` its value at `g·x`; it is
/// the same at `gh` for `h` in the seed's stabilizer. A family of functions has its transform stored
/// irrep after irrep: for each stored irrep the matrices of all functions.
pub struct Orbits {
    group: Group,
    fourier: Fourier,
    stabilizers: Vec<Vec<usize>>,
}

impl Orbits {
    /// Orbits with these stabilizers; `stabilizers` empty: free ones of all `seeds`.
    ///
    /// Errors: code `group` for a stabilizer that is not a subgroup, with its path
    /// (`stabilizers[2]`), and as for [`Fourier::new`].
    pub fn new(group: &Group, seeds: usize, stabilizers: &[Vec<usize>]) -> Result<Orbits> {
        let fourier = Fourier::new(group)?;
        let mut checked = Vec::with_capacity(seeds);
        for (seed, members) in stabilizers.iter().enumerate() {
            checked.push(subgroup(group, members, seed)?);
        }
        checked.resize(seeds, vec![group.identity()]);
        Ok(Orbits { group: group.clone(), fourier, stabilizers: checked })
    }

    pub fn group(&self) -> &Group {
        &self.group
    }

    pub fn fourier(&self) -> &Fourier {
        &self.fourier
    }

    pub fn seeds(&self) -> usize {
        self.stabilizers.len()
    }

    /// The elements that leave a seed as it is, in order.
    pub fn stabilizer(&self, seed: usize) -> &[usize] {
        &self.stabilizers[seed]
    }

    /// For each element the first one that makes the same point of a seed.
    pub fn representatives(&self, seed: usize) -> Vec<usize> {
        let first = |g: usize| {
            self.stabilizer(seed).iter().map(|&h| self.group.product(g, h)).min().unwrap_or(g)
        };
        (0..self.group.order()).map(first).collect()
    }

    /// Transforms functions (`rows × order`), irrep after irrep.
    pub fn spectra(&self, functions: &[f64]) -> Vec<f64> {
        let packed = self.fourier.packed();
        let rows = functions.len() / self.group.order();
        let mut spectrum = vec![0.0; rows * packed];
        self.fourier.forward(functions, &mut spectrum);
        let mut sorted = vec![0.0; rows * packed];
        for component in self.fourier.layout() {
            let (offset, length) = (component.offset, component.length());
            let places = sorted[offset * rows..].chunks_exact_mut(length);
            for (row, place) in spectrum.chunks_exact(packed).zip(places) {
                place.copy_from_slice(&row[offset..][..length]);
            }
        }
        sorted
    }

    /// The functions of which [`Orbits::spectra`] made `spectra`.
    pub fn functions(&self, spectra: &[f64]) -> Vec<f64> {
        let packed = self.fourier.packed();
        let rows = spectra.len() / packed;
        let mut sorted = vec![0.0; rows * packed];
        for component in self.fourier.layout() {
            let (offset, length) = (component.offset, component.length());
            let matrices = spectra[offset * rows..].chunks_exact(length);
            for (row, matrix) in sorted.chunks_exact_mut(packed).zip(matrices) {
                row[offset..][..length].copy_from_slice(matrix);
            }
        }
        let mut functions = vec![0.0; rows * self.group.order()];
        self.fourier.inverse(&sorted, &mut functions);
        functions
    }

    /// Checks the kernel of one pair of seeds: `k_ab(u) = κ(x_a, u·x_b)`, the same at `u` and its inverse
    /// when `a = b`, and at `hu` and `uh'` for `h` and `h'` in the stabilizers of `a` and `b`.
    ///
    /// Errors: code `value`, with path `k[a][b][u]`, for a gap of more than 1e-8 of `scale`.
    pub fn check(&self, a: usize, b: usize, kernel: &[f64], scale: f64) -> Result<()> {
        let equal = |u: usize, v: usize, expected: &str| {
            let gap = (kernel[u] - kernel[v]).abs();
            if gap <= 1e-8 * scale {
                return Ok(());
            }
            let message = format!(
                "k[{a}][{b}][{u}] and k[{a}][{b}][{v}] differ by {gap:e}: expected {expected}"
            );
            Err(Error::new(Code::Value, message)
                .at(format!("k[{a}][{b}][{u}]"))
                .value(gap)
                .expected(expected))
        };
        for u in 0..self.group.order() {
            if a == b {
                let expected = "the same kernel at an element and its inverse, to 1e-8";
                equal(u, self.group.inverse(u), expected)?;
            }
            let expected = "the same kernel for what the stabilizers leave as it is, to 1e-8";
            for &h in self.stabilizer(a).iter().filter(|_| self.stabilizer(a).len() > 1) {
                equal(u, self.group.product(h, u), expected)?;
            }
            for &h in self.stabilizer(b).iter().filter(|_| self.stabilizer(b).len() > 1) {
                equal(u, self.group.product(u, h), expected)?;
            }
        }
        Ok(())
    }

    /// An orthonormal basis of the vectors that a seed's stabilizer leaves as they are, vector by
    /// vector.
    pub(super) fn fixed<T: Entry>(&self, seed: usize, irrep: usize) -> Vec<Vec<T>> {
        let members = self.stabilizer(seed);
        let irreps = self.fourier.irreps();
        let degree = irreps.layout()[irrep].degree;
        let mut projection = vec![0.0; irreps.layout()[irrep].length()];
        for &h in members {
            let matrix = irreps.matrix(irrep, h);
            projection.iter_mut().zip(matrix).for_each(|(sum, entry)| *sum += entry);
        }
        projection.iter_mut().for_each(|entry| *entry /= members.len() as f64);
        // Hermitian: its rows are its columns' conjugates.
        let entries: Vec<T> = load(&projection);
        let mut columns: Vec<Vec<T>> = entries
            .chunks_exact(degree)
            .map(|row| row.iter().map(|entry| entry.conjugate()).collect())
            .collect();
        let trace: f64 = (0..degree).map(|i| entries[i * degree + i].real()).sum();
        let mut basis: Vec<Vec<T>> = Vec::new();
        for _ in 0..trace.round() as usize {
            let length = |column: &[T]| dot(column, column).real();
            let by_length = |a: &Vec<T>, b: &Vec<T>| length(a).total_cmp(&length(b));
            let Some(mut vector) = columns.iter().max_by(|a, b| by_length(a, b)).cloned() else {
                break;
            };
            // The longest remainder is not short: twice is enough.
            for _ in 0..2 {
                basis.iter().for_each(|other| remove(&mut vector, other));
                let norm = length(&vector).sqrt();
                vector.iter_mut().for_each(|entry| *entry = *entry * (1.0 / norm));
            }
            columns.iter_mut().for_each(|column| remove(column, &vector));
            basis.push(vector);
        }
        basis
    }
}

/// Takes the part along a unit vector off a vector.
fn remove<T: Entry>(vector: &mut [T], unit: &[T]) {
    let part = dot(unit, vector) * -1.0;
    vector.iter_mut().zip(unit).for_each(|(entry, u)| *entry += *u * part);
}

/// The members in order, checked.
fn subgroup(group: &Group, members: &[usize], seed: usize) -> Result<Vec<usize>> {
    let fault = |value: serde_json::Value, expected: &str| {
        let path = format!("stabilizers[{seed}]");
        Error::new(Code::Group, format!("{path}: got {value}, expected {expected}"))
            .at(path)
            .value(value)
            .expected(expected)
    };
    let order = group.order();
    let mut within = vec![false; order];
    for &g in members {
        if g >= order || within[g] {
            return Err(fault(json!(g), &format!("different elements, 0 to {}", order - 1)));
        }
        within[g] = true;
    }
    if members.is_empty() {
        return Err(fault(json!([]), "at least the identity"));
    }
    for (&g, &h) in members.iter().flat_map(|g| members.iter().map(move |h| (g, h))) {
        if !within[group.product(g, h)] {
            return Err(fault(json!([g, h]), "a subgroup: the products of its elements"));
        }
    }
    Ok((0..order).filter(|&g| within[g]).collect())
}
