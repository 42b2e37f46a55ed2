//! The forward pass of a plan.

mod attention;
mod image;
mod tokens;

use crate::dual::Dual;
use crate::plan::{Affine, Function, Step};
use crate::random::Random;
use crate::trace::{Inputs, Trace, rows};
use burn_tensor::{Tensor, TensorData, activation};
use orbit_kernels_core::network::PoolKind;
use std::f64::consts::{FRAC_1_SQRT_2, PI};

/// What a forward pass runs with: the parameters, each as one row of numbers, with tangents or without.
pub struct Forward<'a> {
    pub parameters: &'a [Dual<1>],
    /// Which units are dropped; nothing is dropped without.
    pub dropping: Option<Dropping>,
    /// Where what the empirical kernels need is written down.
    pub trace: Option<&'a Trace>,
}

/// What the units that are dropped are drawn from: the seed, the step, and the first sample's place in its batch.
#[derive(Debug, Clone, Copy)]
pub struct Dropping {
    pub seed: u64,
    pub step: u64,
    pub first: usize,
}

impl Forward<'_> {
    /// Runs the steps one after the other.
    pub fn run(&self, steps: &[Step], x: Dual<4>) -> Dual<4> {
        steps.iter().fold(x, |x, step| self.step(step, x))
    }

    fn step(&self, step: &Step, x: Dual<4>) -> Dual<4> {
        match step {
            Step::Dense(affine) => self.dense(affine, x),
            Step::Conv { affine, window } => self.conv(affine, window, x),
            Step::Function(function) => apply(*function, x),
            Step::MaxPool(window) => image::max_pool(window, x),
            Step::Pool { kind, window, inside } => {
                x.linear(|x| image::pool(*kind, window, *inside, x))
            }
            Step::GlobalPool(kind) => x.linear(|x| {
                let [count, channels, ..] = x.dims();
                let x = x.reshape([count as i64, 1, channels as i64, -1]);
                let x = match kind {
                    PoolKind::Average => x.mean_dim(3),
                    PoolKind::Sum => x.sum_dim(3),
                };
                x.reshape([count, 1, 1, channels])
            }),
            Step::Flatten => x.linear(image::flatten),
            Step::Norm { axes, channels, eps, affine } => {
                let x = normalize(axes, *eps, x);
                match affine {
                    Some(affine) => self.scale_and_shift(affine, *channels, x),
                    None => x,
                }
            }
            Step::Dropout { keep, name } => match self.dropping {
                Some(Dropping { seed, step, first }) => {
                    drop_units(x, *keep, seed, &format!("{name} {step} {first}"))
                }
                None => x,
            },
            Step::Patches { size } => x.linear(|x| tokens::patches(*size, x)),
            Step::ClassToken { token } => self.class_token(*token, x),
            Step::PositionalEmbedding { embedding } => self.positional_embedding(*embedding, x),
            Step::Attention(attention) => self.attention(attention, x),
            Step::TakeToken(index) => x.linear(|x| x.narrow(2, *index, 1)),
            Step::Branches(branches) => branches
                .iter()
                .map(|steps| self.run(steps, x.clone()))
                .reduce(Dual::plus)
                .expect("a fan-out has branches"),
        }
    }

    fn parameter(&self, index: usize) -> Dual<1> {
        self.parameters[index].clone()
    }

    /// Acts on the last axis.
    fn dense(&self, affine: &Affine, x: Dual<4>) -> Dual<4> {
        let [count, _, tokens, width] = x.value.dims();
        let outputs = affine.outputs;
        let x = scaled(x, affine.scale).linear(|x| x.reshape([count * tokens, width]));
        let weight = self.parameter(affine.weight).linear(|w| w.reshape([width, outputs]));
        let inputs = self.trace.map(|_| Inputs::Affine {
            inputs: x.value.clone().reshape([count, tokens, width]),
            bias: affine.bias.map(|_| affine.bias_scale),
        });
        let mut y = x.bilinear(weight, Tensor::matmul);
        if let Some(bias) = affine.bias {
            let bias = scaled(self.parameter(bias), affine.bias_scale);
            y = y.plus(bias.linear(|b| b.reshape([1, outputs])));
        }
        let y = y.linear(|y| y.reshape([count, 1, tokens, outputs]));
        self.traced(y, 3, inputs)
    }

    /// A scale and a shift along the axis of channels.
    fn scale_and_shift(&self, affine: &[usize; 2], channels: usize, x: Dual<4>) -> Dual<4> {
        let along = |parameter: Tensor<1>| {
            let mut dims = [1; 4];
            dims[channels] = parameter.dims()[0];
            parameter.reshape(dims)
        };
        let [scale, shift] = affine.map(|index| self.parameter(index).linear(along));
        let inputs = self.trace.map(|_| rows(x.value.clone(), channels));
        let y = x.bilinear(scale, |x, scale| x * scale).plus(shift);
        self.traced(y, channels, inputs.map(Inputs::Scaled))
    }

    /// Notes the inputs of what made `y`, when there is a trace.
    fn traced(&self, y: Dual<4>, channels: usize, inputs: Option<Inputs>) -> Dual<4> {
        match (self.trace, inputs) {
            (Some(trace), Some(inputs)) => trace.tap(y.value, channels, inputs).into(),
            _ => y,
        }
    }
}

