//! Pairs of images as pairs of vectors: what the sink makes of them.

use super::covariance::Covariance;
use super::image::Image;
use super::offsets::{Offsets, Totals};
use super::program::{Executor, Program};
use super::window::Slice;
use crate::real::Real;

/// Memory that pairs of one program use one after the other.
pub struct Pairs<T: Real> {
    /// Nothing before the first pair.
    offsets: Option<BySlice<T>>,
}

/// The memory of the executor that goes slice by slice, and the slices with their weights.
struct BySlice<T: Real> {
    offsets: Offsets<T>,
    /// Of two images.
    slices: Vec<(Slice, f64)>,
    /// Of an image with itself.
    own_slices: Vec<(Slice, f64)>,
}

impl<T: Real> Pairs<T> {
    pub fn new() -> Self {
        Pairs { offsets: None }
    }

    /// 1 − N/(SS') and T/(SS') of the vectors of two images; of an image with itself with `own`.
    pub fn pair(&mut self, program: &Program, images: [&Image<T>; 2], own: bool) -> (f64, f64) {
        let totals = self.totals(program, images, own);
        let [one, two] = images;
        let [s, t] = images.map(|image| image.variance_in_unit().sqrt());
        let product = s * t;
        if product == 0.0 {
            return (1.0, 0.0);
        }
        let apart = totals.distance - one.spread - two.spread;
        let gap = (apart - (s - t).powi(2)).max(0.0);
        (gap / (2.0 * product), totals.ntk / product)
    }

    /// Means at the sink.
    pub fn totals(&mut self, program: &Program, images: [&Image<T>; 2], own: bool) -> Totals {
        if program.executor == Executor::Covariance {
            return Covariance::run(program, images, own);
        }
        let BySlice { offsets, slices, own_slices } = self.offsets.get_or_insert_with(|| BySlice {
            offsets: Offsets::new(program),
            slices: program.slices(false),
            own_slices: program.slices(true),
        });
        offsets.run(program, images, own, if own { own_slices } else { slices })
    }
}

impl<T: Real> Default for Pairs<T> {
    fn default() -> Self {
        Self::new()
    }
}
