//! Transforms of lengths with large primes as convolutions with a chirp, by transforms of another length.
//!
//! Source: L. I. Bluestein, "A linear filtering approach to the computation of discrete Fourier transform",
//! 1968: `jk = (j² + k² − (j − k)²)/2`.

use super::ends::{Buffer, Sink, Source, V};
use super::roots::root;
use super::stockham::{Stockham, Work as Passes};
use faer::complex::Complex;

/// A planned transform.
pub(super) struct Chirp {
    /// `w_k = exp(πi k²/n)` for each number.
    chirp: Vec<Complex<f64>>,
    /// Length of the convolutions.
    cyclic: usize,
    plan: Stockham,
    /// The spectra of the real and the imaginary part of `w*` over `cyclic`, which are real since `w_k = w_{−k}`.
    filter: Vec<V>,
}

/// Memory that a transform needs.
pub(super) struct Work {
    passes: Passes,
    rows: [Vec<V>; 4],
}

impl Chirp {
    pub(super) fn new(length: usize) -> Chirp {
        let mut square = 0;
        let chirp: Vec<Complex<f64>> = (0..length)
            .map(|k| {
                let value = root(square, 2 * length);
                // k² modulo 2n, which has no room for itself in 32 bits.
                square = (square + 2 * k + 1) % (2 * length);
                value
            })
            .collect();
        let reach = 2 * length - 1;
        let longer = [1, 3, 5].map(|odd| odd * reach.div_ceil(odd).next_power_of_two());
        let cyclic = longer[0].min(longer[1]).min(longer[2]);
        let plan = Stockham::new(cyclic).expect("small primes");
        let mut work = plan.work();
        let mut numbers = vec![V::splat(0.0); cyclic];
        for (k, value) in chirp.iter().enumerate() {
            let value = V::new([value.re, -value.im]) * V::splat(1.0 / cyclic as f64);
            numbers[k] = value;
            numbers[(cyclic - k) % cyclic] = value;
        }
        let mut packed = numbers.clone();
        let (from, to) = (Buffer(numbers.as_mut_ptr()), Buffer(packed.as_mut_ptr()));
        // SAFETY: both are as long as the transform.
        unsafe { plan.run(from, to, &mut work) }
        let filter = (0..=cyclic / 2).map(|f| packed[(2 * f).saturating_sub(1)]).collect();
        Chirp { chirp, cyclic, plan, filter }
    }

    pub(super) fn work(&self) -> Work {
        let rows = std::array::from_fn(|_| vec![V::splat(0.0); self.cyclic]);
        Work { passes: self.plan.work(), rows }
    }

    /// # Safety
    /// There must be as many numbers in `from` and places in `to` as the transform is long; they can be the same.
    pub(super) unsafe fn run(&self, from: impl Source, to: impl Sink, work: &mut Work) {
        let length = self.chirp.len();
        for (k, w) in self.chirp.iter().enumerate() {
            // SAFETY: the caller's promise.
            let value = unsafe { from.get(k) };
            work.rows[0][k] = value * V::splat(w.re);
            work.rows[1][k] = value * V::splat(w.im);
        }
        work.rows[..2].iter_mut().for_each(|row| row[length..].fill(V::splat(0.0)));
        self.transform(work);
        self.multiply(work);
        self.transform(work);
        let [_, _, re, im] = &work.rows;
        for (j, w) in self.chirp[..=length / 2].iter().enumerate() {
            // What is cyclic is twice as long, so that its half is never reached.
            let [re, im] =
                [re, im].map(|row| if j == 0 { row[0] } else { row[2 * j - 1] + row[2 * j] });
            let (cos, sin) = (V::splat(w.re), V::splat(w.im));
            let (real, imaginary) = (re * cos - im * sin, re * sin + im * cos);
            // SAFETY: the caller's promise.
            unsafe {
                match 2 * j {
                    0 => to.put(0, real),
                    end if end == length => to.put(length - 1, real),
                    at => to.pair(at - 1, real, imaginary),
                }
            }
        }
    }

    /// Packed spectra of the first two rows, into the others.
    fn transform(&self, work: &mut Work) {
        let Work { passes, rows } = work;
        let (from, to) = rows.split_at_mut(2);
        for (from, to) in from.iter_mut().zip(to) {
            assert!(from.len() == self.cyclic && to.len() == self.cyclic);
            let (from, to) = (Buffer(from.as_mut_ptr()), Buffer(to.as_mut_ptr()));
            // SAFETY: both are as long as the transform.
            unsafe { self.plan.run(from, to, passes) }
        }
    }

    /// The product of the spectra P + iQ of both rows with the filter's, as what a further transform takes back:
    /// sums of real and imaginary parts (see [`super::ends::Parts`]).
    fn multiply(&self, work: &mut Work) {
        let [a, b, p, q] = &mut work.rows;
        for (f, filter) in self.filter.iter().enumerate() {
            let [re, im] = filter.to_array().map(V::splat);
            let product = |at: usize| (p[at] * re - q[at] * im, p[at] * im + q[at] * re);
            if f == 0 || 2 * f == self.cyclic {
                (a[f], b[f]) = product((2 * f).saturating_sub(1));
            } else {
                let (real, imaginary) = (product(2 * f - 1), product(2 * f));
                let opposite = self.cyclic - f;
                (a[f], a[opposite]) = (real.0 + imaginary.0, real.0 - imaginary.0);
                (b[f], b[opposite]) = (real.1 + imaginary.1, real.1 - imaginary.1);
            }
        }
    }
}
