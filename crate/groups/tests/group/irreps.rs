//! Irreps against the relations that define them.

use crate::groups::{SIMPLE, group, others, semidirect, tori};
use faer::complex::Complex;
use orbit_kernels_groups::group::{Classes, Group, Irreps, Kind, Member};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

type Matrix = Vec<Complex<f64>>;

fn all() -> impl Iterator<Item = (Group, Irreps)> {
    tori().into_iter().chain(others()).map(|text| {
        let group = group(&text);
        let irreps = Irreps::new(&group).unwrap();
        (group, irreps)
    })
}

fn multiply(a: &Matrix, b: &Matrix, d: usize) -> Matrix {
    let entry = |at: usize| (0..d).map(|k| a[at / d * d + k] * b[k * d + at % d]).sum();
    (0..d * d).map(entry).collect()
}

#[track_caller]
fn assert_equal(a: &[Complex<f64>], b: &[Complex<f64>], tolerance: f64) {
    assert_eq!(a.len(), b.len());
    let distance = a.iter().zip(b).map(|(x, y)| (x - y).norm()).fold(0.0, f64::max);
    assert!(distance <= tolerance, "{distance:e}");
}

#[test]
fn irreps_are_unitary_representations() {
    for (group, irreps) in all() {
        for (irrep, component) in irreps.layout().iter().enumerate() {
            let d = component.degree;
            let matrices: Vec<Matrix> = (0..group.order())
                .map(|g| irreps.unitary(Member { irrep, conjugate: false }, g))
                .collect();
            let one: Matrix = (0..d * d)
                .map(|at| Complex::from(if at % (d + 1) == 0 { 1.0 } else { 0.0 }))
                .collect();
            assert_equal(&matrices[group.identity()], &one, 1e-12);
            for (g, matrix) in matrices.iter().enumerate() {
                let adjoint: Matrix =
                    (0..d * d).map(|at| matrix[at % d * d + at / d].conj()).collect();
                assert_equal(&multiply(matrix, &adjoint, d), &one, 1e-12);
                for &h in group.generators() {
                    let product = multiply(matrix, &matrices[h], d);
                    assert_equal(&product, &matrices[group.product(g, h)], 1e-12);
                }
                assert_eq!(irreps.matrix(irrep, g).len(), component.length());
            }
        }
        assert!((0..group.order()).all(|g| irreps.matrix(0, g) == [1.0]), "the trivial one");
    }
}

/// 1/|G| Σ_g ρ_ij(g) conj σ_kl(g) = δ/d.
#[test]
fn matrix_entries_are_orthogonal() {
    for (group, irreps) in all().filter(|(group, _)| group.order() <= 64) {
        let order = group.order();
        let mut functions: Vec<(f64, Matrix)> = Vec::new();
        for &member in irreps.members() {
            let matrices: Vec<Matrix> = (0..order).map(|g| irreps.unitary(member, g)).collect();
            let degree = irreps.layout()[member.irrep].degree;
            for at in 0..degree * degree {
                functions.push((degree as f64, matrices.iter().map(|m| m[at]).collect()));
            }
        }
        assert_eq!(functions.len(), order, "the entries are a basis");
        for (a, (degree, f)) in functions.iter().enumerate() {
            for (b, (_, h)) in functions.iter().enumerate() {
                let mean: Complex<f64> =
                    f.iter().zip(h).map(|(x, y)| x * y.conj()).sum::<Complex<f64>>() / order as f64;
                let expected = if a == b { 1.0 / degree } else { 0.0 };
                assert!((mean - expected).norm() < 1e-12, "{mean} instead of {expected}");
            }
        }
    }
}

