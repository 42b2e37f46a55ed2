//! A training: a model, how it is trained, and the data it holds.

use crate::dual::Dual;
use crate::forward::Forward;
use crate::loss::Loss;
use crate::model::Model;
use crate::optimizer::Optimizer;
use crate::plan::Plan;
use crate::settings::Settings;
use burn_tensor::{DType, Int, Tensor, TensorData};
use orbit_kernels_core::error::{Code, Error, Result};

/// One training of one network.
pub struct Training {
    pub settings: Settings,
    pub model: Model,
    pub optimizer: Optimizer,
    held: Option<Held>,
}

/// Samples and their targets, a row each.
struct Held {
    samples: Tensor<2>,
    targets: Tensor<2>,
}

/// What a network shall answer.
pub enum Targets<'a> {
    /// One class a sample, counted from 0.
    Classes(&'a [u32]),
    /// Samples × outputs; with cross-entropy the shares of the classes.
    Numbers(TensorData),
}

/// How good a network is on some samples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    pub loss: f64,
    /// The share of samples whose largest output is where the largest target is; of one output, whose sign
    /// is the target's.
    pub accuracy: f64,
}

impl Training {
    /// A network before its first step.
    ///
    /// Errors: those of `Settings::parse` and `Plan::new`; code `value` for cross-entropy of one output.
    ///
    /// ```
    /// use orbit_kernels_training::training::{Targets, Training};
    /// let mut training = Training::new(r#"{"network":{"type":"dense","width":2},"shape":[3]}"#)?;
    /// training.hold([1.0, 2.0, 3.0, 4.0, 5.0, 6.0].into(), Targets::Classes(&[0, 1]))?;
    /// assert_eq!(training.steps(&[0, 1, 0, 1], 2)?.len(), 2);
    /// # Ok::<(), orbit_kernels_core::error::Error>(())
    /// ```
    pub fn new(settings: &str) -> Result<Training> {
        let settings = Settings::parse(settings)?;
        let plan = Plan::new(&settings.network, &settings.shape, settings.form)?;
        if settings.loss == Loss::CrossEntropy && plan.outputs < 2 {
            let expected = "at least 2 outputs for crossEntropy";
            let message = format!("loss: {} output: expected {expected}", plan.outputs);
            return Err(Error::new(Code::Value, message).at("loss").expected(expected));
        }
        let Settings { form, init, dtype, seed, .. } = settings;
        let model = Model::new(plan, form, init, dtype, seed);
        let optimizer = Optimizer::new(settings.rule, &model.parameters);
        Ok(Training { settings, model, optimizer, held: None })
    }

    /// Keeps samples (row-major) and targets for the steps to come, instead of those before.
    ///
    /// Errors: code `shape` where they do not fit the network or each other, code `value` with the sample's
    /// index for a number that is not finite or a class that is no output.
    pub fn hold(&mut self, samples: TensorData, targets: Targets) -> Result<()> {
        let samples = self.samples(samples)?;
        let targets = self.targets(targets, samples.dims()[0])?;
        self.held = Some(Held { samples, targets });
        Ok(())
    }

    /// Steps on the held samples of the indices, `batch` of them at a time, and the loss before each.
    ///
    /// Errors: code `value` where nothing is held, or with the position of an index that is no sample's.
    pub fn steps(&mut self, indices: &[u32], batch: usize) -> Result<Vec<f64>> {
        let held = self.held.as_ref().ok_or_else(nothing_held)?;
        let count = held.samples.dims()[0];
        if let Some(position) = indices.iter().position(|&index| index as usize >= count) {
            let expected = format!("an index below {count}");
            let message = format!("index {}: expected {expected}", indices[position]);
            let error = Error::new(Code::Value, message).index(position);
            return Err(error.value(indices[position]).expected(expected));
        }
        let batches: Vec<_> = indices
            .chunks(batch.max(1))
            .map(|indices| {
                let indices: Vec<i64> = indices.iter().map(|&index| i64::from(index)).collect();
                let size = indices.len();
                let indices = TensorData::new(indices, [size]);
                let indices = Tensor::<1, Int>::from_data(indices, &self.model.device);
                let samples = held.samples.clone().select(0, indices.clone());
                (samples, held.targets.clone().select(0, indices))
            })
            .collect();
        Ok(batches.into_iter().map(|(samples, targets)| self.step(samples, targets)).collect())
    }

