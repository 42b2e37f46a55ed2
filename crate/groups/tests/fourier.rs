//! The transform against its definition.

#[path = "../../core/tests/common/mod.rs"]
mod common;

use common::{Random, assert_close};
use orbit_kernels_groups::fourier::spectrum;
use std::f64::consts::TAU;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn naive(row: &[f64]) -> Vec<f64> {
    let length = row.len();
    let term = |j: usize, k: usize| {
        // Reduced first, so that the angle keeps its digits.
        let angle = TAU * (j * k % length) as f64 / length as f64;
        (row[k] * angle.cos(), -row[k] * angle.sin())
    };
    let sum =
        |j: usize| (0..length).map(|k| term(j, k)).fold((0.0, 0.0), |a, b| (a.0 + b.0, a.1 + b.1));
    (0..length).map(sum).flat_map(|(re, im)| [re, im]).collect()
}

#[test]
fn spectra_are_sums() {
    for length in (1..=65).chain([127, 128, 360, 1000]) {
        let rows = Random::new(length as u64).vector(2 * length);
        let expected: Vec<f64> = rows.chunks(length).flat_map(naive).collect();
        assert_close(&spectrum(&rows, length), &expected, 0.0, 1e-12);
    }
}

#[test]
fn energy_is_kept() {
    for length in [1, 6, 64, 77] {
        let row = Random::new(1).vector(length);
        let energy: f64 = spectrum(&row, length).iter().map(|x| x * x).sum();
        let expected = length as f64 * row.iter().map(|x| x * x).sum::<f64>();
        assert_close(&[energy], &[expected], 1e-13, 0.0);
    }
}
