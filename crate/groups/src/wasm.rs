//! The boundary: flat arrays and their shapes in, fresh arrays out, failures as JSON text.

use crate::group::{self, Classes, Group, Irreps, Kind};
use orbit_kernels_core::error::{Code, Error};
use wasm_bindgen::prelude::*;

type Outcome<T> = Result<T, JsValue>;

fn fail(error: Error) -> JsValue {
    JsValue::from_str(&serde_json::to_string(&error).unwrap_or(error.message))
}

/// Unnormalized DFT of each row; interleaved real and imaginary parts.
#[wasm_bindgen]
pub fn spectrum(values: &[f64], length: usize) -> Vec<f64> {
    crate::fourier::spectrum(values, length)
}

/// A group as tables: products, classes, characters, irreps.
#[wasm_bindgen]
pub struct GroupTable {
    group: Group,
    classes: Classes,
    irreps: Irreps,
}

fn words(numbers: &[usize]) -> Vec<u32> {
    numbers.iter().map(|&number| number as u32).collect()
}

fn couples(numbers: &[u32]) -> Vec<(usize, usize)> {
    numbers.chunks_exact(2).map(|pair| (pair[0] as usize, pair[1] as usize)).collect()
}

/// Numbers of three for each stored irrep: offset in a packed row, degree, kind (0 real, 1 complex,
/// 2 quaternionic).
fn layout(components: &[group::Component]) -> Vec<u32> {
    let numbers = |component: &group::Component| {
        let kind = match component.kind {
            Kind::Real => 0,
            Kind::Complex => 1,
            Kind::Quaternionic => 2,
        };
        [component.offset as u32, component.degree as u32, kind]
    };
    components.iter().flat_map(numbers).collect()
}

#[wasm_bindgen]
impl GroupTable {
    /// The group that a JSON text describes.
    #[wasm_bindgen(constructor)]
    pub fn new(text: &str) -> Outcome<GroupTable> {
        let group = Group::parse(text).map_err(fail)?;
        let irreps = Irreps::new(&group).map_err(fail)?;
        Ok(GroupTable { classes: Classes::new(&group), irreps, group })
    }

    pub fn order(&self) -> usize {
        self.group.order()
    }

    pub fn identity(&self) -> usize {
        self.group.identity()
    }

    pub fn generators(&self) -> Vec<u32> {
        words(self.group.generators())
    }

    /// `order × order`: entry `(g, h)` is `gh`.
    pub fn product(&self) -> Vec<u32> {
        self.group.table()
    }

    pub fn inverse(&self) -> Vec<u32> {
        (0..self.group.order()).map(|g| self.group.inverse(g) as u32).collect()
    }

    /// The class of each element.
    #[wasm_bindgen(js_name = classOf)]
    pub fn class_of(&self) -> Vec<u32> {
        words(&self.classes.of)
    }

    /// The first element of each class.
    pub fn representatives(&self) -> Vec<u32> {
        words(&self.classes.representatives)
    }

    /// Irreps × classes × (re, im).
    pub fn characters(&self) -> Vec<f64> {
        self.irreps.characters(&self.classes).iter().flat_map(|z| [z.re, z.im]).collect()
    }

    /// For each irrep the stored one, and 1 where it is that one's conjugate.
    pub fn members(&self) -> Vec<u32> {
        let members = self.irreps.members().iter();
        members.flat_map(|member| [member.irrep as u32, u32::from(member.conjugate)]).collect()
    }

    /// Offset in a packed row, degree and kind of each stored irrep.
    pub fn layout(&self) -> Vec<u32> {
        layout(self.irreps.layout())
    }

    /// Packed matrices of a stored irrep for all elements.
    pub fn matrices(&self, irrep: usize) -> Vec<f64> {
        (0..self.group.order()).flat_map(|g| self.irreps.matrix(irrep, g)).collect()
    }
}

/// The orbits of some seeds, with what their transform needs.
#[wasm_bindgen]
pub struct Orbits {
    orbits: group::Orbits,
}

#[wasm_bindgen]
impl Orbits {
    /// Stabilizers are a JSON text, an array of elements for each seed, or an empty one: all orbits
    /// are free.
    #[wasm_bindgen(constructor)]
    pub fn new(text: &str, seeds: usize, stabilizers: &str) -> Outcome<Orbits> {
        let group = Group::parse(text).map_err(fail)?;
        let stabilizers: Vec<Vec<usize>> = serde_json::from_str(stabilizers).map_err(|error| {
            let expected = "an array of elements for each seed";
            let message = format!("stabilizers: {error}: expected {expected}");
            fail(Error::new(Code::Group, message).at("stabilizers").expected(expected))
        })?;
        Ok(Orbits { orbits: group::Orbits::new(&group, seeds, &stabilizers).map_err(fail)? })
    }

    pub fn inverse(&self) -> Vec<u32> {
        let group = self.orbits.group();
        (0..group.order()).map(|g| group.inverse(g) as u32).collect()
    }

    /// For each seed and element the first element that makes the same point.
    pub fn representatives(&self) -> Vec<u32> {
        (0..self.orbits.seeds())
            .flat_map(|seed| words(&self.orbits.representatives(seed)))
            .collect()
    }

