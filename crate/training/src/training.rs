//! A training: a model, how it is trained, and the data it holds.

use crate::dual::Dual;
use crate::forward::{Dropping, Forward};
use crate::loss::Loss;
use crate::model::Model;
use crate::optimizer::Optimizer;
use crate::plan::Plan;
use crate::settings::Settings;
use burn_tensor::{DType, Int, Tensor, TensorData};
use orbit_kernels_core::error::{Code, Error, Result};

/// Numbers between the layers that a pass may keep for its gradients: 16 MiB in single precision.
const KEPT: usize = 1 << 22;
/// Numbers that a pass needs for each that it keeps, about.
pub const PASS_PER_KEPT: usize = 4;

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
        let (loss, gradients) = self.gradients_of(samples, targets, true);
        self.optimizer.step(&mut self.model.parameters, gradients);
        loss
    }

    /// The loss on what is held, with all units, and its gradient by each parameter; nothing for parameters
    /// that it does not depend on.
    ///
    /// Errors: code `value` where nothing is held.
    pub fn gradients(&self) -> Result<(f64, Vec<Option<Tensor<1>>>)> {
        let Held { samples, targets } = self.held.as_ref().ok_or_else(nothing_held)?;
        Ok(self.gradients_of(samples.clone(), targets.clone(), false))
    }

    /// In parts whose numbers between layers fit into `KEPT`: their losses and gradients add up.
    fn gradients_of(
        &self,
        samples: Tensor<2>,
        targets: Tensor<2>,
        dropping: bool,
    ) -> (f64, Vec<Option<Tensor<1>>>) {
        let count = samples.dims()[0];
        let size = (KEPT / self.model.plan.kept).max(1);
        let (seed, step) = (self.settings.seed, self.optimizer.steps);
        let parts = samples.split(size, 0).into_iter().zip(targets.split(size, 0)).enumerate();
        parts
            .map(|(part, (samples, targets))| {
                let dropping = dropping.then_some(Dropping { seed, step, first: part * size });
                self.part(samples, targets, count, dropping)
            })
            .reduce(|(loss, gradients), (more, others)| {
                let add = |(one, other): (Option<Tensor<1>>, Option<Tensor<1>>)| {
                    one.zip(other).map(|(one, other)| one + other)
                };
                (loss + more, gradients.into_iter().zip(others).map(add).collect())
            })
            .expect("a batch has samples")
    }

    /// What samples of a batch of `count` add to its loss and gradients.
    fn part(
        &self,
        samples: Tensor<2>,
        targets: Tensor<2>,
        count: usize,
        dropping: Option<Dropping>,
    ) -> (f64, Vec<Option<Tensor<1>>>) {
        let leaf = |parameter: &Tensor<1>| parameter.clone().autodiff().require_grad();
        let leaves: Vec<Tensor<1>> = self.model.parameters.iter().map(leaf).collect();
        let parameters: Vec<Dual<1>> = leaves.iter().cloned().map(Dual::from).collect();
        let forward = Forward { parameters: &parameters, dropping, trace: None };
        let outputs = self.model.outputs(&forward, samples.autodiff()).value;
        let loss = self.settings.loss.of(outputs, targets.autodiff(), count);
        let mut gradients = loss.backward();
        let gradients = leaves.iter().map(|leaf| leaf.grad_remove(&mut gradients)).collect();
        (loss.into_scalar::<f64>(), gradients)
    }

    /// The outputs for samples: samples × outputs.
    ///
    /// Errors: as `samples`.
    pub fn predict(&self, samples: TensorData) -> Result<TensorData> {
        Ok(self.model.predict(self.samples(samples)?).into_data())
    }

    /// The outputs of the network linearized at the parameters `origin`.
    ///
    /// Errors: as `samples`.
    pub fn linearized(&self, origin: &[Tensor<1>], samples: TensorData) -> Result<TensorData> {
        Ok(self.model.linearized(origin, self.samples(samples)?).into_data())
    }

    /// Samples (row-major) as a tensor.
    ///
    /// Errors: code `shape` where they do not fit the network, code `value` with the sample's index for a
    /// number that is not finite.
    pub fn samples(&self, numbers: TensorData) -> Result<Tensor<2>> {
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
