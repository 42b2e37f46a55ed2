//! Classical kernels against their formulas, pair by pair, and against identities.

mod common;

use common::{Random, assert_close};
use orbit_kernels_core::classical::{Block, Kernel, Order, tile};
use orbit_kernels_core::description::Description;
use orbit_kernels_core::error::Code;
use orbit_kernels_core::kernel::{Plan, Wanted, Workspace};
use orbit_kernels_core::linalg::cholesky::{Cholesky, Ridge};
use orbit_kernels_core::network::Layer;
use orbit_kernels_core::real::Real;
use std::f64::consts::PI;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// One of each, and each with other parameters, alone and combined.
fn kernels() -> Vec<Kernel> {
    let mut all = vec![Kernel::Rbf { gamma: 0.7 }, Kernel::Rbf { gamma: 30.0 }];
    for order in [Order::Zero, Order::One, Order::Two] {
        all.push(Kernel::Matern { nu: order, length: 0.8 });
        all.push(Kernel::ArcCosine { degree: order });
    }
    all.push(Kernel::Polynomial { degree: 1, offset: 0.0, scale: 1.0 });
    all.push(Kernel::Polynomial { degree: 3, offset: 0.5, scale: 0.2 });
    all.push(Kernel::Polynomial { degree: 10, offset: 0.9, scale: 0.1 });
    all.push(Kernel::Periodic { period: 1.3, length: 0.9 });
    all.push(Kernel::Sum(vec![all[0].clone(), Kernel::Product(all[2..6].to_vec())]));
    all.push(Kernel::Product(all.clone()));
    all
}

fn dot(x: &[f64], y: &[f64]) -> f64 {
    x.iter().zip(y).map(|(x, y)| x * y).sum()
}

/// The formulas as they are written in books.
fn naive(kernel: &Kernel, x: &[f64], y: &[f64]) -> f64 {
    let difference: Vec<f64> = x.iter().zip(y).map(|(x, y)| x - y).collect();
    let distance = dot(&difference, &difference).sqrt();
    match kernel {
        Kernel::Rbf { gamma } => (-gamma * distance.powi(2)).exp(),
        Kernel::Matern { nu, length } => {
            let r = distance / length;
            match nu {
                Order::Zero => (-r).exp(),
                Order::One => (1.0 + 3f64.sqrt() * r) * (-3f64.sqrt() * r).exp(),
                Order::Two => {
                    (1.0 + 5f64.sqrt() * r + 5.0 * r * r / 3.0) * (-5f64.sqrt() * r).exp()
                }
            }
        }
        Kernel::Polynomial { degree, offset, scale } => {
            (scale * dot(x, y) + offset).powi(*degree as i32)
        }
        Kernel::Periodic { period, length } => {
            (-2.0 * (PI * distance / period).sin().powi(2) / length.powi(2)).exp()
        }
        Kernel::ArcCosine { degree } => {
            let lengths = (dot(x, x) * dot(y, y)).sqrt();
            let cosine = if lengths == 0.0 { 0.0 } else { dot(x, y) / lengths };
            arc_cosine(*degree, cosine.clamp(-1.0, 1.0).acos(), lengths)
        }
        Kernel::Sum(kernels) => kernels.iter().map(|kernel| naive(kernel, x, y)).sum(),
        Kernel::Product(kernels) => kernels.iter().map(|kernel| naive(kernel, x, y)).product(),
    }
}

/// Cho & Saul 2009, equations 3 and 4 with those of the appendix.
fn arc_cosine(degree: Order, angle: f64, lengths: f64) -> f64 {
    let (sine, cosine, rest) = (angle.sin(), angle.cos(), PI - angle);
    match degree {
        Order::Zero => rest / PI,
        Order::One => lengths * (sine + rest * cosine) / PI,
        Order::Two => {
            lengths.powi(2) * (3.0 * sine * cosine + rest * (1.0 + 2.0 * cosine.powi(2))) / PI
        }
    }
}

