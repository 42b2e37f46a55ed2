//! Where a transform of vectors reads its numbers and where it writes its packed spectrum: two rows in the
//! lanes of the vectors, or the two parts of complex numbers.
//!
//! Packed spectra are `X_0`, real and imaginary parts of the frequencies below half the length, and the real
//! one at half of an even length.

use orbit_kernels_core::real::Real;

/// Two numbers.
pub(super) type V = <f64 as Real>::Lanes;

/// Numbers that a transform begins with.
pub(super) trait Source: Copy {
    /// # Safety
    /// `at` must be smaller than the length.
    unsafe fn get(self, at: usize) -> V;
}

/// Place for a packed spectrum.
pub(super) trait Sink: Copy {
    /// Takes the real number at `at`.
    ///
    /// # Safety
    /// `at` must be smaller than the length.
    unsafe fn put(self, at: usize, value: V);

    /// Takes the real and the imaginary part at `at` and `at + 1`.
    ///
    /// # Safety
    /// `at + 1` must be smaller than the length.
    unsafe fn pair(self, at: usize, re: V, im: V);
}

/// `(a_0, b_0)` and `(a_1, b_1)`: from two numbers of each of two rows, or the other way round.
#[inline(always)]
fn transpose(a: V, b: V) -> [V; 2] {
    let ([a, c], [b, d]) = (a.to_array(), b.to_array());
    [V::new([a, b]), V::new([c, d])]
}

/// Vectors in memory.
#[derive(Clone, Copy)]
pub(super) struct Buffer(pub *mut V);

impl Source for Buffer {
    #[inline(always)]
    unsafe fn get(self, at: usize) -> V {
        // SAFETY: the caller's promise.
        unsafe { *self.0.add(at) }
    }
}

impl Sink for Buffer {
    #[inline(always)]
    unsafe fn put(self, at: usize, value: V) {
        // SAFETY: the caller's promise.
        unsafe { *self.0.add(at) = value }
    }

    #[inline(always)]
    unsafe fn pair(self, at: usize, re: V, im: V) {
        // SAFETY: the caller's promise.
        unsafe {
            *self.0.add(at) = re;
            *self.0.add(at + 1) = im;
        }
    }
}

/// Two rows that are read: real numbers.
#[derive(Clone, Copy)]
pub(super) struct Rows([*const f64; 2]);

impl Rows {
    /// The first and the last row of `rows`.
    pub(super) fn new(rows: &[f64], length: usize) -> Rows {
        Rows([rows[..length].as_ptr(), rows[rows.len() - length..].as_ptr()])
    }
}

impl Source for Rows {
    #[inline(always)]
    unsafe fn get(self, at: usize) -> V {
        // SAFETY: the caller's promise.
        unsafe { V::new(self.0.map(|row| *row.add(at))) }
    }
}

/// Two rows that are written: packed spectra.
#[derive(Clone, Copy)]
pub(super) struct Spectra([*mut f64; 2]);

impl Spectra {
    /// The first and the last row of `rows`, which can be the same.
    pub(super) fn new(rows: &mut [f64], length: usize) -> Spectra {
        assert!(rows.len() >= length);
        let first = rows.as_mut_ptr();
        // SAFETY: inside, as has been checked.
        Spectra([first, unsafe { first.add(rows.len() - length) }])
    }
}

impl Sink for Spectra {
    #[inline(always)]
    unsafe fn put(self, at: usize, value: V) {
        let value = value.to_array();
        // SAFETY: the caller's promise.
        unsafe {
            *self.0[0].add(at) = value[0];
            *self.0[1].add(at) = value[1];
        }
    }

    #[inline(always)]
    unsafe fn pair(self, at: usize, re: V, im: V) {
        let [a, b] = transpose(re, im);
        // SAFETY: the caller's promise.
        unsafe {
            self.0[0].add(at).cast::<V>().write_unaligned(a);
            self.0[1].add(at).cast::<V>().write_unaligned(b);
        }
    }
}

/// Two packed spectra that are read: the sums of real and imaginary parts, times a factor. The transform of
/// these, in [`Sums`], is that of the spectra back: the Hartley transform `Σ_k x_k (cos + sin)(2π jk/n)` is its
/// own inverse.
#[derive(Clone, Copy)]
pub(super) struct Parts {
    rows: Rows,
    length: usize,
    scale: V,
}

impl Parts {
    /// The first and the last row of `rows`.
    pub(super) fn new(rows: &[f64], length: usize, scale: f64) -> Parts {
        Parts { rows: Rows::new(rows, length), length, scale: V::splat(scale) }
    }
}

impl Source for Parts {
    #[inline(always)]
    unsafe fn get(self, at: usize) -> V {
        let opposite = self.length - at;
        let low = at.min(opposite);
        // SAFETY: the caller's promise; frequencies have two numbers but for 0 and half the length.
        unsafe {
            let sum = if low == 0 {
                self.rows.get(0)
            } else if at == opposite {
                self.rows.get(self.length - 1)
            } else {
                let [a, b] =
                    self.rows.0.map(|row| row.add(2 * low - 1).cast::<V>().read_unaligned());
                let [re, im] = transpose(a, b);
                if low == at { re + im } else { re - im }
            };
            sum * self.scale
        }
    }
}

/// Two rows of real numbers that are written: of packed spectra the sums of real and imaginary parts, at each
/// frequency and its negative.
#[derive(Clone, Copy)]
pub(super) struct Sums {
    rows: Spectra,
    length: usize,
}

impl Sums {
    /// The first and the last row of `rows`, which can be the same.
    pub(super) fn new(rows: &mut [f64], length: usize) -> Sums {
        Sums { rows: Spectra::new(rows, length), length }
    }
}

impl Sink for Sums {
    #[inline(always)]
    unsafe fn put(self, at: usize, value: V) {
        // SAFETY: the caller's promise.
        unsafe { self.rows.put(at.div_ceil(2), value) }
    }

    #[inline(always)]
    unsafe fn pair(self, at: usize, re: V, im: V) {
        let frequency = at.div_ceil(2);
        // SAFETY: the caller's promise.
        unsafe {
            self.rows.put(frequency, re + im);
            self.rows.put(self.length - frequency, re - im);
        }
    }
}

/// A line of complex numbers, its two parts a row each, so that what is packed is the spectra of both.
#[derive(Clone, Copy)]
pub(super) struct Line {
    pub first: *mut V,
    /// Numbers between two neighbours.
    pub inner: usize,
    pub length: usize,
    /// (−1, 1) for the transform with exp(2πi jk/n), (1, −1) for its conjugate.
    pub sign: V,
}

impl Source for Line {
    #[inline(always)]
    unsafe fn get(self, at: usize) -> V {
        // SAFETY: the caller's promise.
        unsafe { self.first.add(at * self.inner).read_unaligned() }
    }
}

impl Sink for Line {
    #[inline(always)]
    unsafe fn put(self, at: usize, value: V) {
        // SAFETY: the caller's promise.
        unsafe { self.first.add(at.div_ceil(2) * self.inner).write_unaligned(value) }
    }

    #[inline(always)]
    unsafe fn pair(self, at: usize, re: V, im: V) {
        let frequency = at.div_ceil(2);
        // The spectra A and B of the parts make A + iB.
        let [a, b] = im.to_array();
        let turned = V::new([b, a]) * self.sign;
        // SAFETY: the caller's promise.
        unsafe {
            self.first.add(frequency * self.inner).write_unaligned(re + turned);
            self.first.add((self.length - frequency) * self.inner).write_unaligned(re - turned);
        }
    }
}
