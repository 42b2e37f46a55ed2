//! The discrete Fourier transform of rows and of lines through an array.
//!
//! All are transforms of two real rows at a time ([`plan`]), in the lanes of vectors; a complex line is two of
//! them ([`ends`]).

mod chirp;
mod ends;
mod lines;
mod passes;
mod plan;
mod radix;
mod roots;
mod rows;
mod stockham;

pub(crate) use lines::{ComplexLines, Direction};
pub(crate) use roots::root;
pub use rows::RealRows;

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
    let mut packed = vec![0.0; values.len()];
    RealRows::new(length).forward(values, &mut packed);
    let mut out = vec![0.0; 2 * values.len()];
    for (row, spectrum) in packed.chunks_exact(length).zip(out.chunks_exact_mut(2 * length)) {
        spectrum[0] = row[0];
        for j in 1..=length / 2 {
            let re = row[2 * j - 1];
            let im = if 2 * j == length { 0.0 } else { row[2 * j] };
            // The other one first: half of an even length is its own.
            spectrum[2 * (length - j)..][..2].copy_from_slice(&[re, im]);
            spectrum[2 * j..][..2].copy_from_slice(&[re, -im]);
        }
    }
    out
}
