//! The group algebra: complex functions on a group, `(vw)(x) = Σ_g v(g) w(g^-1 x)`.

use super::Group;
use faer::complex::Complex;

pub(super) type Function = Vec<Complex<f64>>;

/// A group with its products at hand: sums over all pairs of elements are what decompositions take
/// their time for.
pub(super) struct Algebra<'a> {
    pub group: &'a Group,
    products: Vec<u32>,
}

impl Algebra<'_> {
    pub(super) fn new(group: &Group) -> Algebra<'_> {
        Algebra { group, products: group.table() }
    }

    pub(super) fn order(&self) -> usize {
        self.group.order()
    }

    /// The values `v(g^-1 x)` of `gv` at all x.
    fn moved<'b>(
        &'b self,
        g: usize,
        vector: &'b [Complex<f64>],
    ) -> impl Iterator<Item = Complex<f64>> + 'b {
        let row = &self.products[self.group.inverse(g) * self.order()..][..self.order()];
        row.iter().map(|&x| vector[x as usize])
    }

    /// `gv`.
    pub(super) fn translate(&self, g: usize, vector: &[Complex<f64>]) -> Function {
        self.moved(g, vector).collect()
    }

    /// The product of two functions.
    pub(super) fn multiply(&self, left: &[Complex<f64>], right: &[Complex<f64>]) -> Function {
        let mut product = vec![Complex::ZERO; self.order()];
        for (g, &value) in left.iter().enumerate() {
            product.iter_mut().zip(self.moved(g, right)).for_each(|(sum, x)| *sum += value * x);
        }
        product
    }

    /// `v (Σ c g + c̄ g^-1)`.
    pub(super) fn times(
        &self,
        vector: &[Complex<f64>],
        terms: &[(Complex<f64>, usize)],
    ) -> Function {
        let mut product = vec![Complex::ZERO; self.order()];
        for &(factor, g) in terms {
            let inverse = self.group.inverse(g);
            for (x, sum) in product.iter_mut().enumerate() {
                let row = &self.products[x * self.order()..][..self.order()];
                let at = |g: usize| vector[row[g] as usize];
                *sum += factor * at(inverse) + factor.conj() * at(g);
            }
        }
        product
    }
}
