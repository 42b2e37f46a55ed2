//! The transform `X_j = Σ_k x_k exp(2πi jk/n)` of two real rows in the lanes of vectors, by passes of the
//! radices of the length.
//!
//! Each pass puts spectra where the next one needs them, so that nothing is reordered, and all of it is real
//! arithmetic on half of the frequencies, since the others are conjugates.
//!
//! Source: the transform of real numbers by G. D. Bergland ("A fast Fourier transform algorithm for real-valued
//! series", CACM 11, 1968), in the order of T. G. Stockham ("High-speed convolution and correlation", AFIPS 28,
//! 1966), as P. N. Swarztrauber's FFTPACK has it ("Vectorizing the FFTs", 1982).

use super::ends::{Buffer, Sink, Source, V};
use super::passes::{all, first_and_second, odd};
use super::radix::{Five, Four, Three, Two};
use super::roots::root;

/// No radix is larger: a pass of radix R takes R products a number, and in the end as long as a convolution.
const LARGEST: usize = 128;

/// A planned transform.
pub(super) struct Stockham {
    length: usize,
    /// The first pass is of radix 2 or 4 and done together with the second one, in registers.
    merged: bool,
    passes: Vec<Pass>,
}

struct Pass {
    radix: usize,
    /// Length of the parts.
    part: usize,
    /// Real and imaginary parts of the roots of unity that parts are multiplied with.
    roots: Vec<f64>,
    /// Of radices from 7 on the cosines and sines of their own transform.
    own: Vec<f64>,
}

/// Memory that a transform needs.
pub(super) struct Work {
    rows: [Vec<V>; 2],
    folded: Vec<V>,
}

impl Stockham {
    /// None where a prime factor is too large.
    pub(super) fn new(length: usize) -> Option<Stockham> {
        let (mut radices, mut rest) = (Vec::new(), length);
        for radix in (3..=LARGEST).step_by(2) {
            while rest.is_multiple_of(radix) {
                radices.push(radix);
                rest /= radix;
            }
        }
        if !rest.is_power_of_two() {
            return None;
        }
        // Odd radices first: only parts of even length have a frequency half way, at which they are real.
        let twos = rest.trailing_zeros() as usize;
        radices.extend(std::iter::repeat_n(2, twos % 2).chain(std::iter::repeat_n(4, twos / 2)));
        let mut part = 1;
        let mut passes = Vec::new();
        for &radix in &radices {
            passes.push(Pass::new(radix, part));
            part *= radix;
        }
        Some(Stockham { length, merged: matches!(radices[..], [2 | 4, 4, ..]), passes })
    }

    pub(super) fn work(&self) -> Work {
        let zeros = |length| vec![V::splat(0.0); length];
        let rows = self.passes.len() - usize::from(self.merged);
        let rows = [2, 3].map(|from| zeros(if rows < from { 0 } else { self.length }));
        let folded = |pass: &Pass| if pass.own.is_empty() { 0 } else { 2 * (pass.radix - 1) };
        Work { rows, folded: zeros(self.passes.iter().map(folded).max().unwrap_or(0)) }
    }

    /// # Safety
    /// There must be as many numbers in `from` and places in `to` as the transform is long; they can be the same.
    pub(super) unsafe fn run(&self, from: impl Source, to: impl Sink, work: &mut Work) {
        let passes = &self.passes[usize::from(self.merged)..];
        let Work { rows: [here, there], folded } = work;
        let length = |needed: bool| if needed { self.length } else { 0 };
        assert!(here.len() >= length(passes.len() > 1) && there.len() >= length(passes.len() > 2));
        // SAFETY: the caller's promise, and the work's lengths.
        unsafe {
            let (first, middle, last) = match passes {
                [] => return to.put(0, from.get(0)),
                [first] => return self.first(first, from, to, folded),
                [first, middle @ .., last] => (first, middle, last),
            };
            let (mut here, mut there) = (here.as_mut_ptr(), there.as_mut_ptr());
            self.first(first, from, Buffer(here), folded);
            for pass in middle {
                self.pass(pass, here, Buffer(there), folded);
                (here, there) = (there, here);
            }
            self.pass(last, here, to, folded);
        }
    }

    /// The first pass, whose parts are single numbers, or the first two.
    unsafe fn first(&self, pass: &Pass, from: impl Source, to: impl Sink, folded: &mut [V]) {
        let (n, roots) = (self.length, pass.roots.as_ptr());
        // SAFETY: the caller's promise, and the roots that the plan has made.
        unsafe {
            match (self.merged, pass.radix, pass.part) {
                (true, _, 2) => first_and_second::<Two, 2, 8>(from, to, n, roots),
                (true, ..) => first_and_second::<Four, 4, 16>(from, to, n, roots),
                (_, 2, _) => all::<Two, 2>(from, to, 1, n, roots),
                (_, 3, _) => all::<Three, 3>(from, to, 1, n, roots),
                (_, 4, _) => all::<Four, 4>(from, to, 1, n, roots),
                (_, 5, _) => all::<Five, 5>(from, to, 1, n, roots),
                (_, radix, _) => odd(radix, from, to, 1, n, (roots, &pass.own), folded),
            }
        }
    }

    unsafe fn pass(&self, pass: &Pass, from: *mut V, to: impl Sink, folded: &mut [V]) {
        let (from, n, part, roots) = (Buffer(from), self.length, pass.part, pass.roots.as_ptr());
        // SAFETY: the caller's promise, and the roots that the plan has made.
        unsafe {
            match pass.radix {
                2 => all::<Two, 2>(from, to, part, n, roots),
                3 => all::<Three, 3>(from, to, part, n, roots),
                4 => all::<Four, 4>(from, to, part, n, roots),
                5 => all::<Five, 5>(from, to, part, n, roots),
                radix => odd(radix, from, to, part, n, (roots, &pass.own), folded),
            }
        }
    }
}

impl Pass {
    fn new(radix: usize, part: usize) -> Pass {
        let table = |rows: usize, columns: usize, n: usize| {
            let places = (1..=rows).flat_map(|q| (1..=columns).map(move |c| root(q * c, n)));
            places.flat_map(|root| [root.re, root.im]).collect()
        };
        let roots = table((part - 1) / 2, radix - 1, radix * part);
        let own = if radix > 5 { table(radix / 2, radix / 2, radix) } else { Vec::new() };
        Pass { radix, part, roots, own }
    }
}
