//! Layers on images: samples × channels × rows × columns.

use super::{Forward, scaled};
use crate::dual::Dual;
use crate::plan::{Affine, Window};
use crate::trace::Inputs;
use burn_tensor::module::{avg_pool2d, conv2d, max_pool2d, max_pool2d_with_indices, unfold4d};
use burn_tensor::ops::{AvgPoolOptions, ConvOptions, MaxPoolOptions, PadMode, UnfoldOptions};
use burn_tensor::{Int, Tensor, TensorData};
use orbit_kernels_core::kernel::conv::window::Taps;
use orbit_kernels_core::network::{Padding, PoolKind};

impl Forward<'_> {
    pub(super) fn conv(&self, affine: &Affine, window: &Window, x: Dual<4>) -> Dual<4> {
        let x = scaled(x, affine.scale).linear(|x| wrapped(window, x));
        let sizes = window.map(|taps| taps.size);
        let strides = window.map(|taps| taps.stride);
        let inputs = self.trace.map(|_| {
            let x = x.value.clone().pad(zeros(window), PadMode::Constant(0.0));
            let patches = unfold4d(x, sizes, UnfoldOptions::new(strides, [0; 2], [1; 2]));
            let bias = affine.bias.map(|_| affine.bias_scale);
            Inputs::Affine { inputs: patches.swap_dims(1, 2), bias }
        });
        let channels = x.value.dims()[1];
        let weight = self.parameter(affine.weight).linear(|w| {
            w.reshape([sizes[0], sizes[1], channels, affine.outputs]).permute([3, 2, 0, 1])
        });
        let options =
            ConvOptions { stride: strides, padding: zeros(window), dilation: [1; 2], groups: 1 };
        let mut y = x.bilinear(weight, |x, w| conv2d(x, w, None, options.clone()));
        if let Some(bias) = affine.bias {
            let bias = scaled(self.parameter(bias), affine.bias_scale);
            y = y.plus(bias.linear(|b| b.reshape([1, affine.outputs, 1, 1])));
        }
        self.traced(y, 1, inputs)
    }
}

/// Rows × columns × channels of each sample as one vector; tokens × width too.
pub(super) fn flatten(x: Tensor<4>) -> Tensor<4> {
    let count = x.dims()[0];
    x.permute([0, 2, 3, 1]).reshape([count as i64, 1, 1, -1])
}

pub(super) fn max_pool(window: &Window, x: Dual<4>) -> Dual<4> {
    let Dual { value, tangent } = x.linear(|x| wrapped(window, x));
    let options = MaxPoolOptions::new(window.map(|taps| taps.size))
        .with_stride(window.map(|taps| taps.stride))
        .with_padding_pairs(zeros(window));
    let Some(tangent) = tangent else {
        return max_pool2d(value, options).into();
    };
    let [count, channels, rows, columns] = value.dims();
    let (value, places) = max_pool2d_with_indices(value, options);
    let dims = value.dims();
    let places = places.reshape([count, channels, dims[2] * dims[3]]);
    let tangent = tangent.reshape([count, channels, rows * columns]).gather(2, places);
    Dual { value, tangent: Some(tangent.reshape(dims)) }
}

pub(super) fn pool(kind: PoolKind, window: &Window, inside: bool, x: Tensor<4>) -> Tensor<4> {
    let sizes = window.map(|taps| taps.size);
    let options = AvgPoolOptions::new(sizes)
        .with_stride(window.map(|taps| taps.stride))
        .with_padding_pairs(zeros(window))
        .with_count_include_pad(!inside);
    let mean = avg_pool2d(wrapped(window, x), options);
    match kind {
        PoolKind::Average => mean,
        PoolKind::Sum => mean * (sizes[0] * sizes[1]) as f64,
    }
}

/// Locations before and after an axis that the window reads.
fn outside(taps: &Taps) -> (usize, usize) {
    let reach = (taps.outputs - 1) * taps.stride + taps.size;
    (taps.low, reach.saturating_sub(taps.low + taps.inputs))
}

/// How many of them are zeros.
fn zeros(window: &Window) -> [(usize, usize); 2] {
    window.map(|taps| if taps.padding == Padding::Same { outside(&taps) } else { (0, 0) })
}

/// The image again beyond its edges, where the padding is circular.
fn wrapped(window: &Window, x: Tensor<4>) -> Tensor<4> {
    let axes = window.iter().zip([2, 3]);
    axes.fold(x, |x, (taps, axis)| match (taps.padding, outside(taps)) {
        (Padding::Circular, (low, high)) if low + high > 0 => {
            let places = -(low as i64)..(taps.inputs + high) as i64;
            let places: Vec<i64> =
                places.map(|place| place.rem_euclid(taps.inputs as i64)).collect();
            let count = places.len();
            let places = TensorData::new(places, [count]);
            let places = Tensor::<1, Int>::from_data(places, &x.device());
            x.select(axis, places)
        }
        _ => x,
    })
}
