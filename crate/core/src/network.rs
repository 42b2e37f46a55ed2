//! Network descriptions: from JSON to layers and back, with the path of whatever is wrong.

use crate::description::{self, Fields};
use crate::error::Result;
use crate::trained::Trained;
use serde_json::{Value, json};

/// A layer of a network, parameters filled in.
///
/// Names, parameters and defaults are those of the JSON form; `width` and `affine` only matter to
/// finite networks and are kept for them.
#[derive(Debug, Clone, PartialEq)]
pub enum Layer {
    Serial(Vec<Layer>),
    /// One branch each for `parallel` to run.
    FanOut {
        count: u64,
    },
    Parallel(Vec<Layer>),
    /// The sum of branches.
    FanInSum,
    Dense {
        width: Option<u64>,
        weight_std: f64,
        bias_std: Option<f64>,
    },
    Conv(Conv),
    /// `a·min(x, 0) + b·max(x, 0)`, in JSON also as `relu`, `leakyRelu` and `abs`.
    AbRelu {
        form: Rectifier,
        a: f64,
        b: f64,
    },
    Erf {
        a: f64,
        b: f64,
        c: f64,
    },
    Pool(Pool),
    /// The mean, or the sum, over all locations.
    GlobalPool {
        kind: PoolKind,
    },
    Flatten,
    /// Over the listed axes of samples × rows × columns × channels; −1 is the last.
    LayerNorm {
        axis: Axes,
        eps: f64,
        /// Whether each channel has a learned scale and shift.
        affine: bool,
    },
    Dropout {
        keep_rate: f64,
        mode: Mode,
    },
    Identity,
    Trained(Trained),
}

/// A convolution; `out_channels` only matters to finite networks.
#[derive(Debug, Clone, PartialEq)]
pub struct Conv {
    pub out_channels: Option<u64>,
    pub window: Window,
    pub weight_std: f64,
    pub bias_std: Option<f64>,
}

/// A pool over windows; with `normalize_edges` a mean over what of a window is inside the image.
#[derive(Debug, Clone, PartialEq)]
pub struct Pool {
    pub kind: PoolKind,
    pub window: Window,
    pub normalize_edges: bool,
}

/// Where a filter goes: rows first, then columns.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    pub size: [usize; 2],
    pub stride: [usize; 2],
    pub padding: Padding,
}

/// What is outside the image: the image again, zeros, or nothing (the filter stays inside).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Padding {
    Circular,
    Same,
    Valid,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PoolKind {
    Average,
    Sum,
}

/// The name under which a rectifier was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rectifier {
    Relu,
    LeakyRelu,
    AbRelu,
    Abs,
}

/// Axes as they were given: one number, or a list.
#[derive(Debug, Clone, PartialEq)]
pub enum Axes {
    One(i64),
    List(Vec<i64>),
}

/// Whether units are dropped, or all are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Train,
    Test,
}

pub(crate) const PADDINGS: [(&str, Padding); 3] =
    [("circular", Padding::Circular), ("same", Padding::Same), ("valid", Padding::Valid)];
const MODES: [(&str, Mode); 2] = [("train", Mode::Train), ("test", Mode::Test)];

