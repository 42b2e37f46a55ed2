//! Hermitian operators on the space that one vector generates.

use faer::complex::Complex;

/// An operator in the basis that starts with a vector and its images: real and tridiagonal.
pub(super) struct Krylov {
    /// Orthonormal.
    pub basis: Vec<Vec<Complex<f64>>>,
    diagonal: Vec<f64>,
    /// Beside the diagonal, and a zero.
    beside: Vec<f64>,
}

/// Eigenvalues, and for each the coordinates of its unit eigenvector in the basis, row-major.
pub(super) struct Eigen {
    pub values: Vec<f64>,
    pub vectors: Vec<f64>,
}

pub(super) fn dot(a: &[Complex<f64>], b: &[Complex<f64>]) -> Complex<f64> {
    a.iter().zip(b).map(|(x, y)| x.conj() * y).sum()
}

/// `a += factor·b`.
pub(super) fn add(a: &mut [Complex<f64>], factor: Complex<f64>, b: &[Complex<f64>]) {
    a.iter_mut().zip(b).for_each(|(x, y)| *x += factor * y);
}

pub(super) fn norm(a: &[Complex<f64>]) -> f64 {
    a.iter().map(|x| x.norm_sqr()).sum::<f64>().sqrt()
}

impl Krylov {
    /// Lanczos with full orthogonalization; `None` when the vector generates a space of fewer
    /// dimensions.
    pub(super) fn new(
        start: &[Complex<f64>],
        dimension: usize,
        apply: impl Fn(&[Complex<f64>]) -> Vec<Complex<f64>>,
    ) -> Option<Krylov> {
        let mut krylov = Krylov { basis: vec![], diagonal: vec![], beside: vec![] };
        let mut next = start.to_vec();
        let mut scale = 0f64;
        loop {
            let length = norm(&next);
            if length <= 1e-9 * scale {
                return None;
            }
            next.iter_mut().for_each(|x| *x /= length);
            if !krylov.basis.is_empty() {
                krylov.beside.push(length);
            }
            let mut image = apply(&next);
            let diagonal = dot(&next, &image).re;
            scale = scale.max(norm(&image));
            krylov.diagonal.push(diagonal);
            krylov.basis.push(next);
            if krylov.basis.len() == dimension {
                krylov.beside.push(0.0);
                return Some(krylov);
            }
            // Once is not enough: what is left may be small, and then mostly rounding errors.
            for _ in 0..2 {
                for vector in &krylov.basis {
                    let part = dot(vector, &image);
                    add(&mut image, -part, vector);
                }
            }
            next = image;
        }
    }

    /// The implicit QL algorithm; `None` when it does not converge.
    ///
    /// Source: J. H. Wilkinson, C. Reinsch, "Linear Algebra", 1971, contribution II/4 (tql2).
    pub(super) fn eigen(&self) -> Option<Eigen> {
        let size = self.diagonal.len();
        let (mut values, mut beside) = (self.diagonal.clone(), self.beside.clone());
        let mut vectors = vec![0.0; size * size];
        (0..size).for_each(|i| vectors[i * (size + 1)] = 1.0);
        for first in 0..size {
            let mut rounds = 0;
            loop {
                let small = |&k: &usize| {
                    let near = values[k].abs() + values[(k + 1).min(size - 1)].abs();
                    beside[k].abs() <= f64::EPSILON * near
                };
                let last = (first..size).find(small).unwrap_or(size - 1);
                if last == first {
                    break;
                }
                rounds += 1;
                if rounds > 60 {
                    return None;
                }
                chase(&mut values, &mut beside, &mut vectors, first, last);
            }
        }
        Some(Eigen { values, vectors })
    }
}

/// One implicit QL step with Wilkinson's shift on the rows `first..=last`.
fn chase(d: &mut [f64], e: &mut [f64], vectors: &mut [f64], first: usize, last: usize) {
    let size = d.len();
    let half = (d[first + 1] - d[first]) / (2.0 * e[first]);
    let shift = e[first] / (half + half.hypot(1.0).copysign(half));
    let mut g = d[last] - d[first] + shift;
    let (mut sin, mut cos, mut moved) = (1.0, 1.0, 0.0);
    for i in (first..last).rev() {
        let (f, b) = (sin * e[i], cos * e[i]);
        let length = f.hypot(g);
        e[i + 1] = length;
        if length == 0.0 {
            d[i + 1] -= moved;
            e[last] = 0.0;
            return;
        }
        (sin, cos) = (f / length, g / length);
        g = d[i + 1] - moved;
        let turned = (d[i] - g) * sin + 2.0 * cos * b;
        moved = sin * turned;
        d[i + 1] = g + moved;
        g = cos * turned - b;
        let (upper, lower) = vectors[i * size..][..2 * size].split_at_mut(size);
        for (x, y) in upper.iter_mut().zip(lower) {
            (*x, *y) = (cos * *x - sin * *y, sin * *x + cos * *y);
        }
    }
    d[first] -= moved;
    e[first] = g;
    e[last] = 0.0;
}
