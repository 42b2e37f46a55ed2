//! A plan with its parameters: what is trained, predicts and is stored.

use crate::dual::Dual;
use crate::forward::Forward;
use crate::plan::{Parameter, Parameterization, Plan, Start};
use crate::random::Random;
use burn_tensor::{DType, Device, Tensor, TensorData};

/// Numbers in flight while predicting, which bounds the memory.
const IN_FLIGHT: usize = 1 << 22;

/// How weights are drawn in the standard parameterization.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Init {
    /// Normal, of variance weightStd²/fan-in; biases of variance biasStd².
    Normal,
    /// All uniform in ±1/√fan-in, as PyTorch's layers.
    Uniform,
}

/// A network with parameters, each as one row of numbers.
pub struct Model {
    pub plan: Plan,
    pub parameters: Vec<Tensor<1>>,
    pub dtype: DType,
    pub device: Device,
}

impl Model {
    /// A network before training.
    pub fn new(plan: Plan, form: Parameterization, init: Init, dtype: DType, seed: u64) -> Model {
        let device = Device::flex();
        let parameters = plan
            .parameters
            .iter()
            .map(|parameter| {
                let numbers = start(parameter, form, init, seed);
                let numbers = TensorData::new(numbers, [parameter.size()]);
                Tensor::from_data(numbers, (&device, dtype))
            })
            .collect();
        Model { plan, parameters, dtype, device }
    }

    /// Samples × their numbers, row-major, as a tensor.
    pub fn samples(&self, numbers: TensorData) -> Tensor<2> {
        Tensor::from_data(numbers, (&self.device, self.dtype))
    }

    /// The outputs for some samples, with tangents if the parameters have them.
    pub fn outputs(&self, forward: &Forward, samples: Tensor<2>) -> Dual<2> {
        let count = samples.dims()[0];
        let x = self.plan.input(samples).into();
        forward.run(&self.plan.steps, x).linear(|y| y.reshape([count, self.plan.outputs]))
    }

    /// The outputs for any number of samples, without gradients.
    pub fn predict(&self, samples: Tensor<2>) -> Tensor<2> {
        let parameters: Vec<Dual<1>> = self.parameters.iter().cloned().map(Dual::from).collect();
        self.in_blocks(&parameters, samples).value
    }

    /// The outputs of the linearization at `origin`: f(origin) + J·(parameters − origin).
    pub fn linearized(&self, origin: &[Tensor<1>], samples: Tensor<2>) -> Tensor<2> {
        let moved = origin.iter().zip(&self.parameters).map(|(from, to)| Dual {
            value: from.clone(),
            tangent: Some(to.clone() - from.clone()),
        });
        let Dual { value, tangent } = self.in_blocks(&moved.collect::<Vec<_>>(), samples);
        match tangent {
            Some(tangent) => value + tangent,
            None => value,
        }
    }

    fn in_blocks(&self, parameters: &[Dual<1>], samples: Tensor<2>) -> Dual<2> {
        let forward = Forward { parameters, dropping: None, trace: None };
        let block = (IN_FLIGHT / self.plan.widest).max(1);
        let blocks = samples.split(block, 0);
        let blocks = blocks.into_iter().map(|samples| self.outputs(&forward, samples));
        Dual::cat(blocks.collect(), 0)
    }
}

/// The first numbers of a parameter, from a stream of its own.
fn start(parameter: &Parameter, form: Parameterization, init: Init, seed: u64) -> Vec<f64> {
    let mut random = Random::new(seed, &parameter.name);
    let standard = form == Parameterization::Standard;
    let mut normal = |std: f64| -> Vec<f64> {
        let std = if standard { std } else { 1.0 };
        (0..parameter.size()).map(|_| std * random.normal()).collect()
    };
    match parameter.start {
        Start::Constant(value) => vec![value; parameter.size()],
        Start::Weight { fan_in, .. } | Start::Bias { fan_in, .. }
            if standard && init == Init::Uniform =>
        {
            let bound = 1.0 / (fan_in as f64).sqrt();
            (0..parameter.size()).map(|_| bound * random.signed()).collect()
        }
        Start::Weight { fan_in, std } => normal(std / (fan_in as f64).sqrt()),
        Start::Bias { std, .. } => normal(std),
        Start::Embedding => normal(0.02),
    }
}
