//! Transforms of real rows of any length.

use super::ends::{Parts, Rows, Spectra, Sums};
use super::stockham::Stockham;
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};
use rustfft::num_complex::Complex;
use std::sync::Arc;

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

enum Plan {
    Smooth(Stockham),
    Other { forward: Arc<dyn RealToComplex<f64>>, inverse: Arc<dyn ComplexToReal<f64>> },
}

impl RealRows {
    /// # Panics
    /// When the length is zero.
    pub fn new(length: usize) -> RealRows {
        assert!(length > 0);
        let plan = Stockham::new(length).map_or_else(
            || {
                let mut planner = RealFftPlanner::new();
                let forward = planner.plan_fft_forward(length);
                Plan::Other { forward, inverse: planner.plan_fft_inverse(length) }
            },
            Plan::Smooth,
        );
        RealRows { length, plan }
    }

    /// Transforms each row of `values` (`rows × length`) into a row of `spectra`.
    ///
    /// # Panics
    /// When there are not as many whole rows in both.
    pub fn forward(&self, values: &[f64], spectra: &mut [f64]) {
        self.check(values, spectra);
        let n = self.length;
        match &self.plan {
            Plan::Smooth(plan) => {
                let mut work = plan.work();
                for (from, to) in values.chunks(2 * n).zip(spectra.chunks_mut(2 * n)) {
                    // SAFETY: both have one row or two.
                    unsafe { plan.run(Rows::new(from, n), Spectra::new(to, n), &mut work) }
                }
            }
            Plan::Other { forward, .. } => {
                let (mut line, mut spectrum) =
                    (forward.make_input_vec(), forward.make_output_vec());
                let mut scratch = forward.make_scratch_vec();
                for (from, to) in values.chunks_exact(n).zip(spectra.chunks_exact_mut(n)) {
                    line.copy_from_slice(from);
                    let done = forward.process_with_scratch(&mut line, &mut spectrum, &mut scratch);
                    done.expect("the plan's lengths");
                    to[0] = spectrum[0].re;
                    for (pair, value) in to[1..].chunks_mut(2).zip(&spectrum[1..]) {
                        pair[0] = value.re;
                        if let Some(im) = pair.get_mut(1) {
                            *im = -value.im;
                        }
                    }
                }
            }
        }
    }

    /// Transforms each row of `spectra` back into a row of `values`, times `scale`: 1/length gives the rows of
    /// which these are the spectra.
    ///
    /// # Panics
    /// When there are not as many whole rows in both.
    pub fn inverse(&self, spectra: &[f64], scale: f64, values: &mut [f64]) {
        self.check(spectra, values);
        let n = self.length;
        match &self.plan {
            Plan::Smooth(plan) => {
                let mut work = plan.work();
                for (from, to) in spectra.chunks(2 * n).zip(values.chunks_mut(2 * n)) {
                    // SAFETY: both have one row or two.
                    unsafe { plan.run(Parts::new(from, n, scale), Sums::new(to, n), &mut work) }
                }
            }
            Plan::Other { inverse, .. } => {
                let (mut spectrum, mut scratch) =
                    (inverse.make_input_vec(), inverse.make_scratch_vec());
                for (from, to) in spectra.chunks_exact(n).zip(values.chunks_exact_mut(n)) {
                    spectrum[0] = Complex::new(from[0] * scale, 0.0);
                    for (pair, value) in from[1..].chunks(2).zip(&mut spectrum[1..]) {
                        let im = pair.get(1).map_or(0.0, |im| -im);
                        *value = Complex::new(pair[0], im) * scale;
                    }
                    let done = inverse.process_with_scratch(&mut spectrum, to, &mut scratch);
                    done.expect("the plan's lengths, and a real line");
                }
            }
        }
    }

    fn check(&self, from: &[f64], to: &[f64]) {
        assert!(from.len() == to.len() && from.len().is_multiple_of(self.length));
    }
}