    pub fn identity(&self) -> usize {
        self.orbits.group().identity()
    }

    /// Offset in a packed row, degree and kind of each stored irrep.
    pub fn layout(&self) -> Vec<u32> {
        layout(self.orbits.fourier().layout())
    }

    /// Transforms functions on the group, row by row; so many times, for measurements.
    pub fn forward(&self, functions: &[f64], times: usize) -> Vec<f64> {
        let fourier = self.orbits.fourier();
        let rows = functions.len() / self.orbits.group().order();
        let mut spectrum = vec![0.0; rows * fourier.packed()];
        for _ in 0..times {
            fourier.forward(functions, &mut spectrum);
        }
        spectrum
    }

    /// The functions with these packed transforms, row by row.
    pub fn backward(&self, spectrum: &[f64]) -> Vec<f64> {
        let fourier = self.orbits.fourier();
        let rows = spectrum.len() / fourier.packed();
        let mut functions = vec![0.0; rows * self.orbits.group().order()];
        fourier.inverse(spectrum, &mut functions);
        functions
    }

    /// Transforms functions on the group, irrep after irrep.
    pub fn spectra(&self, functions: &[f64]) -> Vec<f64> {
        self.orbits.spectra(functions)
    }

    /// The same for the kernels of the pairs `(a, b)`, `(a, b+1)`, … of seeds, once they are checked
    /// against the group.
    #[wasm_bindgen(js_name = kernelSpectra)]
    pub fn kernel_spectra(
        &self,
        mut a: usize,
        mut b: usize,
        kernels: &[f64],
        scale: f64,
    ) -> Outcome<Vec<f64>> {
        for kernel in kernels.chunks_exact(self.orbits.group().order()) {
            self.orbits.check(a, b, kernel, scale).map_err(fail)?;
            b += 1;
            if b == self.orbits.seeds() {
                a += 1;
                b = a;
            }
        }
        Ok(self.orbits.spectra(kernels))
    }

    /// The functions with these transforms.
    pub fn functions(&self, spectra: &[f64]) -> Vec<f64> {
        self.orbits.functions(spectra)
    }

    /// Factorizes and solves for the irreps `first..end`.
    #[allow(clippy::too_many_arguments)]
    pub fn fit(
        &self,
        first: usize,
        end: usize,
        spectra: Vec<f64>,
        own: &[f64],
        ridge: f64,
        targets: &[f64],
        count: usize,
    ) -> Outcome<GroupFit> {
        let fit = self.orbits.fit(first..end, spectra, own, ridge, targets, count);
        fit.map(|fit| GroupFit { fit }).map_err(fail)
    }

    /// Transforms of blocks of the inverse; pairs of seeds one after the other.
    #[wasm_bindgen(js_name = inverseBlocks)]
    pub fn inverse_blocks(
        &self,
        first: usize,
        end: usize,
        factors: &[f64],
        pairs: &[u32],
    ) -> Vec<f64> {
        self.orbits.inverse(first..end, factors, &couples(pairs))
    }

    /// Residuals of sets of points, seed and element each, predicted without them, from the
    /// transforms of the inverse's blocks.
    #[wasm_bindgen(js_name = leaveOut)]
    pub fn leave_out(
        &self,
        inverse: &[f64],
        pairs: &[u32],
        points: &[u32],
        sizes: &[u32],
        coefficients: &[f64],
        count: usize,
    ) -> Outcome<Vec<f64>> {
        let sizes: Vec<usize> = sizes.iter().map(|&size| size as usize).collect();
        let (pairs, points) = (couples(pairs), couples(points));
        let residuals =
            self.orbits.leave_out(inverse, &pairs, &points, &sizes, coefficients, count);
        residuals.map_err(fail)
    }

    /// What these irreps have of `f·K^-1 f` for each of some functions on the points.
    pub fn explained(
        &self,
        first: usize,
        end: usize,
        factors: &[f64],
        functions: &[f64],
        points: usize,
    ) -> Vec<f64> {
        self.orbits.explained(first..end, factors, functions, points)
    }
}

/// A run of irreps on its way out.
#[wasm_bindgen]
pub struct GroupFit {
    fit: group::Fit,
}

#[wasm_bindgen]
impl GroupFit {
    /// Gives away the factors, once.
    #[wasm_bindgen(js_name = takeFactors)]
    pub fn take_factors(&mut self) -> Vec<f64> {
        std::mem::take(&mut self.fit.factors)
    }

    /// Gives away the coefficients' transforms, once.
    #[wasm_bindgen(js_name = takeCoefficients)]
    pub fn take_coefficients(&mut self) -> Vec<f64> {
        std::mem::take(&mut self.fit.coefficients)
    }

    /// Gives away the transforms of the inverse's diagonal blocks, once.
    #[wasm_bindgen(js_name = takeDiagonal)]
    pub fn take_diagonal(&mut self) -> Vec<f64> {
        std::mem::take(&mut self.fit.diagonal)
    }
}

/// Bytes of linear memory, which grows but never shrinks.
#[wasm_bindgen(js_name = memoryBytes)]
pub fn memory_bytes() -> f64 {
    core::arch::wasm32::memory_size(0) as f64 * 65536.0
}
