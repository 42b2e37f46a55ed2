//! The irreps of any finite group, from its characters.
//!
//! The central idempotent `e` of a character generates a `d × d` matrix algebra inside the group
//! algebra. There a generic Hermitian element `a` has d different eigenvalues; the part `f` of `e` that
//! belongs to one of them generates a left ideal of d dimensions, on which the group acts as the
//! irrep. Real characters of real kind are split with real numbers, and have real matrices.

use super::algebra::{Algebra, Function};
use super::characters::{Character, characters};
use super::extension::{extend, multiply};
use super::irreps::{Kind, Matrices};
use super::krylov::{Krylov, add, dot, norm};
use super::random::Random;
use super::{Classes, Group, abelian};
use faer::complex::Complex;
use orbit_kernels_core::error::{Code, Error, Result};

/// Seeds tried before giving up; the first one does unless eigenvalues happen to be close.
const SEEDS: u64 = 16;

/// The largest entry of ρ(g)ρ(h) − ρ(gh) that is let through.
const ACCURACY: f64 = 1e-12;

/// The irreps of a group of which nothing but its products is known, by degree.
pub(super) fn irreps(group: &Group) -> Result<Vec<Matrices>> {
    if group.is_abelian() {
        return Ok(abelian::irreps(group));
    }
    let failure = || {
        let expected = format!("irreps to {ACCURACY:e}");
        let message = format!("the group could not be decomposed numerically: expected {expected}");
        Error::new(Code::Group, message).value(group.order()).expected(expected)
    };
    let classes = Classes::new(group);
    let table = (0..SEEDS).find_map(|seed| characters(group, &classes, seed));
    let algebra = Algebra::new(group);
    let irrep = |character: Character| {
        let spread: Function = classes.of.iter().map(|&class| character.values[class]).collect();
        if character.degree == 1 {
            return Ok(Matrices::of(1, character.kind, &spread));
        }
        (0..SEEDS).find_map(|seed| split(&algebra, &character, &spread, seed)).ok_or_else(failure)
    };
    table.ok_or_else(failure)?.into_iter().map(irrep).collect()
}

/// An irrep with the given character, whose values at the elements are `spread`.
fn split(
    algebra: &Algebra,
    character: &Character,
    spread: &[Complex<f64>],
    seed: u64,
) -> Option<Matrices> {
    let &Character { degree, kind, .. } = character;
    let group = algebra.group;
    let mut random = Random::new(seed);
    let idempotent = idempotent(algebra, degree, kind, spread, &mut random)?;
    let basis = ideal(algebra, degree, &idempotent, &mut random)?;
    // Besides generators some other elements, so that few matrices are multiplied to reach all.
    let mut elements = group.generators().to_vec();
    elements.extend((0..8).map(|_| random.below(group.order())));
    let matrix = |&g: &usize| {
        let images: Vec<Function> =
            basis.iter().map(|vector| algebra.translate(g, vector)).collect();
        let row = |vector: &Function| -> Function {
            images.iter().map(|image| dot(vector, image)).collect()
        };
        (g, basis.iter().flat_map(row).collect())
    };
    let images: Vec<(usize, Function)> = elements.iter().map(matrix).collect();
    let entries = extend(group, degree, &images);
    let generators = &images[..group.generators().len()];
    is_accurate(group, degree, spread, &entries, generators)
        .then(|| Matrices::of(degree, kind, &entries))
}

/// A primitive idempotent of the character's part of the group algebra, up to a factor.
fn idempotent(
    algebra: &Algebra,
    degree: usize,
    kind: Kind,
    spread: &[Complex<f64>],
    random: &mut Random,
) -> Option<Function> {
    let order = algebra.order();
    let scale = degree as f64 / order as f64;
    let central: Function = spread.iter().map(|value| value.conj() * scale).collect();
    let term = |_| {
        let imaginary = if kind == Kind::Real { 0.0 } else { random.number() };
        (Complex::new(random.number(), imaginary), random.below(order))
    };
    let terms: Vec<(Complex<f64>, usize)> = (0..8).map(term).collect();
    // Projected each time: rounding errors outside of the character's part may grow.
    let apply =
        |vector: &[Complex<f64>]| algebra.multiply(&central, &algebra.times(vector, &terms));
    let krylov = Krylov::new(&central, degree, apply)?;
    let eigen = krylov.eigen()?;
    let gap = |i: usize| {
        let others = (0..degree).filter(|&j| j != i);
        others.map(|j| (eigen.values[i] - eigen.values[j]).abs()).fold(f64::INFINITY, f64::min)
    };
    let apart = (0..degree).max_by(|&i, &j| gap(i).total_cmp(&gap(j)))?;
    let largest = eigen.values.iter().fold(0f64, |largest, value| largest.max(value.abs()));
    if gap(apart) < 1e-2 / degree as f64 * largest {
        return None;
    }
    let mut vector = vec![Complex::ZERO; order];
    for (&part, basis) in eigen.vectors[apart * degree..].iter().zip(&krylov.basis) {
        add(&mut vector, part.into(), basis);
    }
    Some(algebra.multiply(&central, &vector))
}

/// An orthonormal basis of the left ideal of an idempotent: the images under elements that are
/// farthest from those before.
fn ideal(
    algebra: &Algebra,
    degree: usize,
    idempotent: &[Complex<f64>],
    random: &mut Random,
) -> Option<Vec<Function>> {
    let length = norm(idempotent);
    let image = |_| algebra.translate(random.below(algebra.order()), idempotent);
    let mut images: Vec<Function> = (0..4 * degree + 8).map(image).collect();
    let mut basis: Vec<Function> = Vec::new();
    for _ in 0..degree {
        let farthest = images.iter().enumerate().max_by(|a, b| norm(a.1).total_cmp(&norm(b.1)))?.0;
        let mut next = images.swap_remove(farthest);
        for vector in &basis {
            let part = dot(vector, &next);
            add(&mut next, -part, vector);
        }
        let left = norm(&next);
        if left < 1e-3 * length {
            return None;
        }
        next.iter_mut().for_each(|x| *x /= left);
        for image in &mut images {
            let part = dot(&next, image);
            add(image, -part, &next);
        }
        basis.push(next);
    }
    Some(basis)
}

/// Whether matrices are a unitary representation with the given character: its values, unitary
/// generators, and all products with generators, from which all other products follow.
fn is_accurate(
    group: &Group,
    degree: usize,
    spread: &[Complex<f64>],
    entries: &[Complex<f64>],
    generators: &[(usize, Function)],
) -> bool {
    let size = degree * degree;
    let matrix = |g: usize| &entries[g * size..][..size];
    let close = |a: Complex<f64>, b: Complex<f64>| (a - b).norm() <= ACCURACY;
    let traces = (0..group.order()).all(|g| {
        let trace: Complex<f64> = matrix(g).iter().step_by(degree + 1).sum();
        close(trace / degree as f64, spread[g] / degree as f64)
    });
    let unitary = |(_, matrix): &(usize, Function)| {
        let rows: Vec<&[Complex<f64>]> = matrix.chunks_exact(degree).collect();
        (0..size).all(|at| {
            let (i, j) = (at / degree, at % degree);
            close(dot(rows[i], rows[j]), Complex::from(f64::from(u8::from(i == j))))
        })
    };
    traces
        && generators.iter().all(unitary)
        && (0..group.order()).all(|g| {
            generators.iter().all(|(generator, right)| {
                let product = multiply(matrix(g), right, degree);
                let whole = matrix(group.product(g, *generator));
                product.iter().zip(whole).all(|(&a, &b)| close(a, b))
            })
        })
}
