//! The FFT of real functions on products of cyclic groups.

use super::torus::{Torus, negative};
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};
use rustfft::{Fft, FftPlanner, num_complex::Complex};
use std::sync::Arc;

/// A planned transform: the last axis real, of which only the frequencies up to the half are kept, the
/// others complex.
pub(super) struct Grid {
    order: usize,
    last: usize,
    /// Frequencies kept of the last axis.
    half: usize,
    forward: Arc<dyn RealToComplex<f64>>,
    inverse: Arc<dyn ComplexToReal<f64>>,
    axes: Vec<Axis>,
    /// For each stored irrep where it stands among the kept frequencies.
    places: Vec<Place>,
    /// For each kept frequency where it stands in a packed row.
    sources: Vec<Place>,
}

struct Axis {
    length: usize,
    /// Kept numbers between two neighbours along the axis.
    inner: usize,
    forward: Arc<dyn Fft<f64>>,
    inverse: Arc<dyn Fft<f64>>,
}

/// An index, and what the imaginary part there is multiplied by: 0 where there is none.
///
/// The FFT has `exp(−2πi jk/n)`, the irreps its conjugate; so −1 where the two have the same frequency.
struct Place {
    index: usize,
    sign: f64,
}

impl Grid {
    pub(super) fn new(torus: &Torus) -> Grid {
        // Factors of order 1 have no axis: the last one should be real and long.
        let mut orders: Vec<usize> =
            torus.orders().iter().copied().filter(|&order| order > 1).collect();
        let last = orders.pop().unwrap_or(1);
        let half = last / 2 + 1;
        let mut planner = FftPlanner::new();
        let mut inner = half;
        let mut axes = Vec::new();
        for &length in orders.iter().rev() {
            let (forward, inverse) =
                (planner.plan_fft_forward(length), planner.plan_fft_inverse(length));
            axes.push(Axis { length, inner, forward, inverse });
            inner *= length;
        }
        let mut real = RealFftPlanner::new();
        let (layout, members) = torus.layout();
        let place = |&w: &usize| {
            let opposite = negative(torus.orders(), w);
            let at = |w: usize| w / last * half + w % last;
            match (w == opposite, w % last < half) {
                (true, _) => Place { index: at(w), sign: 0.0 },
                (_, true) => Place { index: at(w), sign: -1.0 },
                (_, false) => Place { index: at(opposite), sign: 1.0 },
            }
        };
        let source = |kept: usize| {
            let member = members[kept / half * last + kept % half];
            let component = layout[member.irrep];
            let sign = match (component.width(), member.conjugate) {
                (1, _) => 0.0,
                (_, false) => -1.0,
                (_, true) => 1.0,
            };
            Place { index: component.offset, sign }
        };
        Grid {
            order: members.len(),
            last,
            half,
            forward: real.plan_fft_forward(last),
            inverse: real.plan_fft_inverse(last),
            axes,
            places: torus.stored().iter().map(place).collect(),
            sources: (0..inner).map(source).collect(),
        }
    }

    pub(super) fn forward(&self, values: &[f64], spectrum: &mut [f64]) {
        let mut line = vec![0.0; self.last];
        let mut kept = vec![Complex::ZERO; self.sources.len()];
        let mut turned = self.turned();
        let mut scratch = vec![Complex::ZERO; self.scratch(self.forward.get_scratch_len())];
        let rows = values.chunks_exact(self.order).zip(spectrum.chunks_exact_mut(self.order));
        for (row, packed) in rows {
            for (from, to) in row.chunks_exact(self.last).zip(kept.chunks_exact_mut(self.half)) {
                line.copy_from_slice(from);
                let length = self.forward.get_scratch_len();
                let done = self.forward.process_with_scratch(&mut line, to, &mut scratch[..length]);
                done.expect("the plan's lengths");
            }
            for axis in &self.axes {
                axis.process(&axis.forward, &mut kept, &mut turned, &mut scratch);
            }
            let mut at = 0;
            for place in &self.places {
                let value = kept[place.index];
                packed[at] = value.re;
                at += 1;
                if place.sign != 0.0 {
                    packed[at] = place.sign * value.im;
                    at += 1;
                }
            }
        }
    }

    pub(super) fn inverse(&self, spectrum: &[f64], values: &mut [f64]) {
        let mut kept = vec![Complex::ZERO; self.sources.len()];
        let mut turned = self.turned();
        let mut scratch = vec![Complex::ZERO; self.scratch(self.inverse.get_scratch_len())];
        let scale = 1.0 / self.order as f64;
        let rows = spectrum.chunks_exact(self.order).zip(values.chunks_exact_mut(self.order));
        for (packed, row) in rows {
            for (source, to) in self.sources.iter().zip(&mut kept) {
                let im = if source.sign == 0.0 { 0.0 } else { packed[source.index + 1] };
                *to = Complex::new(packed[source.index], source.sign * im) * scale;
            }
            for axis in &self.axes {
                axis.process(&axis.inverse, &mut kept, &mut turned, &mut scratch);
            }
            for (from, to) in kept.chunks_exact_mut(self.half).zip(row.chunks_exact_mut(self.last))
            {
                // Real up to rounding, and exactly so for the transform of a real line.
                from[0].im = 0.0;
                if self.last.is_multiple_of(2) {
                    from[self.half - 1].im = 0.0;
                }
                let length = self.inverse.get_scratch_len();
                let done = self.inverse.process_with_scratch(from, to, &mut scratch[..length]);
                done.expect("the plan's lengths, and a real line");
            }
        }
    }

    /// Room for one axis' lines side by side.
    fn turned(&self) -> Vec<Complex<f64>> {
        let lengths = self.axes.iter().map(|axis| axis.length * axis.inner);
        vec![Complex::ZERO; lengths.max().unwrap_or(0)]
    }

    fn scratch(&self, line: usize) -> usize {
        let needs = |axis: &Axis| {
            axis.forward.get_inplace_scratch_len().max(axis.inverse.get_inplace_scratch_len())
        };
        self.axes.iter().map(needs).fold(line, usize::max)
    }
}

impl Axis {
    /// Transforms all lines along the axis, in place.
    fn process(
        &self,
        fft: &Arc<dyn Fft<f64>>,
        values: &mut [Complex<f64>],
        turned: &mut [Complex<f64>],
        scratch: &mut [Complex<f64>],
    ) {
        let &Axis { length, inner, .. } = self;
        let turned = &mut turned[..length * inner];
        for block in values.chunks_exact_mut(length * inner) {
            for (k, row) in block.chunks_exact(inner).enumerate() {
                row.iter().zip(turned[k..].iter_mut().step_by(length)).for_each(|(x, to)| *to = *x);
            }
            fft.process_with_scratch(turned, scratch);
            for (k, row) in block.chunks_exact_mut(inner).enumerate() {
                row.iter_mut().zip(turned[k..].iter().step_by(length)).for_each(|(to, x)| *to = *x);
            }
        }
    }
}
