//! The dense executor against the recursion as it is written in papers, entry by entry, and against
//! identities. The plain recursion loses digits for small angles, so its inputs are in general
//! position; small angles are compared with its own value at the exact angle.

mod common;

use common::{Random, assert_close};
use orbit_kernels_core::kernel::{Block, Plan, Wanted, Workspace, diagonal};
use orbit_kernels_core::network::{Layer, Rectifier};
use orbit_kernels_core::real::Real;
use std::f64::consts::PI;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const RELU: &str = r#"{"type":"serial","layers":[
    {"type":"dense","weightStd":1.3,"biasStd":0.4},{"type":"relu"},
    {"type":"dense","weightStd":0.9},{"type":"relu"},
    {"type":"dense","biasStd":0.1}]}"#;
const ERF: &str = r#"{"type":"serial","layers":[
    {"type":"dense","weightStd":1.3,"biasStd":0.4},{"type":"erf","a":1.5,"b":0.7,"c":0.2},
    {"type":"dense","weightStd":0.9},{"type":"erf"},{"type":"dense","biasStd":0.1}]}"#;
const MIXED: &str = r#"{"type":"serial","layers":[
    {"type":"dense"},{"type":"erf","c":-0.3},{"type":"identity"},
    {"type":"serial","layers":[{"type":"dense","biasStd":2},{"type":"relu"}]},{"type":"dense"}]}"#;

/// (nngp, ntk) of one pair from its two variances and its covariance, layer by layer.
fn naive(layers: &[Layer], x: &[f64], y: &[f64]) -> (f64, f64) {
    let dot =
        |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(a, b)| a * b).sum::<f64>() / x.len() as f64;
    let mut state = [dot(x, x), dot(y, y), dot(x, y), 0.0];
    step(layers, &mut state);
    (state[2], state[3])
}

fn step(layers: &[Layer], state: &mut [f64; 4]) {
    for layer in layers {
        let [p, q, n, t] = *state;
        *state = match *layer {
            Layer::Serial(ref inner) => {
                step(inner, state);
                *state
            }
            Layer::Dense { weight_std, bias_std, .. } => {
                let (w, b) = (weight_std * weight_std, bias_std.unwrap_or(0.0).powi(2));
                [w * p + b, w * q + b, w * n + b, w * n + b + w * t]
            }
            Layer::AbRelu { form: Rectifier::Relu, .. } => {
                let norm = (p * q).sqrt();
                let angle = if norm > 0.0 { (n / norm).clamp(-1.0, 1.0).acos() } else { PI / 2.0 };
                let dual = norm / (2.0 * PI) * (angle.sin() + (PI - angle) * angle.cos());
                [p / 2.0, q / 2.0, dual, t * (PI - angle) / (2.0 * PI)]
            }
            Layer::Erf { a, b, c } => {
                let e = 2.0 * b * b;
                let dual = |n: f64, norm: f64| a * a * 2.0 / PI * (e * n / norm).asin() + c * c;
                let (r, s) = (1.0 + e * p, 1.0 + e * q);
                let slope = a * a * 2.0 / PI * e / (r * s - (e * n).powi(2)).sqrt();
                [dual(p, r), dual(q, s), dual(n, (r * s).sqrt()), t * slope]
            }
            Layer::Identity => *state,
            ref layer => unimplemented!("{layer:?}"),
        };
    }
}

struct Setup<T: Real> {
    network: Layer,
    plan: Plan,
    block: Block<T>,
}

fn setup<T: Real>(network: &str, samples: &[f64], dimension: usize) -> Setup<T> {
    let network = Layer::parse(network).unwrap();
    let plan = Plan::new(&network, &[dimension]).unwrap();
    let samples: Vec<T> = samples.iter().map(|&x| T::from_f64(x)).collect();
    let block = Block::new(&plan, &samples).unwrap();
    Setup { network, plan, block }
}

/// Both kernels, row-major.
struct Kernels<T> {
    nngp: Vec<T>,
    ntk: Vec<T>,
}

fn tile<T: Real>(plan: &Plan, rows: &Block<T>, columns: Option<&Block<T>>) -> Kernels<T> {
    let wanted = Wanted { nngp: true, ntk: true, transposed: false };
    let mut workspace = Workspace::new();
    let values = workspace.tile(plan, rows, columns, wanted);
    let (nngp, ntk) = values.split_at(values.len() / 2);
    Kernels { nngp: nngp.to_vec(), ntk: ntk.to_vec() }
}

fn gram<T: Real>(network: &str, samples: &[f64], dimension: usize) -> Kernels<T> {
    let Setup { plan, block, .. } = setup::<T>(network, samples, dimension);
    tile(&plan, &block, None)
}

