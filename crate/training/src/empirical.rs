//! Empirical kernels of a finite network at its parameters: NNGP f(x)·f(x'), NTK ∇f(x)·∇f(x') over all
//! parameters.
//!
//! The NTK is a sum over layers, and never needs the Jacobian of a wide layer: for y = W x the gradient by W
//! is x δᵀ, so that two samples have the product (x·x')(δ·δ'). Only where a layer acts at many locations,
//! Σ x δᵀ over them is formed, for a block of samples at a time.

use crate::dual::Dual;
use crate::forward::Forward;
use crate::model::Model;
use crate::trace::{Inputs, Trace};
use burn_tensor::Tensor;

/// Numbers that a block of samples may keep, which bounds the memory.
const IN_FLIGHT: usize = 1 << 23;

/// Which parts of an NTK are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outputs {
    /// The mean over outputs of each with itself.
    Mean,
    /// Each output of the first sample with each of the second.
    All,
}

/// The NNGP kernel, rows × columns: the mean over outputs.
pub fn nngp(model: &Model, rows: Tensor<2>, columns: Tensor<2>) -> Tensor<2> {
    let (rows, columns) = (model.predict(rows), model.predict(columns));
    rows.matmul(columns.transpose()) / model.plan.outputs as f64
}

/// The NTK, rows × columns × 1 or rows × columns × outputs²; of the rows with themselves without columns.
pub fn ntk(
    model: &Model,
    rows: Tensor<2>,
    columns: Option<Tensor<2>>,
    outputs: Outputs,
) -> Tensor<3> {
    let one = features(model, rows.clone().narrow(0, 0, 1));
    let size: usize = one.iter().map(Feature::size).sum();
    let block = (IN_FLIGHT / size.max(1)).max(1);
    let blocks = rows.clone().split(block, 0);
    let others = columns.as_ref().map_or(blocks.clone(), |columns| columns.clone().split(block, 0));
    let strips = blocks.iter().enumerate().map(|(i, rows)| {
        let rows = features(model, rows.clone());
        let strip = others.iter().enumerate().map(|(j, others)| {
            if columns.is_none() && i == j {
                return contracted(&rows, &rows, outputs);
            }
            contracted(&rows, &features(model, others.clone()), outputs)
        });
        Tensor::cat(strip.collect(), 1)
    });
    Tensor::cat(strips.collect(), 0)
}

/// What the gradients of a block of samples by the parameters of one layer are made of.
struct Feature {
    /// x, and the square of the factor of the bias, where the gradient by the weights is x δᵀ.
    inputs: Option<(Tensor<2>, f64)>,
    /// For each output δ, or without inputs the whole gradient: samples × numbers.
    gradients: Vec<Tensor<2>>,
}

impl Feature {
    fn new(inputs: &Inputs) -> Feature {
        let inputs = match inputs {
            Inputs::Affine { inputs, bias } if inputs.dims()[1] == 1 => {
                let inputs = inputs.clone().without_autodiff().squeeze_dim(1);
                Some((inputs, bias.unwrap_or(0.0).powi(2)))
            }
            _ => None,
        };
        Feature { inputs, gradients: Vec::new() }
    }

    /// Adds an output, by the gradient δ of the layer's own: samples × tokens × width.
    fn push(&mut self, inputs: &Inputs, delta: Tensor<3>) {
        let [count, ..] = delta.dims();
        let flat = |gradient: Tensor<3>| gradient.reshape([count as i64, -1]);
        self.gradients.push(match inputs {
            _ if self.inputs.is_some() => flat(delta),
            Inputs::Affine { inputs, bias } => {
                let inputs = inputs.clone().without_autodiff().swap_dims(1, 2);
                let weight = flat(inputs.matmul(delta.clone()));
                match bias {
                    Some(scale) => Tensor::cat(vec![weight, flat(delta.sum_dim(1)) * *scale], 1),
                    None => weight,
                }
            }
            Inputs::Scaled(inputs) => {
                let scale = inputs.clone().without_autodiff() * delta.clone();
                Tensor::cat(vec![flat(scale.sum_dim(1)), flat(delta.sum_dim(1))], 1)
            }
            Inputs::Tokens(count) => flat(delta.narrow(1, 0, *count)),
        });
    }

    fn size(&self) -> usize {
        let inputs = self.inputs.iter().map(|(inputs, _)| inputs);
        inputs.chain(&self.gradients).map(|numbers| numbers.dims()[1]).sum()
    }
}

fn features(model: &Model, samples: Tensor<2>) -> Vec<Feature> {
    let parameters: Vec<Dual<1>> =
        model.parameters.iter().map(|parameter| parameter.clone().autodiff().into()).collect();
    let samples = samples.autodiff();
    let mut features: Vec<Feature> = Vec::new();
    for output in 0..model.plan.outputs {
        let trace = Trace::default();
        let forward = Forward { parameters: &parameters, dropping: None, trace: Some(&trace) };
        let outputs = model.outputs(&forward, samples.clone()).value;
        let gradients = outputs.narrow(1, output, 1).sum().backward();
        let taps = trace.into_taps();
        if features.is_empty() {
            features = taps.iter().map(|tap| Feature::new(&tap.inputs)).collect();
        }
        for (feature, tap) in features.iter_mut().zip(&taps) {
            feature.push(&tap.inputs, tap.delta(&gradients));
        }
    }
    features
}

fn contracted(rows: &[Feature], columns: &[Feature], outputs: Outputs) -> Tensor<3> {
    let layers = rows.iter().zip(columns).map(|(rows, columns)| {
        let products = products(&rows.gradients, &columns.gradients, outputs);
        match (&rows.inputs, &columns.inputs) {
            (Some((rows, bias)), Some((columns, _))) => {
                let inputs = rows.clone().matmul(columns.clone().transpose()) + *bias;
                products * inputs.unsqueeze_dim(2)
            }
            _ => products,
        }
    });
    layers.reduce(|sum, layer| sum + layer).expect("a network has parameters")
}

/// The products of gradients, rows × columns × what is wanted of the outputs.
fn products(rows: &[Tensor<2>], columns: &[Tensor<2>], outputs: Outputs) -> Tensor<3> {
    let product = |a: &Tensor<2>, b: &Tensor<2>| a.clone().matmul(b.clone().transpose());
    match outputs {
        Outputs::Mean => {
            let all = rows.iter().zip(columns).map(|(a, b)| product(a, b));
            let sum = all.reduce(|sum, one| sum + one).expect("a network has outputs");
            (sum / rows.len() as f64).unsqueeze_dim(2)
        }
        Outputs::All => {
            let pairs = rows.iter().flat_map(|a| columns.iter().map(move |b| (a, b)));
            Tensor::stack(pairs.map(|(a, b)| product(a, b)).collect(), 2)
        }
    }
}
