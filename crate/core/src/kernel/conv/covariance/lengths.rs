//! The lengths of the features of all locations, as rows of the executor need them.

use crate::kernel::conv::image::Field;
use crate::kernel::conv::plane::Run;
use crate::kernel::conv::settle::Side;
use crate::real::Real;

/// S, 1/(2S) and S² of all locations in a row, in whole vectors.
#[derive(Clone)]
pub struct Lengths<T> {
    pub root: Vec<T>,
    pub inverse: Vec<T>,
    pub square: Vec<T>,
}

impl<T: Real> Lengths<T> {
    pub fn new(field: &Field<T>) -> Self {
        let Field { root, inverse, square } = field;
        Lengths { root: root.flat(), inverse: inverse.flat(), square: square.flat() }
    }

    pub fn side(&self, vectors: usize) -> Side<'_, T> {
        Side { root: Run::new(&self.root, vectors), inverse: Run::new(&self.inverse, vectors) }
    }
}

/// A row whose first location is one and the same.
pub struct Splat<T> {
    pub root: Vec<T>,
    pub inverse: Vec<T>,
}

impl<T: Real> Splat<T> {
    pub fn new(lengths: &Lengths<T>, location: usize, vectors: usize) -> Self {
        let fill = |numbers: &[T]| vec![numbers[location]; vectors * T::LANES];
        Splat { root: fill(&lengths.root), inverse: fill(&lengths.inverse) }
    }

    pub fn side(&self, vectors: usize) -> Side<'_, T> {
        Side { root: Run::new(&self.root, vectors), inverse: Run::new(&self.inverse, vectors) }
    }
}
