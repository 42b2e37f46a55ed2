//! Gradients and tangents of each layer against central differences.

mod common;

use common::{LAYERS, assert_near, data, flat, numbers, read, set_flat, size, training};
use orbit_kernels_training::training::{Targets, Training};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const COUNT: usize = 3;
/// The difference is exact to about its square, and rounding to 1e-16 over it.
const STEP: f64 = 1e-5;

/// How a function of the parameters changes along a direction.
fn difference(
    training: &mut Training,
    direction: &[f64],
    function: impl Fn(&Training) -> Vec<f64>,
) -> Vec<f64> {
    let start = flat(training);
    let mut at = |step: f64| {
        let moved: Vec<f64> = start.iter().zip(direction).map(|(w, d)| w + step * d).collect();
        set_flat(training, &moved);
        function(training)
    };
    let (above, below) = (at(STEP), at(-STEP));
    set_flat(training, &start);
    above.iter().zip(&below).map(|(a, b)| (a - b) / (2.0 * STEP)).collect()
}

fn unit(length: usize, index: usize) -> Vec<f64> {
    let mut unit = vec![0.0; length];
    unit[index] = 1.0;
    unit
}

#[test]
fn gradients_of_each_layer() {
    for form in ["standard", "ntk"] {
        for loss in ["mse", "crossEntropy"] {
            for (name, layers, shape) in LAYERS {
                let more = format!(r#","loss":"{loss}","parameterization":"{form}""#);
                let mut training = training(layers, shape, &more);
                let samples = numbers(name, COUNT * size(shape));
                let outputs = training.model.plan.outputs;
                let targets = numbers("targets", COUNT * outputs);
                training.hold(data(&samples), Targets::Numbers(data(&targets))).unwrap();
                let (_, gradients) = training.gradients().unwrap();
                let gradients: Vec<f64> = gradients
                    .into_iter()
                    .flat_map(|gradient| read(&gradient.unwrap().into_data()))
                    .collect();
                let loss = |training: &Training| vec![training.gradients().unwrap().0];
                let expected: Vec<f64> = (0..gradients.len())
                    .map(|index| difference(&mut training, &unit(gradients.len(), index), loss)[0])
                    .collect();
                println!("{name}, {form}");
                assert_near(&gradients, &expected, 1e-7);
            }
        }
    }
}

#[test]
fn tangents_of_each_layer() {
    for (name, layers, shape) in LAYERS {
        let mut training = training(layers, shape, "");
        let samples = numbers(name, COUNT * size(shape));
        let outputs = |training: &Training| read(&training.predict(data(&samples)).unwrap());
        let origin = training.model.parameters.clone();
        let start = flat(&training);
        let before = outputs(&training);
        let direction = numbers("direction", start.len());
        let slopes = difference(&mut training, &direction, outputs);
        let moved: Vec<f64> = start.iter().zip(&direction).map(|(w, d)| w + d).collect();
        set_flat(&mut training, &moved);
        let linearized = read(&training.linearized(&origin, data(&samples)).unwrap());
        let expected: Vec<f64> = before.iter().zip(&slopes).map(|(f, slope)| f + slope).collect();
        println!("{name}");
        assert_near(&linearized, &expected, 1e-7);
    }
}
