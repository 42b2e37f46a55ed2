//! Samples as unit vectors and lengths.

use crate::linalg::panels::Panels;
use crate::real::Real;

/// The unit vectors of samples, packed, and their lengths; a sample of zeros stays zero.
pub struct Units<T: Real> {
    pub vectors: Panels<T>,
    pub lengths: Vec<f64>,
}

impl<T: Real> Units<T> {
    /// Normalizes `count × dimension` samples (row-major), whatever the range of their squares.
    pub fn new(samples: &[T], dimension: usize) -> Units<T> {
        let count = samples.len() / dimension;
        let mut vectors = Panels::zeros(count, dimension);
        let mut lengths = Vec::with_capacity(count);
        for (index, sample) in samples.chunks_exact(dimension).enumerate() {
            let (largest, length) = norm(sample);
            lengths.push(largest * length);
            let inverse = 1.0 / length;
            if largest == 1.0 {
                vectors.set_row(index, sample.iter().map(|x| T::from_f64(x.to_f64() * inverse)));
            } else if length > 0.0 {
                let scaled = |x: &T| T::from_f64(x.to_f64() / largest * inverse);
                vectors.set_row(index, sample.iter().map(scaled));
            }
        }
        Units { vectors, lengths }
    }
}

/// The length of a vector as a product of two numbers. The first is 1, unless the squares would leave
/// the range of f64: then it is the largest entry, by which the others must be divided first.
fn norm<T: Real>(sample: &[T]) -> (f64, f64) {
    let plain = square_sum(sample, T::to_f64);
    if (1e-200..1e200).contains(&plain) {
        return (1.0, plain.sqrt());
    }
    let largest = sample.iter().map(|x| x.to_f64().abs()).fold(0.0, f64::max);
    if largest == 0.0 {
        return (0.0, 0.0);
    }
    (largest, square_sum(sample, |x| x.to_f64() / largest).sqrt())
}

/// Four sums in turn: a single one would wait for each addition.
fn square_sum<T: Real>(sample: &[T], value: impl Fn(T) -> f64) -> f64 {
    let mut sums = [0.0; 4];
    for chunk in sample.chunks(4) {
        for (sum, &x) in sums.iter_mut().zip(chunk) {
            *sum += value(x).powi(2);
        }
    }
    sums.iter().sum()
}
