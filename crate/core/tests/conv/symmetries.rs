//! What is equal for a reason is equal.

use crate::Case;
use crate::common::{Random, assert_close};
use crate::grids::pixels;
use crate::random::network;
use orbit_kernels_core::kernel::{Wanted, Workspace, diagonal};
use orbit_kernels_core::real::Real;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn the_diagonal_has_the_bits_of_the_gram() {
    fn check<T: Real + std::fmt::Debug>() {
        let mut random = Random::new(8);
        for _ in 0..40 {
            let shape = [random.pick(&[1, 3, 4]), random.pick(&[1, 4, 5]), 1];
            let text = network(&mut random, [shape[0], shape[1]]);
            let samples = pixels(&mut random, 6 * shape.iter().product::<usize>());
            let case = Case::new(&text, shape, samples);
            for executor in case.executors() {
                let plan = case.plan().by(executor).unwrap();
                let block = case.block::<T>(&plan);
                let own = diagonal(&plan, &block);
                let wanted = Wanted { nngp: true, ntk: true, transposed: false };
                let mut workspace = Workspace::new();
                let values = workspace.tile(&plan, &block, None, wanted);
                for i in 0..6 {
                    assert_eq!(values[i * 7], own[i], "{executor:?} {text}");
                    assert_eq!(values[36 + i * 7], own[6 + i], "{executor:?} {text}");
                }
            }
        }
    }
    check::<f64>();
    check::<f32>();
}

#[test]
fn symmetric_is_rectangular() {
    let mut random = Random::new(9);
    for _ in 0..60 {
        let shape = [random.pick(&[2, 5, 8]), random.pick(&[3, 4, 7]), random.pick(&[1, 3])];
        let text = network(&mut random, [shape[0], shape[1]]);
        let samples = pixels(&mut random, 4 * shape.iter().product::<usize>());
        let case = Case::new(&text, shape, samples);
        if text.contains("train") || case.plan().is_nonlinear() {
            continue;
        }
        for executor in case.executors() {
            let symmetric = case.fast::<f64>(executor, true);
            let rectangular = case.fast::<f64>(executor, false);
            case.assert_equal(&symmetric, &rectangular, 1e-13, &format!("{executor:?}"));
        }
    }
}

#[test]
fn pooled_kernels_of_shifted_images_are_equal() {
    let conv = r#"{"type":"conv","size":[3,3],"weightStd":1.4},{"type":"relu"}"#;
    let text =
        format!(r#"{{"type":"serial","layers":[{conv},{conv},{{"type":"globalAveragePool"}}]}}"#);
    let [rows, columns] = [5, 6];
    let image = pixels(&mut Random::new(10), 30);
    let mut samples = Vec::new();
    for [down, right] in [[0, 0], [1, 0], [0, 2], [3, 5]] {
        let place = |at: usize| (at / columns + down) % rows * columns + (at + right) % columns;
        samples.extend((0..rows * columns).map(|at| image[place(at)]));
    }
    let case = Case::new(&text, [rows, columns, 1], samples);
    for executor in case.executors() {
        let kernels = case.fast::<f64>(executor, true);
        for kernel in [&kernels.nngp, &kernels.ntk] {
            assert_close(kernel, &[kernel[0]; 16], 1e-13, 0.0);
        }
    }
}

#[test]
fn scaling_the_images_scales_a_network_without_biases() {
    let conv = r#"{"type":"conv","size":[3,3],"padding":"same"},{"type":"leakyRelu","alpha":0.2}"#;
    let text =
        format!(r#"{{"type":"serial","layers":[{conv},{conv},{{"type":"globalSumPool"}}]}}"#);
    let image = pixels(&mut Random::new(11), 2 * 20);
    let plain = Case::new(&text, [4, 5, 1], image.clone());
    for factor in [1e-140, 1e-6, 1e6, 1e140] {
        let scaled = image.iter().map(|x| x * factor).collect();
        let case = Case::new(&text, [4, 5, 1], scaled);
        for executor in case.executors() {
            let mut kernels = case.fast::<f64>(executor, false);
            for kernel in [&mut kernels.nngp, &mut kernels.ntk] {
                kernel.iter_mut().for_each(|value| *value = *value / factor / factor);
            }
            let expected = plain.fast::<f64>(executor, false);
            case.assert_equal(&kernels, &expected, 1e-13, &format!("factor {factor:e}"));
        }
    }
}
