//! Passes of a transform: each makes of R spectra of interleaved parts of a row that of the row.
//!
//! Parts of the same spectrum are `stride` apart; their spectra begin at multiples of their length. All
//! functions read and write `length` numbers, which is what their callers promise.

use super::ends::{Buffer, Sink, Source, V};
use super::radix::{Four, Radix};
use std::array;

/// Makes all spectra of R times the length `part`, for R = 2 … 5. `roots` are exp(2πi qc/(R·part)) of the
/// frequencies q below part/2, and c = 1 … R − 1 of each.
#[inline(always)]
pub(super) unsafe fn all<A: Radix<R>, const R: usize>(
    from: impl Source,
    to: impl Sink,
    part: usize,
    length: usize,
    roots: *const f64,
) {
    let stride = length / R;
    for start in (0..stride).step_by(part) {
        // SAFETY: the caller's promise.
        unsafe { one::<A, R>(from, start, stride, to, start * R, part, roots) }
    }
}

/// A first pass of radix R and a second one of radix 4, N = 4R numbers at a time, with the roots of the second.
#[inline(always)]
pub(super) unsafe fn first_and_second<A: Radix<R>, const R: usize, const N: usize>(
    from: impl Source,
    to: impl Sink,
    length: usize,
    roots: *const f64,
) {
    let count = length / N;
    for k in 0..count {
        // SAFETY: the caller's promise; the N numbers of the parts.
        unsafe {
            let numbers: [V; N] = array::from_fn(|c| from.get(k + c * count));
            let mut parts: [[V; R]; 4] =
                array::from_fn(|part| A::real(array::from_fn(|c| numbers[part + 4 * c])));
            let parts = Buffer(parts.as_mut_ptr().cast());
            one::<Four, 4>(parts, 0, R, to, k * N, R, roots);
        }
    }
}

/// Makes the spectrum that begins at `at` of those of R parts, the first of which begins at `start`.
#[inline(always)]
unsafe fn one<A: Radix<R>, const R: usize>(
    from: impl Source,
    start: usize,
    stride: usize,
    to: impl Sink,
    at: usize,
    part: usize,
    mut roots: *const f64,
) {
    // SAFETY: the caller's promise.
    unsafe {
        let numbers = A::real(array::from_fn(|c| from.get(start + c * stride)));
        to.put(at, numbers[0]);
        for (p, pair) in numbers[1..].chunks_exact(2).enumerate() {
            to.pair(at + 2 * (p + 1) * part - 1, pair[0], pair[1]);
        }
        if R.is_multiple_of(2) {
            to.put(at + R * part - 1, numbers[R - 1]);
        }
        for q in 1..part.div_ceil(2) {
            let numbers: [[V; 2]; R] = array::from_fn(|c| {
                let root = c.checked_sub(1).map(|c| roots.add(2 * c));
                turned(from, start + c * stride + 2 * q - 1, root)
            });
            let spectrum = A::complex(numbers.map(|[re, _]| re), numbers.map(|[_, im]| im));
            for (p, [re, im]) in spectrum.into_iter().enumerate() {
                let frequency = if 2 * p < R { p * part + q } else { (R - p) * part - q };
                to.pair(at + 2 * frequency - 1, re, im);
            }
            roots = roots.add(2 * (R - 1));
        }
        if part.is_multiple_of(2) {
            let middle = A::half_way(array::from_fn(|c| from.get(start + c * stride + part - 1)));
            for (p, pair) in middle.chunks_exact(2).enumerate() {
                to.pair(at + (2 * p + 1) * part - 1, pair[0], pair[1]);
            }
        }
    }
}

/// A complex number times a root of unity, if there is one.
#[inline(always)]
unsafe fn turned(from: impl Source, at: usize, root: Option<*const f64>) -> [V; 2] {
    // SAFETY: the caller's promise.
    unsafe {
        let (re, im) = (from.get(at), from.get(at + 1));
        let Some(root) = root else { return [re, im] };
        let (cos, sin) = (V::splat(*root), V::splat(*root.add(1)));
        [re * cos - im * sin, re * sin + im * cos]
    }
}

/// As [`all`], for an odd R from 3 on and an odd `part`. `own` is cos and sin of 2π cp/R for p = 1 … (R − 1)/2,
/// and c = 1 … (R − 1)/2 of each; `work` has room for 2(R − 1) vectors.
pub(super) unsafe fn odd(
    radix: usize,
    from: impl Source,
    to: impl Sink,
    part: usize,
    length: usize,
    (roots, own): (*const f64, &[f64]),
    work: &mut [V],
) {
    let (stride, half) = (length / radix, radix / 2);
    let (re, im) = work.split_at_mut(radix - 1);
    for start in (0..stride).step_by(part) {
        let at = start * radix;
        // SAFETY: the caller's promise.
        unsafe {
            let first = from.get(start);
            let mut sum = first;
            for c in 1..=half {
                let a = from.get(start + c * stride);
                let b = from.get(start + (radix - c) * stride);
                sum += fold(a, b, &mut re[2 * (c - 1)..]);
            }
            to.put(at, sum);
            for (p, own) in own.chunks_exact(2 * half).enumerate() {
                let [cos, sin] = sums(re, own);
                to.pair(at + 2 * (p + 1) * part - 1, first + cos, sin);
            }
            let mut roots = roots;
            for q in 1..part.div_ceil(2) {
                let place = start + 2 * q - 1;
                let first = turned(from, place, None);
                let mut sum = first;
                for c in 1..=half {
                    let [a, b] = [c, radix - c]
                        .map(|c| turned(from, place + c * stride, Some(roots.add(2 * (c - 1)))));
                    sum[0] += fold(a[0], b[0], &mut re[2 * (c - 1)..]);
                    sum[1] += fold(a[1], b[1], &mut im[2 * (c - 1)..]);
                }
                to.pair(at + 2 * q - 1, sum[0], sum[1]);
                for (p, own) in own.chunks_exact(2 * half).enumerate() {
                    let ([a, b], [c, d]) = (sums(re, own), sums(im, own));
                    let (re, im) = (first[0] + a, first[1] + c);
                    let frequency = (p + 1) * part;
                    to.pair(at + 2 * (frequency + q) - 1, re - d, b + im);
                    to.pair(at + 2 * (frequency - q) - 1, re + d, b - im);
                }
                roots = roots.add(2 * (radix - 1));
            }
        }
    }
}

/// Sum, which is returned too, and difference.
#[inline(always)]
fn fold(a: V, b: V, to: &mut [V]) -> V {
    to[0] = a + b;
    to[1] = a - b;
    to[0]
}

/// The sums of cosines times sums and of sines times differences.
#[inline(always)]
fn sums(folded: &[V], own: &[f64]) -> [V; 2] {
    let mut sums = [V::splat(0.0); 2];
    for (pair, own) in folded.chunks_exact(2).zip(own.chunks_exact(2)) {
        sums[0] += pair[0] * V::splat(own[0]);
        sums[1] += pair[1] * V::splat(own[1]);
    }
    sums
}
