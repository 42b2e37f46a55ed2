//! What a forward pass leaves behind for empirical kernels: the inputs of each layer with parameters, and
//! a place where the gradient by its outputs arrives.

use burn_tensor::{Gradients, Tensor};
use std::cell::RefCell;

/// The layers with parameters in the order of the pass.
#[derive(Default)]
pub struct Trace {
    taps: RefCell<Vec<Tap>>,
}

/// One layer: its inputs, and zeros that were added to its outputs, samples × tokens × width.
pub struct Tap {
    probe: Tensor<3>,
    pub inputs: Inputs,
}

/// How the outputs of a layer depend on its parameters.
pub enum Inputs {
    /// `W x + bias · b`, with `x` of samples × tokens × width; tokens may be locations.
    Affine { inputs: Tensor<3>, bias: Option<f64> },
    /// `scale · x + shift`.
    Scaled(Tensor<3>),
    /// Parameters that are added to the first tokens.
    Tokens(usize),
}

impl Trace {
    /// Notes a layer with outputs `y`, whose channels are on an axis, and gives back its outputs.
    pub fn tap(&self, y: Tensor<4>, channels: usize, inputs: Inputs) -> Tensor<4> {
        let probe = rows(y.clone().detach(), channels).zeros_like().require_grad();
        let added = match (channels, y.dims()) {
            (1, [count, width, height, across]) => {
                probe.clone().swap_dims(1, 2).reshape([count, width, height, across])
            }
            (_, dims) => probe.clone().reshape(dims),
        };
        self.taps.borrow_mut().push(Tap { probe, inputs });
        y + added
    }

    pub fn into_taps(self) -> Vec<Tap> {
        self.taps.into_inner()
    }
}

impl Tap {
    /// The gradient by the outputs.
    pub fn delta(&self, gradients: &Gradients) -> Tensor<3> {
        let delta = self.probe.grad(gradients);
        delta.unwrap_or_else(|| self.probe.clone().without_autodiff().zeros_like())
    }
}

/// Samples × tokens × width of a tensor with its channels on an axis.
pub fn rows(x: Tensor<4>, channels: usize) -> Tensor<3> {
    let [count, width, height, across] = x.dims();
    match channels {
        1 => x.reshape([count, width, height * across]).swap_dims(1, 2),
        _ => x.reshape([count, height, across]),
    }
}
