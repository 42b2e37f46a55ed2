//! Self-attention of several heads (Vaswani et al. 2017).

use super::Forward;
use crate::dual::Dual;
use crate::plan::Attention;
use burn_tensor::Tensor;

impl Forward<'_> {
    pub(super) fn attention(&self, attention: &Attention, x: Dual<4>) -> Dual<4> {
        let &Attention { heads, key_width, asks, .. } = attention;
        let [count, ..] = x.value.dims();
        // Samples × heads × tokens × width of a head.
        let apart = |x: Tensor<4>| {
            x.reshape([count as i64, -1, heads as i64, key_width as i64]).swap_dims(1, 2)
        };
        let asking = match asks {
            Some(token) => x.clone().linear(|x| x.narrow(2, token, 1)),
            None => x.clone(),
        };
        let query = self.dense(&attention.query, asking).linear(apart);
        let key = self.dense(&attention.key, x.clone()).linear(apart);
        let value = self.dense(&attention.value, x).linear(apart);
        let scale = 1.0 / (key_width as f64).sqrt();
        let scores = query.bilinear(key, |query, key| query.matmul(key.swap_dims(2, 3)) * scale);
        let mixed = scores.softmax().bilinear(value, Tensor::matmul);
        let joined = mixed.linear(|x| {
            x.swap_dims(1, 2).reshape([count as i64, 1, -1, (heads * key_width) as i64])
        });
        self.dense(&attention.out, joined)
    }
}
