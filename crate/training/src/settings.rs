//! How a network is trained, as it crosses the boundary.

use crate::loss::Loss;
use crate::model::Init;
use crate::optimizer::Rule;
use crate::plan::Parameterization;
use burn_tensor::DType;
use orbit_kernels_core::description::{self, Fields};
use orbit_kernels_core::error::{Code, Error, Result};
use orbit_kernels_core::network::{Layer, name_of};
use serde_json::{Value, json};

const FORMS: [(&str, Parameterization); 2] =
    [("standard", Parameterization::Standard), ("ntk", Parameterization::Ntk)];
const INITS: [(&str, Init); 2] = [("normal", Init::Normal), ("uniform", Init::Uniform)];
const PRECISIONS: [(&str, DType); 2] = [("f32", DType::F32), ("f64", DType::F64)];

/// A network, its samples, and all that its training depends on besides them.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    pub network: Layer,
    /// Of one sample.
    pub shape: Vec<usize>,
    pub loss: Loss,
    pub rule: Rule,
    pub form: Parameterization,
    pub init: Init,
    pub dtype: DType,
    pub seed: u64,
}

impl Settings {
    /// Decodes settings from their JSON text: `network` and `shape`, and if they are not the defaults `loss`
    /// ("mse"), `optimizer` (`{"type":"adam","rate":1e-3}`), `parameterization` ("standard"), `init`
    /// ("normal"), `precision` ("f32") and `seed` (0).
    ///
    /// Errors: code `network` for the network, with a path inside it; else code `value` with the path of the
    /// field, its value and what was expected.
    ///
    /// ```
    /// use orbit_kernels_training::settings::Settings;
    /// let text = r#"{"network":{"type":"dense","width":1},"shape":[3],"optimizer":{"type":"adam","rate":-1}}"#;
    /// let error = Settings::parse(text).unwrap_err();
    /// assert_eq!(error.path.as_deref(), Some("optimizer.rate"));
    /// ```
    pub fn parse(text: &str) -> Result<Settings> {
        let value = description::json(text)?;
        let network = Layer::decode(value.get("network").unwrap_or(&Value::Null), "")?;
        Settings::decode(&value, network).map_err(|error| Error { code: Code::Value, ..error })
    }

    fn decode(value: &Value, network: Layer) -> Result<Settings> {
        let mut fields = Fields::of(value, "", &[])?;
        fields.get("network");
        let settings = Settings {
            network,
            shape: fields.list("shape", 1, side)?,
            loss: fields.named("loss", Some(Loss::Mse), &Loss::NAMES)?,
            rule: match fields.get("optimizer") {
                None => rule(&json!({"type": "adam"}))?,
                Some(value) => rule(value)?,
            },
            form: fields.named("parameterization", Some(Parameterization::Standard), &FORMS)?,
            init: fields.named("init", Some(Init::Normal), &INITS)?,
            dtype: fields.named("precision", Some(DType::F32), &PRECISIONS)?,
            seed: fields.index("seed", 0)?,
        };
        fields.finish()?;
        if settings.form == Parameterization::Ntk && settings.init == Init::Uniform {
            let expected = "\"normal\" with parameterization \"ntk\"";
            let message = format!("init: got \"uniform\", expected {expected}");
            return Err(Error::new(Code::Value, message).at("init").expected(expected));
        }
        Ok(settings)
    }
}

impl Settings {
    /// All settings with their defaults filled in; equal settings have equal text.
    pub fn to_json(&self) -> Value {
        json!({
            "network": self.network.to_json(),
            "shape": self.shape,
            "loss": name_of(&Loss::NAMES, &self.loss),
            "optimizer": match self.rule {
                Rule::Sgd { rate, momentum } => {
                    json!({"type": "sgd", "rate": rate, "momentum": momentum})
                }
                Rule::Adam { rate, beta1, beta2, epsilon } => json!({
                    "type": "adam", "rate": rate, "beta1": beta1, "beta2": beta2,
                    "epsilon": epsilon,
                }),
            },
            "parameterization": name_of(&FORMS, &self.form),
            "init": name_of(&INITS, &self.init),
            "precision": name_of(&PRECISIONS, &self.dtype),
            "seed": self.seed,
        })
    }
}

fn side(value: &Value, path: &str) -> Result<usize> {
    let side = value.as_u64().filter(|&side| side > 0).and_then(|side| usize::try_from(side).ok());
    side.ok_or_else(|| {
        let expected = "a positive integer";
        let message = format!("{path}: got {value}, expected {expected}");
        Error::new(Code::Value, message).at(path).value(value.clone()).expected(expected)
    })
}

fn rule(value: &Value) -> Result<Rule> {
    let mut fields = Fields::of(value, "optimizer", &["sgd", "adam"])?;
    let rule = match fields.kind()? {
        "sgd" => {
            Rule::Sgd { rate: fields.positive("rate")?, momentum: fields.decay("momentum", 0.0)? }
        }
        "adam" => Rule::Adam {
            rate: fields.positive_or("rate", 1e-3)?,
            beta1: fields.decay("beta1", 0.9)?,
            beta2: fields.decay("beta2", 0.999)?,
            epsilon: fields.nonnegative("epsilon", 1e-8)?,
        },
        _ => return Err(fields.unknown_type()),
    };
    fields.finish()?;
    Ok(rule)
}
