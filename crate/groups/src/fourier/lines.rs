//! Transforms of complex lines through an array, of any length.

use super::ends::{Line, V};
use super::stockham::Stockham;
use rustfft::{Fft, FftDirection, FftPlanner, num_complex::Complex};
use std::sync::Arc;

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

enum Plan {
    Smooth(Stockham),
    Other { plus: Arc<dyn Fft<f64>>, minus: Arc<dyn Fft<f64>> },
}

impl ComplexLines {
    pub(crate) fn new(length: usize, inner: usize) -> ComplexLines {
        let plan = Stockham::new(length).map_or_else(
            || {
                let mut planner = FftPlanner::new();
                let minus = planner.plan_fft(length, FftDirection::Forward);
                Plan::Other { plus: planner.plan_fft(length, FftDirection::Inverse), minus }
            },
            Plan::Smooth,
        );
        ComplexLines { length, inner, plan }
    }

    /// Transforms all lines.
    ///
    /// # Panics
    /// When they do not fill up `values`.
    pub(crate) fn process(&self, values: &mut [Complex<f64>], direction: Direction) {
        let &ComplexLines { length, inner, ref plan } = self;
        assert!(values.len().is_multiple_of(length * inner));
        let blocks = values.chunks_exact_mut(length * inner);
        match (plan, direction) {
            (Plan::Smooth(plan), _) => {
                let sign = match direction {
                    Direction::Plus => V::new([-1.0, 1.0]),
                    Direction::Minus => V::new([1.0, -1.0]),
                };
                let mut work = plan.work();
                for block in blocks {
                    for from in 0..inner {
                        let first = block[from..].as_mut_ptr().cast();
                        let line = Line { first, inner, length, sign };
                        // SAFETY: a block has `inner` lines, and a complex number is a vector of its parts.
                        unsafe { plan.run(line, line, &mut work) }
                    }
                }
            }
            (Plan::Other { plus: fft, .. }, Direction::Plus)
            | (Plan::Other { minus: fft, .. }, Direction::Minus) => {
                let mut turned = vec![Complex::ZERO; length * inner];
                let mut scratch = vec![Complex::ZERO; fft.get_inplace_scratch_len()];
                for block in blocks {
                    for (k, row) in block.chunks_exact(inner).enumerate() {
                        let places = turned[k..].iter_mut().step_by(length);
                        row.iter().zip(places).for_each(|(x, to)| *to = *x);
                    }
                    fft.process_with_scratch(&mut turned, &mut scratch);
                    for (k, row) in block.chunks_exact_mut(inner).enumerate() {
                        let places = turned[k..].iter().step_by(length);
                        row.iter_mut().zip(places).for_each(|(to, x)| *to = *x);
                    }
                }
            }
        }
    }
}
