//! The irreps of products: tensor products of the factors' irreps.

use super::irreps::{Irreps, Kind, Matrices, Member};
use super::{Group, Law, splitting};
use faer::complex::Complex;
use orbit_kernels_core::error::Result;

/// One irrep for each choice of a factor's irrep each, conjugates included, the last factor fastest;
/// of two conjugate choices the first.
///
/// Two quaternionic factors make a real irrep whose matrices are complex; such groups are decomposed
/// as if nothing were known about them.
pub(super) fn irreps(group: &Group) -> Result<Vec<Matrices>> {
    let Law::Product(factors) = &group.law else { unreachable!("only products come here") };
    let factors: Vec<Irreps> = factors.iter().map(Irreps::new).collect::<Result<_>>()?;
    let quaternionic =
        |irreps: &&Irreps| irreps.layout().iter().any(|c| c.kind == Kind::Quaternionic);
    if factors.iter().filter(quaternionic).count() > 1 {
        return splitting::irreps(group);
    }
    let mut choices: Vec<Vec<Member>> = vec![vec![]];
    for factor in &factors {
        let longer = |choice: &Vec<Member>| {
            let choice = choice.clone();
            factor.members().iter().map(move |&member| [choice.as_slice(), &[member]].concat())
        };
        choices = choices.iter().flat_map(longer).collect();
    }
    let kind = |k: usize, member: Member| factors[k].layout()[member.irrep].kind;
    let opposite = |(k, &member): (usize, &Member)| match kind(k, member) {
        Kind::Complex => Member { conjugate: !member.conjugate, ..member },
        _ => member,
    };
    let mut all = Vec::new();
    for (index, choice) in choices.iter().enumerate() {
        let conjugate: Vec<Member> = choice.iter().enumerate().map(opposite).collect();
        if choices[..index].contains(&conjugate) {
            continue;
        }
        let kinds = choice.iter().enumerate().map(|(k, &member)| kind(k, member));
        // Conjugates first: a complex factor leaves nothing that is equivalent to its conjugate.
        let kind = kinds.fold(Kind::Real, |kind, factor| match (kind, factor) {
            (Kind::Complex, _) | (_, Kind::Complex) => Kind::Complex,
            (Kind::Quaternionic, _) | (_, Kind::Quaternionic) => Kind::Quaternionic,
            _ => Kind::Real,
        });
        all.push(tensor(group, &factors, choice, kind));
    }
    Ok(all)
}

fn tensor(group: &Group, factors: &[Irreps], choice: &[Member], kind: Kind) -> Matrices {
    let mut entries = Vec::new();
    let mut degree = 1;
    for element in 0..group.order() {
        let (mut matrix, mut rest) = (vec![Complex::new(1.0, 0.0)], element);
        degree = 1;
        // The last factor is the fastest one: its element is the first remainder.
        for (irreps, &member) in factors.iter().zip(choice).rev() {
            let left = irreps.unitary(member, rest % irreps.order());
            let size = irreps.layout()[member.irrep].degree;
            matrix = kronecker(&left, size, &matrix, degree);
            degree *= size;
            rest /= irreps.order();
        }
        entries.extend(matrix);
    }
    Matrices::of(degree, kind, &entries)
}

fn kronecker(
    a: &[Complex<f64>],
    rows: usize,
    b: &[Complex<f64>],
    inner: usize,
) -> Vec<Complex<f64>> {
    let size = rows * inner;
    let entry = |at: usize| {
        let (i, j) = (at / size, at % size);
        a[i / inner * rows + j / inner] * b[i % inner * inner + j % inner]
    };
    (0..size * size).map(entry).collect()
}
