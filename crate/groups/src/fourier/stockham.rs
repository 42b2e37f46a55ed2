//! The transform `X_j = Σ_k x_k exp(2πi jk/n)` of two real rows in the lanes of vectors, for lengths with no
//! other primes than 2, 3 and 5.
//!
//! Passes of radix R make of R spectra of interleaved parts of a row that of the row, packed as [`ends`] says,
//! and put it where the next one needs it, so that nothing is reordered. All of it is real arithmetic on half
//! of the frequencies, since the others are conjugates.
//!
//! Source: the transform of real numbers by G. D. Bergland ("A fast Fourier transform algorithm for real-valued
//! series", CACM 11, 1968), in the order of T. G. Stockham ("High-speed convolution and correlation", AFIPS 28,
//! 1966), as P. N. Swarztrauber's FFTPACK has it ("Vectorizing the FFTs", 1982).
//!
//! [`ends`]: super::ends

use super::ends::{Buffer, Sink, Source, V};
use super::radix::{Five, Four, Radix, Three, Two};
use super::roots::root;
use std::array;

/// A planned transform.
pub(super) struct Stockham {
    length: usize,
    head: Head,
    passes: Vec<Pass>,
    /// Real and imaginary parts of the roots of unity of the passes, one pass after the other.
    roots: Vec<f64>,
}

/// The first pass, in whose parts there is only one number each, so that no roots are needed; for powers of
/// two together with the second one, in registers.
#[derive(Clone, Copy)]
enum Head {
    Two,
    Three,
    Four,
    Five,
    TwoFour,
    FourFour,
}

#[derive(Clone, Copy)]
struct Pass {
    radix: usize,
    /// Length of the parts.
    part: usize,
    /// Where its roots begin.
    roots: usize,
}

/// Memory that a transform needs.
pub(super) struct Work([Vec<V>; 2]);

impl Stockham {
    /// None for 0, 1 and lengths with other primes.
    pub(super) fn new(length: usize) -> Option<Stockham> {
        // Odd radices first: only parts of even length have a frequency that is its own negative half way.
        let mut radices = Vec::new();
        let mut rest = length;
        for radix in [5, 3] {
            while rest > 1 && rest.is_multiple_of(radix) {
                radices.push(radix);
                rest /= radix;
            }
        }
        if length < 2 || !rest.is_power_of_two() {
            return None;
        }
        let twos = rest.trailing_zeros() as usize;
        radices.extend(std::iter::repeat_n(2, twos % 2).chain(std::iter::repeat_n(4, twos / 2)));
        let (head, merged) = match radices[..] {
            [2, 4, ..] => (Head::TwoFour, 2),
            [4, 4, ..] => (Head::FourFour, 2),
            [2, ..] => (Head::Two, 1),
            [3, ..] => (Head::Three, 1),
            [4, ..] => (Head::Four, 1),
            _ => (Head::Five, 1),
        };
        let (mut passes, mut roots) = (Vec::new(), Vec::new());
        let mut part = radices[0];
        for &radix in &radices[1..] {
            passes.push(Pass { radix, part, roots: roots.len() });
            for (q, c) in (1..part.div_ceil(2)).flat_map(|q| (1..radix).map(move |c| (q, c))) {
                let root = root(q * c, radix * part);
                roots.extend([root.re, root.im]);
            }
            part *= radix;
        }
        passes.drain(..merged - 1);
        Some(Stockham { length, head, passes, roots })
    }

    pub(super) fn work(&self) -> Work {
        let zeros = |needed: bool| vec![V::splat(0.0); if needed { self.length } else { 0 }];
        Work([zeros(!self.passes.is_empty()), zeros(self.passes.len() > 1)])
    }

    /// # Safety
    /// There must be as many numbers in `from` and places in `to` as the transform is long; they can be the same.
    #[inline(always)]
    pub(super) unsafe fn run(&self, from: impl Source, to: impl Sink, work: &mut Work) {
        let Work([here, there]) = work;
        // SAFETY: the caller's promise, and the work's own lengths.
        unsafe {
            let Some((last, passes)) = self.passes.split_last() else {
                return self.head(from, to);
            };
            assert!(here.len() >= self.length && (passes.is_empty() || there.len() >= self.length));
            let (mut here, mut there) = (here.as_mut_ptr(), there.as_mut_ptr());
            self.head(from, Buffer(here));
            for pass in passes {
                self.pass(pass, here, Buffer(there));
                (here, there) = (there, here);
            }
            self.pass(last, here, to);
        }
    }

    #[inline(always)]
    unsafe fn head(&self, from: impl Source, to: impl Sink) {
        let (n, roots) = (self.length, self.roots.as_ptr());
        // SAFETY: the caller's promise.
        unsafe {
            match self.head {
                Head::Two => first::<Two, 2>(from, to, n),
                Head::Three => first::<Three, 3>(from, to, n),
                Head::Four => first::<Four, 4>(from, to, n),
                Head::Five => first::<Five, 5>(from, to, n),
                Head::TwoFour => first_and_second::<Two, 2, 8>(from, to, n, roots),
                Head::FourFour => first_and_second::<Four, 4, 16>(from, to, n, roots),
            }
        }
    }

