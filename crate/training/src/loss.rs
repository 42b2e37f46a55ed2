//! What training makes small.

use burn_tensor::{Tensor, activation};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loss {
    /// ½ · the mean over samples of Σ (f − y)² over the outputs.
    Mse,
    /// The mean over samples of −Σ y log softmax(f), with y the shares of the classes.
    CrossEntropy,
}

impl Loss {
    /// The names in JSON.
    pub const NAMES: [(&'static str, Loss); 2] =
        [("mse", Loss::Mse), ("crossEntropy", Loss::CrossEntropy)];

    /// The loss of outputs, samples × numbers; what they add to it when they are a part of a batch of `count`.
    pub fn of(self, outputs: Tensor<2>, targets: Tensor<2>, count: usize) -> Tensor<1> {
        // Products: the gradient of burn's quotients by a number is in single precision.
        let each = 1.0 / count as f64;
        match self {
            Loss::Mse => {
                let error = outputs - targets;
                (error.clone() * error).sum() * (0.5 * each)
            }
            Loss::CrossEntropy => (activation::log_softmax(outputs, 1) * targets).sum() * -each,
        }
    }
}
