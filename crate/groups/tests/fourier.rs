//! The transforms against their definition.

#[path = "../../core/tests/common/mod.rs"]
mod common;

use common::{Random, assert_close};
use orbit_kernels_groups::fourier::{RealRows, spectrum};
use std::f64::consts::TAU;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Real and imaginary parts of `Σ_k x_k exp(sign·2πi jk/n)`.
fn naive(row: &[f64], sign: f64) -> Vec<[f64; 2]> {
    let length = row.len();
    // Angles reduced first, so that they keep their digits.
    let angle = |k: usize| TAU * k as f64 / length as f64;
    let roots: Vec<[f64; 2]> = (0..length).map(|k| [angle(k).cos(), angle(k).sin()]).collect();
    let sum = |j: usize| {
        row.iter().enumerate().fold([0.0, 0.0], |[re, im], (k, x)| {
            let [cos, sin] = roots[j * k % length];
            [re + x * cos, im + sign * x * sin]
        })
    };
    (0..length).map(sum).collect()
}

/// The real numbers of frequencies up to the half.
fn packed(spectrum: &[[f64; 2]]) -> Vec<f64> {
    let width = |j: usize| if (2 * j).is_multiple_of(spectrum.len()) { 1 } else { 2 };
    (0..=spectrum.len() / 2).flat_map(|j| spectrum[j][..width(j)].to_vec()).collect()
}

/// All powers of two up to 4096, all other lengths up to 150, and some with radices up to 127, the largest one,
/// or with larger primes.
fn lengths() -> impl Iterator<Item = usize> {
    let powers = (0..=12).map(|exponent| 1 << exponent);
    let others = (1..=150usize).filter(|length| !length.is_power_of_two());
    powers.chain(others).chain([254, 257, 262, 343, 360, 625, 1000, 1009, 1536, 2021])
}

/// Rounding errors are relative to the largest number of a spectrum and grow with the number of passes.
fn tolerance(length: usize, numbers: &[f64]) -> f64 {
    let largest = numbers.iter().fold(0.0, |largest: f64, x| largest.max(x.abs()));
    1e-15 * (2.0 * length as f64).log2() * largest
}

fn forward(rows: &[f64], length: usize) -> Vec<f64> {
    let mut spectra = vec![f64::NAN; rows.len()];
    RealRows::new(length).forward(rows, &mut spectra);
    spectra
}

#[test]
fn spectra_are_sums() {
    for length in (1..=65).chain([127, 128, 360, 1000]) {
        let rows = Random::new(length as u64).vector(2 * length);
        let expected: Vec<f64> =
            rows.chunks(length).flat_map(|row| naive(row, -1.0)).flatten().collect();
        assert_close(&spectrum(&rows, length), &expected, 0.0, 1e-12);
    }
}

#[test]
fn packed_rows_are_sums_and_come_back() {
    for length in lengths() {
        for count in 1..=3 {
            let rows = Random::new((length + count) as u64).vector(count * length);
            let spectra = forward(&rows, length);
            for (row, spectrum) in rows.chunks(length).zip(spectra.chunks(length)) {
                let expected = packed(&naive(row, 1.0));
                assert_close(spectrum, &expected, 0.0, tolerance(length, &expected));
            }
            let mut back = vec![f64::NAN; rows.len()];
            RealRows::new(length).inverse(&spectra, 1.0 / length as f64, &mut back);
            assert_close(&back, &rows, 0.0, tolerance(length, &rows));
        }
    }
}

/// Nor on how many there are.
#[test]
fn spectra_do_not_depend_on_other_rows() {
    for length in lengths() {
        let mut rows = Random::new(length as u64).vector(5 * length);
        rows[..length].iter_mut().for_each(|x| *x *= 1e150);
        let spectra = forward(&rows, length);
        let alone: Vec<f64> = rows.chunks(length).flat_map(|row| forward(row, length)).collect();
        assert_eq!(spectra, alone);
        let plan = RealRows::new(length);
        let (mut back, mut alone) = (rows.clone(), rows);
        plan.inverse(&spectra, 1.0, &mut back);
        for (row, spectrum) in alone.chunks_mut(length).zip(spectra.chunks(length)) {
            plan.inverse(spectrum, 1.0, row);
        }
        assert_eq!(back, alone);
    }
}

/// `x_{k−1}` has the spectrum `X_j exp(2πi j/n)`.
#[test]
fn shifts_turn_frequencies() {
    for length in lengths() {
        let mut rows = Random::new(length as u64).vector(2 * length);
        let (row, shifted) = rows.split_at_mut(length);
        shifted.copy_from_slice(row);
        shifted.rotate_right(1);
        let spectra = forward(&rows, length);
        let (spectrum, shifted) = spectra.split_at(length);
        let mut expected = spectrum.to_vec();
        for (j, pair) in expected[1..].chunks_mut(2).enumerate() {
            let (sin, cos) = (TAU * (j + 1) as f64 / length as f64).sin_cos();
            match pair {
                [re, im] => (*re, *im) = (*re * cos - *im * sin, *re * sin + *im * cos),
                last => last[0] = -last[0],
            }
        }
        assert_close(shifted, &expected, 0.0, 2.0 * tolerance(length, spectrum));
    }
}

#[test]
fn spectra_of_sums_are_sums() {
    for length in lengths() {
        let mut rows = Random::new(length as u64).vector(3 * length);
        for k in 0..length {
            rows[2 * length + k] = rows[k] - 3.0 * rows[length + k];
        }
        let spectra = forward(&rows, length);
        let (parts, sum) = spectra.split_at(2 * length);
        let expected: Vec<f64> =
            (0..length).map(|at| parts[at] - 3.0 * parts[length + at]).collect();
        assert_close(sum, &expected, 0.0, 2.0 * tolerance(length, &expected));
    }
}

#[test]
fn energy_of_packed_rows_is_kept() {
    for length in lengths() {
        let row = Random::new(length as u64).vector(length);
        let spectrum = forward(&row, length);
        let weight = |at: usize| if at == 0 || 2 * at.div_ceil(2) == length { 1.0 } else { 2.0 };
        let energy: f64 = spectrum.iter().enumerate().map(|(at, x)| weight(at) * x * x).sum();
        let expected = length as f64 * row.iter().map(|x| x * x).sum::<f64>();
        assert_close(&[energy], &[expected], 1e-13, 0.0);
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
