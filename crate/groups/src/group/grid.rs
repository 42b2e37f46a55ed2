//! The FFT of real functions on products of cyclic groups.

use super::torus::{Torus, negative};
use crate::fourier::{ComplexLines, Direction, RealRows};
use faer::complex::Complex;

/// Numbers of functions that are transformed along one axis before the next one: they stay in the L2 cache.
const TURN: usize = 1 << 14;

/// A planned transform: the last axis real, of which only the frequencies up to the half are kept, the
/// others complex.
pub(super) struct Grid {
    order: usize,
    last: RealRows,
    /// None where the last axis is the only one: its spectra are the packed rows.
    others: Option<Others>,
}

struct Others {
    /// Length of the last axis.
    last: usize,
    /// Frequencies kept of the last axis.
    half: usize,
    axes: Vec<ComplexLines>,
    /// For each stored irrep where it stands among the kept frequencies.
    places: Vec<Place>,
    /// For each kept frequency where it stands in a packed row.
    sources: Vec<Place>,
}

/// An index, and what the imaginary part there is multiplied by: 0 where there is none, −1 where the frequency
/// is the other one's negative.
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
        let others = (!orders.is_empty()).then(|| Others::new(torus, &orders, last));
        Grid { order: torus.orders().iter().product(), last: RealRows::new(last), others }
    }

    pub(super) fn forward(&self, values: &[f64], spectrum: &mut [f64]) {
        let Some(others) = &self.others else { return self.last.forward(values, spectrum) };
        let length = self.turn(values.len());
        let mut lines = vec![0.0; length];
        let mut kept = vec![Complex::ZERO; length / others.last * others.half];
        for (values, spectrum) in values.chunks(length).zip(spectrum.chunks_mut(length)) {
            let lines = &mut lines[..values.len()];
            let kept = &mut kept[..values.len() / others.last * others.half];
            self.last.forward(values, lines);
            others.unpack(lines, kept);
            others.axes.iter().for_each(|axis| axis.process(kept, Direction::Plus));
            others.collect(kept, spectrum, self.order);
        }
    }

    pub(super) fn inverse(&self, spectrum: &[f64], values: &mut [f64]) {
        let scale = 1.0 / self.order as f64;
        let Some(others) = &self.others else { return self.last.inverse(spectrum, scale, values) };
        let length = self.turn(values.len());
        let mut lines = vec![0.0; length];
        let mut kept = vec![Complex::ZERO; length / others.last * others.half];
        for (spectrum, values) in spectrum.chunks(length).zip(values.chunks_mut(length)) {
            let lines = &mut lines[..values.len()];
            let kept = &mut kept[..values.len() / others.last * others.half];
            others.spread(spectrum, kept, self.order);
            others.axes.iter().for_each(|axis| axis.process(kept, Direction::Minus));
            others.pack(kept, lines);
            self.last.inverse(lines, scale, values);
        }
    }

    /// Numbers of whole functions that are transformed at once, of so many.
    fn turn(&self, numbers: usize) -> usize {
        (TURN / self.order).max(1).min((numbers / self.order).max(1)) * self.order
    }
}

impl Others {
    fn new(torus: &Torus, orders: &[usize], last: usize) -> Others {
        let half = last / 2 + 1;
        let mut inner = half;
        let mut axes = Vec::new();
        for &length in orders.iter().rev() {
            axes.push(ComplexLines::new(length, inner));
            inner *= length;
        }
        let (layout, members) = torus.layout();
        let place = |&w: &usize| {
            let opposite = negative(torus.orders(), w);
            let at = |w: usize| w / last * half + w % last;
            match (w == opposite, w % last < half) {
                (true, _) => Place { index: at(w), sign: 0.0 },
                (_, true) => Place { index: at(w), sign: 1.0 },
                (_, false) => Place { index: at(opposite), sign: -1.0 },
            }
        };
        let source = |kept: usize| {
            let member = members[kept / half * last + kept % half];
            let component = layout[member.irrep];
            let sign = match (component.width(), member.conjugate) {
                (1, _) => 0.0,
                (_, false) => 1.0,
                (_, true) => -1.0,
            };
            Place { index: component.offset, sign }
        };
        let places = torus.stored().iter().map(place).collect();
        let sources = (0..inner).map(source).collect();
        Others { last, half, axes, places, sources }
    }

    /// Packed spectra of lines along the last axis as complex numbers.
    fn unpack(&self, lines: &[f64], kept: &mut [Complex<f64>]) {
        for (line, kept) in lines.chunks_exact(self.last).zip(kept.chunks_exact_mut(self.half)) {
            kept[0] = line[0].into();
            for (pair, value) in line[1..].chunks(2).zip(&mut kept[1..]) {
                *value = Complex::new(pair[0], if pair.len() > 1 { pair[1] } else { 0.0 });
            }
        }
    }

    /// The same backwards: what has to be real is so up to rounding.
    fn pack(&self, kept: &[Complex<f64>], lines: &mut [f64]) {
        for (line, kept) in lines.chunks_exact_mut(self.last).zip(kept.chunks_exact(self.half)) {
            line[0] = kept[0].re;
            for (pair, value) in line[1..].chunks_mut(2).zip(&kept[1..]) {
                pair.copy_from_slice(&[value.re, value.im][..pair.len()]);
            }
        }
    }

    /// Packed rows of functions on the group, from the kept frequencies.
    fn collect(&self, kept: &[Complex<f64>], spectrum: &mut [f64], order: usize) {
        let kept = kept.chunks_exact(self.sources.len());
        for (kept, packed) in kept.zip(spectrum.chunks_exact_mut(order)) {
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

    /// The same backwards.
    fn spread(&self, spectrum: &[f64], kept: &mut [Complex<f64>], order: usize) {
        let kept = kept.chunks_exact_mut(self.sources.len());
        for (packed, kept) in spectrum.chunks_exact(order).zip(kept) {
            for (source, to) in self.sources.iter().zip(kept) {
                let im = if source.sign == 0.0 { 0.0 } else { packed[source.index + 1] };
                *to = Complex::new(packed[source.index], source.sign * im);
            }
        }
    }
}
