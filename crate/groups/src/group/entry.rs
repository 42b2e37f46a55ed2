//! The numbers that irreps are made of: real ones, or complex ones.

use faer::complex::Complex;
use faer::traits::ComplexField;
use std::ops::{Add, AddAssign, Mul};

/// `f64` for real irreps, `Complex<f64>` for all others.
pub(super) trait Entry:
    ComplexField<Real = f64>
    + Copy
    + Add<Output = Self>
    + AddAssign
    + Mul<Output = Self>
    + Mul<f64, Output = Self>
{
    const ZERO: Self;
    /// Numbers of a packed entry.
    const WIDTH: usize;

    fn load(packed: &[f64]) -> Self;
    fn store(self, packed: &mut [f64]);
    fn conjugate(self) -> Self;
    fn real(self) -> f64;
    /// The absolute value's square.
    fn square(self) -> f64;
}

impl Entry for f64 {
    const ZERO: f64 = 0.0;
    const WIDTH: usize = 1;

    fn load(packed: &[f64]) -> f64 {
        packed[0]
    }

    fn store(self, packed: &mut [f64]) {
        packed[0] = self;
    }

    fn conjugate(self) -> f64 {
        self
    }

    fn real(self) -> f64 {
        self
    }

    fn square(self) -> f64 {
        self * self
    }
}

impl Entry for Complex<f64> {
    const ZERO: Complex<f64> = Complex { re: 0.0, im: 0.0 };
    const WIDTH: usize = 2;

    fn load(packed: &[f64]) -> Complex<f64> {
        Complex::new(packed[0], packed[1])
    }

    fn store(self, packed: &mut [f64]) {
        packed[..2].copy_from_slice(&[self.re, self.im]);
    }

    fn conjugate(self) -> Complex<f64> {
        self.conj()
    }

    fn real(self) -> f64 {
        self.re
    }

    fn square(self) -> f64 {
        self.norm_sqr()
    }
}

/// The entries of packed numbers.
pub(super) fn load<T: Entry>(packed: &[f64]) -> Vec<T> {
    packed.chunks_exact(T::WIDTH).map(T::load).collect()
}

/// Packs entries.
pub(super) fn store<T: Entry>(entries: &[T], packed: &mut [f64]) {
    for (entry, place) in entries.iter().zip(packed.chunks_exact_mut(T::WIDTH)) {
        entry.store(place);
    }
}
