//! Network descriptions: from JSON to layers and back, with the path of whatever is wrong.

use crate::error::{Code, Error, Result};
use serde_json::{Map, Value, json};

/// A layer of an infinite-width network, parameters filled in.
///
/// Names, parameters and defaults are those of the JSON form; `width` only matters to finite
/// networks and is kept for them.
#[derive(Debug, Clone, PartialEq)]
pub enum Layer {
    Serial(Vec<Layer>),
    Dense { width: Option<u64>, weight_std: f64, bias_std: Option<f64> },
    Relu,
    Erf { a: f64, b: f64, c: f64 },
    Identity,
}

const KNOWN: &str = "one of serial, dense, relu, erf, identity";

impl Layer {
    /// Decodes a network from its JSON text.
    ///
    /// Errors: code `network`, with the path of the offending layer or field
    /// (`layers[2].layers[0].weightStd`), its value and what was expected.
    ///
    /// ```
    /// use orbit_kernels_core::network::Layer;
    /// let error = Layer::parse(r#"{"type":"serial","layers":[{"type":"rely"}]}"#).unwrap_err();
    /// assert_eq!(error.path.as_deref(), Some("layers[0].type"));
    /// ```
    pub fn parse(text: &str) -> Result<Layer> {
        let value: Value = serde_json::from_str(text).map_err(|error| {
            Error::new(Code::Network, format!("the network is not JSON: {error}"))
                .expected("a JSON object")
        })?;
        decode(&value, "")
    }

    /// The canonical JSON: all defaults filled in, keys sorted; equal networks have equal text.
    pub fn canonical(&self) -> String {
        self.to_json().to_string()
    }

    fn to_json(&self) -> Value {
        match self {
            Layer::Serial(layers) => {
                json!({"type": "serial", "layers": layers.iter().map(Layer::to_json).collect::<Vec<_>>()})
            }
            Layer::Dense { width, weight_std, bias_std } => {
                json!({"type": "dense", "width": width, "weightStd": weight_std, "biasStd": bias_std})
            }
            Layer::Relu => json!({"type": "relu"}),
            Layer::Erf { a, b, c } => json!({"type": "erf", "a": a, "b": b, "c": c}),
            Layer::Identity => json!({"type": "identity"}),
        }
    }
}

fn decode(value: &Value, path: &str) -> Result<Layer> {
    let mut fields = Fields::of(value, path)?;
    let layer = match fields.kind()? {
        "serial" => Layer::Serial(fields.layers()?),
        "dense" => Layer::Dense {
            width: fields.width()?,
            weight_std: fields.nonnegative("weightStd", Some(1.0))?.unwrap_or(1.0),
            bias_std: fields.nonnegative("biasStd", None)?,
        },
        "relu" => Layer::Relu,
        "erf" => Layer::Erf {
            a: fields.number("a", 1.0)?,
            b: fields.number("b", 1.0)?,
            c: fields.number("c", 0.0)?,
        },
        "identity" => Layer::Identity,
        unknown => {
            return Err(fields.fault("type", &json!(unknown), KNOWN, "unknown layer type"));
        }
    };
    fields.finish()?;
    Ok(layer)
}

/// The fields of one layer; what is not asked for is unknown.
struct Fields<'a> {
    map: &'a Map<String, Value>,
    path: &'a str,
    asked: Vec<&'static str>,
}

impl<'a> Fields<'a> {
    fn of(value: &'a Value, path: &'a str) -> Result<Self> {
        match value.as_object() {
            Some(map) => Ok(Fields { map, path, asked: vec!["type"] }),
            None => Err(fault(path, value, "an object with a field \"type\"", "not a layer")),
        }
    }

    fn kind(&self) -> Result<&'a str> {
        match self.map.get("type") {
            Some(Value::String(kind)) => Ok(kind),
            Some(other) => Err(self.fault("type", other, KNOWN, "a layer type must be a string")),
            None => Err(self.fault("type", &Value::Null, KNOWN, "a layer without a type")),
        }
    }

    fn get(&mut self, name: &'static str) -> Option<&'a Value> {
        self.asked.push(name);
        self.map.get(name)
    }

    fn layers(&mut self) -> Result<Vec<Layer>> {
        let path = join(self.path, "layers");
        match self.get("layers") {
            Some(Value::Array(layers)) => layers
                .iter()
                .enumerate()
                .map(|(k, layer)| decode(layer, &format!("{path}[{k}]")))
                .collect(),
            other => Err(fault(
                &path,
                other.unwrap_or(&Value::Null),
                "an array of layers",
                "a serial network needs its layers",
            )),
        }
    }

    fn number(&mut self, name: &'static str, default: f64) -> Result<f64> {
        match self.get(name) {
            None => Ok(default),
            Some(value) => match value.as_f64() {
                Some(number) => Ok(number),
                None => Err(self.fault(name, value, "a finite number", "wrong parameter")),
            },
        }
    }

    fn nonnegative(&mut self, name: &'static str, default: Option<f64>) -> Result<Option<f64>> {
        match self.get(name) {
            None => Ok(default),
            Some(Value::Null) if default.is_none() => Ok(None),
            Some(value) => match value.as_f64() {
                Some(number) if number >= 0.0 => Ok(Some(number)),
                _ => {
                    let expected = match default {
                        None => "a finite number ≥ 0, or null",
                        Some(_) => "a finite number ≥ 0",
                    };
                    Err(self.fault(name, value, expected, "wrong parameter"))
                }
            },
        }
    }

    fn width(&mut self) -> Result<Option<u64>> {
        match self.get("width") {
            None | Some(Value::Null) => Ok(None),
            Some(value) => match value.as_u64() {
                Some(width) if width > 0 => Ok(Some(width)),
                _ => Err(self.fault("width", value, "a positive integer", "wrong parameter")),
            },
        }
    }

    fn finish(self) -> Result<()> {
        match self.map.iter().find(|(name, _)| !self.asked.contains(&name.as_str())) {
            None => Ok(()),
            Some((name, value)) => {
                let expected = format!("only the fields {}", self.asked.join(", "));
                Err(self.fault(name, value, &expected, "unknown field"))
            }
        }
    }

    fn fault(&self, name: &str, value: &Value, expected: &str, what: &str) -> Error {
        fault(&join(self.path, name), value, expected, what)
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_string() } else { format!("{path}.{name}") }
}

fn fault(path: &str, value: &Value, expected: &str, what: &str) -> Error {
    let place = if path.is_empty() { "network" } else { path };
    Error::new(Code::Network, format!("{place}: {what}: got {value}, expected {expected}"))
        .at(path)
        .value(value.clone())
        .expected(expected)
}
