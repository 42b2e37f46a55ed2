//! What a classical kernel is a function of, and its value.

use super::arc_cosine::arc_cosine;
use super::kernel::{Kernel, Order};
use std::f64::consts::PI;

/// The numbers of a pair of samples x, y; those that a kernel does not need may be anything.
#[derive(Debug, Clone, Copy)]
pub struct Pair {
    /// |x − y|².
    pub distance: f64,
    /// x·y.
    pub product: f64,
    /// The product of the two lengths.
    pub lengths: f64,
    pub angle: Angle,
}

/// An angle θ in [0, π] and its supplement π − θ, each exact also where it is small.
#[derive(Debug, Clone, Copy)]
pub struct Angle {
    pub angle: f64,
    pub rest: f64,
}

impl Angle {
    /// From |u − v|² and |u + v|² of the unit vectors; a sample of zeros, its own unit vector, has a right
    /// angle with all.
    pub fn new(difference: f64, sum: f64) -> Angle {
        if difference + sum == 0.0 {
            return Angle { angle: PI / 2.0, rest: PI / 2.0 };
        }
        let (small, large) = (difference.sqrt(), sum.sqrt());
        if small <= large {
            let angle = 2.0 * small.atan2(large);
            Angle { angle, rest: PI - angle }
        } else {
            let rest = 2.0 * large.atan2(small);
            Angle { angle: PI - rest, rest }
        }
    }
}

impl Kernel {
    /// The kernel of a pair.
    pub fn of(&self, pair: &Pair) -> f64 {
        match *self {
            Kernel::Rbf { gamma } => (-gamma * pair.distance).exp(),
            Kernel::Matern { nu, length } => matern(nu, pair.distance.sqrt() / length),
            Kernel::Polynomial { degree, offset, scale } => {
                power(scale * pair.product + offset, degree)
            }
            Kernel::Periodic { period, length } => {
                // The remainder is exact, so whole periods are, however many.
                let turns = pair.distance.sqrt() % period / period;
                let chord = (PI * turns).sin() / length;
                (-2.0 * chord * chord).exp()
            }
            Kernel::ArcCosine { degree } => arc_cosine(degree, pair.lengths, pair.angle),
            Kernel::Sum(ref kernels) => kernels.iter().map(|kernel| kernel.of(pair)).sum(),
            Kernel::Product(ref kernels) => kernels.iter().map(|kernel| kernel.of(pair)).product(),
        }
    }
}

/// `base` to a positive power, by squaring: several times faster than for real exponents, and its error
/// stays below what the power makes of that of the base.
fn power(mut base: f64, mut degree: u64) -> f64 {
    let mut power = 1.0;
    loop {
        if degree % 2 == 1 {
            power *= base;
        }
        degree /= 2;
        if degree == 0 {
            return power;
        }
        base *= base;
    }
}

/// Matérn's kernel at a distance in units of its length (Rasmussen & Williams 2006, eq. 4.17).
fn matern(nu: Order, distance: f64) -> f64 {
    let root = match nu {
        Order::Zero => 1.0,
        Order::One => 3f64.sqrt(),
        Order::Two => 5f64.sqrt(),
    };
    let s = root * distance;
    let decay = (-s).exp();
    // Far away the polynomial may be infinite.
    if decay == 0.0 {
        return 0.0;
    }
    match nu {
        Order::Zero => decay,
        Order::One => (1.0 + s) * decay,
        Order::Two => (1.0 + s + s * s / 3.0) * decay,
    }
}
