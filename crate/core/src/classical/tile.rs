//! The classical executor: the numbers of all pairs by blocked products, then the kernel pair by pair.

use super::block::Block;
use super::kernel::{Kernel, Needs};
use super::pair::{Angle, Pair};
use crate::linalg::panels::Panels;
use crate::real::Real;

/// The kernel of `rows × columns`, row-major; of a block with itself when `columns` is `None`.
///
/// The values do not depend on where a pair stands in a tile, nor on its order.
pub fn tile<T: Real>(kernel: &Kernel, rows: &Block<T>, columns: Option<&Block<T>>) -> Vec<T> {
    let symmetric = columns.is_none();
    let columns = columns.unwrap_or(rows);
    let numbers = Numbers::new(kernel.needs(), rows, columns, symmetric);
    let width = columns.count;
    let mut out = vec![T::ZERO; rows.count * width];
    for i in 0..rows.count {
        for j in if symmetric { i } else { 0 }..width {
            let value = T::from_f64(kernel.of(&numbers.pair(i, j)));
            out[i * width + j] = value;
            if symmetric {
                out[j * width + i] = value;
            }
        }
    }
    out
}

/// The numbers of all pairs of two blocks; empty where they are not needed.
struct Numbers<'a, T> {
    stride: usize,
    distances: Vec<T>,
    products: Vec<T>,
    /// |u − v|² and |u + v|² of the unit vectors.
    differences: Vec<T>,
    sums: Vec<T>,
    lengths: Option<[&'a [f64]; 2]>,
}

/// A blocked product of the rows of two matrices.
type Product<T> = fn(&Panels<T>, &Panels<T>, bool, &mut [T]);

impl<'a, T: Real> Numbers<'a, T> {
    fn new(needs: Needs, rows: &'a Block<T>, columns: &'a Block<T>, symmetric: bool) -> Self {
        let stride = columns.samples.padded_rows();
        let size = rows.samples.padded_rows() * stride;
        let all = |product: Product<T>, x: &Panels<T>, y: &Panels<T>| {
            let mut out = vec![T::ZERO; size];
            product(x, y, symmetric, &mut out);
            out
        };
        let of_samples = |needed: bool, product: Product<T>| {
            if needed { all(product, &rows.samples, &columns.samples) } else { Vec::new() }
        };
        let units = rows.units.as_ref().zip(columns.units.as_ref());
        let of_units = |product: Product<T>| {
            units.map_or(Vec::new(), |(u, v)| all(product, &u.vectors, &v.vectors))
        };
        Numbers {
            stride,
            distances: of_samples(needs.distance, Panels::square_distances),
            products: of_samples(needs.product, Panels::multiply),
            differences: of_units(Panels::square_distances),
            sums: of_units(Panels::square_sums),
            lengths: units.map(|(u, v)| [&u.lengths[..], &v.lengths[..]]),
        }
    }

    fn pair(&self, i: usize, j: usize) -> Pair {
        let at = i * self.stride + j;
        let number = |matrix: &[T]| matrix.get(at).map_or(0.0, |entry| entry.to_f64());
        Pair {
            distance: number(&self.distances),
            product: number(&self.products),
            lengths: self.lengths.map_or(0.0, |[rows, columns]| rows[i] * columns[j]),
            angle: Angle::new(number(&self.differences), number(&self.sums)),
        }
    }
}