fn scaled<const D: usize>(x: Dual<D>, scale: f64) -> Dual<D> {
    if scale == 1.0 { x } else { x.linear(|x| x * scale) }
}

fn apply(function: Function, x: Dual<4>) -> Dual<4> {
    match function {
        Function::AbRelu { a, b } => {
            // Zeros have the slope a, in gradients as in tangents.
            let slope = move |x: Tensor<4>| x.full_like(a).mask_fill(x.greater_scalar(0.0), b);
            let function = move |x: Tensor<4>| match (a, b) {
                (0.0, 1.0) => activation::relu(x),
                _ => slope(x.clone().detach()) * x,
            };
            x.pointwise(function, slope)
        }
        Function::Erf { a, b, c } => {
            let factor = 2.0 * a * b / PI.sqrt();
            x.pointwise(|x| (x * b).erf() * a + c, |x| (-(x * b).powi_scalar(2)).exp() * factor)
        }
        Function::Gelu => x.pointwise(activation::gelu, |x| {
            let density = (x.clone().powi_scalar(2) * -0.5).exp() * (2.0 * PI).sqrt().recip();
            ((x.clone() * FRAC_1_SQRT_2).erf() + 1.0) * 0.5 + x * density
        }),
    }
}

/// (x − mean)/√(variance + eps) over some axes.
fn normalize(axes: &[usize], eps: f64, x: Dual<4>) -> Dual<4> {
    let mean = |x: Tensor<4>| axes.iter().fold(x, |x, &axis| x.mean_dim(axis));
    let centered = x.linear(|x| x.clone() - mean(x));
    let variance = centered.clone().bilinear(centered.clone(), |x, y| mean(x * y));
    let inverse =
        variance.pointwise(|v| (v + eps).sqrt().recip(), |v| (v + eps).powf_scalar(-1.5) * -0.5);
    centered.bilinear(inverse, |x, inverse| x * inverse)
}

/// Each unit kept with probability `keep` and divided by it.
fn drop_units(x: Dual<4>, keep: f64, seed: u64, name: &str) -> Dual<4> {
    let dims = x.value.dims();
    let mut random = Random::new(seed, name);
    let draw = |_| f32::from(u8::from(random.unit() < keep));
    let mask: Vec<f32> = (0..dims.iter().product()).map(draw).collect();
    let options = (&x.value.device(), x.value.dtype());
    let mask = Tensor::<4>::from_data(TensorData::new(mask, dims), options) / keep;
    x.linear(|x| x * mask.clone())
}