fn in_doubles<T: Real>(values: &[T]) -> Vec<f64> {
    values.iter().map(|value| value.to_f64()).collect()
}

/// Kernels are sums that can cancel: their errors are fractions of the norms, not of the entries.
#[track_caller]
fn assert_close_in_scale(actual: &[f64], expected: &[f64], tolerance: f64) {
    let largest = expected.iter().fold(0f64, |largest, value| largest.max(value.abs()));
    assert_close(actual, expected, 0.0, tolerance * largest);
}

/// Counts that leave every remainder for both vector widths and cross the bands of a tile.
const COUNTS: [usize; 8] = [1, 2, 3, 4, 5, 7, 64, 131];

#[test]
fn fast_is_naive() {
    for network in [RELU, ERF, MIXED] {
        for (seed, &count) in COUNTS.iter().enumerate() {
            let dimension = 1 + 3 * seed;
            let samples = Random::new(seed as u64).vector(count * dimension);
            let Setup { network: layer, plan, block } = setup::<f64>(network, &samples, dimension);
            let fast = tile(&plan, &block, Some(&block));
            let pairs = samples.chunks(dimension).flat_map(|x| {
                samples
                    .chunks(dimension)
                    .map(|y| naive(std::slice::from_ref(&layer), x, y))
                    .collect::<Vec<_>>()
            });
            let (nngp, ntk): (Vec<f64>, Vec<f64>) = pairs.unzip();
            // The plain angle of a point with itself has an error of √ε.
            assert_close(&fast.nngp, &nngp, 1e-10, 1e-10);
            assert_close(&fast.ntk, &ntk, 1e-7, 1e-7);
        }
    }
}

#[test]
fn symmetric_is_rectangular() {
    for network in [RELU, ERF, MIXED] {
        for &count in &COUNTS {
            let samples = Random::new(count as u64).vector(count * 6);
            let Setup { plan, block, .. } = setup::<f64>(network, &samples, 6);
            let symmetric = tile(&plan, &block, None);
            let rectangular = tile(&plan, &block, Some(&block));
            assert_close_in_scale(&symmetric.nngp, &rectangular.nngp, 1e-14);
            assert_close_in_scale(&symmetric.ntk, &rectangular.ntk, 1e-14);
            for kernel in [&symmetric.nngp, &symmetric.ntk] {
                for i in 0..count {
                    for j in 0..count {
                        assert_eq!(kernel[i * count + j], kernel[j * count + i]);
                    }
                }
            }
        }
    }
}

#[test]
fn what_is_wanted_is_a_part_of_the_whole() {
    fn check<T: Real + std::fmt::Debug>() {
        for (height, width) in [(1, 1), (3, 8), (8, 17), (33, 20), (64, 64)] {
            let samples = Random::new(11).vector((height + width) * 5);
            let (first, second) = samples.split_at(height * 5);
            let Setup { plan, block: rows, .. } = setup::<T>(MIXED, first, 5);
            let columns = setup::<T>(MIXED, second, 5).block;
            let mut workspace = Workspace::new();
            let whole = tile(&plan, &rows, Some(&columns));
            for (nngp, ntk) in [(true, false), (false, true), (true, true)] {
                let wanted = Wanted { nngp, ntk, transposed: true };
                let mut values = workspace.tile(&plan, &rows, Some(&columns), wanted);
                for kernel in [nngp.then_some(&whole.nngp), ntk.then_some(&whole.ntk)] {
                    let Some(kernel) = kernel else { continue };
                    let (plain, rest) = values.split_at(height * width);
                    let (turned, rest) = rest.split_at(height * width);
                    values = rest;
                    assert_eq!(plain, kernel);
                    for i in 0..height {
                        for j in 0..width {
                            assert_eq!(turned[j * height + i], kernel[i * width + j]);
                        }
                    }
                }
                assert!(values.is_empty());
            }
        }
    }
    check::<f64>();
    check::<f32>();
}

#[test]
fn one_kernel_is_repeated_under_each_name() {
    let kernel: Vec<f64> = (0..11 * 3).map(f64::from).collect();
    let mut turned = Vec::new();
    for j in 0..3 {
        turned.extend(kernel.iter().skip(j).step_by(3));
    }
    let mut workspace = Workspace::new();
    for (nngp, ntk) in [(true, false), (true, true), (false, false)] {
        let names = usize::from(nngp) + usize::from(ntk);
        let plain = Wanted { nngp, ntk, transposed: false };
        assert_eq!(workspace.repeat(&kernel, 11, plain), kernel.repeat(names));
        let both = Wanted { transposed: true, ..plain };
        let expected = [&kernel[..], &turned].concat().repeat(names);
        assert_eq!(workspace.repeat(&kernel, 11, both), expected);
    }
}