    fn step(&mut self, samples: Tensor<2>, targets: Tensor<2>) -> f64 {
        let dropping = Some((self.settings.seed, self.optimizer.steps));
        let (loss, gradients) = self.gradients_of(samples, targets, dropping);
        self.optimizer.step(&mut self.model.parameters, gradients);
        loss
    }

    /// The loss on what is held, with all units, and its gradient by each parameter; nothing for parameters
    /// that it does not depend on.
    ///
    /// Errors: code `value` where nothing is held.
    pub fn gradients(&self) -> Result<(f64, Vec<Option<Tensor<1>>>)> {
        let Held { samples, targets } = self.held.as_ref().ok_or_else(nothing_held)?;
        Ok(self.gradients_of(samples.clone(), targets.clone(), None))
    }

    fn gradients_of(
        &self,
        samples: Tensor<2>,
        targets: Tensor<2>,
        dropping: Option<(u64, u64)>,
    ) -> (f64, Vec<Option<Tensor<1>>>) {
        let leaf = |parameter: &Tensor<1>| parameter.clone().autodiff().require_grad();
        let leaves: Vec<Tensor<1>> = self.model.parameters.iter().map(leaf).collect();
        let parameters: Vec<Dual<1>> = leaves.iter().cloned().map(Dual::from).collect();
        let forward = Forward { parameters: &parameters, dropping, trace: None };
        let outputs = self.model.outputs(&forward, samples.autodiff()).value;
        let loss = self.settings.loss.of(outputs, targets.autodiff());
        let mut gradients = loss.backward();
        let gradients = leaves.iter().map(|leaf| leaf.grad_remove(&mut gradients)).collect();
        (loss.into_scalar::<f64>(), gradients)
    }

    /// The outputs for samples, or for those that are held: samples × outputs.
    ///
    /// Errors: as `hold`.
    pub fn predict(&self, samples: Option<TensorData>) -> Result<TensorData> {
        Ok(self.model.predict(self.given(samples)?).into_data())
    }

    /// The outputs of the network linearized at the parameters `origin`.
    ///
    /// Errors: as `hold`.
    pub fn linearized(
        &self,
        origin: &[Tensor<1>],
        samples: Option<TensorData>,
    ) -> Result<TensorData> {
        Ok(self.model.linearized(origin, self.given(samples)?).into_data())
    }

    /// Loss and accuracy on samples with their targets, or on those that are held.
    ///
    /// Errors: as `hold`.
    pub fn score(&self, given: Option<(TensorData, Targets)>) -> Result<Score> {
        let (samples, targets) = match (given, &self.held) {
            (Some((samples, targets)), _) => {
                let samples = self.samples(samples)?;
                let targets = self.targets(targets, samples.dims()[0])?;
                (samples, targets)
            }
            (None, Some(held)) => (held.samples.clone(), held.targets.clone()),
            (None, None) => return Err(nothing_held()),
        };
        let outputs = self.model.predict(samples);
        let loss = self.settings.loss.of(outputs.clone(), targets.clone()).into_scalar::<f64>();
        let numbers = |tensor: Tensor<2>| tensor.into_data_as::<f64>();
        let (outputs, targets) = (numbers(outputs), numbers(targets));
        Ok(Score { loss, accuracy: accuracy(&outputs, &targets, self.model.plan.outputs) })
    }

    /// The samples, or those that are held.
    pub fn given(&self, samples: Option<TensorData>) -> Result<Tensor<2>> {
        match (samples, &self.held) {
            (Some(samples), _) => self.samples(samples),
            (None, Some(held)) => Ok(held.samples.clone()),
            (None, None) => Err(nothing_held()),
        }
    }

