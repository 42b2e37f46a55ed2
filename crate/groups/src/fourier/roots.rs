//! Roots of unity.

use faer::complex::Complex;
use std::f64::consts::TAU;

/// `exp(2πi k/n)`, exact at quarter turns.
pub(crate) fn root(k: usize, n: usize) -> Complex<f64> {
    let (k, n) = ((k % n) as f64, n as f64);
    let quarters = (4.0 * k / n).round();
    // The numerator is exact, so that all angles keep their digits.
    let (sin, cos) = (TAU * (4.0 * k - quarters * n) / (4.0 * n)).sin_cos();
    match quarters as u8 % 4 {
        0 => Complex::new(cos, sin),
        1 => Complex::new(-sin, cos),
        2 => Complex::new(-cos, -sin),
        _ => Complex::new(sin, -cos),
    }
}
