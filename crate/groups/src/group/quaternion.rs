//! The quaternion group Q8.

use super::axioms::Table;
use super::irreps::{Kind, Matrices};

/// Elements 1, −1, i, −i, j, −j, k, −k: unit `u` with sign `s` has index `2u + s`.
pub(super) fn table() -> Table {
    Table::new(8, |g, h| {
        let (a, b) = (g / 2, h / 2);
        // Different imaginary units give the third one, with a minus against the order i, j, k, i.
        let minus = a > 0 && b > 0 && (a == b || (b + 3 - a) % 3 == 2);
        2 * (a ^ b) + (g + h + usize::from(minus)) % 2
    })
}

/// Four signs, then the two-dimensional one: `i = diag(i, −i)`, `j = [[0, 1], [−1, 0]]`.
pub(super) fn irreps() -> Vec<Matrices> {
    // The bits of a unit's number tell which signs it has: i, j and k = ij are 1, 2 and 3 = 1 xor 2.
    let sign = |keeps: usize, g: usize| if g / 2 == 0 || g / 2 == keeps { 1.0 } else { -1.0 };
    let trivial = Matrices { degree: 1, kind: Kind::Real, entries: vec![1.0; 8] };
    let signs = (1..4).map(|keeps| Matrices {
        degree: 1,
        kind: Kind::Real,
        entries: (0..8).map(|g| sign(keeps, g)).collect(),
    });
    const UNITS: [[f64; 8]; 4] = [
        [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0],
        [0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, -1.0],
        [0.0, 0.0, 1.0, 0.0, -1.0, 0.0, 0.0, 0.0],
        [0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 0.0],
    ];
    let entries =
        (0..64).map(|at| UNITS[at / 16][at % 8] * if at / 8 % 2 == 0 { 1.0 } else { -1.0 });
    let faithful = Matrices { degree: 2, kind: Kind::Quaternionic, entries: entries.collect() };
    std::iter::once(trivial).chain(signs).chain([faithful]).collect()
}
