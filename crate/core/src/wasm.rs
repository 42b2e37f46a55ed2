//! The boundary: flat arrays and their shapes in, fresh arrays out, failures as JSON text.

use crate::description::Description;
use crate::error::{Code, Error};
use crate::image::{self, ImageError, Spline};
use crate::kernel::{Wanted, Workspace};
use crate::linalg::cholesky::{Cholesky, Ridge};
use crate::linalg::product::multiply;
use crate::recipe::{Block, Recipe};
use js_sys::{Float32Array, Float64Array};
use std::collections::HashMap;
use wasm_bindgen::prelude::*;

type Outcome<T> = Result<T, JsValue>;

fn fail(error: impl Into<Error>) -> JsValue {
    let error = error.into();
    JsValue::from_str(&serde_json::to_string(&error).unwrap_or(error.message))
}

impl From<ImageError> for Error {
    fn from(error: ImageError) -> Self {
        let code = match error {
            ImageError::Shape { .. } => Code::Shape,
            ImageError::Angle { .. } | ImageError::Constant { .. } => Code::Value,
        };
        Error::new(code, error.to_string())
    }
}

/// The canonical JSON of a network or kernel, after all its checks for samples of a shape.
#[wasm_bindgen]
pub fn canonical(description: &str, sample: &[u32]) -> Outcome<String> {
    let (text, _) = planned(description, sample, None)?;
    Ok(text)
}

/// What an entry of a Gram costs, as JSON; see `cost::Cost`.
#[wasm_bindgen]
pub fn explain(
    description: &str,
    sample: &[u32],
    precision: &str,
    executor: Option<String>,
) -> Outcome<String> {
    let (_, recipe) = planned(description, sample, executor)?;
    let cost = recipe.cost(if precision == "f32" { 4 } else { 8 });
    serde_json::to_string(&cost).map_err(|error| JsValue::from_str(&error.to_string()))
}

/// The canonical JSON and the plan of a description.
fn planned(
    description: &str,
    sample: &[u32],
    executor: Option<String>,
) -> Outcome<(String, Recipe)> {
    let description = Description::parse(description).map_err(fail)?;
    let text = description.canonical();
    let sample: Vec<usize> = sample.iter().map(|&side| side as usize).collect();
    let recipe = Recipe::new(description, &sample, executor.as_deref()).map_err(fail)?;
    Ok((text, recipe))
}

/// One Gram in one precision: its recipe and the blocks that are at hand.
macro_rules! gram {
    ($name:ident, $real:ty, $array:ty) => {
        #[wasm_bindgen]
        pub struct $name {
            recipe: Recipe,
            blocks: HashMap<u32, Block<$real>>,
            workspace: Workspace<$real>,
        }

        #[wasm_bindgen]
        impl $name {
            #[wasm_bindgen(constructor)]
            pub fn new(
                description: &str,
                sample: &[u32],
                executor: Option<String>,
            ) -> Outcome<Self> {
                let (_, recipe) = planned(description, sample, executor)?;
                Ok(Self { recipe, blocks: HashMap::new(), workspace: Workspace::new() })
            }

            /// Takes the samples `first…` of the user's array as block `id`.
            pub fn put(&mut self, id: u32, first: usize, samples: &[$real]) -> Outcome<()> {
                let block = self.recipe.block(samples).map_err(|error| {
                    fail(match error.index {
                        Some(index) => Error::out_of_range(first + index),
                        None => error,
                    })
                })?;
                self.blocks.insert(id, block);
                Ok(())
            }

            pub fn remove(&mut self, id: u32) {
                self.blocks.remove(&id);
            }

            /// Writes the asked kernels of `row × column` to the start of `out`, NNGP first, each
            /// followed by its transpose when `transposed`; a block with itself when `column` is
            /// missing.
            pub fn tile(
                &mut self,
                row: u32,
                column: Option<u32>,
                nngp: bool,
                ntk: bool,
                transposed: bool,
                out: &$array,
            ) {
                let columns = column.map(|id| &self.blocks[&id]);
                let wanted = Wanted { nngp, ntk, transposed };
                let rows = &self.blocks[&row];
                let values = self.recipe.tile(&mut self.workspace, rows, columns, wanted);
                out.subarray(0, values.len() as u32).copy_from(values);
            }

            /// Both kernels of each sample of a block with itself, NNGP first.
            pub fn diagonal(&self, id: u32) -> Vec<$real> {
                self.recipe.diagonal(&self.blocks[&id])
            }
        }
    };
}

gram!(GramF64, f64, Float64Array);
gram!(GramF32, f32, Float32Array);

/// `A·B` for row-major `A` (`rows × depth`) and `B` (`depth × columns`).
#[wasm_bindgen(js_name = multiply)]
pub fn multiply_f64(a: &[f64], b: &[f64], rows: usize, columns: usize) -> Vec<f64> {
    multiply(a, b, rows, columns)
}

/// The same in single precision.
#[wasm_bindgen(js_name = multiplyF32)]
pub fn multiply_f32(a: &[f32], b: &[f32], rows: usize, columns: usize) -> Vec<f32> {
    multiply(a, b, rows, columns)
}

/// A fitted regression on its way out.
#[wasm_bindgen]
pub struct Fit {
    pub ridge: f64,
    factor: Vec<f64>,
    coefficients: Vec<f64>,
}