    fn samples(&self, numbers: TensorData) -> Result<Tensor<2>> {
        let size: usize = self.settings.shape.iter().product();
        let length = numbers.num_elements();
        if length == 0 || !length.is_multiple_of(size) {
            let expected = format!("samples of {size} numbers");
            let message = format!("samples: got {length} numbers, expected {expected}");
            return Err(Error::new(Code::Shape, message).value(length).expected(expected));
        }
        finite(&numbers, size, "samples")?;
        Ok(self.rows(numbers, length / size))
    }

    fn targets(&self, targets: Targets, count: usize) -> Result<Tensor<2>> {
        let outputs = self.model.plan.outputs;
        let (length, expected) = match &targets {
            Targets::Classes(classes) => (classes.len(), count),
            Targets::Numbers(numbers) => (numbers.num_elements(), count * outputs),
        };
        if length != expected {
            let expected = format!("{expected}: {count} samples, {outputs} outputs");
            let message = format!("targets: got {length} numbers, expected {expected}");
            return Err(Error::new(Code::Shape, message).value(length).expected(expected));
        }
        let numbers = match targets {
            Targets::Numbers(numbers) => {
                finite(&numbers, outputs, "targets")?;
                numbers
            }
            Targets::Classes(classes) => {
                let mut shares = vec![0.0_f32; count * outputs];
                for (index, &class) in classes.iter().enumerate() {
                    if class as usize >= outputs {
                        let expected = format!("a class below {outputs}, the outputs");
                        let message = format!("targets[{index}]: got {class}, expected {expected}");
                        let error = Error::new(Code::Value, message).index(index);
                        return Err(error.value(class).expected(expected));
                    }
                    shares[index * outputs + class as usize] = 1.0;
                }
                TensorData::new(shares, [count * outputs])
            }
        };
        Ok(self.rows(numbers, count))
    }

    fn rows(&self, numbers: TensorData, count: usize) -> Tensor<2> {
        let options = (&self.model.device, self.model.dtype);
        Tensor::<1>::from_data(numbers, options).reshape([count as i64, -1])
    }
}

fn nothing_held() -> Error {
    let expected = "samples and targets to be held first";
    Error::new(Code::Value, format!("no data: expected {expected}")).expected(expected)
}

/// Refuses numbers that are not finite, by the row that they are in.
fn finite(numbers: &TensorData, size: usize, what: &str) -> Result<()> {
    let finite = match numbers.dtype() {
        DType::F64 => numbers.as_slice::<f64>().map(|all| all.iter().position(|x| !x.is_finite())),
        _ => numbers.as_slice::<f32>().map(|all| all.iter().position(|x| !x.is_finite())),
    };
    match finite.expect("numbers of one of the precisions") {
        None => Ok(()),
        Some(position) => {
            let index = position / size;
            let expected = "finite numbers";
            let message = format!("{what}[{index}] is not finite: expected {expected}");
            Err(Error::new(Code::Value, message).index(index).expected(expected))
        }
    }
}

fn accuracy(outputs: &TensorData, targets: &TensorData, width: usize) -> f64 {
    let rows = |data: &'_ TensorData| data.as_slice::<f64>().expect("as f64").to_vec();
    let (outputs, targets) = (rows(outputs), rows(targets));
    let largest = |row: &[f64]| {
        let first = |best: usize, index: usize| if row[index] > row[best] { index } else { best };
        (1..row.len()).fold(0, first)
    };
    let same = |(output, target): (&[f64], &[f64])| match width {
        1 => (output[0] > 0.0) == (target[0] > 0.0),
        _ => largest(output) == largest(target),
    };
    let rows = outputs.chunks_exact(width).zip(targets.chunks_exact(width));
    let count = outputs.len() / width;
    rows.filter(|&row| same(row)).count() as f64 / count as f64
}
