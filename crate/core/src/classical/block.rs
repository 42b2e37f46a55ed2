//! What a tile needs to know of each of its samples.

use super::kernel::{Kernel, Needs};
use super::pair::{Angle, Pair};
use crate::error::{Error, Result};
use crate::linalg::panels::Panels;
use crate::real::Real;
use crate::units::Units;

/// A run of samples, packed for products, with what a kernel needs of each.
pub struct Block<T: Real> {
    /// Samples in the block.
    pub count: usize,
    pub samples: Panels<T>,
    /// The kernel of each sample with itself.
    pub own: Vec<T>,
    /// Unit vectors and lengths, for angles.
    pub units: Option<Units<T>>,
}

impl<T: Real> Block<T> {
    /// Packs `count × dimension` samples (row-major).
    ///
    /// Errors: code `value` with the sample's index in the block when its kernel, or the square of its
    /// distance from another one of its length, leaves the range of the precision.
    pub fn new(kernel: &Kernel, dimension: usize, samples: &[T]) -> Result<Block<T>> {
        let Needs { product, angle, .. } = kernel.needs();
        let units = angle.then(|| Units::new(samples, dimension));
        let products = if product { squares(samples, dimension) } else { Vec::new() };
        let mut own = Vec::with_capacity(samples.len() / dimension);
        for (index, sample) in samples.chunks_exact(dimension).enumerate() {
            let square: f64 = sample.iter().map(|x| x.to_f64() * x.to_f64()).sum();
            let length = units.as_ref().map_or(0.0, |units| units.lengths[index]);
            let value = T::from_f64(kernel.of(&Pair {
                distance: 0.0,
                product: products.get(index).map_or(0.0, |square| square.to_f64()),
                lengths: length * length,
                angle: Angle::new(0.0, if length > 0.0 { 4.0 } else { 0.0 }),
            }));
            if !(value.to_f64().is_finite() && T::from_f64(4.0 * square).to_f64().is_finite()) {
                return Err(Error::out_of_range(index));
            }
            own.push(value);
        }
        Ok(Block { count: own.len(), samples: Panels::from_rows(samples, dimension), own, units })
    }
}

/// `x·x` of each sample, the bits that a product of panels has.
fn squares<T: Real>(samples: &[T], dimension: usize) -> Vec<T> {
    let height = Panels::<T>::height();
    let mut squares = Vec::with_capacity(samples.len() / dimension);
    let mut product = vec![T::ZERO; height * height];
    for rows in samples.chunks(height * dimension) {
        let panel = Panels::from_rows(rows, dimension);
        Panels::multiply(&panel, &panel, true, &mut product);
        squares.extend(product.iter().step_by(height + 1).take(panel.rows()));
    }
    squares
}
