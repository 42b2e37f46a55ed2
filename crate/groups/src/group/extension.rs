//! Representations from their generators.

use super::Group;
use faer::complex::Complex;

/// The `d × d` matrices of all elements, one after the other, from those of generators.
pub(super) fn extend(
    group: &Group,
    d: usize,
    generators: &[(usize, Vec<Complex<f64>>)],
) -> Vec<Complex<f64>> {
    let size = d * d;
    let mut entries = vec![Complex::ZERO; group.order() * size];
    let mut reached = vec![false; group.order()];
    let mut members = vec![group.identity()];
    reached[members[0]] = true;
    (0..d).for_each(|i| entries[members[0] * size + i * (d + 1)] = Complex::ONE);
    let mut at = 0;
    while at < members.len() {
        let g = members[at];
        for (generator, matrix) in generators {
            let product = group.product(g, *generator);
            if !std::mem::replace(&mut reached[product], true) {
                members.push(product);
                let image = multiply(&entries[g * size..][..size], matrix, d);
                entries[product * size..][..size].copy_from_slice(&image);
            }
        }
        at += 1;
    }
    entries
}

/// The product of two `d × d` matrices.
pub(super) fn multiply(a: &[Complex<f64>], b: &[Complex<f64>], d: usize) -> Vec<Complex<f64>> {
    let mut product = vec![Complex::ZERO; d * d];
    for (row, out) in a.chunks_exact(d).zip(product.chunks_exact_mut(d)) {
        for (&entry, other) in row.iter().zip(b.chunks_exact(d)) {
            out.iter_mut().zip(other).for_each(|(sum, value)| *sum += entry * value);
        }
    }
    product
}
