//! The Fourier transform of real functions on a group.

use super::Group;
use super::grid::Grid;
use super::irreps::{Component, Irreps, Source};
use super::product::multiply_into;
use orbit_kernels_core::error::Result;

/// The transform of a group, planned once: `K̂(ρ) = Σ_u k(u) ρ(u)` for each stored irrep.
///
/// A transform is a packed row: for each stored irrep its matrix, as [`Component`] says. Products of
/// cyclic groups are transformed by FFT, others by a product with the matrix of all irreps.
///
/// ```
/// use orbit_kernels_groups::group::{Fourier, Group};
/// let fourier = Fourier::new(&Group::parse(r#"{"type":"cyclic","order":4}"#)?)?;
/// let mut spectrum = [0.0; 4];
/// fourier.forward(&[0.0, 1.0, 0.0, 0.0], &mut spectrum);
/// assert_eq!(spectrum, [1.0, 0.0, 1.0, -1.0]); // 1; exp(2πi/4); exp(4πi/4)
/// # Ok::<(), orbit_kernels_core::error::Error>(())
/// ```
pub struct Fourier {
    irreps: Irreps,
    packed: usize,
    /// The FFT of a product of cyclic groups.
    grid: Option<Grid>,
    /// `multiplicity·d/|G|` for each number of a packed row.
    weights: Vec<f64>,
}

impl Fourier {
    /// Errors: code `group`, as for [`Irreps::new`].
    pub fn new(group: &Group) -> Result<Fourier> {
        let irreps = Irreps::new(group)?;
        let grid = match irreps.source() {
            Source::Torus(torus) => Some(Grid::new(torus)),
            Source::Dense(_) => None,
        };
        let weight = |component: &Component| {
            let weight = (component.multiplicity() * component.degree) as f64;
            std::iter::repeat_n(weight / group.order() as f64, component.length())
        };
        let weights = irreps.layout().iter().flat_map(weight).collect();
        Ok(Fourier { packed: irreps.packed(), grid, weights, irreps })
    }

    pub fn irreps(&self) -> &Irreps {
        &self.irreps
    }

    /// The stored irreps and their places in a packed row.
    pub fn layout(&self) -> &[Component] {
        self.irreps.layout()
    }

    /// Numbers of a packed row.
    pub fn packed(&self) -> usize {
        self.packed
    }

    /// `multiplicity·d/|G|` for each number of a packed row: with these weights the squares of a
    /// transform add up to the squares of the function.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// Transforms each row of `values` (`rows × order`) into a row of `spectrum` (`rows × packed`).
    ///
    /// # Panics
    /// When the lengths do not fit together.
    pub fn forward(&self, values: &[f64], spectrum: &mut [f64]) {
        let rows = self.rows(values, spectrum);
        match (self.irreps.source(), &self.grid) {
            (_, Some(grid)) => grid.forward(values, spectrum),
            (Source::Dense(table), _) if rows > 0 => {
                multiply_into(values, table, false, rows, self.packed, spectrum);
            }
            _ => {}
        }
    }

    /// `k(u) = 1/|G| Σ_ρ d_ρ Tr[K̂(ρ) ρ(u)^*]` of each row of `spectrum` (`rows × packed`), into
    /// `values` (`rows × order`).
    ///
    /// # Panics
    /// When the lengths do not fit together.
    pub fn inverse(&self, spectrum: &[f64], values: &mut [f64]) {
        let rows = self.rows(values, spectrum);
        match (self.irreps.source(), &self.grid) {
            (_, Some(grid)) => grid.inverse(spectrum, values),
            (Source::Dense(table), _) if rows > 0 => {
                // For complex entries the sum with the conjugate irrep is twice the real part, whose
                // two products are those of the packed numbers; for quaternionic ones the trace is real.
                let weights = self.weights.iter().cycle();
                let weighted: Vec<f64> = spectrum.iter().zip(weights).map(|(x, w)| x * w).collect();
                multiply_into(&weighted, table, true, rows, self.irreps.order(), values);
            }
            _ => {}
        }
    }

    fn rows(&self, values: &[f64], spectrum: &[f64]) -> usize {
        let rows = values.len() / self.irreps.order();
        assert!(
            values.len() == rows * self.irreps.order() && spectrum.len() == rows * self.packed,
            "{} values and {} of a spectrum: expected rows of {} and {}",
            values.len(),
            spectrum.len(),
            self.irreps.order(),
            self.packed
        );
        rows
    }
}
