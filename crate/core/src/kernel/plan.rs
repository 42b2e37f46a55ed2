//! From a network to the steps that each pair of inputs goes through.

use crate::error::{Code, Error, Result};
use crate::network::Layer;

/// One map of (α, β, τ); `acute` says that no pair can be obtuse any more, so β is not needed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Step {
    /// Variances `q ← weight·q + bias`; a trained layer adds its own NNGP to the NTK.
    Affine {
        weight: f64,
        bias: f64,
        trained: bool,
        acute: bool,
    },
    Relu {
        acute: bool,
    },
    /// `a·erf(b·x)`.
    Erf {
        a: f64,
        b: f64,
        acute: bool,
    },
}

/// The steps of a network for inputs of a given dimension.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    pub steps: Vec<Step>,
    /// Numbers per sample.
    pub dimension: usize,
}

impl Plan {
    /// Plans a network for samples of `dimension` numbers each.
    ///
    /// Errors: code `network` when a nonlinearity does not follow an affine layer (its input would
    /// not be Gaussian, so the recursion would not hold).
    pub fn new(network: &Layer, dimension: usize) -> Result<Plan> {
        let mut builder = Builder { steps: Vec::new(), gaussian: false, acute: false };
        builder.add(network, "")?;
        Ok(Plan { steps: builder.steps, dimension })
    }
}

struct Builder {
    steps: Vec<Step>,
    gaussian: bool,
    acute: bool,
}

impl Builder {
    fn add(&mut self, layer: &Layer, path: &str) -> Result<()> {
        let acute = self.acute;
        match *layer {
            Layer::Serial(ref layers) => {
                let prefix = if path.is_empty() { String::new() } else { format!("{path}.") };
                for (k, layer) in layers.iter().enumerate() {
                    self.add(layer, &format!("{prefix}layers[{k}]"))?;
                }
            }
            Layer::Dense { weight_std, bias_std, .. } => {
                let bias = bias_std.unwrap_or(0.0);
                let (weight, bias) = (weight_std * weight_std, bias * bias);
                self.steps.push(Step::Affine { weight, bias, trained: true, acute });
                self.gaussian = true;
            }
            Layer::Relu => {
                self.nonlinearity(path, "relu")?;
                self.steps.push(Step::Relu { acute });
                self.acute = true;
            }
            Layer::Erf { a, b, c } => {
                self.nonlinearity(path, "erf")?;
                self.steps.push(Step::Erf { a, b, acute });
                if c != 0.0 {
                    let (weight, bias) = (1.0, c * c);
                    self.steps.push(Step::Affine { weight, bias, trained: false, acute });
                }
            }
            Layer::Identity => {}
        }
        Ok(())
    }

    fn nonlinearity(&mut self, path: &str, name: &str) -> Result<()> {
        if !self.gaussian {
            let expected = "a dense layer between the input, or another nonlinearity, and this one";
            let message = format!("{path}: {name} needs a Gaussian input: expected {expected}");
            return Err(Error::new(Code::Network, message).at(path).value(name).expected(expected));
        }
        self.gaussian = false;
        Ok(())
    }
}
