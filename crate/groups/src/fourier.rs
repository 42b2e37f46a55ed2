//! The discrete Fourier transform.

use rustfft::{FftPlanner, num_complex::Complex};

/// Unnormalized DFT of each row of a real `rows × length` array: `X_j = Σ_k x_k exp(−2πi jk/length)`.
///
/// Returns interleaved real and imaginary parts, `rows × length × 2`.
///
/// ```
/// let spectrum = orbit_kernels_groups::fourier::spectrum(&[1.0, 0.0, 0.0, 0.0], 4);
/// assert_eq!(spectrum, [1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0]);
/// ```
///
/// # Panics
/// When `length` is zero or does not divide the number of values.
pub fn spectrum(values: &[f64], length: usize) -> Vec<f64> {
    assert!(length > 0 && values.len().is_multiple_of(length));
    let mut buffer: Vec<Complex<f64>> = values.iter().map(Complex::from).collect();
    FftPlanner::new().plan_fft_forward(length).process(&mut buffer);
    buffer.iter().flat_map(|value| [value.re, value.im]).collect()
}
