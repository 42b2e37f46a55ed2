//! Parameters and whole trainings as safetensors files.

use crate::plan::Parameter;
use crate::training::Training;
use burn_tensor::{DType, Tensor, TensorData};
use orbit_kernels_core::error::{Code, Error, Result};
use safetensors::SafeTensors;
use safetensors::tensor::{Dtype, TensorView, serialize};
use serde_json::{Value, json};
use std::collections::HashMap;

/// The metadata entry of a checkpoint.
const KEY: &str = "orbit-kernels";
const FORMAT: &str = "orbit-kernels/training";
const VERSION: u64 = 1;

impl Training {
    /// The parameters by their names.
    pub fn parameters(&self) -> Vec<u8> {
        written(&self.named_parameters(), None)
    }

    /// Takes parameters from a file that holds all of them; what the optimizer remembers stays.
    ///
    /// Errors: code `file` for what is no such file; code `value` with the name of a parameter that is
    /// missing or has another shape.
    pub fn set_parameters(&mut self, file: &[u8]) -> Result<()> {
        self.model.parameters = self.parameters_of(file)?;
        Ok(())
    }

    /// The parameters in a file, as tensors.
    ///
    /// Errors: as `set_parameters`.
    pub fn parameters_of(&self, file: &[u8]) -> Result<Vec<Tensor<1>>> {
        let file = read(file)?;
        let model = &self.model;
        let all = model.plan.parameters.iter().map(|parameter| {
            let numbers = tensor(&file, &parameter.name, parameter)?;
            Ok(Tensor::from_data(numbers, (&model.device, model.dtype)))
        });
        all.collect()
    }

    /// All that the rest of the training depends on but the data: parameters, what the optimizer remembers,
    /// the number of steps and the settings.
    pub fn checkpoint(&self) -> Vec<u8> {
        let mut tensors = self.named_parameters();
        let Training { model, optimizer, settings, .. } = self;
        for (parameter, moments) in model.plan.parameters.iter().zip(&optimizer.moments) {
            for (name, moment) in optimizer.rule.moments().iter().zip(moments) {
                let name = moment_name(name, parameter);
                tensors.push((name, parameter.shape.clone(), moment.clone()));
            }
        }
        let state = json!({
            "format": FORMAT, "version": VERSION, "steps": optimizer.steps,
            "settings": settings.to_json(),
        });
        written(&tensors, Some(state.to_string()))
    }

    /// Continues where a checkpoint of the same settings was made, to the same bits.
    ///
    /// Errors: code `file` for what is no checkpoint; code `value` with the path of a setting that differs.
    pub fn restore(&mut self, file: &[u8]) -> Result<()> {
        let tensors = read(file)?;
        let state = state(file)?;
        self.same_settings(&state["settings"])?;
        let steps = state["steps"].as_u64().ok_or_else(|| broken("its steps are missing"))?;
        let parameters = self.parameters_of(file)?;
        let names = self.optimizer.rule.moments();
        let moments = self.model.plan.parameters.iter().map(|parameter| {
            let one = |name| tensor(&tensors, &moment_name(name, parameter), parameter);
            names.iter().map(|name| one(name)).collect()
        });
        let moments = moments.collect::<Result<_>>()?;
        self.model.parameters = parameters;
        self.optimizer.steps = steps;
        self.optimizer.moments = moments;
        Ok(())
    }

    fn named_parameters(&self) -> Vec<Named> {
        let Training { model, .. } = self;
        let all = model.plan.parameters.iter().zip(&model.parameters);
        all.map(|(parameter, numbers)| {
            (parameter.name.clone(), parameter.shape.clone(), numbers.to_data())
        })
        .collect()
    }

    fn same_settings(&self, theirs: &Value) -> Result<()> {
        let ours = self.settings.to_json();
        let fields = ours.as_object().into_iter().flatten();
        for (name, ours) in fields {
            if ours != &theirs[name] {
                let message =
                    format!("{name}: the checkpoint has {}, expected {ours}", theirs[name]);
                let error = Error::new(Code::Value, message).at(name.clone());
                return Err(error.value(theirs[name].clone()).expected(ours.to_string()));
            }
        }
        Ok(())
    }
}

/// A tensor with its name and shape.
type Named = (String, Vec<usize>, TensorData);

fn moment_name(moment: &str, parameter: &Parameter) -> String {
    format!("optimizer.{moment}.{}", parameter.name)
}

fn written(tensors: &[Named], state: Option<String>) -> Vec<u8> {
    let views = tensors.iter().map(|(name, shape, numbers)| {
        let dtype = if numbers.dtype() == DType::F64 { Dtype::F64 } else { Dtype::F32 };
        let view = TensorView::new(dtype, shape.clone(), numbers.as_bytes());
        (name, view.expect("as many numbers as the shape says"))
    });
    let metadata = state.map(|state| HashMap::from([(KEY.to_string(), state)]));
    serialize(views, metadata).expect("names that differ")
}

fn read(file: &[u8]) -> Result<SafeTensors<'_>> {
    SafeTensors::deserialize(file).map_err(|error| broken(&error.to_string()))
}

fn state(file: &[u8]) -> Result<Value> {
    let (_, metadata) =
        SafeTensors::read_metadata(file).map_err(|error| broken(&error.to_string()))?;
    let text = metadata.metadata().as_ref().and_then(|entries| entries.get(KEY));
    let text = text.ok_or_else(|| broken("it holds parameters, but no training"))?;
    let state: Value = serde_json::from_str(text).map_err(|error| broken(&error.to_string()))?;
    if state["format"] != FORMAT || state["version"] != VERSION {
        return Err(broken(&format!("version {} of {}", state["version"], state["format"])));
    }
    Ok(state)
}

/// The numbers of a tensor in a file, in the shape and precision of a parameter.
fn tensor(file: &SafeTensors, name: &str, parameter: &Parameter) -> Result<TensorData> {
    let wrong = |got: String| {
        let expected = format!("a tensor of shape {:?}", parameter.shape);
        let message = format!("{name}: {got}, expected {expected}");
        Error::new(Code::Value, message).at(name).expected(expected)
    };
    let view = file.tensor(name).map_err(|_| wrong("missing in the file".into()))?;
    let dtype = match view.dtype() {
        Dtype::F32 => DType::F32,
        Dtype::F64 => DType::F64,
        other => return Err(wrong(format!("numbers of type {other:?}"))),
    };
    if view.shape() != parameter.shape {
        return Err(wrong(format!("of shape {:?}", view.shape())));
    }
    Ok(TensorData::from_bytes_vec(view.data().to_vec(), [parameter.size()], dtype))
}

fn broken(why: &str) -> Error {
    let expected = "a safetensors file that was written here";
    Error::new(Code::File, format!("not a usable file: {why}: expected {expected}"))
        .expected(expected)
}
