//! The irreps of symmetric groups in Young's orthogonal form.
//!
//! Source: G. James, A. Kerber, "The Representation Theory of the Symmetric Group", 1981, section 3.4.

use super::Group;
use super::extension::extend;
use super::irreps::{Kind, Matrices};
use faer::complex::Complex;

/// One irrep for each partition of the degree, from `(n)`, the trivial one, to `(1, …, 1)`, the sign.
///
/// Standard tableaux are a basis. The transposition of the points k and k+1 has 1/r on the diagonal, r
/// the difference of the contents (column − row) of k+1 and k, and mixes the tableaux in which the two
/// have changed places.
pub(super) fn irreps(group: &Group, degree: usize) -> Vec<Matrices> {
    let transpositions = adjacent(group, degree);
    partitions(degree, degree).iter().map(|shape| young(group, &transpositions, shape)).collect()
}

/// The elements that exchange neighbouring points.
fn adjacent(group: &Group, degree: usize) -> Vec<usize> {
    let exchanges = |g: usize, k: usize| {
        let images = group.permutation(g).unwrap_or_default();
        (0..degree)
            .all(|x| images[x] as usize == if x == k { k + 1 } else { x - usize::from(x == k + 1) })
    };
    let find = |k: usize| (0..group.order()).find(|&g| exchanges(g, k));
    (1..degree).filter_map(|next| find(next - 1)).collect()
}

/// The partitions of a number into parts of at most `largest`, larger ones first.
fn partitions(number: usize, largest: usize) -> Vec<Vec<usize>> {
    if number == 0 {
        return vec![vec![]];
    }
    let after = |part: usize| {
        let rest = partitions(number - part, part);
        rest.into_iter().map(move |rest| [vec![part], rest].concat())
    };
    (1..=number.min(largest)).rev().flat_map(after).collect()
}

/// The standard tableaux of a shape: the row of each point.
fn tableaux(shape: &[usize]) -> Vec<Vec<usize>> {
    if shape.iter().all(|&length| length == 0) {
        return vec![vec![]];
    }
    let mut all = Vec::new();
    for row in 0..shape.len() {
        // The last point is at the end of a row below which there is nothing.
        if shape[row] > shape.get(row + 1).copied().unwrap_or(0) {
            let mut smaller = shape.to_vec();
            smaller[row] -= 1;
            all.extend(tableaux(&smaller).into_iter().map(|mut rows| {
                rows.push(row);
                rows
            }));
        }
    }
    all
}

fn young(group: &Group, transpositions: &[usize], shape: &[usize]) -> Matrices {
    let basis = tableaux(shape);
    let d = basis.len();
    let content = |rows: &[usize], point: usize| {
        let column = rows[..point].iter().filter(|&&row| row == rows[point]).count();
        column as f64 - rows[point] as f64
    };
    let matrix = |k: usize| {
        let mut matrix = vec![Complex::ZERO; d * d];
        for (i, rows) in basis.iter().enumerate() {
            let inverse = 1.0 / (content(rows, k + 1) - content(rows, k));
            matrix[i * d + i] = inverse.into();
            let mut swapped = rows.clone();
            swapped.swap(k, k + 1);
            // In one row nothing changes; in one column there is no such standard tableau.
            let other = basis.iter().position(|other| *other == swapped);
            if let Some(j) = other.filter(|&j| j != i) {
                matrix[i * d + j] = (1.0 - inverse * inverse).sqrt().into();
            }
        }
        matrix
    };
    let generators: Vec<(usize, Vec<Complex<f64>>)> =
        transpositions.iter().enumerate().map(|(k, &g)| (g, matrix(k))).collect();
    Matrices::of(d, Kind::Real, &extend(group, d, &generators))
}