fn block<T: Real>(kernel: &Kernel, dimension: usize, samples: &[f64]) -> Block<T> {
    let samples: Vec<T> = samples.iter().map(|&x| T::from_f64(x)).collect();
    Block::new(kernel, dimension, &samples).unwrap()
}

fn gram<T: Real>(kernel: &Kernel, dimension: usize, samples: &[f64]) -> Vec<f64> {
    let gram = tile(kernel, &block::<T>(kernel, dimension, samples), None);
    gram.iter().map(|value| value.to_f64()).collect()
}

/// Counts that leave every remainder for both vector widths.
const COUNTS: [usize; 7] = [1, 2, 3, 5, 8, 13, 66];

#[test]
fn fast_is_naive() {
    for kernel in kernels() {
        for (seed, &count) in COUNTS.iter().enumerate() {
            // At least two: on a line all angles are 0 or π, where the formula loses its digits.
            let dimension = 2 + 40 * seed;
            let scale = (dimension as f64).sqrt();
            let samples = Random::new(seed as u64).vector((count + 3) * dimension);
            let samples: Vec<f64> = samples.iter().map(|x| 2.0 * x / scale).collect();
            let (x, y) = samples.split_at(3 * dimension);
            let [rows, columns] = [x, y].map(|side| block::<f64>(&kernel, dimension, side));
            let fast = tile(&kernel, &rows, Some(&columns));
            let of_row = |x| y.chunks(dimension).map(move |y| (x, y));
            let expected: Vec<f64> =
                x.chunks(dimension).flat_map(of_row).map(|(x, y)| naive(&kernel, x, y)).collect();
            assert_close(&fast, &expected, 1e-11, 1e-14);
            let rows = block::<f32>(&kernel, dimension, x);
            let single = tile(&kernel, &rows, Some(&block(&kernel, dimension, y)));
            let single: Vec<f64> = single.iter().map(|&value| value as f64).collect();
            assert_close(&single, &expected, 1e-4, 1e-5);
        }
    }
}

#[test]
fn symmetric_is_rectangular_in_any_order_bit_for_bit() {
    fn check<T: Real + std::fmt::Debug>(kernel: &Kernel, count: usize) {
        let samples = Random::new(count as u64).vector(count * 131);
        let all = block::<T>(kernel, 131, &samples);
        let symmetric = tile(kernel, &all, None);
        assert_eq!(symmetric, tile(kernel, &all, Some(&all)));
        for i in 0..count {
            assert_eq!(symmetric[i * (count + 1)], all.own[i]);
            (0..i).for_each(|j| assert_eq!(symmetric[i * count + j], symmetric[j * count + i]));
        }
        // The last samples alone stand elsewhere in their panels.
        let first = count / 3;
        let part = tile(kernel, &block::<T>(kernel, 131, &samples[first * 131..]), None);
        for (i, row) in part.chunks(count - first).enumerate() {
            assert_eq!(row, &symmetric[(i + first) * count + first..][..count - first]);
        }
    }
    for kernel in kernels() {
        for count in COUNTS {
            check::<f64>(&kernel, count);
            check::<f32>(&kernel, count);
        }
    }
}

#[test]
fn equal_samples_are_at_no_distance_and_close_ones_keep_their_digits() {
    let x = Random::new(4).vector(50);
    let mut near = x.clone();
    near[7] += 2f64.powi(-40);
    let samples = [&x[..], &x[..], &near[..]].concat();
    let distance = near[7] - x[7];
    for gamma in [1.0, 1e20, 1e24] {
        let k = gram::<f64>(&Kernel::Rbf { gamma }, 50, &samples);
        assert_eq!(k[..2], [1.0, 1.0]);
        assert_close(&k[2..3], &[(-gamma * distance * distance).exp()], 1e-15, 0.0);
    }
    let single = gram::<f32>(&Kernel::Rbf { gamma: 1e30 }, 50, &samples);
    assert_eq!(single[..2], [1.0, 1.0]);
}

