//! Layers on tokens: samples × 1 × tokens × width.

use super::Forward;
use crate::dual::Dual;
use crate::trace::Inputs;
use burn_tensor::Tensor;

impl Forward<'_> {
    pub(super) fn class_token(&self, token: usize, x: Dual<4>) -> Dual<4> {
        let [count, _, _, width] = x.value.dims();
        let token = self.parameter(token);
        let token =
            token.linear(|token| token.reshape([1, 1, 1, width]).expand([count, 1, 1, width]));
        self.traced(Dual::cat(vec![token, x], 2), 3, self.trace.map(|_| Inputs::Tokens(1)))
    }

    pub(super) fn positional_embedding(&self, embedding: usize, x: Dual<4>) -> Dual<4> {
        let [_, _, count, width] = x.value.dims();
        let embedding = self.parameter(embedding).linear(|e| e.reshape([1, 1, count, width]));
        self.traced(x.plus(embedding), 3, self.trace.map(|_| Inputs::Tokens(count)))
    }
}

/// Images cut into tokens.
pub(super) fn patches([height, width]: [usize; 2], x: Tensor<4>) -> Tensor<4> {
    let [count, channels, rows, columns] = x.dims();
    let (down, across) = (rows / height, columns / width);
    x.reshape([count, channels, down, height, across, width]).permute([0, 2, 4, 3, 5, 1]).reshape([
        count,
        1,
        down * across,
        height * width * channels,
    ])
}
