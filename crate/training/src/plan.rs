//! From a description to the steps and the parameters of a finite network, with every shape checked.

mod builder;
mod taken;

use crate::shape::Shape;
use burn_tensor::Tensor;
use orbit_kernels_core::error::Result;
use orbit_kernels_core::kernel::conv::window::Taps;
use orbit_kernels_core::network::{Layer, PoolKind};

/// How weights are scaled: as they are trained, or in the forward pass, so that training does not depend
/// on widths (Jacot et al. 2018).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parameterization {
    Standard,
    Ntk,
}

/// The steps of a network for samples of a shape.
#[derive(Debug, Clone)]
pub struct Plan {
    pub input: Shape,
    pub steps: Vec<Step>,
    /// Numbers that come out for a sample.
    pub outputs: usize,
    /// Most numbers of a sample between two layers.
    pub widest: usize,
    /// Numbers of a sample between all layers, which gradients need.
    pub kept: usize,
    pub parameters: Vec<Parameter>,
}

/// One parameter tensor.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Its path in the description, with dots: `layers.0.weight`.
    pub name: String,
    pub shape: Vec<usize>,
    pub start: Start,
}

impl Parameter {
    pub fn size(&self) -> usize {
        self.shape.iter().product()
    }
}

/// What a parameter is before training.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Start {
    /// Normal; in the standard parameterization divided by √fan-in and scaled.
    Weight {
        fan_in: usize,
        std: f64,
    },
    /// Normal; in the standard parameterization scaled.
    Bias {
        fan_in: usize,
        std: f64,
    },
    /// Normal; small in the standard parameterization.
    Embedding,
    Constant(f64),
}

/// `scale · W x + bias_scale · b`, the parameters by their indices.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Affine {
    pub weight: usize,
    pub bias: Option<usize>,
    pub scale: f64,
    pub bias_scale: f64,
    pub outputs: usize,
}

/// A function of each number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Function {
    /// `a·min(x, 0) + b·max(x, 0)`.
    AbRelu {
        a: f64,
        b: f64,
    },
    /// `a·erf(b·x) + c`.
    Erf {
        a: f64,
        b: f64,
        c: f64,
    },
    Gelu,
}

/// Where a filter or a pool goes, along rows and columns.
pub type Window = [Taps; 2];

/// Queries, keys, values and what joins the heads.
#[derive(Debug, Clone, PartialEq)]
pub struct Attention {
    pub heads: usize,
    pub key_width: usize,
    /// The token whose output is wanted; of all without.
    pub asks: Option<usize>,
    pub query: Affine,
    pub key: Affine,
    pub value: Affine,
    pub out: Affine,
}

/// What is done with all samples at once.
#[derive(Debug, Clone)]
pub enum Step {
    Dense(Affine),
    Conv {
        affine: Affine,
        window: Window,
    },
    Function(Function),
    MaxPool(Window),
    /// A mean or a sum; with `inside` a mean over what of a window is inside the image.
    Pool {
        kind: PoolKind,
        window: Window,
        inside: bool,
    },
    GlobalPool(PoolKind),
    Flatten,
    /// Over axes of the tensor; a scale and a shift along the axis of channels.
    Norm {
        axes: Vec<usize>,
        channels: usize,
        eps: f64,
        affine: Option<[usize; 2]>,
    },
    /// The name is that of its random numbers.
    Dropout {
        keep: f64,
        name: String,
    },
    Patches {
        size: [usize; 2],
    },
    ClassToken {
        token: usize,
    },
    PositionalEmbedding {
        embedding: usize,
    },
    Attention(Attention),
    TakeToken(usize),
    /// The sum of branches.
    Branches(Vec<Vec<Step>>),
}

impl Plan {
    /// Plans a network for samples of a shape: images are rows × columns, or rows × columns × channels;
    /// networks that begin with a dense layer read samples of any shape as vectors.
    ///
    /// Errors: code `network` with the layer's path where a layer has no width, or does not fit what comes
    /// before it.
    pub fn new(network: &Layer, sample: &[usize], form: Parameterization) -> Result<Plan> {
        builder::build(network, sample, form)
    }

    /// Numbers of all parameters together.
    pub fn size(&self) -> usize {
        self.parameters.iter().map(Parameter::size).sum()
    }

    /// Samples, row-major, as the first step reads them.
    pub fn input(&self, samples: Tensor<2>) -> Tensor<4> {
        let [count, _] = samples.dims();
        match self.input {
            Shape::Image { rows, columns, channels } => {
                samples.reshape([count, rows, columns, channels]).permute([0, 3, 1, 2])
            }
            _ => samples.reshape([count as i64, 1, 1, -1]),
        }
    }
}
