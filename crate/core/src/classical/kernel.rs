//! Classical kernels as their JSON describes them.

use crate::description::Fields;
use crate::error::Result;
use serde_json::{Value, json};

/// A classical kernel; names and parameters are those of the JSON form.
#[derive(Debug, Clone, PartialEq)]
pub enum Kernel {
    Rbf { gamma: f64 },
    Matern { nu: Order, length: f64 },
    Polynomial { degree: u64, offset: f64, scale: f64 },
    Periodic { period: f64, length: f64 },
    ArcCosine { degree: Order },
    Sum(Vec<Kernel>),
    Product(Vec<Kernel>),
}

/// Degree of the arc-cosine kernel; for Matérn's, ν is larger by a half.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    Zero,
    One,
    Two,
}

/// Which numbers of a pair a kernel is a function of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Needs {
    pub distance: bool,
    pub product: bool,
    pub angle: bool,
}

impl Kernel {
    /// The names of the kernels in JSON.
    pub const TYPES: [&'static str; 7] = [
        "rbfKernel",
        "maternKernel",
        "polynomialKernel",
        "periodicKernel",
        "arcCosineKernel",
        "sumKernel",
        "productKernel",
    ];

    /// Decodes the kernel at `path` of a description.
    ///
    /// Errors: code `network`, with the path of the offending field (`kernels[1].gamma`), its value and what
    /// was expected.
    pub fn decode(value: &Value, path: &str) -> Result<Kernel> {
        let mut fields = Fields::of(value, path, &Kernel::TYPES)?;
        let kernel = match fields.kind()? {
            "rbfKernel" => Kernel::Rbf { gamma: fields.positive("gamma")? },
            "maternKernel" => Kernel::Matern {
                nu: fields
                    .choice("nu", &[(0.5, Order::Zero), (1.5, Order::One), (2.5, Order::Two)])?,
                length: fields.positive("length")?,
            },
            "polynomialKernel" => Kernel::Polynomial {
                degree: fields.count("degree")?,
                offset: fields.nonnegative("offset", 0.0)?,
                scale: fields.nonnegative("scale", 1.0)?,
            },
            "periodicKernel" => Kernel::Periodic {
                period: fields.positive("period")?,
                length: fields.positive("length")?,
            },
            "arcCosineKernel" => Kernel::ArcCosine {
                degree: fields.choice(
                    "degree",
                    &[(0.0, Order::Zero), (1.0, Order::One), (2.0, Order::Two)],
                )?,
            },
            "sumKernel" => Kernel::Sum(fields.list("kernels", 1, Kernel::decode)?),
            "productKernel" => Kernel::Product(fields.list("kernels", 1, Kernel::decode)?),
            _ => return Err(fields.unknown_type()),
        };
        fields.finish()?;
        Ok(kernel)
    }

    /// The canonical JSON: all defaults filled in, keys sorted; equal kernels have equal text.
    pub fn canonical(&self) -> String {
        self.to_json().to_string()
    }

    fn to_json(&self) -> Value {
        let list = |kernels: &[Kernel]| kernels.iter().map(Kernel::to_json).collect::<Vec<_>>();
        match self {
            Kernel::Rbf { gamma } => json!({"type": "rbfKernel", "gamma": gamma}),
            Kernel::Matern { nu, length } => {
                json!({"type": "maternKernel", "nu": *nu as u8 as f64 + 0.5, "length": length})
            }
            Kernel::Polynomial { degree, offset, scale } => {
                json!({"type": "polynomialKernel", "degree": degree, "offset": offset, "scale": scale})
            }
            Kernel::Periodic { period, length } => {
                json!({"type": "periodicKernel", "period": period, "length": length})
            }
            Kernel::ArcCosine { degree } => {
                json!({"type": "arcCosineKernel", "degree": *degree as u8})
            }
            Kernel::Sum(kernels) => json!({"type": "sumKernel", "kernels": list(kernels)}),
            Kernel::Product(kernels) => json!({"type": "productKernel", "kernels": list(kernels)}),
        }
    }

    pub fn needs(&self) -> Needs {
        match self {
            Kernel::Rbf { .. } | Kernel::Matern { .. } | Kernel::Periodic { .. } => {
                Needs { distance: true, ..Needs::default() }
            }
            Kernel::Polynomial { .. } => Needs { product: true, ..Needs::default() },
            Kernel::ArcCosine { .. } => Needs { angle: true, ..Needs::default() },
            Kernel::Sum(kernels) | Kernel::Product(kernels) => {
                kernels.iter().map(Kernel::needs).fold(Needs::default(), |all, needs| Needs {
                    distance: all.distance || needs.distance,
                    product: all.product || needs.product,
                    angle: all.angle || needs.angle,
                })
            }
        }
    }
}
