//! Transforms of complex lines through an array.

use super::ends::{Line, V};
use super::plan::Plan;
use faer::complex::Complex;

/// The sign in `exp(±2πi jk/n)`.
#[derive(Clone, Copy)]
pub(crate) enum Direction {
    Plus,
    Minus,
}

/// The transform of complex lines whose neighbours are some numbers apart, in place and planned once.
pub(crate) struct ComplexLines {
    length: usize,
    /// Numbers between two neighbours of a line.
    inner: usize,
    plan: Plan,
}

impl ComplexLines {
    /// # Panics
    /// When the length is zero.
    pub(crate) fn new(length: usize, inner: usize) -> ComplexLines {
        ComplexLines { length, inner, plan: Plan::new(length) }
    }

    /// Transforms all lines.
    ///
    /// # Panics
    /// When they do not fill up `values`.
    pub(crate) fn process(&self, values: &mut [Complex<f64>], direction: Direction) {
        let &ComplexLines { length, inner, ref plan } = self;
        assert!(values.len().is_multiple_of(length * inner));
        let sign = match direction {
            Direction::Plus => V::new([-1.0, 1.0]),
            Direction::Minus => V::new([1.0, -1.0]),
        };
        let mut work = plan.work();
        for block in values.chunks_exact_mut(length * inner) {
            for from in 0..inner {
                let first = block[from..].as_mut_ptr().cast();
                let line = Line { first, inner, length, sign };
                // SAFETY: a block has `inner` lines, and a complex number is a vector of its parts.
                unsafe { plan.run(line, line, &mut work) }
            }
        }
    }
}