#[test]
fn characters_are_orthogonal() {
    for (group, irreps) in all() {
        let classes = Classes::new(&group);
        let count = classes.count();
        assert_eq!(irreps.members().len(), count);
        let table = irreps.characters(&classes);
        let order = group.order() as f64;
        for (a, b) in (0..count).flat_map(|a| (0..count).map(move |b| (a, b))) {
            let row = |k: usize| &table[k * count..][..count];
            let term = |c: usize| row(a)[c] * row(b)[c].conj() * classes.sizes[c] as f64;
            let sum: Complex<f64> = (0..count).map(term).sum();
            let expected = if a == b { 1.0 } else { 0.0 };
            assert!((sum / order - expected).norm() < 1e-12);
            let term = |k: usize| row(k)[a] * row(k)[b].conj() * classes.sizes[a] as f64;
            let sum: Complex<f64> = (0..count).map(term).sum();
            assert!((sum / order - expected).norm() < 1e-12);
        }
        for g in 0..group.order() {
            let representative = classes.representatives[classes.of[g]];
            for &member in irreps.members() {
                let gap = irreps.character(member, g) - irreps.character(member, representative);
                assert!(gap.norm() < 1e-11);
            }
        }
    }
}

#[test]
fn kinds_are_those_of_frobenius_and_schur() {
    for (group, irreps) in all() {
        for (irrep, component) in irreps.layout().iter().enumerate() {
            let member = Member { irrep, conjugate: false };
            let square = |g: usize| irreps.character(member, group.product(g, g));
            let sum: Complex<f64> = (0..group.order()).map(square).sum();
            let expected = match component.kind {
                Kind::Real => 1.0,
                Kind::Complex => 0.0,
                Kind::Quaternionic => -1.0,
            };
            assert!((sum / group.order() as f64 - expected).norm() < 1e-12);
            assert_eq!(component.multiplicity(), if expected == 0.0 { 2 } else { 1 });
        }
    }
}

#[test]
fn degrees_are_the_known_ones() {
    for (text, degrees) in [
        (r#"{"type":"symmetric","degree":4}"#, vec![1, 3, 2, 3, 1]),
        (r#"{"type":"symmetric","degree":5}"#, vec![1, 4, 5, 6, 5, 4, 1]),
        (r#"{"type":"alternating","degree":4}"#, vec![1, 1, 3]),
        (r#"{"type":"alternating","degree":5}"#, vec![1, 3, 3, 4, 5]),
        (r#"{"type":"dihedral","order":4}"#, vec![1, 1, 1, 1, 2]),
        (r#"{"type":"dihedral","order":5}"#, vec![1, 1, 2, 2]),
        (r#"{"type":"quaternion"}"#, vec![1, 1, 1, 1, 2]),
        (&semidirect(), vec![1, 1, 1, 2, 2]),
        (SIMPLE, vec![1, 3, 6, 7, 8]),
    ] {
        let irreps = Irreps::new(&group(text)).unwrap();
        let actual: Vec<usize> = irreps.layout().iter().map(|c| c.degree).collect();
        assert_eq!(actual, degrees, "{text}");
    }
}

/// exp(2πi Σ_k w_k a_k/n_k), w in the order of the elements.
#[test]
fn products_of_cyclic_groups_have_characters_by_frequency() {
    let text =
        r#"{"type":"product","factors":[{"type":"cyclic","order":4},{"type":"cyclic","order":6}]}"#;
    let irreps = Irreps::new(&group(text)).unwrap();
    for (w, &member) in irreps.members().iter().enumerate() {
        for a in 0..24 {
            let turns = (w / 6 * (a / 6)) as f64 / 4.0 + (w % 6 * (a % 6)) as f64 / 6.0;
            let expected = Complex::from_polar(1.0, std::f64::consts::TAU * turns);
            assert!((irreps.character(member, a) - expected).norm() < 1e-13);
        }
    }
    let irreps = Irreps::new(&group(r#"{"type":"cyclic","order":6}"#)).unwrap();
    let kinds: Vec<Kind> = irreps.layout().iter().map(|component| component.kind).collect();
    assert_eq!(kinds, [Kind::Real, Kind::Complex, Kind::Complex, Kind::Real]);
}

#[test]
fn decompositions_are_the_same_each_time() {
    let text = r#"{"type":"alternating","degree":5}"#;
    let numbers = || {
        let irreps = Irreps::new(&group(text)).unwrap();
        (0..60).flat_map(|g| irreps.matrix(3, g)).collect::<Vec<_>>()
    };
    assert_eq!(numbers(), numbers());
}