#[test]
fn the_diagonal_has_the_bits_of_the_gram() {
    fn check<T: Real + std::fmt::Debug>() {
        let samples = Random::new(3).vector(67 * 9);
        let Setup { plan, block, .. } = setup::<T>(RELU, &samples, 9);
        let (whole, own) = (tile(&plan, &block, None), diagonal(&plan, &block));
        for i in 0..67 {
            assert_eq!(whole.nngp[i * 68], own[i]);
            assert_eq!(whole.ntk[i * 68], own[67 + i]);
        }
    }
    check::<f64>();
    check::<f32>();
}

#[test]
fn single_precision_is_close() {
    for network in [RELU, ERF, MIXED] {
        let samples = Random::new(5).vector(40 * 30);
        let (double, single) =
            (gram::<f64>(network, &samples, 30), gram::<f32>(network, &samples, 30));
        assert_close_in_scale(&in_doubles(&single.nngp), &double.nngp, 1e-6);
        assert_close_in_scale(&in_doubles(&single.ntk), &double.ntk, 2e-6);
    }
}

#[test]
fn nearly_equal_and_opposite_inputs_keep_their_angle() {
    // Unit vectors at known angles: the kernel of one ReLU layer is a function of the angle alone.
    let network =
        r#"{"type":"serial","layers":[{"type":"dense"},{"type":"relu"},{"type":"dense"}]}"#;
    for angle in [0.0, 1e-12, 1e-9, 1e-6, 1e-3, 0.5, 1.0, 2.0, PI - 1e-3, PI - 1e-7, PI] {
        let samples = [1.0, 0.0, angle.cos(), angle.sin()];
        let kernels = gram::<f64>(network, &samples, 2);
        let nngp = 0.5 * (angle.sin() + (PI - angle) * angle.cos()) / (2.0 * PI);
        let ntk = nngp + 0.5 * angle.cos() * (PI - angle) / (2.0 * PI);
        assert_close(&kernels.nngp[1..2], &[nngp], 1e-14, 1e-16);
        assert_close(&kernels.ntk[1..2], &[ntk], 1e-14, 1e-16);
    }
}

#[test]
fn equal_inputs_are_exact_at_any_depth() {
    let layer = r#"{"type":"dense","biasStd":1},{"type":"relu"}"#;
    for depth in [1, 5, 30] {
        let network = format!(r#"{{"type":"serial","layers":[{}]}}"#, vec![layer; depth].join(","));
        let sample = Random::new(8).vector(13);
        let kernels = gram::<f64>(&network, &[&sample[..], &sample[..]].concat(), 13);
        assert!(kernels.ntk.iter().all(|&value| value == kernels.ntk[0]));
        assert!(kernels.nngp.iter().all(|&value| value == kernels.nngp[0]));
    }
}

#[test]
fn scaling_the_inputs_scales_a_network_without_biases() {
    let network =
        r#"{"type":"serial","layers":[{"type":"dense"},{"type":"relu"},{"type":"dense"}]}"#;
    let samples = Random::new(9).vector(11 * 4);
    let plain = gram::<f64>(network, &samples, 4);
    for factor in [1e-150, 1e-6, 3.0, 1e6, 1e140] {
        let scaled: Vec<f64> = samples.iter().map(|x| x * factor).collect();
        let kernels = gram::<f64>(network, &scaled, 4);
        let back: Vec<f64> = kernels.ntk.iter().map(|k| k / factor / factor).collect();
        assert_close(&back, &plain.ntk, 1e-13, 1e-15);
    }
}

#[test]
fn grams_are_positive_semidefinite() {
    use orbit_kernels_core::linalg::cholesky::{Cholesky, Ridge};
    for network in [RELU, ERF, MIXED] {
        let samples = Random::new(10).vector(50 * 3);
        for kernel in
            [gram::<f64>(network, &samples, 3).nngp, gram::<f64>(network, &samples, 3).ntk]
        {
            Cholesky::new(kernel, 50, Ridge::Trace(1e-13)).unwrap();
        }
    }
}

#[test]
fn zero_inputs_have_a_right_angle() {
    let network = r#"{"type":"serial","layers":[{"type":"dense"},{"type":"relu"},{"type":"dense","biasStd":1}]}"#;
    let kernels = gram::<f64>(network, &[0.0, 0.0, 3.0, 4.0], 2);
    assert_close(&kernels.nngp, &[1.0, 1.0, 1.0, 1.0 + 6.25], 1e-15, 0.0);
    let erf = r#"{"type":"serial","layers":[{"type":"dense"},{"type":"erf"},{"type":"dense"}]}"#;
    let kernels = gram::<f64>(erf, &[0.0, 0.0, 3.0, 4.0], 2);
    assert_eq!(kernels.ntk[..3], [0.0; 3]);
}
