//! Transforms of real rows.

use super::ends::{Parts, Rows, Spectra, Sums};
use super::plan::Plan;

/// The transform `X_j = Σ_k x_k exp(2πi jk/n)` of real rows of length n and back, planned once.
///
/// A spectrum is packed into n numbers: `X_0`, real and imaginary parts of `X_1`, `X_2`, … below half the
/// length, and the real `X_{n/2}` of even lengths. The others are conjugates.
///
/// ```
/// use orbit_kernels_groups::fourier::RealRows;
/// let rows = RealRows::new(4);
/// let mut spectrum = [0.0; 4];
/// rows.forward(&[0.0, 1.0, 0.0, 0.0], &mut spectrum);
/// assert_eq!(spectrum, [1.0, 0.0, 1.0, -1.0]); // 1, i, −1
/// let mut row = [0.0; 4];
/// rows.inverse(&spectrum, 0.25, &mut row);
/// assert_eq!(row, [0.0, 1.0, 0.0, 0.0]);
/// ```
pub struct RealRows {
    length: usize,
    plan: Plan,
}

impl RealRows {
    /// # Panics
    /// When the length is zero.
    pub fn new(length: usize) -> RealRows {
        RealRows { length, plan: Plan::new(length) }
    }

    /// Transforms each row of `values` (`rows × length`) into a row of `spectra`.
    ///
    /// # Panics
    /// When there are not as many whole rows in both.
    pub fn forward(&self, values: &[f64], spectra: &mut [f64]) {
        self.check(values, spectra);
        let (n, mut work) = (self.length, self.plan.work());
        for (from, to) in values.chunks(2 * n).zip(spectra.chunks_mut(2 * n)) {
            // SAFETY: both have one row or two.
            unsafe { self.plan.run(Rows::new(from, n), Spectra::new(to, n), &mut work) }
        }
    }

    /// Transforms each row of `spectra` back into a row of `values`, times `scale`: 1/length gives the rows of
    /// which these are the spectra.
    ///
    /// # Panics
    /// When there are not as many whole rows in both.
    pub fn inverse(&self, spectra: &[f64], scale: f64, values: &mut [f64]) {
        self.check(spectra, values);
        let (n, mut work) = (self.length, self.plan.work());
        for (from, to) in spectra.chunks(2 * n).zip(values.chunks_mut(2 * n)) {
            // SAFETY: both have one row or two.
            unsafe { self.plan.run(Parts::new(from, n, scale), Sums::new(to, n), &mut work) }
        }
    }

    fn check(&self, from: &[f64], to: &[f64]) {
        assert!(
            from.len() == to.len() && from.len().is_multiple_of(self.length),
            "{} and {} numbers: expected rows of {}",
            from.len(),
            to.len(),
            self.length
        );
    }
}
