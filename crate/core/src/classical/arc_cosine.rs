//! The arc-cosine kernels of Cho & Saul 2009: `|x|ⁿ|y|ⁿ Jₙ(θ)/π`.

use super::kernel::Order;
use super::pair::Angle;
use std::f64::consts::PI;

/// The kernel of a pair of samples whose lengths have a given product; for degree 1 twice that of ReLU.
///
/// Acute angles have sums of positive terms. For obtuse ones the terms cancel, so `Jₙ` is a series in π − θ.
pub fn arc_cosine(degree: Order, lengths: f64, Angle { angle, rest }: Angle) -> f64 {
    let obtuse = rest < angle;
    let (factor, j) = match degree {
        Order::Zero => (1.0, rest),
        // sin t − t cos t, t = π − θ.
        Order::One if obtuse => (lengths, series(rest, |k| 2.0 * k)),
        Order::One => {
            let (sine, cosine) = angle.sin_cos();
            (lengths, sine + rest * cosine)
        }
        // u + (u cos u − 3 sin u)/2, u = 2(π − θ).
        Order::Two if obtuse => (lengths * lengths, series(2.0 * rest, |k| 1.0 - k)),
        Order::Two => {
            let (sine, cosine) = angle.sin_cos();
            (lengths * lengths, 3.0 * sine * cosine + rest * (1.0 + 2.0 * cosine * cosine))
        }
    };
    factor * j / PI
}

/// `Σ_k (−1)^(k+1) weight(k) t^(2k+1)/(2k+1)!` from k = 1, for t up to π.
fn series(t: f64, weight: impl Fn(f64) -> f64) -> f64 {
    let mut term = t * t * t / 6.0;
    let mut sum = 0.0;
    // Term 16 is below 1e-17 at π.
    for k in 1..16 {
        let k = k as f64;
        sum += weight(k) * term;
        term *= -t * t / ((2.0 * k + 2.0) * (2.0 * k + 3.0));
    }
    sum
}
