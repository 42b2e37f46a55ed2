//! Character tables, from the multiplication of conjugacy classes.

use super::irreps::Kind;
use super::krylov::Krylov;
use super::random::Random;
use super::{Classes, Group};
use crate::fourier::{ComplexLines, Direction};
use faer::complex::Complex;
use std::cmp::Reverse;

/// An irreducible character: its values at the classes.
#[derive(Debug, Clone)]
pub(super) struct Character {
    pub degree: usize,
    pub kind: Kind,
    pub values: Vec<Complex<f64>>,
}

/// The irreducible characters, one of each conjugate pair, by degree and value, the trivial one
/// first; `None` when the seed was a bad one.
///
/// Class functions are an algebra whose generic Hermitian element has the characters as eigenvectors
/// (Burnside). These are then sharpened: characters are sums of roots of unity, whose numbers are
/// integers (Dixon 1967).
pub(super) fn characters(group: &Group, classes: &Classes, seed: u64) -> Option<Vec<Character>> {
    let mut all = rough(group, classes, seed)?;
    for cycle in cycles(group, classes) {
        let fourier = ComplexLines::new(cycle.len(), 1);
        for values in &mut all {
            sharpen(values, &cycle, &fourier)?;
        }
    }
    let order = group.order() as f64;
    let weighted = |values: &[Complex<f64>]| -> f64 {
        values.iter().zip(&classes.sizes).map(|(x, &size)| x.norm_sqr() * size as f64).sum()
    };
    let irreducible = |values: &Vec<Complex<f64>>| (weighted(values) / order - 1.0).abs() < 1e-9;
    let squares: f64 = all.iter().map(|values| values[0].norm_sqr()).sum();
    all.sort_by_cached_key(|values| key(values));
    let distinct = all.windows(2).all(|pair| key(&pair[0]) != key(&pair[1]));
    if !(all.iter().all(irreducible) && distinct && (squares / order - 1.0).abs() < 1e-9) {
        return None;
    }
    let squared: Vec<usize> =
        classes.representatives.iter().map(|&g| classes.of[group.product(g, g)]).collect();
    let mut stored = Vec::new();
    for mut values in all {
        let sizes = classes.sizes.iter().map(|&size| size as f64);
        let sum: f64 =
            squared.iter().zip(sizes).map(|(&class, size)| values[class].re * size).sum();
        let kind = match (sum / order).round() as i8 {
            1 => Kind::Real,
            -1 => Kind::Quaternionic,
            _ => Kind::Complex,
        };
        if kind != Kind::Complex {
            values.iter_mut().for_each(|value| value.im = 0.0);
        }
        let conjugate: Vec<Complex<f64>> = values.iter().map(Complex::conj).collect();
        if key(&values) <= key(&conjugate) {
            stored.push(Character { degree: values[0].re.round() as usize, kind, values });
        }
    }
    Some(stored)
}

/// Sorts by degree, then by values, larger ones first; rounded, since equal values may differ in
/// their last bits.
fn key(values: &[Complex<f64>]) -> (i64, Vec<Reverse<[i64; 2]>>) {
    let rounded = |value: f64| (value * 1e6).round() as i64;
    let entries = values.iter().map(|value| Reverse([rounded(value.re), rounded(value.im)]));
    (rounded(values[0].re), entries.collect())
}

/// The characters up to the rounding errors of an eigenvector.
fn rough(group: &Group, classes: &Classes, seed: u64) -> Option<Vec<Vec<Complex<f64>>>> {
    let count = classes.count();
    let mut random = Random::new(seed);
    let mut element = vec![Complex::ZERO; count];
    for (class, &g) in classes.representatives.iter().enumerate() {
        let value =
            Complex::new(random.number(), random.number()) / (classes.sizes[class] as f64).sqrt();
        element[class] += value;
        element[classes.of[group.inverse(g)]] += value.conj();
    }
    let size = |class: usize| classes.sizes[class] as f64;
    // How the element multiplies class sums, these scaled to unit length.
    let mut matrix = vec![Complex::ZERO; count * count];
    for (k, &z) in classes.representatives.iter().enumerate() {
        let row = &mut matrix[k * count..][..count];
        for g in 0..group.order() {
            row[classes.of[g]] += element[classes.of[group.product(z, group.inverse(g))]];
        }
        row.iter_mut().enumerate().for_each(|(j, entry)| *entry *= (size(k) / size(j)).sqrt());
    }
    let apply = |vector: &[Complex<f64>]| {
        let row = |row: &[Complex<f64>]| row.iter().zip(vector).map(|(a, b)| a * b).sum();
        matrix.chunks_exact(count).map(row).collect()
    };
    // The identity is a sum of multiples of all characters.
    let mut start = vec![Complex::ZERO; count];
    start[0] = Complex::ONE;
    let krylov = Krylov::new(&start, count, apply)?;
    let eigen = krylov.eigen()?;
    let character = |coordinates: &[f64]| {
        let mut vector = vec![Complex::ZERO; count];
        for (&coordinate, basis) in coordinates.iter().zip(&krylov.basis) {
            super::krylov::add(&mut vector, coordinate.into(), basis);
        }
        // The idempotent of a character holds its conjugate, and is positive at the identity.
        let scale = (group.order() as f64).sqrt() * vector[0] / vector[0].norm();
        let value =
            |(class, value): (usize, &Complex<f64>)| value.conj() * scale / size(class).sqrt();
        vector.iter().enumerate().map(value).collect()
    };
    Some(eigen.vectors.chunks_exact(count).map(character).collect())
}

/// The classes of the powers of elements, as many elements as it takes to meet all classes.
fn cycles(group: &Group, classes: &Classes) -> Vec<Vec<usize>> {
    let mut orders: Vec<(usize, usize)> =
        classes.representatives.iter().map(|&g| (group.element_order(g), g)).collect();
    orders.sort_by_key(|&(order, g)| (Reverse(order), g));
    let mut met = vec![false; classes.count()];
    let mut cycles = Vec::new();
    for (order, g) in orders {
        if met[classes.of[g]] {
            continue;
        }
        let mut power = group.identity();
        let mut cycle = Vec::with_capacity(order);
        for _ in 0..order {
            cycle.push(classes.of[power]);
            met[classes.of[power]] = true;
            power = group.product(power, g);
        }
        cycles.push(cycle);
    }
    cycles
}

/// Rounds the numbers of the roots of unity that a character is the sum of at the powers of an
/// element; `None` when they are not close to integers.
fn sharpen(values: &mut [Complex<f64>], cycle: &[usize], fourier: &ComplexLines) -> Option<()> {
    let order = cycle.len();
    let mut buffer: Vec<Complex<f64>> = cycle.iter().map(|&class| values[class]).collect();
    fourier.process(&mut buffer, Direction::Minus);
    for number in &mut buffer {
        let exact = *number / order as f64;
        *number = Complex::from(exact.re.round());
        if (exact - *number).norm() > 1e-2 {
            return None;
        }
    }
    fourier.process(&mut buffer, Direction::Plus);
    cycle.iter().zip(buffer).for_each(|(&class, value)| values[class] = value);
    Some(())
}
