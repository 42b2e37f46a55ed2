//! The boundary: settings as JSON, flat arrays of either precision in, fresh arrays of the training's
//! precision out, failures as JSON text.

use crate::empirical::{self, Outputs};
use crate::plan::Plan;
use crate::settings::Settings;
use crate::training::{self, PASS_PER_KEPT, Targets};
use burn_tensor::{DType, Tensor, TensorData};
use js_sys::{Float32Array, Float64Array, Uint32Array};
use orbit_kernels_core::error::{Code, Error};
use wasm_bindgen::prelude::*;

type Outcome<T> = Result<T, JsValue>;

fn fail(error: Error) -> JsValue {
    JsValue::from_str(&serde_json::to_string(&error).unwrap_or(error.message))
}

/// A training of one network; see `settings::Settings` for the JSON.
#[wasm_bindgen]
pub struct Training(training::Training);

#[wasm_bindgen]
impl Training {
    #[wasm_bindgen(constructor)]
    pub fn new(settings: &str) -> Outcome<Training> {
        training::Training::new(settings).map(Training).map_err(fail)
    }

    /// The settings with all defaults, as JSON.
    pub fn settings(&self) -> String {
        self.0.settings.to_json().to_string()
    }

    /// Numbers that come out for a sample.
    pub fn outputs(&self) -> usize {
        self.0.model.plan.outputs
    }

    /// Steps so far.
    #[wasm_bindgen(js_name = stepCount)]
    pub fn step_count(&self) -> f64 {
        self.0.optimizer.steps as f64
    }

    /// Keeps samples and targets: classes as `Uint32Array`, else samples × outputs.
    pub fn hold(&mut self, samples: &JsValue, targets: &JsValue) -> Outcome<()> {
        let samples = numbers(samples)?;
        with_targets(targets, |targets| self.0.hold(samples, targets))
    }

    /// Steps on held samples, and the loss before each; the indices of a step end before its number in `ends`.
    pub fn steps(&mut self, indices: &[u32], ends: &[u32]) -> Outcome<Vec<f64>> {
        let mut losses = Vec::with_capacity(ends.len());
        let mut start = 0;
        for &end in ends {
            let step = &indices[start..end as usize];
            losses.extend(self.0.steps(step, step.len()).map_err(fail)?);
            start = end as usize;
        }
        Ok(losses)
    }

    /// The outputs for samples.
    pub fn predict(&self, samples: &JsValue) -> Outcome<JsValue> {
        self.0.predict(numbers(samples)?).map(array).map_err(fail)
    }

    /// The outputs of the network linearized at the parameters of a file.
    pub fn linearized(&self, samples: &JsValue, origin: &[u8]) -> Outcome<JsValue> {
        let origin = self.0.parameters_of(origin).map_err(fail)?;
        self.0.linearized(&origin, numbers(samples)?).map(array).map_err(fail)
    }

    /// The empirical NNGP kernel, samples × others, of the samples with themselves without others.
    #[wasm_bindgen(js_name = empiricalNngp)]
    pub fn empirical_nngp(&self, samples: &JsValue, others: &JsValue) -> Outcome<JsValue> {
        let (samples, others) = self.pair(samples, others)?;
        let others = others.unwrap_or_else(|| samples.clone());
        Ok(array(empirical::nngp(&self.0.model, samples, others).into_data()))
    }

    /// The empirical NTK, samples × others, of the samples with themselves without others: the mean over
    /// outputs, or with `all` samples × others × outputs × outputs.
    #[wasm_bindgen(js_name = empiricalNtk)]
    pub fn empirical_ntk(
        &self,
        samples: &JsValue,
        others: &JsValue,
        all: bool,
    ) -> Outcome<JsValue> {
        let (samples, others) = self.pair(samples, others)?;
        let outputs = if all { Outputs::All } else { Outputs::Mean };
        Ok(array(empirical::ntk(&self.0.model, samples, others, outputs).into_data()))
    }

    /// Takes the parameters of a safetensors file.
    #[wasm_bindgen(js_name = setParameters)]
    pub fn set_parameters(&mut self, file: &[u8]) -> Outcome<()> {
        self.0.set_parameters(file).map_err(fail)
    }

    /// The whole training but its data, as a safetensors file.
    pub fn checkpoint(&self) -> Vec<u8> {
        self.0.checkpoint()
    }

    /// Continues from a checkpoint of the same settings.
    pub fn restore(&mut self, file: &[u8]) -> Outcome<()> {
        self.0.restore(file).map_err(fail)
    }

    fn pair(&self, samples: &JsValue, others: &JsValue) -> Outcome<(Tensor<2>, Option<Tensor<2>>)> {
        let samples = self.0.samples(numbers(samples)?).map_err(fail)?;
        let others = match others.is_undefined() {
            true => None,
            false => Some(self.0.samples(numbers(others)?).map_err(fail)?),
        };
        Ok((samples, others))
    }
}

/// Bytes that a training needs beside its samples: its parameters, their gradients, what the optimizer remembers, a
/// checkpoint of it all, and a pass of one sample.
#[wasm_bindgen(js_name = trainingBytes)]
pub fn training_bytes(settings: &str) -> Outcome<f64> {
    let settings = Settings::parse(settings).map_err(fail)?;
    let plan = Plan::new(&settings.network, &settings.shape, settings.form).map_err(fail)?;
    let kept = 1 + settings.rule.moments().len();
    // The product may be more than an address of the module.
    let numbers =
        plan.size() as f64 * (2 * kept + 1) as f64 + plan.kept as f64 * PASS_PER_KEPT as f64;
    Ok(numbers * settings.dtype.size() as f64)
}

/// Bytes of linear memory, which grows but never shrinks.
#[wasm_bindgen(js_name = memoryBytes)]
pub fn memory_bytes() -> f64 {
    core::arch::wasm32::memory_size(0) as f64 * 65536.0
}

/// The numbers of an array of either precision.
fn numbers(value: &JsValue) -> Outcome<TensorData> {
    if let Some(array) = value.dyn_ref::<Float32Array>() {
        return Ok(TensorData::new(array.to_vec(), [array.length() as usize]));
    }
    if let Some(array) = value.dyn_ref::<Float64Array>() {
        return Ok(TensorData::new(array.to_vec(), [array.length() as usize]));
    }
    let expected = "a Float32Array or a Float64Array";
    Err(fail(
        Error::new(Code::Value, format!("not numbers: expected {expected}")).expected(expected),
    ))
}

fn with_targets<T>(value: &JsValue, take: impl FnOnce(Targets) -> Result<T, Error>) -> Outcome<T> {
    match value.dyn_ref::<Uint32Array>() {
        Some(classes) => take(Targets::Classes(&classes.to_vec())),
        None => take(Targets::Numbers(numbers(value)?)),
    }
    .map_err(fail)
}

/// A fresh array of the numbers.
fn array(numbers: TensorData) -> JsValue {
    let same = "numbers of one of the precisions";
    match numbers.dtype() {
        DType::F64 => Float64Array::from(numbers.as_slice::<f64>().expect(same)).into(),
        _ => Float32Array::from(numbers.as_slice::<f32>().expect(same)).into(),
    }
}
