//! Network descriptions: from JSON to layers and back, with the path of whatever is wrong.

use crate::description::{self, Fields};
use crate::error::Result;
use serde_json::{Value, json};

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

impl Layer {
    /// The names of the layers in JSON.
    pub const TYPES: [&'static str; 5] = ["serial", "dense", "relu", "erf", "identity"];

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
        Layer::decode(&description::json(text)?, "")
    }

    /// Decodes the layer at `path` of a network.
    pub fn decode(value: &Value, path: &str) -> Result<Layer> {
        let mut fields = Fields::of(value, path, &Layer::TYPES)?;
        let layer = match fields.kind()? {
            "serial" => Layer::Serial(fields.list("layers", 0, Layer::decode)?),
            "dense" => Layer::Dense {
                width: fields.optional_count("width")?,
                weight_std: fields.nonnegative("weightStd", 1.0)?,
                bias_std: fields.optional_nonnegative("biasStd")?,
            },
            "relu" => Layer::Relu,
            "erf" => Layer::Erf {
                a: fields.number("a", 1.0)?,
                b: fields.number("b", 1.0)?,
                c: fields.number("c", 0.0)?,
            },
            "identity" => Layer::Identity,
            _ => return Err(fields.unknown_type()),
        };
        fields.finish()?;
        Ok(layer)
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