#[wasm_bindgen]
impl Fit {
    /// Factorizes `gram + ridge·I` and solves for `targets` (`size × count`); `unit` is
    /// "absolute", "meanDiagonal" or "trace".
    #[wasm_bindgen(constructor)]
    pub fn new(
        gram: Vec<f64>,
        size: usize,
        mut targets: Vec<f64>,
        count: usize,
        unit: &str,
        ridge: f64,
    ) -> Outcome<Fit> {
        let ridge = match unit {
            "meanDiagonal" => Ridge::MeanDiagonal(ridge),
            "trace" => Ridge::Trace(ridge),
            _ => Ridge::Absolute(ridge),
        };
        let cholesky = Cholesky::new(gram, size, ridge).map_err(fail)?;
        cholesky.solve(&mut targets, count);
        let Cholesky { factor, ridge, .. } = cholesky;
        Ok(Fit { ridge, factor, coefficients: targets })
    }

    /// Gives away the factor, once.
    #[wasm_bindgen(js_name = takeFactor)]
    pub fn take_factor(&mut self) -> Vec<f64> {
        std::mem::take(&mut self.factor)
    }

    /// Gives away the coefficients, once.
    #[wasm_bindgen(js_name = takeCoefficients)]
    pub fn take_coefficients(&mut self) -> Vec<f64> {
        std::mem::take(&mut self.coefficients)
    }
}

/// `k (K + ridge·I)^-1 k` for each row of `cross`.
#[wasm_bindgen]
pub fn explained(factor: Vec<f64>, size: usize, cross: &[f64]) -> Vec<f64> {
    Cholesky { factor, size, ridge: 0.0 }.explained(cross)
}

/// The diagonal of `(K + ridge·I)^-1`.
#[wasm_bindgen(js_name = inverseDiagonal)]
pub fn inverse_diagonal(factor: Vec<f64>, size: usize) -> Vec<f64> {
    Cholesky { factor, size, ridge: 0.0 }.inverse_diagonal()
}

/// Residuals of sets left out; the sets are one list of indices, cut at `ends`.
#[wasm_bindgen(js_name = leaveOut)]
pub fn leave_out(
    factor: Vec<f64>,
    size: usize,
    coefficients: &[f64],
    members: &[u32],
    ends: &[u32],
) -> Outcome<Vec<f64>> {
    let mut start = 0;
    let sets: Vec<Vec<usize>> = ends
        .iter()
        .map(|&end| {
            let set = &members[start..end as usize];
            start = end as usize;
            set.iter().map(|&index| index as usize).collect()
        })
        .collect();
    let cholesky = Cholesky { factor, size, ridge: 0.0 };
    cholesky.leave_out(coefficients, coefficients.len() / size, &sets).map_err(fail)
}

/// Each image at each angle, in degrees, counterclockwise; `images × angles × rows × columns`. With
/// `center`, each pose without its mean and of unit norm. Errors count images from `first`.
#[wasm_bindgen]
pub fn rotate(
    images: &[f64],
    rows: usize,
    columns: usize,
    degrees: &[f64],
    center: bool,
    first: usize,
) -> Outcome<Vec<f64>> {
    let size = rows * columns;
    let mut out = vec![0.0; images.len() * degrees.len()];
    let orbits = out.chunks_exact_mut(size * degrees.len());
    for (index, (image, orbit)) in images.chunks_exact(size).zip(orbits).enumerate() {
        let at = |error: ImageError| fail(Error::from(error).index(first + index));
        let spline = Spline::from_image(image, rows, columns).map_err(at)?;
        for (&angle, pose) in degrees.iter().zip(orbit.chunks_exact_mut(size)) {
            spline.rotate_into(angle, pose).map_err(at)?;
            if center {
                image::center_unit(pose).map_err(at)?;
            }
        }
    }
    Ok(out)
}

/// Each image resampled to `new_rows × new_columns`.
#[wasm_bindgen]
pub fn resize(
    images: &[f64],
    rows: usize,
    columns: usize,
    new_rows: usize,
    new_columns: usize,
) -> Outcome<Vec<f64>> {
    let (size, new_size) = (rows * columns, new_rows * new_columns);
    let mut out = vec![0.0; images.len() / size * new_size];
    for (image, out) in images.chunks_exact(size).zip(out.chunks_exact_mut(new_size)) {
        let spline = Spline::from_image(image, rows, columns).map_err(fail)?;
        spline.resize_into(new_rows, new_columns, out).map_err(fail)?;
    }
    Ok(out)
}

/// Each image without its mean and of unit norm.
#[wasm_bindgen(js_name = centerUnit)]
pub fn center_unit(mut images: Vec<f64>, size: usize, first: usize) -> Outcome<Vec<f64>> {
    for (index, image) in images.chunks_exact_mut(size).enumerate() {
        image::center_unit(image).map_err(|error| fail(Error::from(error).index(first + index)))?;
    }
    Ok(images)
}

/// Bytes of linear memory, which grows but never shrinks.
#[wasm_bindgen(js_name = memoryBytes)]
pub fn memory_bytes() -> f64 {
    core::arch::wasm32::memory_size(0) as f64 * 65536.0
}