#[test]
fn whole_periods_change_nothing() {
    let kernel = Kernel::Periodic { period: 0.75, length: 0.1 };
    let k = gram::<f64>(&kernel, 1, &[0.0, 0.75, 7.5, 0.75 * 2f64.powi(50), 0.375]);
    assert_eq!(k[..4], [1.0; 4]);
    assert_close(&k[4..5], &[(-200f64).exp()], 1e-14, 0.0);
}

#[test]
fn far_samples_have_no_correlation() {
    for kernel in [
        Kernel::Rbf { gamma: 1e300 },
        Kernel::Matern { nu: Order::One, length: 1e-200 },
        Kernel::Matern { nu: Order::Two, length: 1e-200 },
    ] {
        assert_eq!(gram::<f64>(&kernel, 2, &[1e150, 0.0, -1e150, 3.0])[..2], [1.0, 0.0]);
    }
}

#[test]
fn arc_cosine_of_small_and_of_nearly_opposite_angles() {
    for order in [Order::Zero, Order::One, Order::Two] {
        let kernel = Kernel::ArcCosine { degree: order };
        for angle in [0.0, 1e-12, 1e-6, 1e-3, 0.5, 1.0, 1.5, 1.6, 2.0, 2.5] {
            let k = gram::<f64>(&kernel, 2, &[2.0, 0.0, 3.0 * f64::cos(angle), 3.0 * angle.sin()]);
            assert_close(&k[1..2], &[arc_cosine(order, angle, 6.0)], 1e-13, 0.0);
        }
        // Their leading terms: the formula itself has no digits left.
        for rest in [1e-3, 1e-5, 1e-9] {
            let (value, error) = match order {
                Order::Zero => (rest / PI, 1e-13),
                Order::One => (6.0 * rest.powi(3) / 3.0 / PI, rest * rest),
                Order::Two => (36.0 * 4.0 * rest.powi(5) / 15.0 / PI, rest * rest),
            };
            let k = gram::<f64>(&kernel, 2, &[2.0, 0.0, -3.0 * rest.cos(), 3.0 * rest.sin()]);
            assert_close(&k[1..2], &[value], error + 1e-13, 0.0);
        }
        let opposite = Random::new(5).vector(9);
        let samples: Vec<f64> =
            opposite.iter().copied().chain(opposite.iter().map(|x| -x)).collect();
        assert_eq!(gram::<f64>(&kernel, 9, &samples)[1], 0.0);
    }
}

#[test]
fn arc_cosine_of_degree_one_is_twice_relu() {
    let text = r#"{"type":"serial","layers":[{"type":"dense"},{"type":"relu"}]}"#;
    let plan = Plan::new(&Layer::parse(text).unwrap(), &[7]).unwrap();
    let samples = Random::new(6).vector(40 * 7);
    let relu = orbit_kernels_core::kernel::Block::new(&plan, &samples).unwrap();
    let wanted = Wanted { nngp: true, ntk: false, transposed: false };
    let mut workspace = Workspace::new();
    let nngp = workspace.tile(&plan, &relu, None, wanted);
    // The network has x·x'/d for x·x'.
    let expected: Vec<f64> = nngp.iter().map(|value| 2.0 * 7.0 * value).collect();
    assert_close(
        &gram::<f64>(&Kernel::ArcCosine { degree: Order::One }, 7, &samples),
        &expected,
        1e-13,
        1e-14,
    );
}

#[test]
fn a_sample_of_zeros_has_a_right_angle_with_all() {
    let samples = [0.0, 0.0, 3.0, 4.0, 1e-200, 0.0];
    let of = |degree| gram::<f64>(&Kernel::ArcCosine { degree }, 2, &samples);
    let zero = of(Order::Zero);
    assert_eq!((&zero[..3], zero[4], zero[8]), (&[0.5; 3][..], 1.0, 1.0));
    assert_close(&zero[5..6], &[1.0 - f64::acos(0.6) / PI], 1e-15, 0.0);
    assert_eq!(of(Order::One)[..3], [0.0; 3]);
    assert_eq!(of(Order::Two)[..3], [0.0; 3]);
}