/// The name of one of a few values.
pub fn name_of<Item: PartialEq>(names: &[(&'static str, Item)], item: &Item) -> &'static str {
    names.iter().find(|(_, other)| other == item).map_or("", |&(name, _)| name)
}

impl Layer {
    /// The names of the layers in JSON.
    pub const TYPES: [&'static str; 26] = [
        "serial",
        "fanOut",
        "parallel",
        "fanInSum",
        "dense",
        "conv",
        "relu",
        "leakyRelu",
        "abRelu",
        "abs",
        "erf",
        "avgPool",
        "sumPool",
        "globalAveragePool",
        "globalSumPool",
        "flatten",
        "layerNorm",
        "dropout",
        "identity",
        "gelu",
        "maxPool",
        "patches",
        "classToken",
        "positionalEmbedding",
        "attention",
        "takeToken",
    ];

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
            "fanOut" => Layer::FanOut { count: fields.count("count")? },
            "parallel" => Layer::Parallel(fields.list("layers", 1, Layer::decode)?),
            "fanInSum" => Layer::FanInSum,
            "conv" => {
                let size = fields.counts("size", None)?;
                Layer::Conv(Conv {
                    out_channels: fields.optional_count("outChannels")?,
                    window: Window {
                        size,
                        stride: fields.counts("stride", Some([1, 1]))?,
                        padding: fields.named("padding", Some(Padding::Circular), &PADDINGS)?,
                    },
                    weight_std: fields.nonnegative("weightStd", 1.0)?,
                    bias_std: fields.optional_nonnegative("biasStd")?,
                })
            }
            "relu" => Layer::AbRelu { form: Rectifier::Relu, a: 0.0, b: 1.0 },
            "leakyRelu" => {
                let a = fields.required_number("alpha")?;
                Layer::AbRelu { form: Rectifier::LeakyRelu, a, b: 1.0 }
            }
            "abRelu" => Layer::AbRelu {
                form: Rectifier::AbRelu,
                a: fields.required_number("a")?,
                b: fields.required_number("b")?,
            },
            "abs" => Layer::AbRelu { form: Rectifier::Abs, a: -1.0, b: 1.0 },
            "erf" => Layer::Erf {
                a: fields.number("a", 1.0)?,
                b: fields.number("b", 1.0)?,
                c: fields.number("c", 0.0)?,
            },
            "avgPool" | "sumPool" => {
                let size = fields.counts("size", None)?;
                let average = fields.kind()? == "avgPool";
                Layer::Pool(Pool {
                    kind: if average { PoolKind::Average } else { PoolKind::Sum },
                    window: Window {
                        size,
                        stride: fields.counts("stride", Some(size))?,
                        padding: fields.named("padding", Some(Padding::Valid), &PADDINGS)?,
                    },
                    normalize_edges: fields.flag("normalizeEdges", false)?,
                })
            }
            "globalAveragePool" => Layer::GlobalPool { kind: PoolKind::Average },
            "globalSumPool" => Layer::GlobalPool { kind: PoolKind::Sum },
            "flatten" => Layer::Flatten,
            "layerNorm" => Layer::LayerNorm {
                axis: fields.axes("axis", -1)?,
                eps: fields.nonnegative("eps", 1e-12)?,
                affine: fields.flag("affine", false)?,
            },
            "dropout" => Layer::Dropout {
                keep_rate: fields.rate("keepRate")?,
                mode: fields.named("mode", Some(Mode::Test), &MODES)?,
            },
            "identity" => Layer::Identity,
            _ => Layer::Trained(Trained::decode(&mut fields)?),
        };
        fields.finish()?;
        Ok(layer)
    }

    /// The canonical JSON: all defaults filled in, keys sorted; equal networks have equal text.
    pub fn canonical(&self) -> String {
        self.to_json().to_string()
    }

    /// The type in JSON.
    pub fn kind(&self) -> String {
        self.to_json()["type"].as_str().unwrap_or_default().to_string()
    }

    /// The canonical JSON as a value.
    pub fn to_json(&self) -> Value {
        let all = |layers: &[Layer]| layers.iter().map(Layer::to_json).collect::<Vec<_>>();
        match self {
            Layer::Serial(layers) => json!({"type": "serial", "layers": all(layers)}),
            Layer::FanOut { count } => json!({"type": "fanOut", "count": count}),
            Layer::Parallel(layers) => json!({"type": "parallel", "layers": all(layers)}),
            Layer::FanInSum => json!({"type": "fanInSum"}),
            Layer::Dense { width, weight_std, bias_std } => {
                json!({"type": "dense", "width": width, "weightStd": weight_std, "biasStd": bias_std})
            }
            Layer::Conv(Conv { out_channels, window, weight_std, bias_std }) => json!({
                "type": "conv", "outChannels": out_channels, "size": window.size,
                "stride": window.stride, "padding": name_of(&PADDINGS, &window.padding),
                "weightStd": weight_std, "biasStd": bias_std,
            }),
            Layer::AbRelu { form, a, b } => match form {
                Rectifier::Relu => json!({"type": "relu"}),
                Rectifier::LeakyRelu => json!({"type": "leakyRelu", "alpha": a}),
                Rectifier::AbRelu => json!({"type": "abRelu", "a": a, "b": b}),
                Rectifier::Abs => json!({"type": "abs"}),
            },
            Layer::Erf { a, b, c } => json!({"type": "erf", "a": a, "b": b, "c": c}),
            Layer::Pool(Pool { kind, window, normalize_edges }) => json!({
                "type": if *kind == PoolKind::Average { "avgPool" } else { "sumPool" },
                "size": window.size, "stride": window.stride,
                "padding": name_of(&PADDINGS, &window.padding), "normalizeEdges": normalize_edges,
            }),
            Layer::GlobalPool { kind: PoolKind::Average } => json!({"type": "globalAveragePool"}),
            Layer::GlobalPool { kind: PoolKind::Sum } => json!({"type": "globalSumPool"}),
            Layer::Flatten => json!({"type": "flatten"}),
            Layer::LayerNorm { axis, eps, affine } => {
                let axis = match axis {
                    Axes::One(axis) => json!(axis),
                    Axes::List(axes) => json!(axes),
                };
                json!({"type": "layerNorm", "axis": axis, "eps": eps, "affine": affine})
            }
            Layer::Dropout { keep_rate, mode } => {
                json!({"type": "dropout", "keepRate": keep_rate, "mode": name_of(&MODES, mode)})
            }
            Layer::Identity => json!({"type": "identity"}),
            Layer::Trained(layer) => layer.to_json(),
        }
    }
}
