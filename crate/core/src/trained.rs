//! Layers that only finite networks have here: they are trained, and no kernel is computed of them.

use crate::description::Fields;
use crate::error::Result;
use crate::network::{PADDINGS, Padding, Window, name_of};
use serde_json::{Value, json};

/// A layer without a kernel, parameters filled in.
#[derive(Debug, Clone, PartialEq)]
pub enum Trained {
    Gelu,
    /// The largest number of each window of an image.
    MaxPool(Window),
    /// An image cut into tokens, row by row; each is its patch in rows × columns × channels.
    Patches {
        size: [usize; 2],
    },
    /// A learned token before the others.
    ClassToken,
    /// A learned vector added to each token.
    PositionalEmbedding,
    /// Self-attention of several heads, and a dense layer that joins them to the width before.
    Attention {
        heads: u64,
        /// Of each head; the width before divided by the heads when missing.
        key_width: Option<u64>,
        bias_std: Option<f64>,
    },
    /// The vector of one token.
    TakeToken {
        index: u64,
    },
}

impl Trained {
    /// Decodes the layer from its fields.
    ///
    /// Errors: code `network` for a type that is none of these, and for their fields.
    pub fn decode(fields: &mut Fields) -> Result<Trained> {
        Ok(match fields.kind()? {
            "gelu" => Trained::Gelu,
            "maxPool" => {
                let size = fields.counts("size", None)?;
                Trained::MaxPool(Window {
                    size,
                    stride: fields.counts("stride", Some(size))?,
                    padding: fields.named("padding", Some(Padding::Valid), &PADDINGS)?,
                })
            }
            "patches" => Trained::Patches { size: fields.counts("size", None)? },
            "classToken" => Trained::ClassToken,
            "positionalEmbedding" => Trained::PositionalEmbedding,
            "attention" => Trained::Attention {
                heads: fields.count("heads")?,
                key_width: fields.optional_count("keyWidth")?,
                bias_std: fields.optional_nonnegative("biasStd")?,
            },
            "takeToken" => Trained::TakeToken { index: fields.index("index", 0)? },
            _ => return Err(fields.unknown_type()),
        })
    }

    pub fn to_json(&self) -> Value {
        match self {
            Trained::Gelu => json!({"type": "gelu"}),
            Trained::MaxPool(Window { size, stride, padding }) => json!({
                "type": "maxPool", "size": size, "stride": stride,
                "padding": name_of(&PADDINGS, padding),
            }),
            Trained::Patches { size } => json!({"type": "patches", "size": size}),
            Trained::ClassToken => json!({"type": "classToken"}),
            Trained::PositionalEmbedding => json!({"type": "positionalEmbedding"}),
            Trained::Attention { heads, key_width, bias_std } => json!({
                "type": "attention", "heads": heads, "keyWidth": key_width, "biasStd": bias_std,
            }),
            Trained::TakeToken { index } => json!({"type": "takeToken", "index": index}),
        }
    }
}