#[test]
fn grams_are_positive_semidefinite() {
    for kernel in kernels() {
        // The periodic kernel is so for samples of one number only.
        for dimension in [1, 4] {
            if dimension > 1 && kernel.canonical().contains("periodic") {
                continue;
            }
            let samples = Random::new(10).vector(50 * dimension);
            let k = gram::<f64>(&kernel, dimension, &samples);
            Cholesky::new(k, 50, Ridge::Trace(1e-13)).unwrap();
        }
    }
}

#[test]
fn kernels_that_no_number_can_hold_are_refused() {
    let index = |kernel: &Kernel, samples: &[f64]| {
        let error = Block::<f64>::new(kernel, 2, samples).err().unwrap();
        assert_eq!(error.code, Code::Value);
        error.index
    };
    let polynomial = Kernel::Polynomial { degree: 9, offset: 0.0, scale: 1.0 };
    assert_eq!(index(&polynomial, &[1.0, 1.0, 1e20, 1.0]), Some(1));
    assert_eq!(index(&Kernel::Rbf { gamma: 1.0 }, &[1e160, 1.0]), Some(0));
    let degree_two = Kernel::ArcCosine { degree: Order::Two };
    let samples = [1.0f32, 1.0, 1e10, 0.0];
    assert_eq!(Block::new(&degree_two, 2, &samples).err().unwrap().index, Some(1));
}

#[test]
fn descriptions_go_there_and_back() {
    for kernel in kernels() {
        let parsed = Description::parse(&kernel.canonical()).unwrap();
        assert_eq!(parsed, Description::Kernel(kernel));
    }
    let text = r#"{"type":"productKernel","kernels":[{"degree":2,"type":"polynomialKernel"}]}"#;
    let canonical = concat!(
        r#"{"kernels":[{"degree":2,"offset":0.0,"scale":1.0,"type":"polynomialKernel"}],"#,
        r#""type":"productKernel"}"#
    );
    assert_eq!(Description::parse(text).unwrap().canonical(), canonical);
    let network = Layer::parse(r#"{"type":"relu"}"#).unwrap();
    assert_eq!(Description::parse(r#"{"type":"relu"}"#), Ok(Description::Network(network)));
}

#[test]
fn faults_have_a_path() {
    for (text, path) in [
        ("[]", ""),
        ("{}", "type"),
        (r#"{"type":"rbf_kernel"}"#, "type"),
        (r#"{"type":"rbfKernel"}"#, "gamma"),
        (r#"{"type":"rbfKernel","gamma":0}"#, "gamma"),
        (r#"{"type":"rbfKernel","gamma":1,"length":2}"#, "length"),
        (r#"{"type":"maternKernel","nu":1,"length":1}"#, "nu"),
        (r#"{"type":"maternKernel","nu":1.5}"#, "length"),
        (r#"{"type":"polynomialKernel","degree":0}"#, "degree"),
        (r#"{"type":"polynomialKernel","degree":2,"offset":-1}"#, "offset"),
        (r#"{"type":"polynomialKernel","degree":2,"scale":null}"#, "scale"),
        (r#"{"type":"periodicKernel","length":1}"#, "period"),
        (r#"{"type":"arcCosineKernel","degree":3}"#, "degree"),
        (r#"{"type":"sumKernel","kernels":[]}"#, "kernels"),
        (r#"{"type":"sumKernel"}"#, "kernels"),
        (r#"{"type":"sumKernel","kernels":[{"type":"relu"}]}"#, "kernels[0].type"),
        (
            r#"{"type":"sumKernel","kernels":[{"type":"productKernel","kernels":[{"type":"rbfKernel","gamma":1},7]}]}"#,
            "kernels[0].kernels[1]",
        ),
    ] {
        let error = Description::parse(text).unwrap_err();
        assert_eq!((error.code, error.path.as_deref()), (Code::Network, Some(path)), "{text}");
        assert!(error.expected.is_some() && error.value.is_some());
    }
    let error = Description::parse(r#"{"type":"rbf_kernel"}"#).unwrap_err();
    let expected = error.expected.unwrap();
    assert!(expected.contains("relu") && expected.contains("rbfKernel"), "{expected}");
}
