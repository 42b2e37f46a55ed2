//! Tensors with, if asked for, their derivative along one direction: the forward pass is written once for
//! values and for tangents.

use burn_tensor::{Tensor, activation};

/// A tensor, and how it changes when all parameters move along a direction.
#[derive(Clone)]
pub struct Dual<const D: usize> {
    pub value: Tensor<D>,
    pub tangent: Option<Tensor<D>>,
}

impl<const D: usize> From<Tensor<D>> for Dual<D> {
    fn from(value: Tensor<D>) -> Self {
        Dual { value, tangent: None }
    }
}

impl<const D: usize> Dual<D> {
    /// A linear map.
    pub fn linear<const E: usize>(self, map: impl Fn(Tensor<D>) -> Tensor<E>) -> Dual<E> {
        Dual { tangent: self.tangent.map(&map), value: map(self.value) }
    }

    /// A map that is linear in both.
    pub fn bilinear<const E: usize, const F: usize>(
        self,
        other: Dual<E>,
        map: impl Fn(Tensor<D>, Tensor<E>) -> Tensor<F>,
    ) -> Dual<F> {
        let left = self.tangent.map(|tangent| map(tangent, other.value.clone()));
        let right = other.tangent.map(|tangent| map(self.value.clone(), tangent));
        Dual { tangent: sum(left, right), value: map(self.value, other.value) }
    }

    /// A function of each number, and its derivative.
    pub fn pointwise(
        self,
        function: impl Fn(Tensor<D>) -> Tensor<D>,
        slope: impl Fn(Tensor<D>) -> Tensor<D>,
    ) -> Dual<D> {
        let tangent = self.tangent.map(|tangent| tangent * slope(self.value.clone()));
        Dual { tangent, value: function(self.value) }
    }

    /// The sum; tensors of one number along an axis are added to all of the other.
    pub fn plus(self, other: Dual<D>) -> Dual<D> {
        let dims = self.value.dims();
        let broadcast = |tangent: Tensor<D>| tangent.expand(dims);
        let tangent = sum(self.tangent, other.tangent.map(broadcast));
        Dual { tangent, value: self.value + other.value }
    }

    /// All along an axis, in their order.
    pub fn cat(duals: Vec<Dual<D>>, axis: usize) -> Dual<D> {
        let moving = duals.iter().any(|dual| dual.tangent.is_some());
        let tangent = moving.then(|| {
            let tangents = duals.iter().map(|dual| match &dual.tangent {
                Some(tangent) => tangent.clone(),
                None => dual.value.zeros_like(),
            });
            Tensor::cat(tangents.collect(), axis)
        });
        let values = duals.into_iter().map(|dual| dual.value);
        Dual { tangent, value: Tensor::cat(values.collect(), axis) }
    }

    /// exp(x)/Σ exp(x) along the last axis.
    pub fn softmax(self) -> Dual<D> {
        let value = activation::softmax(self.value, D - 1);
        let tangent = self.tangent.map(|tangent| {
            let moved = value.clone() * tangent;
            moved.clone() - value.clone() * moved.sum_dim(D - 1)
        });
        Dual { value, tangent }
    }
}

fn sum<const D: usize>(left: Option<Tensor<D>>, right: Option<Tensor<D>>) -> Option<Tensor<D>> {
    match (left, right) {
        (Some(left), Some(right)) => Some(left + right),
        (left, right) => left.or(right),
    }
}
