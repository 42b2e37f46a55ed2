//! The irreps of dihedral groups, all real.

use super::irreps::{Kind, Matrices};
use crate::fourier::root;

/// Two signs (four when `n` is even), then turns by `2πj/n`, `0 < j < n/2`, with the reflection
/// `diag(1, −1)`.
pub(super) fn irreps(n: usize) -> Vec<Matrices> {
    let elements = || (0..2 * n).map(|g| (g % n, g / n));
    let sign = |odd: bool| if odd { -1.0 } else { 1.0 };
    let mut all = Vec::new();
    for turns in 0..if n.is_multiple_of(2) { 2 } else { 1 } {
        for flips in 0..2 {
            let entries = elements().map(|(a, b)| sign((a * turns + b * flips) % 2 == 1)).collect();
            all.push(Matrices { degree: 1, kind: Kind::Real, entries });
        }
    }
    for j in 1..n.div_ceil(2) {
        let matrix = |(a, b): (usize, usize)| {
            let turn = root(a * j, n);
            let flip = sign(b == 1);
            [turn.re, -turn.im * flip, turn.im, turn.re * flip]
        };
        let entries = elements().flat_map(matrix).collect();
        all.push(Matrices { degree: 2, kind: Kind::Real, entries });
    }
    all
}
