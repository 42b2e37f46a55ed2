//! The FFT of real functions on products of cyclic groups.

use super::irreps::Component;
use super::torus::{Torus, negative};
use crate::fourier::{ComplexLines, Direction, RealRows};
use faer::complex::Complex;

/// Numbers of functions that are transformed along one axis before the next one: they stay in the L1 cache.
const TURN: usize = 1 << 11;

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
    /// For each number of a packed row the part of a kept frequency that it is.
    collected: Vec<Place>,
    /// For both parts of each kept frequency the number of a packed row.
    spread: Vec<Place>,
}

/// An index, and what the number there is multiplied by: 0 for parts that are zero, −1 for imaginary parts of
/// the negative frequency.
struct Place {
    index: usize,
    factor: f64,
}

/// Numbers in other places, row by row.
fn gather(places: &[Place], width: usize, from: &[f64], to: &mut [f64]) {
    for (from, to) in from.chunks_exact(width).zip(to.chunks_exact_mut(places.len())) {
        for (place, to) in places.iter().zip(to) {
            *to = from[place.index] * place.factor;
        }
    }
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
        self.in_turns(others, values, spectrum, |values, spectrum, lines, kept| {
            self.last.forward(values, lines);
            others.unpack(lines, kept);
            others.axes.iter().for_each(|axis| axis.process(kept, Direction::Plus));
            gather(&others.collected, others.spread.len(), bytemuck::cast_slice(kept), spectrum);
        });
    }

    pub(super) fn inverse(&self, spectrum: &[f64], values: &mut [f64]) {
        let scale = 1.0 / self.order as f64;
        let Some(others) = &self.others else { return self.last.inverse(spectrum, scale, values) };
        self.in_turns(others, spectrum, values, |spectrum, values, lines, kept| {
            gather(&others.spread, self.order, spectrum, bytemuck::cast_slice_mut(kept));
            others.axes.iter().for_each(|axis| axis.process(kept, Direction::Minus));
            others.pack(kept, lines);
            self.last.inverse(lines, scale, values);
        });
    }

    /// Some whole functions at a time, with memory for their lines and for their kept frequencies.
    fn in_turns(
        &self,
        others: &Others,
        from: &[f64],
        to: &mut [f64],
        each: impl Fn(&[f64], &mut [f64], &mut [f64], &mut [Complex<f64>]),
    ) {
        let functions = (TURN / self.order).min(from.len() / self.order).max(1);
        let length = functions * self.order;
        let mut lines = vec![0.0; length];
        let mut kept = vec![Complex::ZERO; length / others.last * others.half];
        for (from, to) in from.chunks(length).zip(to.chunks_mut(length)) {
            let lines = &mut lines[..from.len()];
            let kept = &mut kept[..from.len() / others.last * others.half];
            each(from, to, lines, kept);
        }
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
        let (mut collected, mut spread) = (Vec::new(), Vec::new());
        for (&w, component) in torus.stored().iter().zip(&layout) {
            let opposite = negative(torus.orders(), w);
            let (w, sign) = if w % last < half { (w, 1.0) } else { (opposite, -1.0) };
            let index = 2 * (w / last * half + w % last);
            let parts = [Place { index, factor: 1.0 }, Place { index: index + 1, factor: sign }];
            collected.extend(parts.into_iter().take(component.width()));
        }
        for kept in 0..inner {
            let member = members[kept / half * last + kept % half];
            let Component { offset, .. } = layout[member.irrep];
            spread.push(Place { index: offset, factor: 1.0 });
            spread.push(match (layout[member.irrep].width(), member.conjugate) {
                (1, _) => Place { index: offset, factor: 0.0 },
                (_, false) => Place { index: offset + 1, factor: 1.0 },
                (_, true) => Place { index: offset + 1, factor: -1.0 },
            });
        }
        Others { last, half, axes, collected, spread }
    }

    /// Packed spectra of lines along the last axis as complex numbers.
    fn unpack(&self, lines: &[f64], kept: &mut [Complex<f64>]) {
        for (line, kept) in lines.chunks_exact(self.last).zip(kept.chunks_exact_mut(self.half)) {
            kept[0] = line[0].into();
            let pairs = line[1..].chunks_exact(2);
            if let &[last] = pairs.remainder() {
                kept[self.half - 1] = last.into();
            }
            pairs.zip(&mut kept[1..]).for_each(|(pair, to)| *to = Complex::new(pair[0], pair[1]));
        }
    }

    /// The same backwards: what has to be real is so up to rounding.
    fn pack(&self, kept: &[Complex<f64>], lines: &mut [f64]) {
        for (line, kept) in lines.chunks_exact_mut(self.last).zip(kept.chunks_exact(self.half)) {
            line[0] = kept[0].re;
            let mut pairs = line[1..].chunks_exact_mut(2);
            (&mut pairs).zip(&kept[1..]).for_each(|(pair, z)| (pair[0], pair[1]) = (z.re, z.im));
            if let [last] = pairs.into_remainder() {
                *last = kept[self.half - 1].re;
            }
        }
    }
}