    #[inline(always)]
    unsafe fn pass(&self, pass: &Pass, from: *const V, to: impl Sink) {
        let &Pass { radix, part, roots } = pass;
        // SAFETY: the caller's promise, and the roots that the plan has made.
        unsafe {
            let roots = self.roots.as_ptr().add(roots);
            match radix {
                2 => all::<Two, 2>(from, to, part, self.length, roots),
                3 => all::<Three, 3>(from, to, part, self.length, roots),
                4 => all::<Four, 4>(from, to, part, self.length, roots),
                _ => all::<Five, 5>(from, to, part, self.length, roots),
            }
        }
    }
}

unsafe fn first<A: Radix<R>, const R: usize>(from: impl Source, to: impl Sink, length: usize) {
    let count = length / R;
    for k in 0..count {
        // SAFETY: all places are below `length`.
        unsafe { put_real(A::real(array::from_fn(|c| from.get(k + c * count))), to, k * R, 1) }
    }
}

/// A pass of radix R and one of radix 4 at once, N = 4R numbers at a time.
unsafe fn first_and_second<A: Radix<R>, const R: usize, const N: usize>(
    from: impl Source,
    to: impl Sink,
    length: usize,
    roots: *const f64,
) {
    let count = length / N;
    for k in 0..count {
        // SAFETY: all places are below `length`, and inside of the arrays.
        unsafe {
            let numbers: [V; N] = array::from_fn(|c| from.get(k + c * count));
            let parts: [[V; R]; 4] =
                array::from_fn(|part| A::real(array::from_fn(|c| numbers[part + 4 * c])));
            one::<Four, 4>(parts.as_ptr().cast(), R, to, k * N, R, roots);
        }
    }
}

/// Makes spectra of R times the length of all parts.
unsafe fn all<A: Radix<R>, const R: usize>(
    from: *const V,
    to: impl Sink,
    part: usize,
    length: usize,
    roots: *const f64,
) {
    let stride = length / R;
    for start in (0..stride).step_by(part) {
        // SAFETY: the parts of one spectrum are `stride` apart, and all places below `length`.
        unsafe { one::<A, R>(from.add(start), stride, to, start * R, part, roots) }
    }
}

/// Makes one spectrum, at `at`, of those of R parts, `stride` apart.
#[inline(always)]
unsafe fn one<A: Radix<R>, const R: usize>(
    from: *const V,
    stride: usize,
    to: impl Sink,
    at: usize,
    part: usize,
    roots: *const f64,
) {
    // SAFETY: the caller's promise: R parts to read, and R·part places to write.
    unsafe {
        put_real(A::real(array::from_fn(|c| *from.add(c * stride))), to, at, part);
        let mut roots = roots;
        for q in 1..part.div_ceil(2) {
            let numbers: [[V; 2]; R] = array::from_fn(|c| {
                let place = from.add(c * stride + 2 * q - 1);
                let (re, im) = (*place, *place.add(1));
                let Some(c) = c.checked_sub(1) else { return [re, im] };
                let [cos, sin] = [2 * c, 2 * c + 1].map(|at| V::splat(*roots.add(at)));
                [re * cos - im * sin, re * sin + im * cos]
            });
            let spectrum = A::complex(numbers.map(|[re, _]| re), numbers.map(|[_, im]| im));
            for (p, [re, im]) in spectrum.into_iter().enumerate() {
                let frequency = if 2 * p < R { p * part + q } else { (R - p) * part - q };
                to.pair(at + 2 * frequency - 1, re, im);
            }
            roots = roots.add(2 * (R - 1));
        }
        if part.is_multiple_of(2) {
            let middle = A::half_way(array::from_fn(|c| *from.add(c * stride + part - 1)));
            for (p, pair) in middle.chunks_exact(2).enumerate() {
                to.pair(at + (2 * p + 1) * part - 1, pair[0], pair[1]);
            }
        }
    }
}

/// Puts the numbers of radix R at the multiples of `part`, of which there are R in a spectrum.
#[inline(always)]
unsafe fn put_real<const R: usize>(numbers: [V; R], to: impl Sink, at: usize, part: usize) {
    // SAFETY: the caller's promise: R·part places.
    unsafe {
        to.put(at, numbers[0]);
        for (p, pair) in numbers[1..].chunks_exact(2).enumerate() {
            to.pair(at + 2 * (p + 1) * part - 1, pair[0], pair[1]);
        }
        if R.is_multiple_of(2) {
            to.put(at + R * part - 1, numbers[R - 1]);
        }
    }
}
